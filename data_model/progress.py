"""The leader's figures: one aggregate over a plan's records, counted by the rules of `counting`."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import and_, case, func, literal
from sqlmodel import Session, select

from data_model import clock
from data_model.access import Act, Actor
from data_model.counting import LATER, Measured, Pair, PlanProgress, Tally, count_plan
from data_model.fields import People
from data_model.plans import PlanView, list_plans, view_plan
from data_model.problems import Say, refuse
from data_model.records import REPORTED, FieldRecord, RecordStatus

R = FieldRecord


@dataclass(frozen=True)
class ComponentMoney:
    """Budget of a component (None: the plan names no amount) and what was paid, whole đồng, own payments only."""

    component_id: int
    budget: int | None
    paid: Pair


def default_day(plan: PlanView) -> date:
    """The day a plan is looked at: today, or its last day once it is over."""
    return max(plan.starts_on, min(clock.today(), plan.ends_on))


def plan_progress(session: Session, actor: Actor, plan_id: int, as_of: date | None = None) -> PlanProgress:
    """Progress of a plan on a day (by default `default_day`). Raises Refused for roles that do not lead."""
    actor.require(Act.READ_PROGRESS)
    plan = view_plan(session, plan_id)
    if plan is None:
        raise refuse(Say.NOT_FOUND)
    return _progress(session, plan, as_of or default_day(plan), None)


def own_progress(session: Session, actor: Actor, plan_id: int) -> PlanProgress:
    """Progress of a plan as far as the acting account's own units go: what "my work" shows."""
    plan = view_plan(session, plan_id)
    if plan is None:
        raise refuse(Say.NOT_FOUND)
    units = None if actor.sees_all_units else actor.units_on(clock.today())
    return _progress(session, plan, default_day(plan), units)


def _progress(session: Session, plan: PlanView, as_of: date, units: frozenset[int] | None) -> PlanProgress:
    return count_plan(plan, _tallies(session, plan, as_of, units), _measured(session, plan, as_of, units), as_of)


def _counted(plan: PlanView, as_of: date, units: frozenset[int] | None):
    conditions = [R.plan_id == plan.id, R.status.in_(REPORTED), R.happened_on <= as_of]
    if units is not None:
        conditions.append(R.unit_id.in_(units))
    return and_(*conditions)


def quarter_column(plan: PlanView):
    """SQL: the quarter (1 to 4, 5 for later) of a record's day."""
    ends = plan.quarter_ends
    return case(*((R.happened_on <= end, literal(q)) for q, end in enumerate(ends, 1)), else_=literal(LATER))


def _tallies(session: Session, plan: PlanView, as_of: date, units: frozenset[int] | None) -> list[Tally]:
    quarter = quarter_column(plan)
    counts = case((R.running, 0), else_=1)
    rows = session.execute(
        select(
            R.activity_id, R.unit_id, R.round_id, quarter, R.status,
            func.sum(counts), func.coalesce(func.sum(R.quantity), 0), func.count() - func.sum(counts),
            func.sum(case((R.unmet > 0, 1), else_=0)),
        )
        .where(_counted(plan, as_of, units))
        .group_by(R.activity_id, R.unit_id, R.round_id, quarter, R.status)
    )
    verified = RecordStatus.VERIFIED.value
    return [Tally(a, u, r, q, s == verified, int(n), int(sum_), int(running), int(unmet))
            for a, u, r, q, s, n, sum_, running, unmet in rows]


def _measured(session: Session, plan: PlanView, as_of: date, units: frozenset[int] | None) -> list[Measured]:
    measured = [line.activity_id for line in plan.lines if line.is_measured]
    if not measured:
        return []
    rows = session.execute(
        select(R.activity_id, R.unit_id, R.happened_on, R.status, R.value_over, R.value_under)
        .where(_counted(plan, as_of, units), R.activity_id.in_(measured), R.value_under.is_not(None))
    )
    return [Measured(a, u, on, s == RecordStatus.VERIFIED, Fraction(over, under)) for a, u, on, s, over, under in rows]


def money(session: Session, actor: Actor, plan_id: int, as_of: date | None = None) -> list[ComponentMoney]:
    """Budget and payments of every component, in plan order."""
    actor.require(Act.READ_PROGRESS)
    plan = view_plan(session, plan_id)
    as_of = as_of or default_day(plan)
    component_of = {line.activity_id: line.component_id for line in plan.lines}
    paid: dict[int, Pair] = defaultdict(lambda: Pair(Fraction(0), Fraction(0)))
    rows = session.execute(
        select(R.activity_id, R.status, func.sum(R.amount))
        .where(_counted(plan, as_of, None), R.amount.is_not(None)).group_by(R.activity_id, R.status)
    )
    for activity_id, status, amount in rows:
        amount = Fraction(int(amount))
        paid[component_of[activity_id]] += Pair(amount if status == RecordStatus.VERIFIED else Fraction(0), amount)
    return [
        ComponentMoney(c.id, plan.budgets[c.id].amount if c.id in plan.budgets else None, paid[c.id])
        for c in plan.components
    ]


def attendance(session: Session, actor: Actor, plan_id: int, as_of: date | None = None) -> dict[int, dict[str, int | None]]:
    """People who took part, by activity and part; None where no record collected that part."""
    actor.require(Act.READ_PROGRESS)
    plan = view_plan(session, plan_id)
    columns = [getattr(R, f"people_{name}") for name in People.fields]
    rows = session.execute(
        select(R.activity_id, *(func.sum(c) for c in columns))
        .where(_counted(plan, as_of or default_day(plan), None)).group_by(R.activity_id)
    )
    return {row[0]: dict(zip(People.fields, (None if v is None else int(v) for v in row[1:]), strict=True)) for row in rows}


def plans_of(session: Session, actor: Actor) -> list[PlanView]:
    """The plans that concern the account: all, or for a supervisor those with one of the own units."""
    plans = [view_plan(session, p.id) for p in list_plans(session)]
    if actor.sees_all_units:
        return plans
    own = actor.units_on(clock.today())
    return [p for p in plans if own & p.unit_by_id.keys()]
