"""A plan as one value: everything that its document says, free of rows and ids. Two equal contents are the same plan.

Every way in (the data files of the first start, the page, the workbook) makes one of these, and `writing.write_plan`
puts it into the tables; `content_of` reads it back.
"""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from sqlmodel import Session, select

from data_model.core.database import columns
from data_model.core.label import Label
from data_model.kinds.registry import all_kinds
from data_model.plans.tables import CALENDAR, Comparator, MonitoringRound, Plan, PlanUnit, Scope
from data_model.plans.view import Condition, Line, PlanView, view_plan
from data_model.units.tables import Unit

PU, MR = columns(PlanUnit), columns(MonitoringRound)

Note = dict[str, Any]
"""What the document says beside a figure: section, line and as_read as text, the others in both languages."""


NO_UNIT = Label("", "")
"""Where a plan names no unit of measure."""


@dataclass(frozen=True)
class UnitKey:
    """A unit is its code in a period: `valid_from` is the first day of that period, None where no start is known."""

    code: str
    valid_from: date | None = None


@dataclass(frozen=True)
class BudgetContent:
    """Money of a component, whole đồng: in all (None: no amount is named) and by source (codes of `Disbursement`)."""

    code: str
    amount: int | None = None
    by_source: dict[str, int] = field(default_factory=dict)
    note: Note = field(default_factory=dict)


@dataclass(frozen=True)
class ComponentContent:
    """A project or sub-project; `parent` is the code of the one it belongs to."""

    code: str
    name: Label
    parent: str | None = None
    section: str | None = None
    not_carried_out: Label | None = None
    budget: BudgetContent | None = None


@dataclass(frozen=True)
class ActivityContent:
    """An activity with its target. `named_units` are codes; `phases` shares by quarter, {} where none was entered."""

    code: str
    component: str
    name: Label
    scope: Scope
    part_of: str | None = None
    kind: str | None = None
    measure: str | None = None
    unit_of_measure: Label = NO_UNIT
    comparator: Comparator | None = None
    quantity: Fraction | None = None
    named_units: tuple[UnitKey, ...] = ()
    window_from: date | None = None
    window_to: date | None = None
    due: date | None = None
    conditions: tuple[Condition, ...] = ()
    rounds: tuple[tuple[int, Label], ...] = ()
    phases: dict[int, Fraction] = field(default_factory=dict)
    lead: str | None = None
    coordinating: tuple[str, ...] = ()
    note: Note = field(default_factory=dict)


@dataclass(frozen=True)
class PlanContent:
    """One plan of one owner for one year. `document` has number, date (ISO), note, source and left_out as they are."""

    code: str
    name: Label
    owner: UnitKey
    year: int
    starts_on: date
    ends_on: date
    units: tuple[UnitKey, ...]
    components: tuple[ComponentContent, ...]
    activities: tuple[ActivityContent, ...]
    issuer: str | None = None
    document: dict[str, Any] = field(default_factory=dict)
    slips: tuple[dict[str, Any], ...] = ()
    quarter_rule: str = CALENDAR
    on_track_percent: int = 90
    slow_percent: int = 70


def content_of(session: Session, plan_id: int) -> PlanContent:
    """What a plan in force says, at its present revision. Raises Refused (NOT_FOUND)."""
    plan = view_plan(session, plan_id)
    head = session.exec(select(Plan).where(Plan.id == plan_id)).one()
    placed = session.exec(
        select(Unit).join(PlanUnit, PU.unit_id == Unit.id).where(PlanUnit.plan_id == plan_id, PU.withdrawn_in.is_(None))
    ).all()
    numbers = {
        each.id: each.number
        for each in session.exec(
            select(MonitoringRound).where(MR.activity_id.in_([line.activity_id for line in plan.lines if line.rounds]))
        )
    }
    return PlanContent(
        code=plan.code,
        name=plan.name,
        owner=_key(plan.owner),
        year=plan.year,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        units=tuple(sorted(map(_key, placed), key=in_order)),
        components=tuple(_component(plan, each.id) for each in plan.components),
        activities=tuple(_activity(plan, line, numbers) for line in plan.lines if not _is_of_budget(plan, line)),
        issuer=plan.issuer,
        document={name: value for name, value in plan.document.items() if value not in (None, [])},
        slips=plan.slips,
        quarter_rule=plan.quarter_rule,
        on_track_percent=head.on_track_percent,
        slow_percent=head.slow_percent,
    )


def in_order(key: UnitKey) -> tuple[str, date]:
    """By code, then by period."""
    return key.code, key.valid_from or date.min


def _key(unit: Unit) -> UnitKey:
    return UnitKey(unit.code, unit.valid_from)


def _is_of_budget(plan: PlanView, line: Line) -> bool:
    """Whether it is the line on which payments of a budget are recorded: that one follows from the budget."""
    budget = plan.budgets.get(line.component_id)
    return bool(line.kind and all_kinds()[line.kind].counts_money and budget and budget.code == line.code)


def _component(plan: PlanView, component_id: int) -> ComponentContent:
    row = plan.component_by_id[component_id]
    budget = plan.budgets.get(component_id)
    parent = plan.component_by_id.get(row.parent_id) if row.parent_id else None
    return ComponentContent(
        code=row.code,
        name=row.name,
        parent=parent.code if parent else None,
        section=row.section,
        not_carried_out=Label(**row.not_carried_out) if row.not_carried_out else None,
        budget=BudgetContent(budget.code, budget.amount, dict(budget.by_source or {}), dict(budget.source_note))
        if budget
        else None,
    )


def _activity(plan: PlanView, line: Line, numbers: dict[int, int]) -> ActivityContent:
    whole = plan.line_by_activity.get(line.part_of_id) if line.part_of_id else None
    named = line.unit_ids if line.scope is Scope.NAMED_UNITS else ()
    return ActivityContent(
        code=line.code,
        component=plan.component_by_id[line.component_id].code,
        name=line.name,
        scope=line.scope,
        part_of=whole.code if whole else None,
        kind=line.kind,
        measure=line.measure,
        unit_of_measure=line.unit_of_measure,
        comparator=line.comparator,
        quantity=line.need,
        named_units=tuple(sorted((_key(plan.unit_by_id[unit_id]) for unit_id in named), key=in_order)),
        window_from=line.window_from,
        window_to=line.window_to,
        due=line.due,
        conditions=line.conditions,
        rounds=tuple((numbers[round_id], name) for round_id, name in line.rounds),
        phases=dict(line.phases),
        lead=line.lead,
        coordinating=line.coordinating,
        note=dict(line.source_note),
    )
