"""How the map marks records: shape and colour as each record kind declares them."""

from data_model.kinds.registry import all_kinds
from data_model.plans.view import PlanView

GLYPHS = {
    "circle": "●",
    "square": "■",
    "triangle": "▲",
    "diamond": "◆",
    "down": "▼",
    "hexagon": "⬢",
    "star": "★",
    "cross": "✚",
}
"""The shapes that map.js draws, each as a letter for the legend."""
# No statuses: the shape tells a kind, the tone keeps kinds of one shape apart.
TONES = ("#0b5d7a", "#6b3fa0", "#5a4632")


def marks(plan: PlanView) -> dict[str, tuple[str, str, str]]:
    """By record kind of the plan: shape on the map, the same as a letter, colour."""
    used = {line.kind for line in plan.target_lines}
    declared = {code: kind.map_mark for code, kind in all_kinds().items() if code in used}
    return {code: (mark.shape, GLYPHS[mark.shape], TONES[mark.tone]) for code, mark in declared.items()}
