"""A component's script comes from no address: what it imports stands in it."""

import re

import pytest

from dashboard.server.room_files import ROOMS
from dashboard.ui.component import _script


@pytest.mark.parametrize("name", ["my_work/work_grid", "evidence/gallery", "ui/row_list", "ui/seen_button"])
def test_a_script_holds_what_it_imports(name):
    script = _script(ROOMS / f"{name}.js")
    assert len(re.findall(r"^function element\(", script, re.MULTILINE)) == 1
    assert not re.search(r"^import ", script, re.MULTILINE)
    assert len(re.findall(r"^export ", script, re.MULTILINE)) == 1
