"""What the tablet's worker keeps."""

import re

from dashboard.server.room_files import ROOMS
from dashboard.tablet.routes import _files


def test_every_script_that_a_kept_script_imports_is_kept():
    kept = {name.partition("?")[0] for name in _files()}
    for name in kept:
        if name.startswith("/assets/") and name.endswith(".js"):
            file = ROOMS / name.removeprefix("/assets/")
            for told in re.findall(r'^import .* from "(\..*)";$', file.read_text(encoding="utf-8"), re.MULTILINE):
                assert f"/assets/{(file.parent / told).resolve().relative_to(ROOMS).as_posix()}" in kept, (name, told)
