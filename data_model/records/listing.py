"""Reading records: which ones an account may see, as rows of a list, one by one, or as points of a map."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import Session, select

from data_model.accounts.tables import Account
from data_model.core import clock
from data_model.core.access import Act, Actor, UnitGrant
from data_model.core.database import columns
from data_model.core.problems import Say, refuse
from data_model.plans.view import PlanView
from data_model.records.tables import REPORTED, FieldRecord, RecordStatus
from data_model.records.writing import left_over

R = columns(FieldRecord)


@dataclass(frozen=True, slots=True)
class RecordRow:
    """What a list shows of a record: the shared columns of `FieldRecord`, and its author's name."""

    id: uuid.UUID
    plan_id: int
    activity_id: int
    unit_id: int
    round_id: int | None
    kind: str
    status: str
    version: int
    happened_on: date | None
    quantity: int | None
    value_over: int | None
    value_under: int | None
    amount: int | None
    unmet: int
    running: bool
    people_total: int | None
    latitude: float | None
    longitude: float | None
    reason: str | None
    author_id: int
    author_name: str
    changed_at: datetime
    sent_at: datetime | None
    reviewed_at: datetime | None
    late_for: int | None


@dataclass(frozen=True)
class Waiting:
    """How many records of one activity in one unit wait for their author."""

    returned: int = 0
    drafts: int = 0


WAITING = (RecordStatus.RETURNED, RecordStatus.DRAFT)
"""Statuses in which a record waits for its author, in the order of `Waiting`."""

_COLUMNS = [Account.display_name if f.name == "author_name" else getattr(R, f.name) for f in fields(RecordRow)]


def list_records(
    session: Session,
    actor: Actor,
    plan_id: int,
    *,
    unit_id: int | None = None,
    activity_ids: Iterable[int] | None = None,
    kind: str | None = None,
    statuses: Iterable[RecordStatus] | None = None,
    limit: int = 50,
    offset: int = 0,
) -> tuple[list[RecordRow], int]:
    """Records of a plan that the account may see, latest change first, and how many there are in all.

    Drafts that were thrown away are left out. Raises Refused for roles that read no records.
    """
    asked = [R.plan_id == plan_id, or_(R.status != RecordStatus.VOID, R.sent_at.is_not(None))]
    if unit_id is not None:
        asked.append(R.unit_id == unit_id)
    if activity_ids is not None:
        asked.append(R.activity_id.in_(list(activity_ids)))
    if kind is not None:
        asked.append(R.kind == kind)
    if statuses is not None:
        asked.append(R.status.in_(list(statuses)))
    where = and_(visible(actor), *asked)
    return rows(session, where, limit, offset), _how_many(session, where)


def left_over_records(session: Session, actor: Actor, plan: PlanView, limit: int) -> list[RecordRow]:
    """Reported records of what the plan no longer has (rule R27 of `counting`), as far as the account may see them."""
    where = and_(visible(actor), R.plan_id == plan.id, R.status.in_(REPORTED), left_over(plan))
    return rows(session, where, limit, order=(R.happened_on.desc(), R.id))


def waiting_for_author(session: Session, actor: Actor, plan_id: int, limit: int) -> list[RecordRow]:
    """The first `limit` of the account's own records that wait for it: those returned, then drafts, each latest change
    first.
    """
    found: list[RecordRow] = []
    for status in WAITING:
        if len(found) < limit:
            found += rows(session, and_(_own(actor, plan_id), R.status == status), limit - len(found))
    return found


def own_records(session: Session, actor: Actor, plan_id: int, limit: int) -> list[FieldRecord]:
    """The account's own records of a plan, whole, the latest change first; drafts that were thrown away are left
    out.
    """
    asked = and_(_own(actor, plan_id), or_(R.status != RecordStatus.VOID, R.sent_at.is_not(None)))
    return list(session.exec(select(FieldRecord).where(asked).order_by(R.changed_at.desc(), R.id).limit(limit)))


def count_waiting(session: Session, actor: Actor, plan_id: int) -> dict[tuple[int, int], Waiting]:
    """How many of the account's own records wait for it, by activity and unit."""
    query = select(R.activity_id, R.unit_id, *(func.count().filter(R.status == status) for status in WAITING))
    grouped = query.where(_own(actor, plan_id), R.status.in_(WAITING)).group_by(R.activity_id, R.unit_id)
    return {(activity_id, unit_id): Waiting(*counts) for activity_id, unit_id, *counts in session.execute(grouped)}


def _own(actor: Actor, plan_id: int) -> ColumnElement[bool]:
    actor.require(Act.READ_RECORDS)
    return and_(R.author_id == actor.id, R.plan_id == plan_id)


def open_record(session: Session, actor: Actor, record_id: uuid.UUID) -> FieldRecord:
    """One record; raises Refused (NOT_FOUND) when there is none or the account may not see it."""
    record = session.exec(select(FieldRecord).where(R.id == record_id, visible(actor))).first()
    if record is None:
        raise refuse(Say.NOT_FOUND)
    return record


def known_versions(
    session: Session, actor: Actor, record_ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, tuple[int, RecordStatus]]:
    """Version and status of those of these records that are here and are the account's own.

    What a tablet has proof of having sent and this does not name was lost by the server, not by the tablet.
    """
    actor.require(Act.WRITE_RECORD)
    found = session.execute(
        select(R.id, R.version, R.status).where(R.id.in_(list(record_ids)), R.author_id == actor.id)
    )
    return {record_id: (version, RecordStatus(status)) for record_id, version, status in found}


def points(session: Session, actor: Actor, plan_id: int, limit: int) -> tuple[list[RecordRow], int]:
    """The latest reported records of a plan that have a position, for the map, and how many there are in all."""
    where = and_(visible(actor), R.plan_id == plan_id, R.status.in_(REPORTED), R.latitude.is_not(None))
    return rows(session, where, limit), _how_many(session, where)


NEWEST_FIRST = (R.changed_at.desc(), R.id)


def rows(
    session: Session, where: ColumnElement[bool], limit: int, offset: int = 0, order: Sequence[Any] = NEWEST_FIRST
) -> list[RecordRow]:
    """Rows of the records that `where` (SQL on `FieldRecord`, `visible` in it) finds."""
    query = select(*_COLUMNS).join(Account, Account.id == R.author_id).where(where)
    return [RecordRow(*row) for row in session.execute(query.order_by(*order).limit(limit).offset(offset))]


def _how_many(session: Session, where: ColumnElement[bool]) -> int:
    found: int = session.execute(select(func.count()).select_from(R).where(where)).scalar_one()
    return found


def visible(actor: Actor) -> ColumnElement[bool]:
    """SQL on `FieldRecord`: one's own records, and of the others those that were sent from a unit one holds (on its
    day, or today).
    """
    actor.require(Act.READ_RECORDS)
    others = R.sent_at.is_not(None)
    if not actor.sees_all_units:
        others = and_(others, or_(False, *(_held(grant) for grant in actor.grants)))
    return or_(R.author_id == actor.id, others)


def _held(grant: UnitGrant) -> ColumnElement[bool]:
    held = [R.unit_id == grant.unit_id]
    if not grant.holds_on(clock.today()):
        held += [] if grant.first is None else [R.happened_on >= grant.first]
        held += [] if grant.last is None else [R.happened_on <= grant.last]
    return and_(*held)


def open_records(session: Session, actor: Actor, record_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, FieldRecord]:
    """Several records at once, those of them that the account may see."""
    found: dict[uuid.UUID, FieldRecord] = {}
    wanted = list(record_ids)
    for start in range(0, len(wanted), 500):
        chunk = session.exec(select(FieldRecord).where(R.id.in_(wanted[start : start + 500]), visible(actor)))
        found |= {record.id: record for record in chunk}
    return found
