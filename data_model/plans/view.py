"""A plan: its tree of components, budgets, activities, targets, rounds and phasing, as issued."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeVar

from sqlmodel import Session, select

from data_model.core.database import columns
from data_model.core.label import Label
from data_model.core.problems import Say, refuse
from data_model.kinds.registry import all_kinds
from data_model.plans.tables import (
    FROM_15_TO_14,
    Activity,
    Budget,
    Comparator,
    Component,
    MonitoringRound,
    Phase,
    Plan,
    PlanUnit,
    Scope,
    Target,
    TargetUnit,
)
from data_model.units.tables import Unit

PU, U, C, B, T, A, TU, P, MR = (
    columns(PlanUnit),
    columns(Unit),
    columns(Component),
    columns(Budget),
    columns(Target),
    columns(Activity),
    columns(TargetUnit),
    columns(Phase),
    columns(MonitoringRound),
)


@dataclass(frozen=True)
class Condition:
    """A bound on a figure that a record proves, apart from quantity (R10)."""

    proof: str
    at_least: int | None
    at_most: int | None
    text: Label

    def met_by(self, figure: int | None) -> bool:
        """Whether `figure` keeps the bound; a figure that was not collected does not (R5, R10)."""
        if figure is None:
            return False
        return (self.at_least is None or figure >= self.at_least) and (self.at_most is None or figure <= self.at_most)


@dataclass(frozen=True)
class Line:
    """One line of a plan, ready for counting and showing: an activity with its target.

    `need` is what one place owes (n); `unit_ids` the units that owe it (empty for the whole
    area); `round_ids` the rounds each of these units is visited in. A `withdrawn` line and `withdrawn_rounds` are no
    more part of the plan (R27): they name what old records belong to.
    """

    activity_id: int
    target_id: int
    component_id: int
    part_of_id: int | None
    code: str
    name: Label
    kind: str | None
    is_money: bool
    measure: str | None
    need: Fraction | None
    unit_of_measure: Label
    comparator: Comparator | None
    scope: Scope
    unit_ids: tuple[int, ...]
    rounds: tuple[tuple[int, Label], ...]
    window_from: date | None
    window_to: date | None
    due: date | None
    conditions: tuple[Condition, ...]
    phases: dict[int, Fraction]
    lead: str | None
    coordinating: tuple[str, ...]
    source_note: dict[str, Any]
    part_ids: tuple[int, ...] = ()
    withdrawn: bool = False
    withdrawn_rounds: tuple[tuple[int, Label], ...] = ()

    @cached_property
    def round_ids(self) -> tuple[int, ...]:
        """The rounds that it must visit, in the plan's order; none for most lines (R12)."""
        return tuple(r for r, _ in self.rounds)

    @property
    def proved_by(self) -> tuple[str, str]:
        """Code of the kind of its records, and the measure that they count in. Raises ValueError where none are made:
        of a whole, only the parts are recorded.
        """
        if self.kind is None or self.measure is None:
            raise ValueError(f"{self.code} is not recorded itself")
        return self.kind, self.measure

    @property
    def is_measured(self) -> bool:
        """Judged on the latest measured value instead of a count (R9)."""
        return self.comparator in (Comparator.PERCENTAGE, Comparator.KEEP_ZERO)

    @property
    def total_need(self) -> Fraction | None:
        """Its own number in all: n, or n in each of its units (R8); with rounds, every round in every unit (R12)."""
        if self.need is None:
            return None
        if self.rounds:
            return Fraction(len(self.rounds) * len(self.unit_ids))
        if self.scope is Scope.WHOLE or self.is_measured:
            return self.need
        return self.need * len(self.unit_ids)


@dataclass(frozen=True)
class PlanView:
    """Everything of one plan that pages and counting read, at one revision. Immutable: safe to share.

    `withdrawn_lines` and `withdrawn_units` are no more part of it (R27); records of theirs can still be named.
    """

    id: int
    code: str
    name: Label
    owner: Unit
    year: int
    starts_on: date
    ends_on: date
    issuer: str | None
    document: dict[str, Any]
    slips: tuple[dict[str, Any], ...]
    quarter_rule: str
    on_track_percent: int
    slow_percent: int
    revision: int
    units: tuple[Unit, ...]
    components: tuple[Component, ...]
    budgets: dict[int, Budget]
    lines: tuple[Line, ...]
    withdrawn_lines: tuple[Line, ...] = ()
    withdrawn_units: tuple[Unit, ...] = ()
    example: bool = False
    closed: bool = False

    @cached_property
    def target_lines(self) -> tuple[Line, ...]:
        """The lines that owe something other than money (R6)."""
        return tuple(line for line in self.lines if not line.is_money)

    @property
    def all_lines(self) -> tuple[Line, ...]:
        """Every line that records can belong to, withdrawn ones last."""
        return (*self.lines, *self.withdrawn_lines)

    @property
    def all_units(self) -> tuple[Unit, ...]:
        """Every commune that records can lie in, withdrawn ones last; without the owner area."""
        return (*self.units, *self.withdrawn_units)

    @cached_property
    def line_by_activity(self) -> dict[int, Line]:
        """Every line that records can belong to, by its activity's id."""
        return {line.activity_id: line for line in self.all_lines}

    @cached_property
    def unit_by_id(self) -> dict[int, Unit]:
        """Every unit that records can lie in, the owner area included."""
        return {unit.id: unit for unit in (*self.all_units, self.owner)}

    @cached_property
    def unit_ids(self) -> frozenset[int]:
        """The communes of the plan as it stands."""
        return frozenset(unit.id for unit in self.units)

    def parts_of(self, line: Line) -> list[Line]:
        """The lines that a whole is made of, in the plan's order; none for any other line."""
        return [self.line_by_activity[part_id] for part_id in line.part_ids]

    def depth_of_parts(self, line: Line) -> int:
        """How many levels of parts a line has below it."""
        return max((self.depth_of_parts(part) + 1 for part in self.parts_of(line)), default=0)

    def communes_on(self, day: date) -> tuple[int, ...]:
        """The communes that stand on a day, or on the plan's nearest one."""
        within = min(max(day, self.starts_on), self.ends_on)
        return tuple(unit.id for unit in self.units if unit.exists_on(within)) or tuple(unit.id for unit in self.units)

    @cached_property
    def component_by_id(self) -> dict[int, Component]:
        """The plan's components by their id."""
        return {component.id: component for component in self.components}

    @cached_property
    def quarter_ends(self) -> tuple[date, date, date, date]:
        """Last day of each quarter, by the plan's rule (R26)."""
        return quarter_ends(self.year, self.quarter_rule)

    @cached_property
    def quarter_days(self) -> tuple[tuple[date, date], ...]:
        """First and last day of each quarter, by the plan's rule (R26)."""
        return quarter_days(self.year, self.quarter_rule, self.starts_on)

    def owes(self, line: Line, unit_id: int) -> bool:
        """Whether `line` can be recorded in that unit. The owner area holds what has no commune (a trip, a fair)."""
        if line.withdrawn:
            return False
        if line.scope is Scope.NAMED_UNITS:
            return unit_id in line.unit_ids
        return unit_id in self.unit_ids or (line.scope is Scope.WHOLE and unit_id == self.owner.id)


def quarter_ends(year: int, rule: str) -> tuple[date, date, date, date]:
    """Last days of the four quarters by `CALENDAR` or `FROM_15_TO_14` (R26)."""
    if rule == FROM_15_TO_14:
        return date(year, 3, 14), date(year, 6, 14), date(year, 9, 14), date(year, 12, 14)
    return date(year, 3, 31), date(year, 6, 30), date(year, 9, 30), date(year, 12, 31)


def quarter_days(year: int, rule: str, starts_on: date) -> tuple[tuple[date, date], ...]:
    """First and last day of each quarter (R26). By the calendar the first one begins on `starts_on`, with the plan."""
    ends = quarter_ends(year, rule)
    first = date(year - 1, 12, 15) if rule == FROM_15_TO_14 else starts_on
    return tuple(zip((first, *(end + timedelta(days=1) for end in ends)), ends, strict=False))


def revise(session: Session, plan_id: int) -> Plan:
    """The plan, one revision up, for a change to it in this transaction. Two changes at once wait for each other."""
    plan = session.exec(
        select(Plan).where(Plan.id == plan_id).with_for_update().execution_options(populate_existing=True)
    ).one()
    plan.revision += 1
    session.flush()
    session.info.setdefault(_CHANGES_PLANS, {})
    return plan


Row = TypeVar("Row")
_CHANGES_PLANS = "changes_plans"
_views: dict[tuple[str, int], PlanView] = {}


def view_plan(session: Session, plan_id: int) -> PlanView:
    """The plan at its present revision; assembled once per revision and process. Raises Refused (NOT_FOUND)."""
    revision = session.exec(select(Plan.revision).where(Plan.id == plan_id)).first()
    if revision is None:
        raise refuse(Say.NOT_FOUND)
    # A change that is not committed yet may be undone, and its revision be given to another: seen here alone.
    views: dict[tuple[str, int], PlanView] = session.info.get(_CHANGES_PLANS, _views)
    key = (str(session.get_bind().engine.url), plan_id)
    if key not in views or views[key].revision != revision:
        views[key] = _assemble(session, plan_id)
    return views[key]


def _assemble(session: Session, plan_id: int) -> PlanView:
    plan = session.get_one(Plan, plan_id)
    placed = session.exec(
        select(Unit, PU.withdrawn_in)
        .join(PlanUnit, PU.unit_id == U.id)
        .where(PU.plan_id == plan_id)
        .order_by(U.code, U.id)
    ).all()
    components = session.exec(select(Component).where(C.plan_id == plan_id).order_by(C.position)).all()
    budgets = session.exec(select(Budget).where(B.component_id.in_([c.id for c in components]))).all()
    owner = session.get_one(Unit, plan.owner_id)
    for row in (*(unit for unit, _ in placed), *components, *budgets, owner):
        if row in session:
            session.expunge(row)
    units = [unit for unit, withdrawn_in in placed if withdrawn_in is None]
    lines = _lines(session, plan_id)
    return PlanView(
        id=plan.id,
        code=plan.code,
        name=plan.name,
        owner=owner,
        year=plan.year,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        issuer=plan.issuer,
        document=plan.document,
        slips=tuple(plan.slips),
        quarter_rule=plan.quarter_rule,
        on_track_percent=plan.on_track_percent,
        slow_percent=plan.slow_percent,
        revision=plan.revision,
        components=tuple(components),
        budgets={b.component_id: b for b in budgets},
        # The owner area is a commune of its own plan only where it has none below it (a ward's plan).
        example=plan.example,
        closed=plan.closed_at is not None,
        units=tuple([unit for unit in units if unit.id != owner.id] or units),
        withdrawn_units=tuple(unit for unit, withdrawn_in in placed if withdrawn_in is not None),
        lines=tuple(line for line in lines if not line.withdrawn),
        withdrawn_lines=tuple(line for line in lines if line.withdrawn),
    )


def _grouped(rows: Iterable[Row], key: str) -> dict[int, list[Row]]:
    groups: dict[int, list[Row]] = {}
    for row in rows:
        groups.setdefault(getattr(row, key), []).append(row)
    return groups


def _lines(session: Session, plan_id: int) -> tuple[Line, ...]:
    pairs = session.exec(
        select(Activity, Target).join(Target, T.activity_id == A.id).where(A.plan_id == plan_id).order_by(A.position)
    ).all()
    targets, activities = [t.id for _, t in pairs], [a.id for a, _ in pairs]
    due_in = _grouped(session.exec(select(TargetUnit).where(TU.target_id.in_(targets))), "target_id")
    phases = _grouped(session.exec(select(Phase).where(P.target_id.in_(targets))), "target_id")
    rounds = _grouped(
        session.exec(select(MonitoringRound).where(MR.activity_id.in_(activities)).order_by(MR.number)),
        "activity_id",
    )
    standing = {a.id for a, _ in pairs if a.withdrawn_in is None}
    parts = _grouped((a for a, _ in pairs if a.part_of_id and a.id in standing), "part_of_id")
    return tuple(
        Line(
            activity_id=a.id,
            target_id=t.id,
            component_id=a.component_id,
            part_of_id=a.part_of_id if a.part_of_id in standing else None,
            code=a.code,
            name=a.name,
            kind=a.kind,
            is_money=bool(a.kind and all_kinds()[a.kind].counts_money),
            measure=a.measure,
            need=t.quantity,
            unit_of_measure=Label(t.unit_vi or "", t.unit_en or ""),
            comparator=Comparator(t.comparator) if t.comparator else None,
            scope=Scope(t.scope),
            unit_ids=tuple(sorted(u.unit_id for u in due_in.get(t.id, []))),
            rounds=tuple((r.id, r.name) for r in rounds.get(a.id, []) if r.withdrawn_in is None),
            window_from=t.window_from,
            window_to=t.window_to,
            due=t.due,
            conditions=tuple(
                Condition(c["proof"], c.get("at_least"), c.get("at_most"), Label(**c["text"])) for c in t.conditions
            ),
            phases={p.quarter: p.quantity for p in phases.get(t.id, [])},
            lead=a.lead,
            coordinating=tuple(a.coordinating),
            source_note=a.source_note,
            part_ids=tuple(p.id for p in parts.get(a.id, [])),
            withdrawn=a.withdrawn_in is not None,
            withdrawn_rounds=tuple((r.id, r.name) for r in rounds.get(a.id, []) if r.withdrawn_in is not None),
        )
        for a, t in pairs
    )
