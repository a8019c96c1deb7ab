"""A second look: a sample of verified records, drawn by lot, which others than those who verified them look at again.

The lot can be drawn again by anybody: of the verified records of the chosen days, those whose SHA-256 of "seed:record
id" is smallest. The seed is the program's, so nobody can choose who is looked at; how many were in the lot, and the
hash of their sorted ids, are kept beside it.
"""

import hashlib
import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, select

from data_model.accounts.tables import Account
from data_model.core import clock, journal
from data_model.core.access import Act, Actor
from data_model.core.database import columns
from data_model.core.label import LabelledEnum
from data_model.core.problems import Say, refuse
from data_model.core.reason import given_reason
from data_model.plans.tables import Plan
from data_model.records.listing import RecordRow, rows, visible
from data_model.records.tables import FieldRecord, RecordStatus
from data_model.review.tables import SecondLook, SecondLookRecord

MOST_DRAWN = 100
R, L, LR = columns(FieldRecord), columns(SecondLook), columns(SecondLookRecord)
A = columns(Account)


class Outcome(LabelledEnum):
    """What came of a second look at one record. `CHANGED`: the record is no longer the one that was verified then."""

    WAITING = "waiting", "chờ xem lại", "to be looked at"
    AGREED = "agreed", "đồng ý", "agreed"
    NOT_AGREED = "not_agreed", "không đồng ý", "not agreed"
    CHANGED = "changed", "đã thay đổi", "changed since"


@dataclass(frozen=True)
class Sample:
    """A drawn sample and how far it is: how many records it has, at how many somebody has looked, and with how many
    agreed.
    """

    id: int
    first: date
    last: date
    asked: int
    out_of: int
    seed: int
    drawn_by: str
    drawn_at: datetime
    drawn: int
    looked: int
    agreed: int


@dataclass(frozen=True)
class Looked:
    """A record of a sample. `verified_version` is the one that was drawn; `own`: the account itself verified or entered
    it.
    """

    row: RecordRow
    verified_version: int
    verified_by: str
    own: bool
    outcome: Outcome
    reason: str | None
    looked_by: str | None
    looked_at: datetime | None


def chosen(seed: int, record_ids: Iterable[uuid.UUID], count: int) -> list[uuid.UUID]:
    """The `count` records that the seed draws out of a lot, in the order of the draw; the lot's own order plays no
    part.
    """
    return sorted(record_ids, key=lambda each: hashlib.sha256(f"{seed}:{each}".encode()).digest())[:count]


def lot_hash(record_ids: Iterable[uuid.UUID]) -> str:
    """SHA-256 of a lot: its ids sorted, one a line."""
    return hashlib.sha256("\n".join(sorted(map(str, record_ids))).encode()).hexdigest()


def draw_second_look(session: Session, actor: Actor, plan_id: int, first: date, last: date, count: int) -> SecondLook:
    """Draw `count` of the records verified until now whose day lies in these days (both included); all, where there are
    fewer.

    Raises Refused where there is none, and for a count outside 1 to `MOST_DRAWN`.
    """
    actor.require(Act.REVIEW_RECORD)
    if session.get(Plan, plan_id) is None:
        raise refuse(Say.NOT_FOUND)
    if first > last:
        raise refuse(Say.DAYS_TURNED, "last")
    if not 1 <= count <= MOST_DRAWN:
        raise refuse(Say.HOW_MANY_TO_DRAW, "count", most=MOST_DRAWN)
    lot = {
        row.id: row
        for row in session.execute(
            select(R.id, R.version, R.reviewer_id).where(
                visible(actor),
                R.plan_id == plan_id,
                R.status == RecordStatus.VERIFIED,
                R.happened_on.between(first, last),
                R.reviewer_id.is_not(None),
            )
        )
    }
    if not lot:
        raise refuse(Say.NOTHING_VERIFIED)
    seed = secrets.randbits(48)
    look = SecondLook(
        plan_id=plan_id,
        first=first,
        last=last,
        asked=count,
        out_of=len(lot),
        seed=seed,
        lot_hash=lot_hash(lot),
        drawn_by=actor.id,
        drawn_at=clock.now(),
    )
    session.add(look)
    session.flush()
    drawn = chosen(seed, lot, count)
    for rank, record_id in enumerate(drawn):
        row = lot[record_id]
        session.add(
            SecondLookRecord(
                look_id=look.id, record_id=record_id, rank=rank, version=row.version, verified_by=row.reviewer_id
            )
        )
    journal.note(
        session,
        actor,
        "draw_second_look",
        "second_look",
        look.id,
        None,
        {
            "plan_id": plan_id,
            "first": first.isoformat(),
            "last": last.isoformat(),
            "count": len(drawn),
            "out_of": len(lot),
            "seed": seed,
            "lot_hash": look.lot_hash,
            "records": [str(each) for each in drawn],
        },
    )
    return look


def look_again(
    session: Session,
    actor: Actor,
    look_id: int,
    record_id: uuid.UUID,
    seen_version: int,
    agreed: bool,
    reason: str = "",
) -> SecondLookRecord:
    """Say whether the verified record deserved it; with a reason where it did not. The record itself stays as it is.

    Raises Refused for who verified or entered it, for a record that changed since it was drawn, or when another was
    faster.
    """
    actor.require(Act.REVIEW_RECORD)
    row = session.get(SecondLookRecord, (look_id, record_id), with_for_update=True, populate_existing=True)
    if row is None:
        raise refuse(Say.NOT_FOUND)
    record = session.exec(select(R).where(R.id == record_id, visible(actor))).first()
    if record is None:
        raise refuse(Say.NOT_FOUND)
    if row.verified_by == actor.id:
        raise refuse(Say.VERIFIED_IT_ONESELF)
    if record.author_id == actor.id:
        raise refuse(Say.OWN_RECORD)
    if row.agreed is not None:
        if row.looked_by == actor.id and row.agreed == agreed:
            return row  # the button pressed twice
        raise refuse(Say.LOOKED_ALREADY, name=session.get_one(Account, row.looked_by).display_name)
    if not record.version == row.version == seen_version:
        raise refuse(Say.NOT_OPEN_FOR_CHANGE, status=RecordStatus(record.status).label)
    reason = given_reason(reason, missing=None if agreed else Say.REASON_MISSING)
    row.agreed, row.reason, row.looked_by, row.looked_at = agreed, reason or None, actor.id, clock.now()
    journal.note(
        session,
        actor,
        "look_again",
        "second_look",
        look_id,
        None,
        {"record": str(record_id), "agreed": agreed, "reason": reason or None},
    )
    return row


def second_looks(session: Session, actor: Actor, plan_id: int) -> list[Sample]:
    """The plan's samples, the latest first, each with how far it is."""
    actor.require(Act.REVIEW_RECORD)
    counts = (
        select(
            LR.look_id,
            func.count().label("drawn"),
            func.count(LR.agreed).label("looked"),
            func.sum(case((LR.agreed, 1), else_=0)).label("agreed"),
        )
        .group_by(LR.look_id)
        .subquery()
    )
    shown: tuple[Any, ...] = (L.id, L.first, L.last, L.asked, L.out_of, L.seed, A.display_name, L.drawn_at)
    found = session.execute(
        select(*shown, *[counts.c.drawn, counts.c.looked, counts.c.agreed])
        .join(Account, A.id == L.drawn_by)
        .join(counts, counts.c.look_id == L.id)
        .where(L.plan_id == plan_id)
        .order_by(L.id.desc())
        .limit(MOST_DRAWN)
    )
    return [Sample(*row) for row in found]


def open_second_look(session: Session, actor: Actor, look_id: int) -> list[Looked]:
    """The records of a sample in the order of the draw. Raises Refused (NOT_FOUND) where there is no such sample."""
    actor.require(Act.REVIEW_RECORD)
    verifier, looker = aliased(Account), aliased(Account)
    found = session.execute(
        select(LR, verifier.display_name, looker.display_name)
        .join(verifier, verifier.id == LR.verified_by)
        .outerjoin(looker, looker.id == LR.looked_by)
        .where(LR.look_id == look_id)
        .order_by(LR.rank)
    ).all()
    if not found:
        raise refuse(Say.NOT_FOUND)
    shown = {
        row.id: row
        for row in rows(session, (R.id.in_([one.record_id for one, *_names in found])) & visible(actor), MOST_DRAWN)
    }
    return [
        Looked(
            shown[one.record_id],
            one.version,
            by,
            actor.id in (one.verified_by, shown[one.record_id].author_id),
            _outcome(one, shown[one.record_id]),
            one.reason,
            again,
            one.looked_at,
        )
        for one, by, again in found
        if one.record_id in shown
    ]


def _outcome(one: SecondLookRecord, row: RecordRow) -> Outcome:
    if one.agreed is not None:
        return Outcome.AGREED if one.agreed else Outcome.NOT_AGREED
    return Outcome.WAITING if row.version == one.version else Outcome.CHANGED
