"""How a status looks, in one place for map, tables, charts and files: a colour, a word and a shape.

Colours keep apart for colour-blind eyes (blue to orange, no red beside green); the shape and the
word tell the statuses apart in black and white.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from html import escape

from dashboard.i18n.words import say
from data_model.counting.rules import TargetStatus
from data_model.follow_up.listing import Standing
from data_model.periods.tables import SnapshotStatus
from data_model.records.tables import RecordStatus
from data_model.review.second_look import Outcome


@dataclass(frozen=True)
class Look:
    """Fill colour (#rrggbb), colour of text upon it, a one-letter shape, a Plotly pattern for print."""

    colour: str
    ink: str
    shape: str
    pattern: str


INK, LIGHT_INK = "#1d2733", "#ffffff"
"""Text upon a light colour, and upon a dark one."""
LOOKS = {
    TargetStatus.DONE: Look("#1f6f54", LIGHT_INK, "●", ""),
    TargetStatus.ON_TRACK: Look("#1f6cb0", LIGHT_INK, "▲", ""),
    TargetStatus.SLOW: Look("#f0b429", INK, "◆", "/"),
    TargetStatus.VERY_SLOW: Look("#b94a17", LIGHT_INK, "▼", "x"),
    TargetStatus.OVERDUE: Look("#9b1c31", LIGHT_INK, "■", "+"),
    TargetStatus.NOT_MET: Look("#9b1c31", LIGHT_INK, "✖", "+"),
    TargetStatus.NOT_DUE: Look("#d5dde3", INK, "○", ""),
    TargetStatus.UNPHASED: Look("#b9b4d0", INK, "◇", "."),
    TargetStatus.NO_DATA: Look("#e6e2d8", INK, "?", "."),
    TargetStatus.NO_NUMBER: Look("#eef1f3", INK, "–", ""),
}

NEUTRAL = "#e3e8ec"
STEPS = ((0, "#54186b"), (1, "#8d5aa3"), (34, "#cfb0d9"), (67, "#d3ecce"), (100, "#63b26a"))
"""Colours of a share that has no status of its own (a commune's mean), by the percent at which each begins: the least
is the strongest. Purple to green, told apart by colour-blind eyes, and no colour of a status: a share is no judgement.
"""
STEP_INKS = (LIGHT_INK, LIGHT_INK, INK, INK, INK)
STEP_SHAPES = ("○", "◔", "◑", "◕", "●")

HAPPENED = Look("#b3c4d4", INK, "▪", "")
"""Something was done where no number is due: neutral, never good or bad."""


class Visited(StrEnum):
    """How far a unit's monitoring visits have come."""

    NOT_YET = "not_yet"
    SOME = "some"
    WAITING = "waiting"
    ALL = "all"


VISIT_LOOKS = {
    Visited.NOT_YET: Look("#b94a17", LIGHT_INK, "✖", "x"),
    Visited.SOME: Look("#f0b429", INK, "◑", "/"),
    Visited.WAITING: Look("#8fbfa6", INK, "◕", "."),
    Visited.ALL: Look("#1f6f54", LIGHT_INK, "●", ""),
}

STANDING_LOOKS = {
    Standing.OVERDUE: Look("#9b1c31", LIGHT_INK, "■", "+"),
    Standing.OPEN: Look("#fbd9a0", INK, "○", ""),
    Standing.IN_PROGRESS: Look("#1f6cb0", LIGHT_INK, "◑", "/"),
    Standing.DONE: Look("#8fbfa6", INK, "◕", "."),
    Standing.DROPPING: Look("#b9b4d0", INK, "◇", "."),
    Standing.CLOSED: Look("#1f6f54", LIGHT_INK, "●", ""),
    Standing.NO_LONGER: Look("#d5dde3", INK, "–", ""),
    Standing.SUSPENDED: Look("#e6e2d8", INK, "‖", "."),
}
"""Follow-up of a recommendation, the most urgent first."""

SNAPSHOT_LOOKS = {
    SnapshotStatus.DRAFT: Look("#e6e2d8", INK, "✎", "."),
    SnapshotStatus.SUBMITTED: Look("#f0b429", INK, "◔", "/"),
    SnapshotStatus.APPROVED: Look("#1f6cb0", LIGHT_INK, "◕", ""),
    SnapshotStatus.ISSUED: Look("#1f6f54", LIGHT_INK, "●", ""),
    SnapshotStatus.SUPERSEDED: Look("#d5dde3", INK, "◇", ""),
    SnapshotStatus.DISCARDED: Look("#eef1f3", INK, "✕", ""),
}
"""A frozen period on its way to being issued."""

RECORD_LOOKS = {
    RecordStatus.DRAFT: Look("#e6e2d8", INK, "✎", "."),
    RecordStatus.SENT: Look("#f0b429", INK, "◔", "/"),
    RecordStatus.VERIFIED: Look("#1f6f54", LIGHT_INK, "●", ""),
    RecordStatus.RETURNED: Look("#b94a17", LIGHT_INK, "↩", "x"),
    RecordStatus.VOID: Look("#d5dde3", INK, "✕", ""),
}
"""A record on its way to being verified."""
SIMILAR = Look("#fbd9a0", INK, "⧉", "")
"""Another record is like this one."""
CAME_BACK = Look("#b9b4d0", INK, "↻", "")
"""Sent again after it had been returned."""
UNMET = Look("#fbd9a0", INK, "!", "")
"""Counts, but fails a condition of its target."""

FAR = Look("#f0b429", INK, "⌖", "/")
"""Taken far from the place that it says."""
LACKING = Look("#fbd9a0", INK, "▢", "")
"""Without something that its kind needs to be worth verifying."""

WRONG = Look("#b3261e", LIGHT_INK, "✖", "")
"""An answer that cannot be taken, or a photo that was refused."""
FAULTY = Look("#fbe3e4", INK, "!", "")
"""A cell of a workbook with a fault in it: what was typed stays readable."""
CONFLICT = Look("#f0b429", INK, "⇄", "/")
"""Somebody else changed the record meanwhile."""
SPOT = "#b3261e"
"""Where a record says that it happened, on the form's map and on a reviewer's."""
LINK_LOOKS = {True: Look("#e3f1ea", "#14523d", "●", ""), False: Look("#f0b429", INK, "○", "/")}
"""Whether the tablet has a link."""

OUTCOME_LOOKS = {
    Outcome.WAITING: Look("#f0b429", INK, "◔", "/"),
    Outcome.AGREED: Look("#1f6f54", LIGHT_INK, "●", ""),
    Outcome.NOT_AGREED: Look("#b94a17", LIGHT_INK, "✖", "x"),
    Outcome.CHANGED: Look("#d5dde3", INK, "◇", ""),
}
"""A verified record at its second look."""

LATE = Look("#f0b429", INK, "◷", "/")
"""A record that came after its period had been issued."""


def word(status: TargetStatus) -> str:
    """ "● hoàn thành": shape and word."""
    return f"{LOOKS[status].shape} {say(status.label)}"


def step_of_share(percent: float) -> int:
    """Which of `STEPS` (and `STEP_SHAPES`) a share belongs to."""
    return max(i for i, (start, _colour) in enumerate(STEPS) if percent >= start)


def look_of_share(share: Fraction) -> Look:
    """How a share of 1 looks, by its step."""
    step = step_of_share(int(share * 100))
    return Look(STEPS[step][1], STEP_INKS[step], STEP_SHAPES[step], "")


def chip(look: Look, text: str, figure: str = "") -> str:
    """HTML of a status: its colour behind its shape and word, and a number behind them."""
    told = f": <strong>{escape(figure)}</strong>" if figure else ""
    return (
        f'<span style="background:{look.colour};color:{look.ink};border-radius:4px;'
        f'padding:3px 9px;display:inline-block">{escape(look.shape)} {escape(text)}{told}</span>'
    )


def style_variables() -> str:
    """The looks of statuses as variables for style sheets: --record-sent is a colour, --record-sent-ink the text upon
    it.
    """
    named = {f"record-{status}": look for status, look in RECORD_LOOKS.items()}
    named |= {f"target-{status}": look for status, look in LOOKS.items()} | {
        f"standing-{one}": look for one, look in STANDING_LOOKS.items()
    }
    named |= {"far": FAR, "late": LATE, "wrong": WRONG, "conflict": CONFLICT}
    named |= {"link-on": LINK_LOOKS[True], "link-off": LINK_LOOKS[False]}
    written = "".join(
        f"--{name.replace('_', '-')}:{look.colour};--{name.replace('_', '-')}-ink:{look.ink};"
        for name, look in named.items()
    )
    return f":root,:host{{{written}--spot:{SPOT};}}\n"
