"""The tablet's page: which pictures it may show, and what its worker keeps."""

import re

import pytest

from dashboard.server.room_files import ROOMS
from dashboard.tablet.routes import _files, _tiles


@pytest.mark.parametrize(("template", "source"), [
    ("", ""),
    ("https://ban-do.example/{z}/{x}/{y}.png", " https://ban-do.example"),
    ("https://{s}.ban-do.example:8443/{z}/{x}/{y}.png?key=a;b", " https://*.ban-do.example:8443"),
])
def test_pictures_come_from_the_tiles_that_the_settings_name_and_from_nowhere_else(monkeypatch, template, source):
    monkeypatch.setenv("SO_GIAM_SAT_TILES", template)
    assert _tiles() == source


def test_every_script_that_a_kept_script_imports_is_kept():
    kept = {name.partition("?")[0] for name in _files()}
    for name in kept:
        if name.startswith("/assets/") and name.endswith(".js"):
            file = ROOMS / name.removeprefix("/assets/")
            for told in re.findall(r'^import .* from "(\..*)";$', file.read_text(encoding="utf-8"), re.MULTILINE):
                assert f"/assets/{(file.parent / told).resolve().relative_to(ROOMS).as_posix()}" in kept, (name, told)
