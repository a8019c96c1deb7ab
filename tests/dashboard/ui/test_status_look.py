"""A status looks the same everywhere, because its colour is written in one place."""

import re
from pathlib import Path

import pytest

from dashboard.ui import status_look
from dashboard.ui.status_look import INK, LIGHT_INK, LOOKS, NEUTRAL, STEPS, Look, style_variables

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
def test_a_style_sheet_uses_only_variables_that_somebody_sets(path):
    """A variable that nobody sets is no colour at all; those that begin with --st- are Streamlit's to set."""
    texts = [each.read_text(encoding="utf-8") for each in DASHBOARD.rglob("*") if each.suffix in SUFFIXES]
    found = {name for text in (*texts, style_variables()) for name in re.findall(r"(--[\w-]+)(?:\"?:|\", )", text)}
    asked = set(re.findall(r"var\((--[\w-]+)\)", path.read_text(encoding="utf-8")))
    assert {name for name in asked - found if not name.startswith("--st-")} == set()


def _light(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_worst_commune_is_the_most_visible():
    """The less is done, the darker, up to what is complete; nothing done is far from the grey of no number."""
    light = [_light(colour) for _start, colour in STEPS]
    assert light[:4] == sorted(light[:4]) and light[0] == min(light)
    assert _light(NEUTRAL) - light[0] > 0.5
    assert len({colour for _start, colour in STEPS} | {look.colour for look in LOOKS.values()}) == len(STEPS) + len(
        {look.colour for look in LOOKS.values()}
    )  # a share is no judgement: none of its colours is a status'
