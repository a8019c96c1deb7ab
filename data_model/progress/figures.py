"""The leader's figures: one aggregate over a plan's records, counted by the rules of `counting`."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import BigInteger, Cast, ColumnElement, Select, and_, case, cast, exists, func, literal, or_, union_all
from sqlmodel import Session, select

from data_model.core import clock
from data_model.core.access import Act, Actor
from data_model.core.database import columns
from data_model.core.label import Label
from data_model.counting.plan import count_plan
from data_model.counting.rules import LATER, Measured, Pair, PlanProgress, Tally
from data_model.forms.fields import People
from data_model.kinds.registry import all_kinds
from data_model.plans.tables import Plan, PlanUnit, Scope
from data_model.plans.view import PlanView, view_plan
from data_model.records.tables import REPORTED, FieldRecord, RecordStatus
from data_model.records.writing import left_over

R = columns(FieldRecord)
_PLACE: tuple[Any, ...] = (R.activity_id, R.unit_id, R.round_id)
_VALUES: tuple[Any, ...] = (
    *(R.id, R.activity_id, R.unit_id, R.happened_on, R.status, R.answers),
    *(R.sent_at, R.reviewed_at, R.created_at),
)
P, PU = columns(Plan), columns(PlanUnit)


@dataclass(frozen=True)
class ComponentMoney:
    """Budget of a component (None: the plan names no amount) and what was paid, whole đồng, own payments only."""

    component_id: int
    budget: int | None
    paid: Pair


@dataclass(frozen=True)
class PlanHead:
    """What a choice of plans shows."""

    id: int
    code: str
    name: Label
    year: int = 0
    ends_on: date = date.max
    closed: bool = False


def default_day(plan: PlanView) -> date:
    """The day a plan is looked at: today, also long after its year, when what was not done is overdue."""
    return max(plan.starts_on, clock.today())


def plan_progress(session: Session, actor: Actor, plan_id: int, as_of: date | None = None) -> PlanProgress:
    """Progress of a plan on a day (by default `default_day`). Raises Refused for roles that do not lead."""
    actor.require(Act.READ_PROGRESS)
    plan = view_plan(session, plan_id)
    return _progress(session, plan, as_of or default_day(plan), None)


def own_progress(session: Session, actor: Actor, plan_id: int) -> PlanProgress:
    """Progress of a plan as far as the acting account's own units go: what "my work" shows.

    A target of the whole area is counted in all of it: what is left of it is left for everybody.
    """
    actor.require(Act.READ_RECORDS)
    plan = view_plan(session, plan_id)
    units = None if actor.sees_all_units else actor.units_on(clock.today())
    return _progress(session, plan, default_day(plan), units)


def _progress(session: Session, plan: PlanView, as_of: date, units: frozenset[int] | None) -> PlanProgress:
    return count_plan(plan, _tallies(session, plan, as_of, units), _measured(session, plan, as_of, units), as_of)


def _counted(
    plan: PlanView, as_of: date, units: frozenset[int] | None, statuses: Sequence[RecordStatus] = REPORTED
) -> ColumnElement[bool]:
    conditions = [R.plan_id == plan.id, R.status.in_(statuses), R.happened_on <= as_of]
    if units is not None:
        shared = [line.activity_id for line in plan.lines if line.scope is Scope.WHOLE and not line.is_money]
        conditions.append(or_(R.unit_id.in_(units), R.activity_id.in_(shared)))
    return and_(*conditions)


def counted(plan: PlanView, as_of: date) -> ColumnElement[bool]:
    """SQL on `FieldRecord`: the reported records until a day that belong to the plan as it stands (R27)."""
    return and_(_counted(plan, as_of, None), ~left_over(plan))


def _tallies(session: Session, plan: PlanView, as_of: date, units: frozenset[int] | None) -> list[Tally]:
    # Quarters that go on beyond `as_of` hold all that there is so far: one sum is enough for them.
    ended = [end for end in plan.quarter_ends if end < as_of]
    sums = [*(_whole(func.sum(R.quantity).filter(R.happened_on <= end)) for end in ended), _whole(func.sum(R.quantity))]
    running = _whole(func.sum(case((R.running, 1), else_=0)))
    unmet = _whole(func.sum(case((R.unmet > 0, 1), else_=0)))
    added: list[Any] = [func.count() - running, running, unmet, *sums]
    # One statement a status: each is read in the order of the counting index, without sorting.
    parts = [
        select(*_PLACE, *[literal(status == RecordStatus.VERIFIED), *added])
        .where(_counted(plan, as_of, units, [status]))
        .group_by(*_PLACE)
        for status in REPORTED
    ]
    still = LATER - len(sums)
    return [
        Tally(activity_id, unit_id, round_id, verified, count, begun, failed, (*until, *until[-1:] * still))
        for activity_id, unit_id, round_id, verified, count, begun, failed, *until in session.execute(union_all(*parts))
    ]


def _whole(total: ColumnElement[int]) -> Cast[int]:
    """A sum as a whole number on both databases; 0 of nothing."""
    return cast(func.coalesce(total, 0), BigInteger)


def _measured(session: Session, plan: PlanView, as_of: date, units: frozenset[int] | None) -> list[Measured]:
    measured = [line.activity_id for line in plan.lines if line.is_measured]
    if not measured:
        return []
    rows = session.execute(
        select(*_VALUES).where(_counted(plan, as_of, units), R.activity_id.in_(measured), R.value_under.is_not(None))
    )
    found = []
    for record_id, activity_id, unit_id, on, status, answers, sent_at, reviewed_at, created_at in rows:
        kind, measure = plan.line_by_activity[activity_id].proved_by
        sent, verified = sent_at or created_at, status == RecordStatus.VERIFIED
        found.append(
            Measured(
                activity_id,
                unit_id,
                on,
                verified,
                all_kinds()[kind].addends(measure, answers),
                (sent, str(record_id)),
                (reviewed_at or sent, str(record_id)) if verified else None,
            )
        )
    return found


def money(session: Session, actor: Actor, plan_id: int, as_of: date | None = None) -> list[ComponentMoney]:
    """Budget and payments of every component, in plan order: whole đồng (R6). Raises Refused for roles that do not read
    progress.
    """
    actor.require(Act.READ_PROGRESS)
    plan = view_plan(session, plan_id)
    as_of = as_of or default_day(plan)
    component_of = {line.activity_id: line.component_id for line in plan.lines}
    paid: dict[int, Pair] = defaultdict(lambda: Pair(Fraction(0), Fraction(0)))
    rows = session.execute(
        select(R.activity_id, R.status, func.sum(R.amount))
        .where(counted(plan, as_of), R.activity_id.in_(line.activity_id for line in plan.lines if line.is_money))
        .group_by(R.activity_id, R.status)
    )
    for activity_id, status, amount in rows:
        amount = Fraction(int(amount))
        paid[component_of[activity_id]] += Pair(amount if status == RecordStatus.VERIFIED else Fraction(0), amount)
    return [
        ComponentMoney(c.id, plan.budgets[c.id].amount if c.id in plan.budgets else None, paid[c.id])
        for c in plan.components
    ]


def attendance(
    session: Session, actor: Actor, plan_id: int, as_of: date | None = None
) -> dict[int, dict[str, int | None]]:
    """People who took part, by activity and part; None where no record collected that part (R5)."""
    actor.require(Act.READ_PROGRESS)
    plan = view_plan(session, plan_id)
    columns = [getattr(R, f"people_{name}") for name in People.fields]
    rows = session.execute(
        select(R.activity_id, *(func.sum(c) for c in columns))
        .where(counted(plan, as_of or default_day(plan)))
        .group_by(R.activity_id)
    )
    return {
        row[0]: dict(zip(People.fields, (None if v is None else int(v) for v in row[1:]), strict=True)) for row in rows
    }


def plans_of(session: Session, actor: Actor) -> list[PlanHead]:
    """The office's plans that concern the account: all, or for a supervisor those with one of the own units.

    Open plans come before closed ones, those with records first, then the newest year. Examples are none of them.
    """
    has_records = exists(select(R.id).where(R.plan_id == Plan.id))
    query = _heads(False).order_by(P.closed_at.is_not(None), has_records.desc(), P.year.desc(), P.code)
    if not actor.sees_all_units:
        own = actor.units_on(clock.today())
        there = select(PU.plan_id).where(PU.unit_id.in_(own), PU.withdrawn_in.is_(None))
        query = query.where(or_(P.owner_id.in_(own), P.id.in_(there)))
    return _as_heads(session, query)


def example_plans(session: Session, actor: Actor) -> list[PlanHead]:
    """Plans that show how one looks, while the office has none of its own; none for roles that read no progress."""
    actor.require(Act.READ_RECORDS)
    if not actor.may(Act.READ_PROGRESS) or session.execute(select(P.id).where(~P.example)).first():
        return []
    return _as_heads(session, _heads(True).order_by(P.year.desc(), P.code))


_HEAD: tuple[Any, ...] = (P.id, P.code, P.name_vi, P.name_en, P.year, P.ends_on, P.closed_at)


def _heads(example: bool) -> Select[Any]:
    heads: Select[Any] = select(*_HEAD).where(P.example == example)
    return heads


def _as_heads(session: Session, query: Select[Any]) -> list[PlanHead]:
    return [
        PlanHead(plan_id, code, Label(vi, en), year, ends_on, closed_at is not None)
        for plan_id, code, vi, en, year, ends_on, closed_at in session.execute(query)
    ]


def data_version(session: Session, actor: Actor, plan_id: int) -> int:
    """Rises with every change to what the plan's records add up to: figures kept for it may be shown again while it
    stays.

    Asks for the right to read records, since kept figures are then given without asking again.
    """
    actor.require(Act.READ_RECORDS)
    version: int = session.execute(select(P.records_version).where(P.id == plan_id)).scalar_one()
    return version
