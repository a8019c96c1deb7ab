"""The file that a tablet saves, beside what the server takes of it."""

import re

from dashboard.server.room_files import ROOMS
from data_model.evidence import tablet_files
from data_model.evidence.content import MOST_BYTES


def test_a_tablet_saves_no_file_that_the_server_would_not_take():
    script = (ROOMS / "form" / "tablet_file.js").read_text(encoding="utf-8")
    said = {name: eval(value) for name, value in re.findall(r"(MOST_\w+) = ([\d_ *]+)", script)}
    assert said["MOST_FILE"] + said["MOST_CONTENTS"] < tablet_files.MOST_FILE
    assert said["MOST_CONTENTS"] < tablet_files.MOST_CONTENTS and said["MOST_FILE"] > MOST_BYTES
    assert said["MOST_RECORDS"] <= tablet_files.MOST_RECORDS and said["MOST_PHOTOS"] <= tablet_files.MOST_PHOTOS
