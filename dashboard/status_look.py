"""How a status looks, in one place for map, tables, charts and files: a colour, a word and a shape.

Colours keep apart for colour-blind eyes (blue to orange, no red beside green); the shape and the
word tell the statuses apart in black and white.
"""

from dataclasses import dataclass

from dashboard.words import say
from data_model.counting import TargetStatus


@dataclass(frozen=True)
class Look:
    """Fill colour (#rrggbb), colour of text upon it, a one-letter shape, a Plotly pattern for print."""

    colour: str
    ink: str
    shape: str
    pattern: str


LOOKS = {
    TargetStatus.DONE: Look("#1f6f54", "#ffffff", "●", ""),
    TargetStatus.ON_TRACK: Look("#2f7fc1", "#ffffff", "▲", ""),
    TargetStatus.SLOW: Look("#f0b429", "#1d2733", "◆", "/"),
    TargetStatus.VERY_SLOW: Look("#d9622b", "#ffffff", "▼", "x"),
    TargetStatus.OVERDUE: Look("#9b1c31", "#ffffff", "■", "+"),
    TargetStatus.NOT_MET: Look("#9b1c31", "#ffffff", "✖", "+"),
    TargetStatus.NOT_DUE: Look("#d5dde3", "#1d2733", "○", ""),
    TargetStatus.UNPHASED: Look("#b9b4d0", "#1d2733", "◇", "."),
    TargetStatus.NO_DATA: Look("#e6e2d8", "#1d2733", "?", "."),
    TargetStatus.NO_NUMBER: Look("#eef1f3", "#1d2733", "–", ""),
}

NEUTRAL = "#e3e8ec"
STEPS = ((0, "#f3ede0"), (1, "#fbd9a0"), (34, "#e8c15c"), (67, "#8fbfa6"), (100, "#1f6f54"))
"""Colours of a share that has no status of its own (a commune's mean), by the percent at which each begins."""


def word(status: TargetStatus) -> str:
    """"● hoàn thành": shape and word."""
    return f"{LOOKS[status].shape} {say(status.label)}"


def colour_of_share(percent: float | None) -> str:
    """Colour of a commune's mean; neutral without one."""
    if percent is None:
        return NEUTRAL
    return next(colour for start, colour in reversed(STEPS) if percent >= start)
