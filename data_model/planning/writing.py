"""The one door through which a plan's content comes into the tables, for the first time or as a revision.

What was recorded stays: rows are corrected in place, so that records keep pointing at the same activities; what the
content no longer has and records refer to is withdrawn (rule R27 of `counting`).
"""

from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import delete
from sqlmodel import Session, SQLModel, select

from data_model.core import clock, journal
from data_model.core.access import Actor
from data_model.core.database import columns
from data_model.core.problems import Problem, Refused, Say
from data_model.core.text import nfc
from data_model.deadlines.tables import RoundReport
from data_model.kinds.disbursement import Disbursement
from data_model.planning.checks import blocking
from data_model.planning.content import ActivityContent, PlanContent, UnitKey
from data_model.plans.tables import (
    Activity,
    Budget,
    Component,
    MonitoringRound,
    Phase,
    Plan,
    PlanUnit,
    Scope,
    Target,
    TargetUnit,
)
from data_model.plans.view import Line, revise, view_plan
from data_model.records.tables import FieldRecord
from data_model.records.writing import count_anew
from data_model.units.tables import Unit

U, MR, A, B, T, RR, C, P = (
    columns(Unit),
    columns(MonitoringRound),
    columns(Activity),
    columns(Budget),
    columns(Target),
    columns(RoundReport),
    columns(Component),
    columns(Phase),
)

Row = TypeVar("Row", bound=SQLModel)
DONG = {"unit_vi": "đồng", "unit_en": "đồng"}


@dataclass(frozen=True)
class Written:
    """What was written: the plan at its new revision, and the codes of activities withdrawn by it."""

    plan: Plan
    withdrawn: list[str]


def write_plan(session: Session, actor: Actor | None, content: PlanContent, channel: str = "page") -> Written:
    """Put `content` in force. The plan of its code is corrected, or made. Raises Refused with what cannot be counted.

    `actor` is None for the program itself, which leaves the phasing as it stands where it still fits; an account
    accepts with the plan the phasing in it. The caller has asked for the right to issue, and notes the act.
    """
    if problems := list(blocking(content)):
        raise Refused(problems)
    units = _units(session, content)
    plan = session.exec(select(Plan).where(Plan.code == content.code)).first()
    if plan is None:
        plan = Plan(
            code=content.code,
            owner_id=units[content.owner].id,
            name_vi="",
            name_en="",
            year=content.year,
            starts_on=content.starts_on,
            ends_on=content.ends_on,
            revision=0,
        )
        session.add(plan)
        session.flush()
    before = {line.activity_id: _counts_as(line) for line in view_plan(session, plan.id).lines}
    revise(session, plan.id)
    _head(plan, content, units)
    session.flush()
    _plan_units(session, plan, [units[key].id for key in content.units])
    components = _components(session, plan, content)
    kept = _activities(session, actor, plan, content, components, units)
    withdrawn = _remove_absent(session, plan, kept)
    _remove_absent_components(session, plan, {each.code for each in content.components})
    session.flush()
    session.expire_all()
    _count_anew(session, plan, before)
    _drop_unfit_phasing(session, actor, plan, channel)
    return Written(plan, withdrawn)


def _units(session: Session, content: PlanContent) -> dict[UnitKey, Unit]:
    """The units that the content names. Raises Refused for those that nobody knows."""
    keys = {content.owner, *content.units} | {key for each in content.activities for key in each.named_units}
    found = {
        UnitKey(unit.code, unit.valid_from): unit
        for unit in session.exec(select(Unit).where(U.code.in_({key.code for key in keys})))
    }
    if unknown := sorted({key.code for key in keys if key not in found}):
        raise Refused([Problem("units", Say.UNIT_UNKNOWN, {"code": code}) for code in unknown])
    return found


def _head(plan: Plan, content: PlanContent, units: dict[UnitKey, Unit]) -> None:
    plan.owner_id = units[content.owner].id
    plan.year, plan.starts_on, plan.ends_on = content.year, content.starts_on, content.ends_on
    plan.name_vi, plan.name_en, plan.issuer = content.name.vi, content.name.en, content.issuer
    plan.document = {"number": None, "date": None, "note": None, "source": None, "left_out": []} | content.document
    plan.slips = list(content.slips)
    plan.quarter_rule = content.quarter_rule
    plan.on_track_percent, plan.slow_percent = content.on_track_percent, content.slow_percent


def _counts_as(line: Line) -> tuple[Any, ...]:
    """What decides how a record of the line counts."""
    return line.measure, line.conditions


def _count_anew(session: Session, plan: Plan, before: dict[int, tuple[Any, ...]]) -> None:
    for line in view_plan(session, plan.id).lines:
        if line.activity_id in before and before[line.activity_id] != _counts_as(line):
            count_anew(session, plan.id, line)


def _plan_units(session: Session, plan: Plan, standing: list[int]) -> None:
    known = {row.unit_id: row for row in session.exec(select(PlanUnit).where(PlanUnit.plan_id == plan.id))}
    for unit_id, row in known.items():
        row.withdrawn_in = None if unit_id in standing else row.withdrawn_in or plan.revision
    session.add_all(PlanUnit(plan_id=plan.id, unit_id=unit_id) for unit_id in standing if unit_id not in known)


def _upsert(session: Session, row_type: type[Row], key: dict[str, Any], values: dict[str, Any]) -> Row:
    row = session.exec(select(row_type).filter_by(**key)).first() or row_type(**key, **values)
    for name, value in values.items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
    return row


def _components(session: Session, plan: Plan, content: PlanContent) -> dict[str, Component]:
    components: dict[str, Component] = {}
    for position, each in enumerate(content.components):
        components[each.code] = _upsert(
            session,
            Component,
            {"plan_id": plan.id, "code": each.code},
            {
                "position": position,
                "name_vi": nfc(each.name.vi),
                "name_en": each.name.en,
                "parent_id": components[each.parent].id if each.parent else None,
                "section": each.section,
                "not_carried_out": each.not_carried_out._asdict() if each.not_carried_out else None,
            },
        )
        if each.budget:
            _upsert(
                session,
                Budget,
                {"component_id": components[each.code].id},
                {
                    "code": each.budget.code,
                    "amount": each.budget.amount,
                    "by_source": each.budget.by_source or None,
                    "source_note": each.budget.note,
                },
            )
    return components


def _activities(
    session: Session,
    actor: Actor | None,
    plan: Plan,
    content: PlanContent,
    components: dict[str, Component],
    units: dict[UnitKey, Unit],
) -> set[int]:
    """Write every activity with its target; gives their ids."""
    by_code: dict[str, Activity] = {}
    targets: dict[str, int] = {}
    for position, each in enumerate(content.activities):
        activity = _upsert(
            session,
            Activity,
            {"plan_id": plan.id, "code": each.code, "kind": each.kind},
            {
                "component_id": components[each.component].id,
                "position": position,
                "withdrawn_in": None,
                "part_of_id": by_code[each.part_of].id if each.part_of else None,
                "name_vi": nfc(each.name.vi),
                "name_en": each.name.en,
                "measure": each.measure,
                "lead": each.lead,
                "coordinating": list(each.coordinating),
                "source_note": each.note,
            },
        )
        by_code[each.code] = activity
        targets[each.code] = _target(session, activity, each, _due_in(content, each, units))
        _rounds(session, plan, activity, each)
    if actor is not None:
        _phase(session, actor, content, targets)
    return _payments(session, plan, content, components) | {activity.id for activity in by_code.values()}


def _payments(session: Session, plan: Plan, content: PlanContent, components: dict[str, Component]) -> set[int]:
    """Money is recorded against every budget, on a line of its own that owes no quantity."""
    written: set[int] = set()
    for each in content.components:
        if each.budget is None:
            continue
        name = components[each.code].name
        activity = _upsert(
            session,
            Activity,
            {"plan_id": plan.id, "code": each.budget.code, "kind": Disbursement.code},
            {
                "component_id": components[each.code].id,
                "position": len(content.activities) + len(written),
                "withdrawn_in": None,
                "name_vi": f"Giải ngân {name.vi}",
                "name_en": f"Disbursement of {name.en}",
                "measure": "amount",
                "source_note": each.budget.note,
            },
        )
        written.add(activity.id)
        _upsert(session, Target, {"activity_id": activity.id}, {"scope": Scope.WHOLE.value} | DONG)
    return written


def _rounds(session: Session, plan: Plan, activity: Activity, each: ActivityContent) -> None:
    """Write the activity's rounds; one that is gone and visited or reported stays, withdrawn."""
    for number, name in each.rounds:
        _upsert(
            session,
            MonitoringRound,
            {"activity_id": activity.id, "number": number},
            {"name_vi": name.vi, "name_en": name.en, "withdrawn_in": None},
        )
    numbers = [number for number, _name in each.rounds]
    for gone in session.exec(
        select(MonitoringRound).where(
            MonitoringRound.activity_id == activity.id,
            MR.number.not_in(numbers),
        )
    ).all():
        used = (select(1).where(FieldRecord.round_id == gone.id), select(1).where(RoundReport.round_id == gone.id))
        if any(session.exec(one).first() for one in used):
            gone.withdrawn_in = gone.withdrawn_in or plan.revision
        else:
            session.delete(gone)


def _due_in(content: PlanContent, each: ActivityContent, units: dict[UnitKey, Unit]) -> set[int]:
    """The units in which an each-unit or named-units target is due: those that stand on the plan's first day."""
    if each.scope is Scope.EACH_UNIT:
        return {units[key].id for key in content.units if units[key].exists_on(content.starts_on)}
    return {units[key].id for key in each.named_units}


def _target(session: Session, activity: Activity, each: ActivityContent, due_in: set[int]) -> int:
    """Write an activity's target; gives its id."""
    target = _upsert(
        session,
        Target,
        {"activity_id": activity.id},
        {
            "quantity": each.quantity,
            "unit_vi": each.unit_of_measure.vi or None,
            "unit_en": each.unit_of_measure.en or None,
            "comparator": each.comparator.value if each.comparator else None,
            "scope": each.scope.value,
            "window_from": each.window_from,
            "window_to": each.window_to,
            "due": each.due,
            "conditions": [
                {"proof": c.proof, "at_least": c.at_least, "at_most": c.at_most, "text": c.text._asdict()}
                for c in each.conditions
            ],
        },
    )
    for row in session.exec(select(TargetUnit).where(TargetUnit.target_id == target.id)):
        if row.unit_id not in due_in:
            session.delete(row)
        due_in.discard(row.unit_id)
    session.add_all(TargetUnit(target_id=target.id, unit_id=unit_id) for unit_id in due_in)
    return target.id


def _remove_absent(session: Session, plan: Plan, kept: set[int]) -> list[str]:
    """Take out activities that the content has no more; gives the codes of those that stay, withdrawn, since records
    refer to them.
    """
    used = set(session.exec(select(FieldRecord.activity_id).where(FieldRecord.plan_id == plan.id).distinct()))
    absent = [
        a
        for a in session.exec(select(Activity).where(Activity.plan_id == plan.id).order_by(A.id.desc()))
        if a.id not in kept
    ]
    for activity in absent:
        activity.part_of_id = None
        if activity.id in used:
            activity.withdrawn_in = activity.withdrawn_in or plan.revision
    session.flush()
    for activity in absent:
        session.execute(delete(Budget).where(B.component_id == activity.component_id, B.code == activity.code))
        if activity.id in used:
            continue
        target = session.exec(select(Target).where(Target.activity_id == activity.id)).one()
        for table in (Phase, TargetUnit):
            session.execute(delete(table).where(columns(table).target_id == target.id))
        session.execute(delete(Target).where(T.id == target.id))
        rounds = select(MonitoringRound.id).where(MonitoringRound.activity_id == activity.id)
        session.execute(delete(RoundReport).where(RR.round_id.in_(rounds)))
        session.execute(delete(MonitoringRound).where(MR.activity_id == activity.id))
        session.execute(delete(Activity).where(A.id == activity.id))
    return sorted(a.code for a in absent if a.id in used and a.withdrawn_in == plan.revision)


def _remove_absent_components(session: Session, plan: Plan, codes: set[str]) -> None:
    """Take out components that the content has no more and nothing refers to, the lowest first."""
    for component in session.exec(select(Component).where(Component.plan_id == plan.id).order_by(C.id.desc())).all():
        refers = (
            select(1).where(Activity.component_id == component.id),
            select(1).where(Component.parent_id == component.id),
        )
        if component.code not in codes and not any(session.exec(one).first() for one in refers):
            session.execute(delete(Budget).where(B.component_id == component.id))
            session.execute(delete(Component).where(C.id == component.id))


def _phase(session: Session, actor: Actor, content: PlanContent, targets: dict[str, int]) -> None:
    """The phasing of the content, accepted by who issues it; what it leaves out stays as a leader entered it."""
    now = clock.now()
    for each in content.activities:
        if not each.phases:
            continue
        target_id = targets[each.code]
        phased = select(P.quarter, P.quantity).where(Phase.target_id == target_id)
        if dict(session.exec(phased).all()) == each.phases:
            continue
        session.execute(delete(Phase).where(P.target_id == target_id))
        session.add_all(
            Phase(target_id=target_id, quarter=quarter, quantity=share, accepted_by=actor.id, accepted_at=now)
            for quarter, share in each.phases.items()
        )
    session.flush()


def _drop_unfit_phasing(session: Session, actor: Actor | None, plan: Plan, channel: str) -> None:
    """A corrected number makes a leader's phasing of the old one void: the target is unphased again, and says so."""
    unfit = [
        line
        for line in view_plan(session, plan.id).lines
        if line.phases and sum(line.phases.values()) != line.total_need
    ]
    for line in unfit:
        session.execute(delete(Phase).where(P.target_id == line.target_id))
        shares = {str(quarter): str(share) for quarter, share in line.phases.items()}
        journal.note(
            session, actor, "drop_phasing", "plan", plan.id, before={str(line.target_id): shares}, channel=channel
        )
    if unfit:
        revise(session, plan.id)
