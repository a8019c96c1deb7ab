"""A status looks the same everywhere, because its colour is written in one place."""

import re
from pathlib import Path

import pytest

from dashboard.ui import status_look
from dashboard.ui.status_look import INK, LIGHT_INK, Look, style_variables

DASHBOARD = Path(status_look.__file__).parents[1]
SUFFIXES = {".py", ".js", ".css", ".typ", ".html"}


def _looks() -> list[Look]:
    values = vars(status_look).values()
    tables = [look for value in values if isinstance(value, dict) for look in value.values() if isinstance(look, Look)]
    return tables + [value for value in values if isinstance(value, Look)]


STATUS_COLOURS = {look.colour for look in _looks()} | {colour for _from, colour in status_look.STEPS}


def test_no_colour_of_a_status_is_written_again():
    again = [
        (str(path.relative_to(DASHBOARD)), colour)
        for path in DASHBOARD.rglob("*")
        if path.suffix in SUFFIXES and path != Path(status_look.__file__)
        for colour in re.findall(r"#[0-9a-f]{6}\b", path.read_text(encoding="utf-8").lower())
        if colour in STATUS_COLOURS - {INK, LIGHT_INK}
    ]
    assert again == []


@pytest.mark.parametrize("path", sorted(DASHBOARD.rglob("*.css")), ids=lambda path: path.name)
def test_a_style_sheet_names_only_looks_that_there_are(path):
    """A variable that nobody defines is no colour at all, and nothing says so."""
    given = set(re.findall(r"(--[\w-]+):", style_variables()))
    names = "record|target|standing|far|late|wrong|conflict|link|spot"
    asked = set(re.findall(rf"var\((--(?:{names})[\w-]*)", path.read_text(encoding="utf-8")))
    if path.name == "plain.css":  # the pages before sign-in stand alone: light and dark, with their own --wrong
        given.add("--wrong")
    assert asked <= given
