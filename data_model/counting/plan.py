"""Every figure of a plan on a day, and how far each commune is (R21, R22, R27)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from data_model.counting.lines import add_up, count_line
from data_model.counting.parts import Part, as_part, by_unit_of, count_whole
from data_model.counting.rules import (
    Measured,
    PlanProgress,
    Tally,
    TargetProgress,
    TargetStatus,
    UnitProgress,
    counts_for,
    due_in,
    mean_of,
)
from data_model.plans.view import PlanView


def count_plan(plan: PlanView, tallies: Iterable[Tally], measured: Iterable[Measured], as_of: date) -> PlanProgress:
    """Every figure of a plan on a day, from what its records add up to on that day (R20 to R22, R27)."""
    by_line: dict[int, list[Tally]] = defaultdict(list)
    left_over = 0
    for tally in tallies:
        # R27: what the plan no longer has counts nothing.
        if counts_for(plan, plan.line_by_activity[tally.activity_id], tally.unit_id, tally.round_id):
            by_line[tally.activity_id].append(tally)
        else:
            left_over += tally.count + tally.running
    values: dict[int, list[Measured]] = defaultdict(list)
    for one in measured:
        values[one.activity_id].append(one)
    counted: dict[int, TargetProgress] = {}
    parts: dict[int, Part] = {}
    # Parts before what they are parts of.
    for line in sorted(plan.target_lines, key=plan.depth_of_parts):
        standing = by_line[line.activity_id]
        if line.part_ids:
            inside = [counted[p] for p in line.part_ids]
            target, by_unit = count_whole(plan, line, inside, [parts[p] for p in line.part_ids], standing, as_of)
        else:
            placed = add_up(standing)
            known = [v for v in values[line.activity_id] if plan.owes(line, v.unit_id)]
            target = count_line(plan, line, placed, standing, known, as_of)
            by_unit = by_unit_of(line, placed) if line.part_of_id is not None else {}
        counted[line.activity_id] = target
        if line.part_of_id is not None:
            parts[line.activity_id] = as_part(line, target, by_unit)
    targets = tuple(counted[line.activity_id] for line in plan.target_lines)
    leading = [t for t in targets if t.line.part_of_id is None]
    headline: dict[TargetStatus, int] = dict.fromkeys(TargetStatus, 0)
    for target in leading:
        headline[target.status] += 1
    numbered = [t.capped for t in leading if t.capped is not None]
    return PlanProgress(
        plan=plan,
        as_of=as_of,
        targets=targets,
        units={u.id: count_unit(u.id, targets) for u in plan.units},
        headline=headline,
        mean=mean_of(numbered),
        mean_rests_on=len(numbered),
        by_activity=counted,
        left_over=left_over,
    )


def count_unit(unit_id: int, targets: Sequence[TargetProgress]) -> UnitProgress:
    """How far a commune is, over the targets of a plan (R21)."""
    shares, reported = [], []
    for target in due_in(unit_id, targets):
        cell = target.cells[unit_id]
        if not cell.need:  # keep at zero has no percentage
            continue
        # R5: a percentage that nobody measured there is not collected, which is not 0 %.
        verified_value, reported_value = cell.value or (0, 0)
        if verified_value is not None:
            shares.append(min(cell.done.verified / cell.need, Fraction(1)))
        if reported_value is not None:
            reported.append(min(cell.done.reported / cell.need, Fraction(1)))
    happened = sum(t.cells[unit_id].happened for t in targets if not t.line.part_ids and unit_id in t.cells)
    return UnitProgress(unit_id, mean_of(shares), mean_of(reported), len(shares), happened)
