"""What one line of a plan counts: sums by place and quarter, capped where each place owes its own (R8, R12)."""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from operator import add

from data_model.counting.measured import Sides, latest, share_reached, values_of
from data_model.counting.rules import (
    LATER,
    NOTHING,
    Cell,
    Measured,
    Pair,
    Tally,
    TargetProgress,
    Values,
    planned_to_date,
    status_on,
)
from data_model.plans.tables import Comparator
from data_model.plans.view import Line, PlanView

QUARTERS = range(LATER)

Sums = tuple[list[int], list[int]]
"""Verified and reported quantity of one place by the end of each quarter."""
Placed = dict[tuple[int, int | None], Sums]
"""Quantities by place: unit and, where rounds are visited, round."""


def count_line(
    plan: PlanView,
    line: Line,
    placed: Placed,
    tallies: list[Tally],
    values: list[Measured],
    as_of: date,
) -> TargetProgress:
    """How a line without parts stands on a day, from its records added up by place and its measured values. By R2,
    R8, R12, R16, R23 and R24.
    """
    happened, need = happened_in(tallies), line.total_need
    by_quarter = tuple(_done_until(line, placed, quarter) for quarter in QUARTERS)
    sides = latest(values)
    cells = _cells(line, placed, happened, sides)
    visited = _visited(line, placed)
    measured, coverage = values_of(plan, line, sides, as_of) if line.is_measured else (None, None)
    reached = share_reached(line, measured, cells) if measured else (None, None)
    planned = planned_to_date(plan, line, as_of)
    done = (reached[0] or Fraction(0)) * need if measured and need else by_quarter[-1].verified
    return TargetProgress(
        line=line,
        need=need,
        done=by_quarter[-1],
        happened=sum(happened.values(), NOTHING),
        planned_to_date=planned,
        running=sum(t.running for t in tallies),
        unmet=sum(t.unmet for t in tallies),
        status=status_on(plan, line, need, done, measured[0] if measured else None, planned, as_of),
        by_quarter=by_quarter,
        cells=cells,
        rounds_due=len(line.rounds),
        rounds_done=_rounds_done(line, visited),
        visited=visited,
        measured=measured,
        reached=reached,
        coverage=coverage,
    )


def add_up(tallies: Iterable[Tally]) -> Placed:
    """What records of one line count in each place by each quarter's end (R1, R3)."""
    placed: Placed = {}
    for t in tallies:
        sums = placed.setdefault((t.unit_id, t.round_id), ([0] * LATER, [0] * LATER))
        for side in (0, 1) if t.verified else (1,):
            sums[side][:] = map(add, sums[side], t.until)
    return placed


def happened_in(tallies: Iterable[Tally]) -> dict[int, Pair]:
    """How many records there are in each unit (R1)."""
    counted: dict[int, list[int]] = {}
    for t in tallies:
        there = counted.setdefault(t.unit_id, [0, 0])
        for side in (0, 1) if t.verified else (1,):
            there[side] += t.count
    return {unit_id: Pair(*there) for unit_id, there in counted.items()}


def one_place(line: Line) -> int | Fraction | None:
    """What one place owes: n, or one visit where rounds are visited; None without a number (R8, R12)."""
    if line.need is None:
        return None
    need = Fraction(1) if line.rounds else line.need
    return need.numerator if need.denominator == 1 else need


def _done_until(line: Line, placed: Placed, quarter: int) -> Pair:
    """What counts by a quarter's end: capped in each place that owes it, uncapped in the whole area or without a
    number.
    """
    owed = one_place(line)
    if owed is None or not line.unit_ids:
        return uncapped(placed.values(), quarter)
    due = ((unit_id, round_id) for unit_id in line.unit_ids for round_id in line.round_ids or (None,))
    return capped([placed[place] for place in due if place in placed], owed, quarter)


def capped(places: list[Sums], cap: int | Fraction, quarter: int) -> Pair:
    """Sum over places of what was done in each, at most `cap` there: a surplus never hides a hole (R8)."""
    return Pair(sum(min(v[quarter], cap) for v, _ in places), sum(min(r[quarter], cap) for _, r in places))


def _cells(line: Line, placed: Placed, happened: dict[int, Pair], sides: Sides) -> dict[int, Cell]:
    one, rounds = one_place(line), line.round_ids or (None,)
    cells: dict[int, Cell] = {}
    for unit_id in {*line.unit_ids, *happened, *sides[1]}:
        owed = one if unit_id in line.unit_ids else None
        there = [placed[unit_id, r] for r in rounds if (unit_id, r) in placed]
        if owed is not None:
            done = capped(there, owed, -1)
        elif line.unit_ids:
            done = uncapped(there, -1)
        else:
            done = happened.get(unit_id, NOTHING)
        value = _measured_in(unit_id, sides) if line.is_measured else None
        if value and owed is not None and line.comparator is Comparator.PERCENTAGE:
            verified, reported = (min(max(v or Fraction(0), Fraction(0)), owed) for v in value)
            done = Pair(verified, reported)
        cells[unit_id] = Cell(
            need=None if owed is None else Fraction(owed * len(rounds)),
            done=done,
            value=value,
            happened=int(happened.get(unit_id, NOTHING).reported),  # of records, so whole
        )
    return cells


def _measured_in(unit_id: int, sides: Sides) -> Values:
    verified, reported = sides
    return (
        verified[unit_id].value if unit_id in verified else None,
        reported[unit_id].value if unit_id in reported else None,
    )


def uncapped(places: Iterable[Sums], quarter: int) -> Pair:
    """Sum over places of what was done in each by that quarter's end, surplus included."""
    places = list(places)
    return Pair(sum(v[quarter] for v, _ in places), sum(r[quarter] for _, r in places))


def _visited(line: Line, placed: Placed) -> dict[int, Pair]:
    """How many of its units each round has visited: a visit that counts is one, a second none more (R12)."""
    return {
        round_id: capped(
            [placed[unit_id, round_id] for unit_id in line.unit_ids if (unit_id, round_id) in placed], 1, -1
        )
        for round_id in line.round_ids
    }


def _rounds_done(line: Line, visited: Mapping[int, Pair]) -> Pair | None:
    """Rounds in which every unit that must be visited has a visit that counts."""
    if not line.rounds:
        return None
    due = len(line.unit_ids)
    return sum((Pair(int(seen.verified == due), int(seen.reported == due)) for seen in visited.values()), NOTHING)
