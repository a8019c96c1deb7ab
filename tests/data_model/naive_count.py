"""A second count of a plan, written without the first: record by record, with loops, from the numbered rules alone.

Slow on purpose. It knows nothing of `counting` but the names of the statuses.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from data_model.plans.view import Line, PlanView

SENT, VERIFIED, OTHER = "sent", "verified", "returned"


@dataclass(frozen=True)
class Rec:
    """A record: what it counts, or what it measured (`over` of `under`), when it was sent and accepted."""

    activity: int
    unit: int
    round: int | None
    day: date
    status: str
    quantity: int = 0
    running: bool = False
    over: int | None = None
    under: int | None = None
    sent: int = 0
    accepted: int = 0


def owed_units(plan: PlanView, line: Line) -> list[int]:
    everywhere = [unit.id for unit in plan.units]
    if line.scope == "whole":
        return everywhere + ([] if plan.owner.id in everywhere else [plan.owner.id])
    return list(line.unit_ids) if line.scope == "named_units" else everywhere


def belongs(plan: PlanView, line: Line, rec: Rec) -> bool:
    """R27."""
    if rec.unit not in owed_units(plan, line):
        return False
    numbers = [number for number, _name in line.rounds]
    return rec.round in numbers if numbers else rec.round is None


class Count:
    """Every figure of a plan on a day for one side: verified (True) or reported (False)."""

    def __init__(self, plan: PlanView, records: list[Rec], on: date, verified: bool):
        self.plan, self.on, self.verified = plan, on, verified
        sides = (VERIFIED,) if verified else (SENT, VERIFIED)
        self.lines = {line.activity_id: line for line in plan.lines}
        self.records = [
            r
            for r in records
            if r.status in sides
            and r.day <= on
            and r.activity in self.lines
            and belongs(plan, self.lines[r.activity], r)
        ]

    # --- what adds up ---

    def own_number(self, line: Line):
        if line.need is None:
            return None
        if line.comparator in ("percentage", "keep_zero") or line.scope == "whole":
            return line.need
        return sum(
            Fraction(1) if line.rounds else line.need for _unit in line.unit_ids for _round in line.rounds or [None]
        )

    def numbered_parts(self, line: Line) -> list[Line]:
        parts = [self.lines[p] for p in line.part_ids]
        return [p for p in parts if p.comparator not in ("percentage", "keep_zero") and self.need(p) is not None]

    def need(self, line: Line):
        own = self.own_number(line)
        if own is None and self.numbered_parts(line):
            return sum(self.need(p) for p in self.numbered_parts(line))
        return own

    def in_unit(self, line: Line, unit: int, until: date):
        """What the line counts in one unit by a day."""
        here = [
            r
            for r in self.records
            if r.activity == line.activity_id and r.unit == unit and r.day <= until and not r.running
        ]
        total = sum(r.quantity for r in here)
        if line.part_ids:
            parts = [self.lines[p] for p in line.part_ids]
            if line.need is None and self.numbered_parts(line):
                parts, total = self.numbered_parts(line), 0
            total += sum(self.in_unit(p, unit, until) for p in parts)
        if line.need is None or line.scope == "whole":
            return total
        if unit not in line.unit_ids:
            return 0
        if line.rounds:
            return sum(min(1, sum(r.quantity for r in here if r.round == number)) for number, _name in line.rounds)
        return min(line.need, total)

    def done(self, line: Line, until: date):
        due_in_units = line.need is not None and line.scope != "whole"
        units = line.unit_ids if due_in_units else [u.id for u in self.plan.units] + [self.plan.owner.id]
        if not line.part_ids or due_in_units:
            return sum(self.in_unit(line, unit, until) for unit in set(units))
        own = sum(
            r.quantity for r in self.records if r.activity == line.activity_id and r.day <= until and not r.running
        )
        if line.need is None and self.numbered_parts(line):
            return sum(min(self.need(p), self.done(p, until)) for p in self.numbered_parts(line))
        return own + sum(self.done(self.lines[p], until) for p in line.part_ids)

    # --- what is measured ---

    def value_in(self, line: Line, unit: int) -> Rec | None:
        """R13."""
        here = [r for r in self.records if r.activity == line.activity_id and r.unit == unit and r.over is not None]
        if not here:
            return None
        last_day = max(r.day for r in here)
        accepted = sorted((r for r in here if r.day == last_day and r.status == VERIFIED), key=lambda r: r.accepted)
        waiting = sorted((r for r in here if r.day == last_day and r.status == SENT), key=lambda r: r.sent)
        if accepted and waiting:
            return waiting[-1] if waiting[-1].sent > accepted[-1].sent else accepted[-1]
        return (accepted or waiting)[-1]

    def standing(self) -> list[int]:
        day = max(self.plan.starts_on, min(self.on, self.plan.ends_on))
        there = [u.id for u in self.plan.units if (u.valid_from or day) <= day <= (u.valid_to or day)]
        return there or [u.id for u in self.plan.units]

    def measured(self, line: Line):
        """R14 to R16."""
        communes = list(line.unit_ids) if line.scope != "whole" else self.standing()
        known = [r for u in communes if (r := self.value_in(line, u))]
        own = self.value_in(line, self.plan.owner.id) if line.scope == "whole" else None
        together = Fraction(sum(r.over for r in known), sum(r.under for r in known)) if known else None
        if line.comparator == "keep_zero":
            if own and own.over > 0:
                return Fraction(own.over, own.under)
            if any(r.over > 0 for r in known):
                return together
        if own:
            return Fraction(own.over, own.under)
        return together if len(known) == len(communes) else None

    def percent(self, line: Line):
        need = self.need(line)
        if not need:
            return None
        if line.comparator != "percentage":
            return Fraction(self.done(line, self.on)) / need
        value = self.measured(line)
        if value is None:
            return None
        if line.scope == "whole":
            return max(value, 0) / need
        values = [self.value_in(line, u) for u in line.unit_ids]
        return sum(min(Fraction(r.over, r.under), need) for r in values) / need / len(values)

    # --- what is judged ---

    def planned(self, line: Line):
        """R23."""
        if line.phases:
            ends = dict(enumerate(self.plan.quarter_ends, 1))
            return sum((share for quarter, share in line.phases.items() if ends[quarter] <= self.on), Fraction(0))
        parts = self.numbered_parts(line)
        if not parts or sum(self.need(p) for p in parts) != self.need(line):
            return None
        planned = [self.planned(p) for p in parts]
        return None if None in planned else sum(planned)

    def status(self, line: Line) -> str:
        """R24, on verified figures."""
        need, planned = self.need(line), self.planned(line)
        if need is None:
            return "no_number"
        if line.comparator in ("percentage", "keep_zero"):
            value = self.measured(line)
            if value is None:
                return "no_data"
            if line.comparator == "keep_zero":
                return "not_met" if value > 0 else "done"
            done = self.percent(line) * need
        else:
            done = self.done(line, self.on)
        if done >= need:
            return "done"
        if line.due is not None and line.due < self.on:
            return "overdue"
        if planned == 0 or (line.window_from is not None and self.on < line.window_from):
            return "not_due"
        if planned is None:
            return "unphased"
        return "on_track" if 10 * done >= 9 * planned else "slow" if 10 * done >= 7 * planned else "very_slow"

    def commune(self, unit: int):
        """R21: the mean and on how many it rests."""
        shares = []

        def take(line: Line) -> bool:
            taken = [take(self.lines[p]) for p in line.part_ids]
            if any(taken):
                return True
            if line.need is None or line.scope == "whole" or unit not in line.unit_ids:
                return False
            if line.comparator == "percentage":
                value = self.value_in(line, unit)
                if value is not None:
                    shares.append(min(Fraction(1), Fraction(value.over, value.under) / line.need))
            elif line.comparator != "keep_zero":
                need = len(line.rounds) or line.need
                shares.append(min(Fraction(1), Fraction(self.in_unit(line, unit, self.on)) / need))
            return True

        for line in self.plan.lines:
            if line.part_of_id is None:
                take(line)
        return (sum(shares) / len(shares) if shares else None), len(shares)
