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

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
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
    count: int  # type: ignore[assignment]  # of a tuple it would be a method, which nobody calls here
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
        """The value that its fractions make, exact (R14)."""
        return added_up([self])


def added_up(values: Sequence[Measured]) -> Fraction:
    """Values of several units as one: numerators and denominators added up; without a denominator, a sum (R14)."""
    total = Fraction(0)
    for same in zip(*(v.addends for v in values), strict=True):
        total += Fraction(sum(a.over for a in same), 1 if same[0].under is None else sum(a.under for a in same))
    return total


@dataclass(frozen=True, slots=True)
class Pair:
    """A verified figure and the reported figure beside it, of which it is a part (R1). Exact, never a float (R4)."""

    verified: int | Fraction
    reported: int | Fraction

    def __add__(self, other: "Pair") -> "Pair":
        return Pair(self.verified + other.verified, self.reported + other.reported)


NOTHING = Pair(0, 0)

Values = tuple[Fraction | None, Fraction | None]
"""The verified and the reported measured value; None where nobody measured."""


class Coverage(NamedTuple):
    """In how many of the communes that it rests on a value was verified (R17)."""

    measured: int
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
        """Verified share of the need; may pass 1 nowhere, since a surplus stays in its unit (R8)."""
        return self.done.verified / self.need if self.need else None

    @property
    def is_short(self) -> bool:
        """Whether it owes something that is not reached, on verified figures; a percentage that nobody measured is
        not.
        """
        if not self.need:
            return False
        return (self.value is not None and self.value[0] is None) or self.done.verified < self.need


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
        """Reported share of the year's number (R1); above 1 only where the target counts in the whole area (R11)."""
        return self._share(1)

    @property
    def percent_of_planned(self) -> Fraction | None:
        """Verified share of what was planned to date, which "slow" is judged on (R24)."""
        if not self.planned_to_date or self.percent is None or self.need is None:
            return None
        return self.percent * self.need / self.planned_to_date

    @property
    def capped(self) -> Fraction | None:
        """`percent`, at most 1: what goes into any mean (R11)."""
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
        """The numbered targets due in a unit that are not reached or not measured there, parts instead of their
        whole.
        """
        return [target for target in due_in(unit_id, self.targets) if target.cells[unit_id].is_short]


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


def need_of(plan: PlanView, line: Line) -> Fraction | None:
    """What a line owes in all: its own number (R18), else that of its numbered parts (R19); None without any."""
    own = line.total_need
    return own if own is not None else parts_need(plan, line)


def parts_need(plan: PlanView, line: Line) -> Fraction | None:
    """The sum of a whole's numbered parts; None where no part has a number that adds up (R19, R20)."""
    needs = [need_of(plan, part) for part in plan.parts_of(line) if not part.is_measured]
    known = [need for need in needs if need is not None]
    return sum(known, Fraction(0)) if known else None


def differs_from_parts(plan: PlanView, line: Line) -> tuple[Fraction, Fraction] | None:
    """A whole's own number and its parts' sum where the two differ (R18); None where nothing is to be said."""
    own, parts = line.total_need, parts_need(plan, line)
    return None if own is None or parts is None or own == parts else (own, parts)


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
    known = [each for each in planned if each is not None]
    return sum(known, Fraction(0)) if len(known) == len(planned) else None


def status_on(
    plan: PlanView,
    line: Line,
    need: Fraction | None,
    done: int | Fraction,
    measured: Fraction | None,
    planned: Fraction | None,
    as_of: date,
) -> TargetStatus:
    """The first line of the table of statuses that fits (R24). Of a percentage `done` is its value as far as it
    counts.
    """
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
    """The exact mean; None of nothing (R4)."""
    return sum(numbers, Fraction(0)) / len(numbers) if numbers else None
