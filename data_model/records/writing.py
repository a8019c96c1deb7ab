"""Field records, and the one door through which every way in writes them.

A record is known by the UUID that its form made, so a resend is never a duplicate. What every
kind shares stands in columns; a kind's own answers stand in `answers`, as its declaration wrote
them. `save_draft` keeps whatever was typed; `send` validates and counts.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from data_model.accounts.tables import Account
from data_model.core import clock, journal
from data_model.core.access import Act, Actor
from data_model.core.database import columns
from data_model.core.problems import Problem, Refused, Say, refuse
from data_model.core.tables import JournalEntry
from data_model.forms.kind import Kind
from data_model.kinds.registry import all_kinds
from data_model.periods.lock import late_for
from data_model.plans.tables import Plan, Scope
from data_model.plans.view import Line, PlanView, view_plan
from data_model.records.recommendations import Source, take_over
from data_model.records.tables import OPEN_TO_AUTHOR, REPORTED, FieldRecord, RecordStatus
from data_model.records.typed_answers import as_typed, one_per_field, readable, readable_day, wrong_days

P, J, R = columns(Plan), columns(JournalEntry), columns(FieldRecord)

LIVING = (*REPORTED, RecordStatus.RETURNED)
"""Sent once, and not taken out of the count for good."""


@dataclass(frozen=True)
class Entry:
    """What a channel hands in: which record, of what, where, with which answers.

    `seen_version` is the version that the person had before them (0 for a new record).
    """

    id: uuid.UUID
    plan_id: int
    activity_id: int
    unit_id: int
    answers: Mapping[str, Any]
    round_id: int | None = None
    position: tuple[float, float, float | None] | None = None
    seen_version: int = 0
    channel: str = field(default="page")


def save_draft(session: Session, actor: Actor, entry: Entry) -> FieldRecord:
    """Keep what was typed, valid or not, so that it can be continued on any device. Raises Refused."""
    _plan, line, problems = _place(session, actor, entry, None)
    if problems or line is None:
        raise Refused(problems)
    kept = as_typed(entry.answers)
    record, is_new = _get_or_add(session, entry, line, actor)
    if not is_new:
        if record.author_id == actor.id and record.status == RecordStatus.DRAFT and _same(record, entry, kept):
            return record
        _may_change(session, record, actor, entry)
        if record.status == RecordStatus.SENT:
            raise refuse(Say.ALREADY_SENT)
        record.version += 1
    before = None if is_new else {"answers": record.answers}
    record.unit_id, record.round_id, record.answers = entry.unit_id, entry.round_id, kept
    record.changed_at = clock.now()
    _set_position(record, entry)
    journal.note(session, actor, "save_draft", "record", record.id, before, {"answers": kept}, entry.channel)
    return record


def begin_draft(session: Session, actor: Actor, entry: Entry) -> FieldRecord:
    """The record of `entry`, for what arrives before its form is first saved (a photo): an empty draft at version 0.

    A record of one's own that is there already is given as it is, held until this transaction ends. Raises Refused
    as `save_draft` does, and when the record can no longer be changed.
    """
    known = locked(session, entry.id)
    if known is None:
        _plan, line, problems = _place(session, actor, entry, None)
        if problems or line is None:
            raise Refused(problems)
        known, is_new = _get_or_add(session, entry, line, actor)
        if is_new:
            known.version = 0
            journal.note(session, actor, "begin_draft", "record", known.id, channel=entry.channel)
    may_add_to(actor, known)
    return known


def may_add_to(actor: Actor, record: FieldRecord) -> None:
    """Raises Refused unless the record is the account's own, still open to it, in a unit that it holds."""
    actor.require(Act.WRITE_RECORD)
    if record.author_id != actor.id:
        raise refuse(Say.NOT_FOUND)
    if record.status not in OPEN_TO_AUTHOR:
        raise refuse(Say.NOT_OPEN_FOR_CHANGE, status=RecordStatus(record.status).label)
    today = clock.today()
    if not actor.holds(record.unit_id, today) and not actor.holds(record.unit_id, record.happened_on or today):
        raise refuse(Say.UNIT_OUTSIDE_YOURS, "unit")


def send(session: Session, actor: Actor, entry: Entry) -> FieldRecord:
    """Validate `entry` and send it: it is reported from now on. A resend gives the record that is there.

    Raises Refused with every problem; `where` is a field of the kind, or "unit", "activity", "round", "position".
    """
    actor.require(Act.WRITE_RECORD)
    filled, happened = None, None
    problems: list[Problem] = []
    as_typed(entry.answers)  # refuses what is no form at all, before it is read field by field
    line_kind = _kind_of(session, entry)
    if line_kind:
        try:
            filled = line_kind.read(entry.answers)
            happened = filled.happened_on
        except Refused as refused:
            problems += refused.problems
            happened = readable_day(line_kind, entry.answers)
    plan, line, misplaced = _place(session, actor, entry, happened or clock.today())
    problems += misplaced
    if line_kind:
        problems += wrong_days(
            line_kind, filled.answers if filled else readable(line_kind, entry.answers), plan, happened
        )
    if line and filled:
        problems += [Problem(name, Say.REQUIRED) for name in filled.lacking(line.proved_by[1])]
    if line and line.rounds and entry.round_id is None:
        problems.append(Problem("round", Say.ROUND_MISSING))
    if problems or filled is None or line is None or happened is None:
        raise Refused(one_per_field(problems))
    record, is_new = _get_or_add(session, entry, line, actor)
    if not is_new:
        if record.author_id == actor.id and record.status in REPORTED and _same(record, entry, filled.stored()):
            return record
        _may_change(session, record, actor, entry)
        record.version += 1
    before = None if is_new else _content(record)
    counted_on = record.happened_on if record.sent_at else None
    _fill(record, entry, line, filled)
    for day in filter(None, (counted_on, record.happened_on)):
        record.late_for = record.late_for or late_for(session, actor, record.plan_id, day)
    record.status, record.reason = RecordStatus.SENT, None
    record.sent_at = record.changed_at = clock.now()
    figures_change(session, record.plan_id)
    journal.note(session, actor, "send", "record", record.id, before, _content(record), entry.channel)
    if filled.recommends:
        source = Source(
            record.id, record.plan_id, record.unit_id, happened, record.reviewed_at is not None, entry.channel
        )
        take_over(session, actor, source, filled.recommended)
    return record


def figures_change(session: Session, plan_id: int) -> None:
    """Raise the version of what the plan's records add up to; figures kept for the older one are counted anew."""
    rise = update(Plan).where(P.id == plan_id).values(records_version=P.records_version + 1)
    session.execute(rise.execution_options(synchronize_session=False))


def discard(session: Session, actor: Actor, record_id: uuid.UUID) -> None:
    """Throw away one's own draft. It stays in the journal, as void. Raises Refused for anything else."""
    actor.require(Act.WRITE_RECORD)
    record = locked(session, record_id)
    if record is None or record.author_id != actor.id:
        raise refuse(Say.NOT_FOUND)
    if record.status != RecordStatus.DRAFT:
        raise refuse(Say.NOT_OPEN_FOR_CHANGE, status=RecordStatus(record.status).label)
    record.status, record.changed_at = RecordStatus.VOID, clock.now()
    record.version += 1
    journal.note(session, actor, "discard", "record", record.id)


def _kind_of(session: Session, entry: Entry) -> type[Kind] | None:
    line = view_plan(session, entry.plan_id).line_by_activity.get(entry.activity_id)
    return all_kinds().get(line.kind) if line and line.kind else None


def locked(session: Session, record_id: uuid.UUID) -> FieldRecord | None:
    """The record as it stands now, held until this transaction ends: two changes at one moment take turns."""
    return session.get(FieldRecord, record_id, with_for_update=True, populate_existing=True)


def _place(
    session: Session,
    actor: Actor,
    entry: Entry,
    day: date | None,
) -> tuple[PlanView, Line | None, list[Problem]]:
    """The plan and line of `entry`, and what is wrong with where it belongs on `day` (None: not known yet)."""
    actor.require(Act.WRITE_RECORD)
    problems = []
    plan = view_plan(session, entry.plan_id)
    line = plan.line_by_activity.get(entry.activity_id)
    if line is None:
        return plan, None, [Problem("activity", Say.ACTIVITY_OF_OTHER_PLAN)]
    if plan.example or plan.closed:
        return plan, line, [Problem("activity", Say.PLAN_IS_EXAMPLE if plan.example else Say.PLAN_IS_CLOSED)]
    if line.withdrawn:
        return plan, line, [Problem("activity", Say.ACTIVITY_WITHDRAWN)]
    if line.kind not in all_kinds():
        return plan, line, [Problem("activity", Say.ACTIVITY_NOT_RECORDED)]
    if not actor.holds(entry.unit_id, clock.today()) and not actor.holds(entry.unit_id, day or clock.today()):
        problems.append(Problem("unit", Say.UNIT_OUTSIDE_YOURS))
    elif not plan.owes(line, entry.unit_id):
        problems.append(Problem("unit", Say.UNIT_OUTSIDE_PLAN))
    elif day and not plan.unit_by_id[entry.unit_id].exists_on(min(day, plan.ends_on)):
        problems.append(Problem("unit", Say.UNIT_NOT_VALID))
    if entry.round_id is not None and entry.round_id not in line.round_ids:
        problems.append(Problem("round", Say.ROUND_OF_OTHER_ACTIVITY))
    if entry.position is not None and not _is_position(entry.position):
        problems.append(Problem("position", Say.POSITION_INCOMPLETE))
    return plan, line, problems


def _is_position(position: tuple[Any, ...]) -> bool:
    """Latitude, longitude in degrees, accuracy in metres or None. NaN is nowhere."""

    def within(value: Any, least: float, most: float) -> bool:
        return isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most

    return (
        len(position) == 3
        and within(position[0], -90, 90)
        and within(position[1], -180, 180)
        and (position[2] is None or within(position[2], 0, 10**7))
    )


def _may_change(session: Session, record: FieldRecord, actor: Actor, entry: Entry) -> None:
    if record.author_id != actor.id:
        raise refuse(Say.NOT_FOUND)
    if (record.plan_id, record.activity_id) != (entry.plan_id, entry.activity_id):
        raise refuse(Say.ACTIVITY_OF_OTHER_PLAN, "activity")
    if record.status not in OPEN_TO_AUTHOR:
        raise refuse(Say.NOT_OPEN_FOR_CHANGE, status=RecordStatus(record.status).label)
    if record.version != entry.seen_version:
        raise refuse(Say.CHANGED_MEANWHILE, name=changed_by(session, record))


def changed_by(session: Session, record: FieldRecord) -> str:
    """Display name of the person who changed the record last, as the journal has it."""
    latest = select(J.account_id).where(J.subject == "record", J.subject_id == str(record.id)).order_by(J.id.desc())
    return session.get_one(Account, session.exec(latest).first() or record.author_id).display_name


def _get_or_add(session: Session, entry: Entry, line: Line, actor: Actor) -> tuple[FieldRecord, bool]:
    """The record of `entry`, and whether it was made just now. Two sends at one moment give one record."""
    known = locked(session, entry.id)
    if known is not None:
        return known, False
    now, (kind, _measure) = clock.now(), line.proved_by
    record = FieldRecord(
        id=entry.id,
        plan_id=entry.plan_id,
        activity_id=entry.activity_id,
        unit_id=entry.unit_id,
        round_id=entry.round_id,
        kind=kind,
        kind_version=all_kinds()[kind].version,
        status=RecordStatus.DRAFT,
        author_id=actor.id,
        created_at=now,
        changed_at=now,
    )
    try:
        with session.begin_nested():
            session.add(record)
    except IntegrityError:
        known = locked(session, entry.id)
        if known is None:
            raise
        return known, False
    return record, True


def _fill(record: FieldRecord, entry: Entry, line: Line, filled: Kind) -> None:
    record.unit_id, record.round_id = entry.unit_id, entry.round_id
    record.answers, record.kind_version = filled.stored(), filled.version
    record.happened_on, record.running = filled.happened_on, filled.running
    record.amount = filled.amount
    _count(record, line, filled)
    for name, number in (filled.people.answers if filled.people else {}).items():
        setattr(record, f"people_{name}", number)
    _set_position(record, entry)


def _count(record: FieldRecord, line: Line, filled: Kind) -> None:
    """What the record counts in the line's measure, and how many of its conditions it fails (R2, R10)."""
    _kind, measure = line.proved_by
    fits = not filled.running and not any(filled.lacking(measure))
    record.quantity = filled.count(measure) if fits else None
    measured = filled.value(measure) if fits else None
    record.value_over, record.value_under = measured or (None, None)
    record.unmet = 0 if filled.running else len(unmet_conditions(line, filled))


def count_anew(session: Session, plan_id: int, line: Line) -> None:
    """Count every record of a line anew from its answers, in the revision that changed its measure or conditions
    (R28).
    """
    for record in session.exec(
        select(FieldRecord).where(
            R.activity_id == line.activity_id,
            R.kind == line.kind,
            R.happened_on.is_not(None),
        )
    ):
        _count(record, line, record.form)
    figures_change(session, plan_id)


def left_over(plan: PlanView) -> ColumnElement[bool]:
    """SQL on `FieldRecord`: what belongs to an activity, a round or a unit that the plan no longer has (R27).

    The same rule as `counting.counts_for`.
    """
    known = {unit.id for unit in plan.units} | {plan.owner.id}
    gone = [R.unit_id.not_in(known)]
    if plan.withdrawn_lines:
        gone.append(R.activity_id.in_([line.activity_id for line in plan.withdrawn_lines]))
    each_unit = [line.activity_id for line in plan.lines if line.scope is Scope.EACH_UNIT]
    if each_unit and plan.owner.id not in plan.unit_ids:
        gone.append(and_(R.activity_id.in_(each_unit), R.unit_id == plan.owner.id))
    for line in plan.lines:
        here = R.activity_id == line.activity_id
        if line.scope is Scope.NAMED_UNITS:
            gone.append(and_(here, R.unit_id.not_in(line.unit_ids)))
        if line.rounds:
            gone.append(and_(here, or_(R.round_id.is_(None), R.round_id.not_in(line.round_ids))))
    unvisited = [line.activity_id for line in plan.lines if not line.rounds]
    gone.append(and_(R.round_id.is_not(None), R.activity_id.in_(unvisited)))
    return or_(*gone)


def unmet_conditions(line: Line, filled: Kind) -> list[tuple[Any, int | None]]:
    """Conditions of the target that this record fails, each with the figure it proves; None: not collected (R10)."""
    proved = [(condition, filled.prove(condition.proof)) for condition in line.conditions]
    return [(condition, figure) for condition, figure in proved if not condition.met_by(figure)]


def _set_position(record: FieldRecord, entry: Entry) -> None:
    if entry.position is not None:
        record.latitude, record.longitude, record.accuracy_m = entry.position


def _position(record: FieldRecord) -> tuple[float | None, float | None, float | None]:
    return record.latitude, record.longitude, record.accuracy_m


def _same(record: FieldRecord, entry: Entry, answers: dict[str, Any]) -> bool:
    here = (record.plan_id, record.activity_id, record.unit_id, record.round_id, record.answers)
    return here == (entry.plan_id, entry.activity_id, entry.unit_id, entry.round_id, answers) and entry.position in (
        None,
        _position(record),
    )


def _content(record: FieldRecord) -> dict[str, Any]:
    return {
        "status": record.status,
        "unit_id": record.unit_id,
        "round_id": record.round_id,
        "answers": record.answers,
        "position": [record.latitude, record.longitude],
    }
