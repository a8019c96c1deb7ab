"""The rules of counting, on plain values: no database, no clock. Code and tests cite them by number.

Figures
  R1  Two figures stand everywhere: verified, and reported (sent or verified). Verified figures and the status move by
      what is verified alone; what was merely sent shows beside them and changes nothing else.
  R2  A record counts as many of its target's own measure as its kind says (a fair of three days is 3 where days are
      owed, 1 where events are). A class counts when it has ended, a radio segment when first broadcast, a pano when
      installed, an event when held; what has begun and not ended is shown as running and counts nothing.
  R3  A record belongs to the period of its date, of its last date where it has several. Dates are Asia/Ho_Chi_Minh
      dates; moments are UTC.
  R4  Quantities are exact fractions, from the plan's text to the page: nothing is rounded on the way in.
  R5  Not collected differs from zero: None, never 0.
  R6  Money and quantities are never added to each other; amounts are whole đồng.

Targets
  R7  A target without a number is a normal one: it shows what was done, with no percentage, no mean and no judgement.
  R8  "Whole" owes n anywhere in the plan's area. "Each unit" and "named units" owe n in each of their units: done is
      the sum over units of min(done in the unit, n), so that a surplus in one hides no hole in another.
  R9  "Exactly", "at least" and "about" are reached when the number is reached. "Keep at zero" and "percentage" are
      judged on measured values (R13 to R17).
  R10 Conditions are checked apart from quantity: a record can count and still fail one, and both are shown.
  R11 A percentage may pass 100 % where n is owed in the whole area, and is shown so; in every mean it is capped at 1.
  R12 A monitoring round is complete when every unit it must visit has a visit that counts. A target with rounds owes
      one visit in each unit in each round; a second visit in a round stands for no other.

Measured values
  R13 A unit's value is the latest by its date; of one day, the one accepted last. Of reported values of one day, the
      one sent last while it waits, unless the one accepted last was sent after it. A correction downwards is seen.
  R14 A whole-area target takes the area's own value, whatever communes measured and whenever. Without one, and with a
      value of every commune that stands on the day, numerators and denominators are added up; else it has no value.
  R15 Keep at zero: one commune's value above zero is enough to fail; zero needs the area's own value or all communes'.
  R16 Due in units, it has a value once each of them has one: numerators and denominators added up. Its percentage is
      the mean of the units' capped shares (R8), none before.
  R17 What is missing is said wherever the figure is shown ("12 of 15 communes measured").

A whole with parts
  R18 With a number of its own it owes that number, and what its parts did adds up towards it, in each unit where it is
      due in units. Where its number differs from its parts', that is said.
  R19 Without one it owes the sum of its numbered parts, each capped by its own number.
  R20 Parts without a number, and measured ones, stand beside: they enter no sum of R19, no percentage, no mean.

Means
  R21 A commune's progress is the mean of the capped percentages of the numbered targets due in it, and says on how
      many it rests; with none it is neutral. Each numbered target enters once, parts instead of their whole. What
      happened there for a whole-area target is shown, not averaged. What nobody measured there stays out (R5).
  R22 The plan's headline is the count of its targets by status, parts left out; the mean of the capped percentages
      stands beside it, never alone.

Time
  R23 Planned-to-date is the sum of the accepted quarters' shares that have ended by the day, their last day included;
      without a phasing there is none. A whole takes its parts' where these make up its number.
  R24 The status of a target on a day is the first line that fits, on verified figures:
        no number     the plan gives no number
        no data       a percentage or keep-at-zero target without a measured value yet
        not met       keep at zero, and the value is above zero
        done          the number is reached (keep at zero: the value is zero; percentage: the value reaches it)
        overdue       the due day has passed
        not due       the window has not begun, or planned-to-date is zero
        unphased      no phasing was entered or accepted
        on track, slow, very slow     done is at least 90 %, at least 70 %, less than that of planned-to-date
  R25 These thresholds and the quarters' ends are settings of the plan and written into every snapshot.
  R26 Quarters end with the calendar's, or on the 14th (Nghị định 09/2019/NĐ-CP, article 12): then the reporting year
      runs from 15 December to 14 December, the first quarter begins on 15 December of the year before, and 15 to 31
      December of the plan's year belong to no quarter, half-year or year. The plan's own figures count those days;
      periods by this rule say their first and last day, and a year's snapshot says what was done after its last day.

Changes
  R27 A plan counts as it stands at the revision looked at. An activity, a round or a unit that it no longer has asks
      for nothing and counts nothing; the records are listed as left over, never lost.
  R28 Where a target counts in another measure, every record is counted anew from its answers.
  R29 A unit is its code in a period, never its name. Records keep the unit of their date; old figures are seen by new
      units through the lineage.

Percentages are exact fractions of 1; None means that there is no number to compare with.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from operator import add
from typing import NamedTuple

from data_model.core.label import Label, LabelledEnum
from data_model.forms.kind import Addend
from data_model.plans.tables import Comparator
from data_model.plans.view import Line, PlanView

LATER = 5
"""The "quarter" of records after the fourth quarter's end (R26: 15 to 31 December)."""

VALUES = Label("lần có số liệu", "values")
"""What is told of a measured value that no number is due for: how often it was measured."""


class TargetStatus(LabelledEnum):
    """Status of a target on a day (R24), judged on verified figures."""

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


Turn = tuple[datetime, str]
"""When something was sent or accepted, and what decides between two at one moment."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A measured value of an activity in a unit on a day: the exact fractions that make it up, and its turn among
    values of that day (R13). `accepted` is read only where it is verified.
    """

    activity_id: int
    unit_id: int
    on: date
    verified: bool
    addends: tuple[Addend, ...]
    sent: Turn
    accepted: Turn | None = None

    @property
    def value(self) -> Fraction:
        return added_up([self])


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
Placed = dict[tuple[int, int | None], Sums]
"""Quantities by place: unit and, where rounds are visited, round."""
Values = tuple[Fraction | None, Fraction | None]
"""The verified and the reported measured value; None where nobody measured."""


class Coverage(NamedTuple):
    """In how many of the communes that it rests on a value was verified (R17)."""

    known: int
    of: int


@dataclass(frozen=True)
class Cell:
    """One target in one unit: what it owes there (None: nothing of its own) and what was done.

    `value` holds the latest measured values where the target is measured, None without one.
    """

    need: Fraction | None
    done: Pair
    value: Values | None = None
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
    `rounds_due` is how many rounds it or its parts have; `visited` counts, for each round, the units with a visit that
    counts. Of a measured target `measured` holds its values, `reached` their shares of the number (capped in each
    unit), and `coverage` what is missing, None if nothing.
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
    rounds_due: int = 0
    rounds_done: Pair | None = None
    visited: dict[int, Pair] = field(default_factory=dict)
    measured: Values | None = None
    reached: Values = (None, None)
    coverage: Coverage | None = None

    @property
    def percent(self) -> Fraction | None:
        """Verified share of the year's number; above 1 only where the target counts in the whole area (R11)."""
        return self._share(0)

    @property
    def percent_reported(self) -> Fraction | None:
        return self._share(1)

    @property
    def percent_of_planned(self) -> Fraction | None:
        """Verified share of what was planned to date, which "slow" is judged on."""
        if not self.planned_to_date or self.percent is None:
            return None
        return self.percent * self.need / self.planned_to_date

    @property
    def capped(self) -> Fraction | None:
        """`percent`, at most 1: what goes into any mean."""
        return None if self.percent is None else min(self.percent, Fraction(1))

    def _share(self, side: int) -> Fraction | None:
        if not self.need:
            return None
        if self.line.is_measured:
            return self.reached[side]
        return (self.done.reported if side else self.done.verified) / self.need


@dataclass(frozen=True)
class UnitProgress:
    """A unit: the mean of the capped percentages of the numbered targets due in it, and on how many it rests (R21)."""

    unit_id: int
    mean: Fraction | None
    mean_reported: Fraction | None
    rests_on: int
    happened: int


@dataclass(frozen=True)
class PlanProgress:
    """A plan on a day: its targets, its units, the headline (targets by status, parts left out), the mean beside it.

    `left_over` is how many reported records belong to nothing that the plan still has (R27).
    """

    plan: PlanView
    as_of: date
    targets: tuple[TargetProgress, ...]
    units: dict[int, UnitProgress]
    headline: dict[TargetStatus, int]
    mean: Fraction | None
    mean_rests_on: int
    by_activity: dict[int, TargetProgress] = field(repr=False, default_factory=dict)
    left_over: int = 0

    def lacking(self, unit_id: int) -> list[TargetProgress]:
        """The numbered targets due in a unit that are not reached or not measured there, parts instead of their whole."""
        return [target for target in due_in(unit_id, self.targets) if target.cells[unit_id].is_short]


def need_of(plan: PlanView, line: Line) -> Fraction | None:
    """What a line owes in all: its own number (R18), else that of its numbered parts (R19); None without any."""
    own = line.total_need
    return own if own is not None else parts_need(plan, line)


def parts_need(plan: PlanView, line: Line) -> Fraction | None:
    """The sum of a whole's numbered parts; None where no part has a number that adds up."""
    needs = [need_of(plan, part) for part in plan.parts_of(line) if not part.is_measured]
    known = [need for need in needs if need is not None]
    return sum(known, Fraction(0)) if known else None


def differs_from_parts(plan: PlanView, line: Line) -> tuple[Fraction, Fraction] | None:
    """A whole's own number and its parts' sum where the two differ (R18); None where nothing is to be said."""
    own, parts = line.total_need, parts_need(plan, line)
    return None if own is None or parts is None or own == parts else (own, parts)


def count_plan(plan: PlanView, tallies: Iterable[Tally], measured: Iterable[Measured], as_of: date) -> PlanProgress:
    """Every figure of a plan on a day, from what its records add up to on that day."""
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
    parts: dict[int, _Part] = {}
    # Parts before what they are parts of.
    for line in sorted(plan.target_lines, key=plan.depth_of_parts):
        standing = by_line[line.activity_id]
        if line.part_ids:
            inside = [counted[p] for p in line.part_ids]
            target, by_unit = _count_whole(plan, line, inside, [parts[p] for p in line.part_ids], standing, as_of)
        else:
            placed = _add_up(standing)
            known = [v for v in values[line.activity_id] if plan.owes(line, v.unit_id)]
            target = _count_line(plan, line, placed, standing, known, as_of)
            by_unit = _by_unit(line, placed) if line.part_of_id is not None else {}
        counted[line.activity_id] = target
        if line.part_of_id is not None:
            parts[line.activity_id] = _as_part(line, target, by_unit)
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


def counts_for(plan: PlanView, line: Line, unit_id: int, round_id: int | None) -> bool:
    """Whether a record of `line` in that unit and round belongs to the plan as it stands (R27)."""
    return plan.owes(line, unit_id) and round_id in (line.round_ids or (None,))


def planned_to_date(plan: PlanView, line: Line, as_of: date) -> Fraction | None:
    """Sum of the quarters that have ended by `as_of`, its last day included; None without a phasing (R23)."""
    if line.phases:
        ended = (line.phases.get(q, Fraction(0)) for q, end in enumerate(plan.quarter_ends, 1) if end <= as_of)
        return sum(ended, Fraction(0))
    parts = [part for part in plan.parts_of(line) if not part.is_measured and need_of(plan, part) is not None]
    if not parts or need_of(plan, line) != parts_need(plan, line):
        return None
    planned = [planned_to_date(plan, part, as_of) for part in parts]
    return None if None in planned else sum(planned, Fraction(0))


def status_on(
    plan: PlanView,
    line: Line,
    need: Fraction | None,
    done: Fraction,
    measured: Fraction | None,
    planned: Fraction | None,
    as_of: date,
) -> TargetStatus:
    """The first line of the table of statuses that fits (R24). Of a percentage `done` is its value as far as it counts."""
    if need is None:
        return TargetStatus.NO_NUMBER
    if line.is_measured:
        if measured is None:
            return TargetStatus.NO_DATA
        if line.comparator is Comparator.KEEP_ZERO:
            return TargetStatus.NOT_MET if measured > 0 else TargetStatus.DONE
    if done >= need:
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


def mean_of(numbers: Sequence[Fraction]) -> Fraction | None:
    """The exact mean; None of nothing."""
    return sum(numbers, Fraction(0)) / len(numbers) if numbers else None


def latest_verified(values: Iterable[Measured]) -> Measured | None:
    """The verified value that stands: the latest by its date; of one day, the one accepted last (R13)."""
    return max((v for v in values if v.verified), key=lambda v: (v.on, v.accepted or v.sent), default=None)


def latest_reported(values: Sequence[Measured]) -> Measured | None:
    """The reported value that stands (R13)."""
    day = max((v.on for v in values), default=None)
    accepted = latest_verified(v for v in values if v.on == day)
    waiting = max((v for v in values if v.on == day and not v.verified), key=lambda v: v.sent, default=None)
    if accepted is None or waiting is None:
        return accepted or waiting
    return waiting if waiting.sent > accepted.sent else accepted


def added_up(values: Sequence[Measured]) -> Fraction:
    """Values of several units as one: numerators and denominators added up; without a denominator, a sum (R14)."""
    total = Fraction(0)
    for same in zip(*(v.addends for v in values), strict=True):
        total += Fraction(sum(a.over for a in same), 1 if same[0].under is None else sum(a.under for a in same))
    return total


def _count_line(
    plan: PlanView,
    line: Line,
    placed: Placed,
    tallies: list[Tally],
    values: list[Measured],
    as_of: date,
) -> TargetProgress:
    happened, need = _happened(tallies), line.total_need
    by_quarter = tuple(_done_until(line, placed, quarter) for quarter in QUARTERS)
    sides = _latest(values)
    cells = _cells(line, placed, happened, sides)
    visited = _visited(line, placed)
    measured, coverage = _measured(plan, line, sides, as_of) if line.is_measured else (None, None)
    reached = _reached(line, measured, cells) if measured else (None, None)
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


def _add_up(tallies: Iterable[Tally]) -> Placed:
    placed: Placed = {}
    for t in tallies:
        sums = placed.setdefault((t.unit_id, t.round_id), ([0] * LATER, [0] * LATER))
        for side in (0, 1) if t.verified else (1,):
            sums[side][:] = map(add, sums[side], t.until)
    return placed


def _happened(tallies: Iterable[Tally]) -> dict[int, Pair]:
    """How many records there are in each unit."""
    counted: dict[int, list[int]] = {}
    for t in tallies:
        there = counted.setdefault(t.unit_id, [0, 0])
        for side in (0, 1) if t.verified else (1,):
            there[side] += t.count
    return {unit_id: Pair(*there) for unit_id, there in counted.items()}


def _one_place(line: Line) -> int | Fraction | None:
    """What one place owes: n, or one visit where rounds are visited; None without a number."""
    if line.need is None:
        return None
    need = Fraction(1) if line.rounds else line.need
    return need.numerator if need.denominator == 1 else need


def _done_until(line: Line, placed: Placed, quarter: int) -> Pair:
    """What counts by a quarter's end: capped in each place that owes it, uncapped in the whole area or without a number."""
    if line.need is None or not line.unit_ids:
        return Pair(sum(v[quarter] for v, _ in placed.values()), sum(r[quarter] for _, r in placed.values()))
    due = ((unit_id, round_id) for unit_id in line.unit_ids for round_id in line.round_ids or (None,))
    return _capped([placed[place] for place in due if place in placed], _one_place(line), quarter)


def _capped(places: list[Sums], cap: int | Fraction, quarter: int) -> Pair:
    """Sum over places of what was done in each, at most `cap` there: a surplus never hides a hole."""
    return Pair(sum(min(v[quarter], cap) for v, _ in places), sum(min(r[quarter], cap) for _, r in places))


def _latest(values: list[Measured]) -> tuple[dict[int, Measured], dict[int, Measured]]:
    """The verified and the reported value that stands in each unit."""
    by_unit: dict[int, list[Measured]] = defaultdict(list)
    for one in values:
        by_unit[one.unit_id].append(one)
    verified = {unit_id: found for unit_id, there in by_unit.items() if (found := latest_verified(there))}
    return verified, {unit_id: latest_reported(there) for unit_id, there in by_unit.items()}


Sides = tuple[dict[int, Measured], dict[int, Measured]]


def _cells(line: Line, placed: Placed, happened: dict[int, Pair], sides: Sides) -> dict[int, Cell]:
    one, rounds, cells = _one_place(line), line.round_ids or (None,), {}
    for unit_id in {*line.unit_ids, *happened, *sides[1]}:
        owed = unit_id in line.unit_ids and one is not None
        there = [placed[unit_id, r] for r in rounds if (unit_id, r) in placed]
        if owed:
            done = _capped(there, one, -1)
        elif line.unit_ids:
            done = Pair(sum(v[-1] for v, _ in there), sum(r[-1] for _, r in there))
        else:
            done = happened.get(unit_id, NOTHING)
        value = tuple(side[unit_id].value if unit_id in side else None for side in sides) if line.is_measured else None
        if value and owed and line.comparator is Comparator.PERCENTAGE:
            done = Pair(*(min(max(v or Fraction(0), Fraction(0)), one) for v in value))
        cells[unit_id] = Cell(
            need=Fraction(one * len(rounds)) if owed else None,
            done=done,
            value=value,
            happened=happened.get(unit_id, NOTHING).reported,
        )
    return cells


def _measured(plan: PlanView, line: Line, sides: Sides, as_of: date) -> tuple[Values, Coverage | None]:
    """The values of a measured target (R14 to R16), and what is missing in the verified one (R17)."""
    units = line.unit_ids or plan.communes_on(as_of)
    found: list[Fraction | None] = []
    for side in sides:
        own = None if line.unit_ids else side.get(plan.owner.id)
        known = [side[unit_id] for unit_id in units if unit_id in side]
        found.append(_value_of(line, own, known, complete=len(known) == len(units)))
    known_in = Coverage(sum(unit_id in sides[0] for unit_id in units), len(units))
    own = None if line.unit_ids else sides[0].get(plan.owner.id)
    rests_on_communes = own is None or found[0] != own.value
    is_missing = known_in.known < known_in.of and bool(known_in.known or line.unit_ids)
    return (found[0], found[1]), known_in if rests_on_communes and is_missing else None


def _value_of(line: Line, own: Measured | None, known: list[Measured], complete: bool) -> Fraction | None:
    if line.comparator is Comparator.KEEP_ZERO and not (own and own.value > 0):
        above = [v.value for v in known if v.value > 0]
        if above:
            # Values of other communes below zero (a rate that rose) hide no commune above it.
            together = added_up(known)
            return together if together > 0 else max(above)
    if own is not None:
        return own.value
    return added_up(known) if known and complete else None


def _reached(line: Line, measured: Values, cells: Mapping[int, Cell]) -> Values:
    """The share of the number that is reached: of the whole area, or the units' mean, each capped (R16)."""
    if not line.need:
        return None, None
    if not line.unit_ids:
        verified, reported = (None if v is None else max(v, Fraction(0)) / line.need for v in measured)
        return verified, reported
    shares = []
    for side, value in enumerate(measured):
        capped = [min(max(cells[u].value[side] or Fraction(0), Fraction(0)), line.need) for u in line.unit_ids]
        shares.append(None if value is None else sum(capped, Fraction(0)) / (line.need * len(capped)))
    return shares[0], shares[1]


def _visited(line: Line, placed: Placed) -> dict[int, Pair]:
    """How many of its units each round has visited: a visit that counts is one, a second none more (R12)."""
    return {
        round_id: _capped(
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


@dataclass(frozen=True)
class _Part:
    """What goes from a line into the whole that it is part of: its figures by quarter, in all and in each unit."""

    need: Fraction | None
    by_quarter: tuple[Pair, ...]
    by_unit: Mapping[int, tuple[Pair, ...]]
    cells: Mapping[int, Cell]


def _as_part(line: Line, target: TargetProgress, by_unit: Mapping[int, tuple[Pair, ...]]) -> _Part:
    return _Part(None if line.is_measured else target.need, target.by_quarter, by_unit, target.cells)


def _by_unit(line: Line, placed: Placed) -> dict[int, tuple[Pair, ...]]:
    """What a line counts in each unit by each quarter's end, capped where that unit owes it."""
    if line.need is None or not line.unit_ids:
        units = {unit_id for unit_id, _ in placed}
        return {
            u: tuple(_uncapped([s for (at, _), s in placed.items() if at == u], q) for q in QUARTERS) for u in units
        }
    cap, rounds = _one_place(line), line.round_ids or (None,)
    there = {u: [placed[u, r] for r in rounds if (u, r) in placed] for u in line.unit_ids}
    return {u: tuple(_capped(places, cap, q) for q in QUARTERS) for u, places in there.items()}


def _uncapped(places: Iterable[Sums], quarter: int) -> Pair:
    places = list(places)
    return Pair(sum(v[quarter] for v, _ in places), sum(r[quarter] for _, r in places))


def _of_whole_itself(placed: Placed, happened: Mapping[int, Pair]) -> _Part:
    """What was recorded for a whole itself counts like a part without a number."""
    by_unit = {
        u: tuple(_uncapped([s for (at, _), s in placed.items() if at == u], q) for q in QUARTERS) for u, _ in placed
    }
    cells = {u: Cell(None, by_unit[u][-1], happened=pair.reported) for u, pair in happened.items()}
    return _Part(None, tuple(_uncapped(placed.values(), q) for q in QUARTERS), by_unit, cells)


def _count_whole(
    plan: PlanView,
    line: Line,
    parts: list[TargetProgress],
    known: list[_Part],
    tallies: list[Tally],
    as_of: date,
) -> tuple[TargetProgress, dict[int, tuple[Pair, ...]]]:
    """A line with parts; and what it counts in each unit."""
    need, happened = need_of(plan, line), _happened(tallies)
    known = [*known, _of_whole_itself(_add_up(tallies), happened)]
    by_unit = _units_of_whole(line, known)
    if line.need is not None and line.unit_ids:
        by_quarter = tuple(sum((of_unit[q] for of_unit in by_unit.values()), NOTHING) for q in QUARTERS)
    elif line.need is not None or need is None:
        by_quarter = tuple(sum((part.by_quarter[q] for part in known), NOTHING) for q in QUARTERS)
    else:  # R19, R20
        by_quarter = tuple(
            sum((_at_most(p.by_quarter[q], p.need) for p in known if p.need is not None), NOTHING) for q in QUARTERS
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
        cells=_cells_of_whole(line, known, by_unit),
        rounds_due=sum(p.rounds_due for p in parts),
        rounds_done=sum(rounds, NOTHING) if rounds else None,
        measured=(None, None) if line.is_measured else None,
    ), by_unit


def _at_most(done: Pair, need: Fraction) -> Pair:
    return Pair(min(done.verified, need), min(done.reported, need))


def _units_of_whole(line: Line, parts: Sequence[_Part]) -> dict[int, tuple[Pair, ...]]:
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


def _cells_of_whole(line: Line, parts: Sequence[_Part], by_unit: Mapping[int, tuple[Pair, ...]]) -> dict[int, Cell]:
    cells = {}
    for unit_id in {*(line.unit_ids if line.need is not None else ()), *(u for p in parts for u in p.cells)}:
        there = [(p, p.cells[unit_id]) for p in parts if unit_id in p.cells]
        due = [cell for p, cell in there if p.need is not None and cell.need is not None]
        if line.need is not None:
            owed = unit_id in line.unit_ids
            need, shown = (line.need if owed else None), None if owed else [cell for _, cell in there]
        else:
            need, shown = (sum((c.need for c in due), Fraction(0)) if due else None), due or [cell for _, cell in there]
        done = by_unit[unit_id][-1] if shown is None else sum((cell.done for cell in shown), NOTHING)
        cells[unit_id] = Cell(need=need, done=done, happened=sum(cell.happened for _, cell in there))
    return cells


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


def due_in(unit_id: int, targets: Sequence[TargetProgress]) -> Iterator[TargetProgress]:
    """The numbered targets that a commune owes, each once: parts instead of their whole (R21)."""
    known = {t.line.activity_id: t for t in targets if t.line.part_of_id is not None}

    def owed(target: TargetProgress) -> list[TargetProgress]:
        parts = [found for p in target.line.part_ids if p in known for found in owed(known[p])]
        cell = target.cells.get(unit_id)
        return parts or ([target] if cell is not None and cell.need is not None else [])

    for target in targets:
        if target.line.part_of_id is None and (target.line.part_ids or unit_id in target.cells):
            yield from owed(target)
