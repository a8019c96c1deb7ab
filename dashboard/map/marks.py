"""How the map marks records: a shape and colour for each record kind of a plan."""

from data_model.kinds.registry import all_kinds
from data_model.plans.view import PlanView

_FORMS = (
    ("circle", "●"), ("square", "■"), ("triangle", "▲"), ("diamond", "◆"), ("down", "▼"), ("hexagon", "⬢"), ("star", "★"), ("cross", "✚"),
)
MARKS = tuple((form, glyph, colour) for colour in ("#0b5d7a", "#6b3fa0", "#5a4632") for form, glyph in _FORMS)
"""Shapes and colours, none twice."""


def marks(plan: PlanView) -> dict[str, tuple[str, str, str]]:
    """By record kind of the plan: shape on the map, the same as a letter, colour."""
    used = {line.kind for line in plan.target_lines}
    return {kind: MARKS[place % len(MARKS)] for place, kind in enumerate(k for k in all_kinds() if k in used)}
