"""A leader's phasing while it is being written: what was typed over what is saved, kept until it is saved or
dropped.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from dashboard.i18n.words import _, number
from data_model.counting.rules import parts_need
from data_model.plans.phasing import propose_even, window_quarters
from data_model.plans.view import Line, PlanView

QUARTERS = (1, 2, 3, 4)
NAMES = {1: "I", 2: "II", 3: "III", 4: "IV"}

Typed = dict[int, Fraction | None]


def phasable(plan: PlanView) -> list[Line]:
    """Targets that a phasing is entered for: numbered ones that add up. A whole takes its phasing from its parts where
    these make up its number.
    """
    return [
        line
        for line in plan.target_lines
        if line.need is not None
        and not line.is_measured
        and (not line.part_ids or parts_need(plan, line) != line.total_need)
    ]


@dataclass
class Draft:
    """What was typed, by target and quarter. `turn` rises when the fields must be drawn anew from these values."""

    typed: dict[int, Typed] = field(default_factory=dict)
    turn: int = 0
    tab: str = ""

    def turn_to(self, tab: str) -> None:
        """Show the same values in another tab's fields."""
        if self.tab != tab:
            self.tab, self.turn = tab, self.turn + 1

    def shares(self, line: Line) -> Typed:
        """The quarters as they stand now: typed over saved; None where nothing was entered."""
        saved: Typed = {q: line.phases.get(q) for q in QUARTERS}
        return saved | self.typed.get(line.target_id, {})

    def put(self, line: Line, quarter: int, value: float | None) -> None:
        """Take one typed value in."""
        share = None if value is None else Fraction(str(value))
        self.typed.setdefault(line.target_id, {})[quarter] = share

    def propose(self, plan: PlanView, lines: list[Line]) -> int:
        """Fill in an even phasing for these; gives for how many. Nothing is saved by it."""
        proposed = {line.target_id: propose_even(plan, line) for line in lines}
        self.typed |= {t: {q: shares.get(q) for q in QUARTERS} for t, shares in proposed.items() if shares}
        self.turn += 1
        return sum(1 for shares in proposed.values() if shares)

    def drop(self) -> None:
        """Back to what is saved."""
        self.typed.clear()
        self.turn += 1

    def changes(self, lines: list[Line]) -> dict[int, dict[int, Fraction]]:
        """What is to be saved: target -> quarter -> share, {} where the phasing is taken away."""
        wanted = {line.target_id: _entered(self.shares(line)) for line in lines if line.target_id in self.typed}
        saved = {line.target_id: line.phases for line in lines}
        return {target: shares for target, shares in wanted.items() if shares != saved[target]}

    def is_empty(self, line: Line) -> bool:
        return not _entered(self.shares(line))


def _entered(shares: Mapping[int, Fraction | None]) -> dict[int, Fraction]:
    return {q: share for q, share in shares.items() if share is not None}


def window(plan: PlanView, line: Line) -> str:
    """The quarters in which the plan has it: "II, III, IV"."""
    return ", ".join(NAMES[q] for q in window_quarters(plan, line))


def fit(plan: PlanView, line: Line, shares: Typed) -> str:
    """Whether the quarters add up to the year's number and lie in the plan's window, in words."""
    entered, total = _entered(shares), line.total_need
    outside = [NAMES[q] for q, share in entered.items() if share and q not in window_quarters(plan, line)]
    if outside:
        return _("quarter {names} outside the window", names=", ".join(outside))
    if not entered:
        return _("not phased")
    gap = total - sum(entered.values())
    if gap > 0:
        return _("{gap} short of {total}", gap=gap, total=total)
    return _("{gap} above {total}", gap=-gap, total=total) if gap else _("fits {total}", total=number(total))
