"""What a whole with parts counts, from what its parts count (R18 to R20)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from data_model.counting.lines import QUARTERS, Placed, add_up, capped, happened_in, one_place, uncapped
from data_model.counting.rules import NOTHING, Cell, Pair, Tally, TargetProgress, need_of, planned_to_date, status_on
from data_model.plans.view import Line, PlanView


@dataclass(frozen=True)
class Part:
    """What goes from a line into the whole that it is part of: its figures by quarter, in all and in each unit."""

    need: Fraction | None
    by_quarter: tuple[Pair, ...]
    by_unit: Mapping[int, tuple[Pair, ...]]
    cells: Mapping[int, Cell]


def as_part(line: Line, target: TargetProgress, by_unit: Mapping[int, tuple[Pair, ...]]) -> Part:
    """A counted line, as it goes into its whole; a measured one brings no number (R20)."""
    return Part(None if line.is_measured else target.need, target.by_quarter, by_unit, target.cells)


def by_unit_of(line: Line, placed: Placed) -> dict[int, tuple[Pair, ...]]:
    """What a line counts in each unit by each quarter's end, capped where that unit owes it (R8)."""
    owed, rounds = one_place(line), line.round_ids or (None,)
    if owed is None or not line.unit_ids:
        units = {unit_id for unit_id, _ in placed}
        return {u: tuple(uncapped([s for (at, _), s in placed.items() if at == u], q) for q in QUARTERS) for u in units}
    there = {u: [placed[u, r] for r in rounds if (u, r) in placed] for u in line.unit_ids}
    return {u: tuple(capped(places, owed, q) for q in QUARTERS) for u, places in there.items()}


def _of_whole_itself(placed: Placed, happened: Mapping[int, Pair]) -> Part:
    """What was recorded for a whole itself counts like a part without a number."""
    by_unit = {
        u: tuple(uncapped([s for (at, _), s in placed.items() if at == u], q) for q in QUARTERS) for u, _ in placed
    }
    cells = {u: Cell(None, by_unit[u][-1], happened=int(pair.reported)) for u, pair in happened.items()}
    return Part(None, tuple(uncapped(placed.values(), q) for q in QUARTERS), by_unit, cells)


def count_whole(
    plan: PlanView,
    line: Line,
    parts: list[TargetProgress],
    counted: list[Part],
    tallies: list[Tally],
    as_of: date,
) -> tuple[TargetProgress, dict[int, tuple[Pair, ...]]]:
    """A line with parts; and what it counts in each unit (R18 to R20)."""
    need, happened = need_of(plan, line), happened_in(tallies)
    counted = [*counted, _of_whole_itself(add_up(tallies), happened)]
    by_unit = _units_of_whole(line, counted)
    if line.need is not None and line.unit_ids:
        by_quarter = tuple(sum((of_unit[q] for of_unit in by_unit.values()), NOTHING) for q in QUARTERS)
    elif line.need is not None or need is None:
        by_quarter = tuple(sum((part.by_quarter[q] for part in counted), NOTHING) for q in QUARTERS)
    else:  # R19, R20
        by_quarter = tuple(
            sum((_at_most(p.by_quarter[q], p.need) for p in counted if p.need is not None), NOTHING) for q in QUARTERS
        )
    rounds = [p.rounds_done for p in parts if p.rounds_done is not None]
    planned, done = planned_to_date(plan, line, as_of), by_quarter[-1]
    return TargetProgress(
        line=line,
        need=need,
        done=done,
        happened=sum((p.happened for p in parts), sum(happened.values(), NOTHING)),
        running=sum(p.running for p in parts) + sum(t.running for t in tallies),
        unmet=sum(p.unmet for p in parts) + sum(t.unmet for t in tallies),
        planned_to_date=planned,
        status=status_on(plan, line, need, done.verified, None, planned, as_of),
        by_quarter=by_quarter,
        cells=_cells_of_whole(line, counted, by_unit),
        rounds_due=sum(p.rounds_due for p in parts),
        rounds_done=sum(rounds, NOTHING) if rounds else None,
        measured=(None, None) if line.is_measured else None,
    ), by_unit


def _at_most(done: Pair, need: Fraction) -> Pair:
    return Pair(min(done.verified, need), min(done.reported, need))


def _units_of_whole(line: Line, parts: Sequence[Part]) -> dict[int, tuple[Pair, ...]]:
    """What the parts did in each unit by each quarter's end, capped where the whole itself is due there (R18)."""
    # R20: beside numbered parts, those without a number stand apart, unless the whole has a number that they add to.
    numbered = [p for p in parts if p.need is not None] if line.need is None else []
    units = line.unit_ids if line.need is not None and line.unit_ids else {u for p in parts for u in p.by_unit}
    found = {}
    for unit_id in units:
        there = [p.by_unit[unit_id] for p in numbered or parts if unit_id in p.by_unit]
        sums = tuple(sum((of_part[q] for of_part in there), NOTHING) for q in QUARTERS)
        found[unit_id] = (
            tuple(_at_most(q, line.need) for q in sums) if line.need is not None and line.unit_ids else sums
        )
    return found


def _cells_of_whole(line: Line, parts: Sequence[Part], by_unit: Mapping[int, tuple[Pair, ...]]) -> dict[int, Cell]:
    cells = {}
    for unit_id in {*(line.unit_ids if line.need is not None else ()), *(u for p in parts for u in p.cells)}:
        there = [(p, p.cells[unit_id]) for p in parts if unit_id in p.cells]
        due = [cell for p, cell in there if p.need is not None and cell.need is not None]
        due_there = [cell.need for cell in due if cell.need is not None]
        if line.need is not None:
            owed = unit_id in line.unit_ids
            need, shown = (line.need if owed else None), None if owed else [cell for _, cell in there]
        else:
            need, shown = (sum(due_there, Fraction(0)) if due else None), due or [cell for _, cell in there]
        done = by_unit[unit_id][-1] if shown is None else sum((cell.done for cell in shown), NOTHING)
        cells[unit_id] = Cell(need=need, done=done, happened=sum(cell.happened for _, cell in there))
    return cells
