"""The rules of counting (DESIGN.md section 4), on plain values: no database, no clock.

Two figures everywhere: verified, and reported (sent and verified). Percentages are exact
fractions of 1; None means that there is no number to compare with.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from operator import add
from typing import NamedTuple

from data_model.core.label import Label, LabelledEnum
from data_model.plans.tables import Comparator
from data_model.plans.view import Line, PlanView

LATER = 5
"""The "quarter" of records after the fourth quarter's end (15-to-14 rule: 15 to 31 December)."""

VALUES = Label("lần có số liệu", "values")
"""What is told of a measured value that no number is due for: how often it was measured."""


class TargetStatus(LabelledEnum):
    """Status of a target on a day, judged on verified figures."""

    NO_NUMBER = "no_number", "không có chỉ tiêu số", "no number in the plan"
    NO_DATA = "no_data", "chưa có số liệu", "no data yet"
    NOT_MET = "not_met", "không đạt", "not met"
    DONE = "done", "hoàn thành", "done"
    OVERDUE = "overdue", "trễ hạn", "overdue"
    NOT_DUE = "not_due", "chưa đến hạn", "not due yet"
    UNPHASED = "unphased", "chưa phân kỳ", "not phased"
    ON_TRACK = "on_track", "đúng tiến độ", "on track"
    SLOW = "slow", "chậm", "slow"
    VERY_SLOW = "very_slow", "rất chậm", "very slow"


class Tally(NamedTuple):
    """What records of one activity, unit, round and review state add up to.

    `count` leaves out running ones; `until` is the quantity by the end of each quarter, and in all.
    """

    activity_id: int
    unit_id: int
    round_id: int | None
    verified: bool
    count: int
    running: int
    unmet: int
    until: tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Measured:
    """A measured value of an activity in a unit on a day, exact."""

    activity_id: int
    unit_id: int
    on: date
    verified: bool
    value: Fraction


@dataclass(frozen=True, slots=True)
class Pair:
    """A verified figure and the reported figure beside it (verified is part of reported). Exact: never a float."""

    verified: int | Fraction
    reported: int | Fraction

    def __add__(self, other: "Pair") -> "Pair":
        return Pair(self.verified + other.verified, self.reported + other.reported)


NOTHING = Pair(0, 0)
QUARTERS = range(LATER)

Sums = tuple[list[int], list[int]]
"""Verified and reported quantity of one place by the end of each quarter."""


@dataclass(frozen=True)
class Cell:
    """One target in one unit: what it owes there (None: nothing of its own) and what was done.

    `value` holds the latest measured values where the target is measured, None without one.
    """

    need: Fraction | None
    done: Pair
    value: tuple[Fraction | None, Fraction | None] | None = None
    happened: int = 0

    @property
    def percent(self) -> Fraction | None:
        """Verified share of the need; may pass 1 nowhere, since a surplus stays in its unit."""
        return self.done.verified / self.need if self.need else None

    @property
    def is_short(self) -> bool:
        """Whether it owes something that is not reached, on verified figures; a percentage that nobody measured is not."""
        return bool(self.need) and (self.value is not None and self.value[0] is None or self.done.verified < self.need)


@dataclass(frozen=True)
class TargetProgress:
    """How one line of the plan stands on a day.

    `need` is the whole year's number in what is counted (visits for a target with rounds);
    `done` is capped per unit where the scope says so; `happened` counts records, surplus included.
    """

    line: Line
    need: Fraction | None
    done: Pair
    happened: Pair
    running: int
    unmet: int
    planned_to_date: Fraction | None
    status: TargetStatus
    by_quarter: tuple[Pair, ...]
    cells: dict[int, Cell]
    rounds_done: Pair | None = None
    measured: tuple[Fraction | None, Fraction | None] | None = None

    @property
    def percent(self) -> Fraction | None:
        """Verified share of the year's number; above 1 only where the target counts in the whole area."""
        return _share(self.line, self.need, self.done.verified, self.measured[0] if self.measured else None)

    @property
    def percent_reported(self) -> Fraction | None:
        return _share(self.line, self.need, self.done.reported, self.measured[1] if self.measured else None)

    @property
    def percent_of_planned(self) -> Fraction | None:
        """Verified share of what was planned to date, which "slow" is judged on."""
        return Fraction(self.done.verified) / self.planned_to_date if self.planned_to_date else None

    @property
    def capped(self) -> Fraction | None:
        """`percent`, at most 1: what goes into any mean."""
        return None if self.percent is None else min(self.percent, Fraction(1))


@dataclass(frozen=True)
class UnitProgress:
    """A unit: the mean of the capped percentages of the numbered targets due in it, and on how many it rests."""

    unit_id: int
    mean: Fraction | None
    mean_reported: Fraction | None
    rests_on: int
    happened: int


@dataclass(frozen=True)
class PlanProgress:
    """A plan on a day: its targets, its units, the headline (targets by status, parts left out), the mean beside it."""

    plan: PlanView
    as_of: date
    targets: tuple[TargetProgress, ...]
    units: dict[int, UnitProgress]
    headline: dict[TargetStatus, int]
    mean: Fraction | None
    mean_rests_on: int
    by_activity: dict[int, TargetProgress] = field(repr=False, default_factory=dict)

    def lacking(self, unit_id: int) -> list[TargetProgress]:
        """The numbered targets due in a unit that are not reached or not measured there, parts left out."""
        return [t for t in self.targets if t.line.part_of_id is None and (cell := t.cells.get(unit_id)) and cell.is_short]


def count_plan(plan: PlanView, tallies: Iterable[Tally], measured: Iterable[Measured], as_of: date) -> PlanProgress:
    """Every figure of a plan on a day, from what its records add up to on that day."""
    by_line: dict[int, list[Tally]] = defaultdict(list)
    for tally in tallies:
        by_line[tally.activity_id].append(tally)
    values: dict[int, list[Measured]] = defaultdict(list)
    for one in measured:
        values[one.activity_id].append(one)
    counted: dict[int, TargetProgress] = {}
    for line in plan.target_lines:
        if not line.part_ids:
            counted[line.activity_id] = _count_line(plan, line, by_line[line.activity_id], values[line.activity_id], as_of)
    for line in plan.target_lines:
        if line.part_ids:
            counted[line.activity_id] = _add_parts(plan, line, [counted[p] for p in line.part_ids], as_of)
    targets = tuple(counted[line.activity_id] for line in plan.target_lines)
    leading = [t for t in targets if t.line.part_of_id is None]
    headline: dict[TargetStatus, int] = dict.fromkeys(TargetStatus, 0)
    for target in leading:
        headline[target.status] += 1
    numbered = [t.capped for t in leading if t.capped is not None]
    return PlanProgress(
        plan=plan, as_of=as_of, targets=targets, units={u.id: _count_unit(u.id, leading, targets) for u in plan.units},
        headline=headline, mean=mean_of(numbered), mean_rests_on=len(numbered), by_activity=counted,
    )


def planned_to_date(plan: PlanView, line: Line, as_of: date) -> Fraction | None:
    """Sum of the quarters that have ended by `as_of`, its last day included; None without a phasing."""
    if not line.phases:
        return None
    return sum((line.phases.get(q, Fraction(0)) for q, end in enumerate(plan.quarter_ends, 1) if end <= as_of), Fraction(0))


def status_on(
    plan: PlanView, line: Line, need: Fraction | None, done: Fraction, measured: Fraction | None, all_reached: bool,
    planned: Fraction | None, as_of: date,
) -> TargetStatus:
    """The first line of the table of statuses that fits, on verified figures."""
    if need is None:
        return TargetStatus.NO_NUMBER
    if line.is_measured:
        if measured is None:
            return TargetStatus.NO_DATA
        done = measured
        if line.comparator is Comparator.KEEP_ZERO:
            return TargetStatus.NOT_MET if measured > 0 else TargetStatus.DONE
    if done >= need and all_reached:
        return TargetStatus.DONE
    if line.due and as_of > line.due:
        return TargetStatus.OVERDUE
    if (line.window_from and as_of < line.window_from) or planned == 0:
        return TargetStatus.NOT_DUE
    if planned is None:
        return TargetStatus.UNPHASED
    ratio = done / planned
    if ratio * 100 >= plan.on_track_percent:
        return TargetStatus.ON_TRACK
    return TargetStatus.SLOW if ratio * 100 >= plan.slow_percent else TargetStatus.VERY_SLOW


def _share(line: Line, need: Fraction | None, done: Fraction, measured: Fraction | None) -> Fraction | None:
    if not need:
        return None
    if line.is_measured:
        return None if measured is None else max(measured, Fraction(0)) / need
    return done / need


def mean_of(numbers: Sequence[Fraction]) -> Fraction | None:
    """The exact mean; None of nothing."""
    return sum(numbers, Fraction(0)) / len(numbers) if numbers else None


def _count_line(plan: PlanView, line: Line, tallies: list[Tally], values: list[Measured], as_of: date) -> TargetProgress:
    placed, happened = _add_up(line, tallies)
    need = line.total_need
    by_quarter = tuple(_done_until(line, placed, need, quarter) for quarter in QUARTERS)
    cells = _cells(line, placed, happened, values)
    measured, all_reached = _measured(plan, line, values, cells)
    done, planned = by_quarter[-1], planned_to_date(plan, line, as_of)
    return TargetProgress(
        line=line, need=need, done=done, happened=sum(happened.values(), NOTHING), planned_to_date=planned,
        running=sum(t.running for t in tallies), unmet=sum(t.unmet for t in tallies),
        status=status_on(plan, line, need, done.verified, measured[0] if measured else None, all_reached, planned, as_of),
        by_quarter=by_quarter, cells=cells, rounds_done=_rounds_done(line, placed), measured=measured,
    )


def _add_up(line: Line, tallies: list[Tally]) -> tuple[dict[tuple[int, int | None], Sums], dict[int, Pair]]:
    """Quantities by place (unit and round, where the line asks for them), and what happened in each unit."""
    placed: dict[tuple[int, int | None], Sums] = {}
    happened: dict[int, list[int]] = {}
    for t in tallies:
        place = (t.unit_id if line.unit_ids else 0, t.round_id if line.rounds else None)
        sums = placed.setdefault(place, ([0] * LATER, [0] * LATER))
        counted = happened.setdefault(t.unit_id, [0, 0])
        for side in (0, 1) if t.verified else (1,):
            sums[side][:] = map(add, sums[side], t.until)
            counted[side] += t.count
    return placed, {unit_id: Pair(*counted) for unit_id, counted in happened.items()}


def _one_place(line: Line) -> int | Fraction | None:
    """What one place owes: n, or one visit where rounds are visited; None without a number."""
    if line.need is None:
        return None
    need = Fraction(1) if line.rounds else line.need
    return need.numerator if need.denominator == 1 else need


def _done_until(line: Line, placed: dict[tuple[int, int | None], Sums], need: Fraction | None, quarter: int) -> Pair:
    """What counts by a quarter's end: capped in each place that owes it; uncapped in the whole area or without a number."""
    if need is None or not line.unit_ids:
        return Pair(sum(v[quarter] for v, _ in placed.values()), sum(r[quarter] for _, r in placed.values()))
    due = ((unit_id, round_id) for unit_id in line.unit_ids for round_id in line.round_ids or (None,))
    return _capped([placed[place] for place in due if place in placed], _one_place(line), quarter)


def _capped(places: list[Sums], cap: int | Fraction, quarter: int) -> Pair:
    """Sum over places of what was done in each, at most `cap` there: a surplus never hides a hole."""
    return Pair(sum(min(v[quarter], cap) for v, _ in places), sum(min(r[quarter], cap) for _, r in places))


def _cells(
    line: Line, placed: dict[tuple[int, int | None], Sums], happened: dict[int, Pair], values: list[Measured],
) -> dict[int, Cell]:
    latest, one = _latest(values), _one_place(line)
    rounds = line.round_ids or (None,)
    cells = {}
    for unit_id in {*line.unit_ids, *happened, *(u for u, _ in latest)}:
        owed = unit_id in line.unit_ids and one is not None
        there = [placed[unit_id, r] for r in rounds if (unit_id, r) in placed]
        if owed:
            done = _capped(there, one, -1)
        elif line.unit_ids:
            done = Pair(sum(v[-1] for v, _ in there), sum(r[-1] for _, r in there))
        else:
            done = happened.get(unit_id, NOTHING)
        value = (latest.get((unit_id, True)), latest.get((unit_id, False))) if line.is_measured else None
        if value and owed and line.comparator is Comparator.PERCENTAGE:
            done = Pair(*(min(max(v or Fraction(0), Fraction(0)), one) for v in value))
        cells[unit_id] = Cell(
            need=Fraction(one * len(rounds)) if owed else None, done=done, value=value,
            happened=happened.get(unit_id, NOTHING).reported,
        )
    return cells


def _latest(values: list[Measured]) -> dict[tuple[int, bool], Fraction]:
    """The latest value by unit: under True among verified ones, under False among all reported ones."""
    latest: dict[tuple[int, bool], Measured] = {}
    for one in values:
        for key in ((one.unit_id, True), (one.unit_id, False)) if one.verified else ((one.unit_id, False),):
            # Two values of one day: the larger stands, so that the order of arrival does not matter.
            if key not in latest or (one.on, one.value) > (latest[key].on, latest[key].value):
                latest[key] = one
    return {key: one.value for key, one in latest.items()}


def _measured(plan: PlanView, line: Line, values: list[Measured], cells: dict[int, Cell]) -> tuple[tuple | None, bool]:
    """Verified and reported value of a measured target, and whether every unit that owes it has reached it.

    In the whole area it is the latest value, one of the area itself before any commune's; in each unit, the mean of
    the units' capped values, so that no unit hides another. Where zero is to be kept in each unit, it is the largest
    value, and zero only when every unit has one.
    """
    if not line.is_measured:
        return None, True
    if not line.unit_ids:
        of_the_area = [v for v in values if v.unit_id == plan.owner.id]
        newest = [Measured(v.activity_id, 0, v.on, v.verified, v.value) for v in of_the_area or values]
        latest = _latest(newest)
        return (latest.get((0, True)), latest.get((0, False))), True
    found, reached = [], True
    for side in (0, 1):
        known = [cells[u].value[side] for u in line.unit_ids if cells[u].value[side] is not None]
        if not known:
            found.append(None)
        elif line.comparator is Comparator.KEEP_ZERO:
            complete = len(known) == len(line.unit_ids)
            found.append(max(known) if complete or max(known) > 0 else None)
        else:
            found.append(sum((min(max(v, Fraction(0)), line.need) for v in known), Fraction(0)) / len(line.unit_ids))
    if line.comparator is Comparator.PERCENTAGE:
        reached = all((cells[u].value[0] or 0) >= line.need for u in line.unit_ids)
    return tuple(found), reached


def _rounds_done(line: Line, placed) -> Pair | None:
    """Rounds in which every unit that must be visited has a visit that counts."""
    if not line.rounds:
        return None
    complete = NOTHING
    for round_id in line.round_ids:
        visits = [placed.get((unit_id, round_id), ([0], [0])) for unit_id in line.unit_ids]
        complete += Pair(int(all(v[-1] for v, _ in visits)), int(all(r[-1] for _, r in visits)))
    return complete


def _add_parts(plan: PlanView, line: Line, parts: list[TargetProgress], as_of: date) -> TargetProgress:
    """A line that is the sum of its parts: no part's surplus hides another's hole."""
    needs = [p.need for p in parts]
    need = None if line.need is None or None in needs else sum(needs, Fraction(0))
    by_quarter = tuple(
        sum((Pair(min(q.verified, p.need), min(q.reported, p.need)) if p.need is not None else q
             for p in parts for q in [p.by_quarter[i]]), NOTHING)
        for i in range(LATER)
    )
    cells: dict[int, Cell] = {}
    for part in parts:
        for unit_id, cell in part.cells.items():
            known = cells.get(unit_id)
            cells[unit_id] = cell if known is None else Cell(
                need=None if known.need is None and cell.need is None else (known.need or 0) + (cell.need or 0),
                done=known.done + cell.done, happened=known.happened + cell.happened,
            )
    rounds = [p.rounds_done for p in parts if p.rounds_done is not None]
    planned = planned_to_date(plan, line, as_of)
    if planned is None and need is not None and all(p.planned_to_date is not None for p in parts):
        planned = sum((p.planned_to_date for p in parts), Fraction(0))
    done = by_quarter[-1]
    return TargetProgress(
        line=line, need=need, done=done, happened=sum((p.happened for p in parts), NOTHING),
        running=sum(p.running for p in parts), unmet=sum(p.unmet for p in parts), planned_to_date=planned,
        status=status_on(plan, line, need, done.verified, None, True, planned, as_of),
        by_quarter=by_quarter, cells=cells, rounds_done=sum(rounds, NOTHING) if rounds else None,
    )


def _count_unit(unit_id: int, leading: Sequence[TargetProgress], all_targets: Sequence[TargetProgress]) -> UnitProgress:
    shares, reported = [], []
    for target in leading:
        cell = target.cells.get(unit_id)
        if cell is None or not cell.need:
            continue
        # A percentage that nobody measured there is not collected, which is not 0 %: it stays out of the mean.
        verified_value, reported_value = cell.value or (0, 0)
        if verified_value is not None:
            shares.append(min(cell.done.verified / cell.need, Fraction(1)))
        if reported_value is not None:
            reported.append(min(cell.done.reported / cell.need, Fraction(1)))
    happened = sum(t.cells[unit_id].happened for t in all_targets if not t.line.part_ids and unit_id in t.cells)
    return UnitProgress(unit_id, mean_of(shares), mean_of(reported), len(shares), happened)
