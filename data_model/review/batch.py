"""Verifying several records in one act, and taking that act back as one.

Only records without a mark are verified so; those with one are opened, each by itself.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, select

from data_model.core import clock, journal
from data_model.core.access import Act, Actor
from data_model.core.database import columns
from data_model.core.problems import Refused, Say, refuse
from data_model.records.tables import FieldRecord, RecordStatus
from data_model.records.writing import figures_change
from data_model.review.decisions import decide, may_decide, require_other_hand, require_seen, require_sent
from data_model.review.marks import marks_of
from data_model.review.tables import ReviewBatch, ReviewBatchRecord

MOST_AT_ONCE = 100
B = columns(ReviewBatch)
OFFERED_FOR = timedelta(days=1)
"""So long a page offers to take an act back; after that each record is returned by itself."""


@dataclass(frozen=True)
class Done:
    """What became of an act over several records: its id (None: nothing was done), which it changed, which not and
    why.
    """

    batch_id: uuid.UUID | None
    record_ids: tuple[uuid.UUID, ...]
    refused: dict[uuid.UUID, Refused]


@dataclass(frozen=True)
class Latest:
    """An act that could be taken back: how many records it verified, and when."""

    batch_id: uuid.UUID
    count: int
    at: datetime


def verify_batch(session: Session, actor: Actor, plan_id: int, seen: Mapping[uuid.UUID, int]) -> Done:
    """Confirm several records of a plan, each at the version that was seen; what cannot be confirmed or has a mark
    stays as it is.

    All in the caller's transaction. Raises Refused for roles that do not review, and for more than `MOST_AT_ONCE`.
    """
    actor.require(Act.REVIEW_RECORD)
    if len(seen) > MOST_AT_ONCE:
        raise refuse(Say.TOO_MANY_ROWS, most=MOST_AT_ONCE)
    held, refused = _held(session, actor, seen)
    marks = marks_of(session, actor, [record.id for record in held])
    good = []
    for record in held:
        try:
            if record.plan_id != plan_id:
                raise refuse(Say.NOT_FOUND)
            require_seen(session, record, seen[record.id])
            require_sent(record)
            require_other_hand(session, actor, record)
            if marks[record.id]:
                raise refuse(Say.MARKED_ALONE)
            good.append(record)
        except Refused as why:
            refused[record.id] = why
    if not good:
        return Done(None, (), refused)
    batch = ReviewBatch(plan_id=plan_id, account_id=actor.id, at=clock.now())
    session.add(batch)
    session.flush()
    for record in good:
        before = (record.reviewer_id, record.reviewed_at)
        decide(session, actor, record, RecordStatus.VERIFIED, details={"batch": str(batch.id)})
        session.add(
            ReviewBatchRecord(
                batch_id=batch.id,
                record_id=record.id,
                version=record.version,
                reviewer_before=before[0],
                reviewed_before=before[1],
            )
        )
    journal.note(
        session, actor, "verify_batch", "review_batch", batch.id, None, {"plan_id": plan_id, "count": len(good)}
    )
    return Done(batch.id, tuple(record.id for record in good), refused)


def undo_batch(session: Session, actor: Actor, batch_id: uuid.UUID) -> Done:
    """Take the act back: its records wait again, all to which nothing happened since and on which the account may
    decide.

    The others stay as they are and are named with why. Taking it back twice changes nothing. Raises Refused.
    """
    actor.require(Act.REVIEW_RECORD)
    batch = session.get(ReviewBatch, batch_id, with_for_update=True, populate_existing=True)
    if batch is None:
        raise refuse(Say.NOT_FOUND)
    if batch.undone_at is not None:
        return Done(None, (), {})
    rows = {
        row.record_id: row
        for row in session.exec(select(ReviewBatchRecord).where(ReviewBatchRecord.batch_id == batch_id))
    }
    held, refused = _held(session, actor, rows)
    undone = []
    for record in held:
        try:
            require_seen(session, record, rows[record.id].version)
        except Refused as why:
            refused[record.id] = why
            continue
        _take_back(session, actor, record, rows[record.id])
        undone.append(record.id)
    batch.undone_at, batch.undone_by = clock.now(), actor.id
    figures_change(session, batch.plan_id)
    journal.note(
        session, actor, "undo_batch", "review_batch", batch.id, None, {"plan_id": batch.plan_id, "count": len(undone)}
    )
    return Done(batch.id, tuple(undone), refused)


def latest_batch(session: Session, actor: Actor, plan_id: int) -> Latest | None:
    """The account's last act of the last day over several records of the plan, unless it was taken back."""
    actor.require(Act.REVIEW_RECORD)
    begin = clock.now() - OFFERED_FOR
    batch = session.exec(
        select(B).where(B.account_id == actor.id, B.plan_id == plan_id, B.at >= begin).order_by(B.at.desc()).limit(1)
    ).first()
    if batch is None or batch.undone_at is not None:
        return None
    rows = session.exec(select(ReviewBatchRecord.record_id).where(ReviewBatchRecord.batch_id == batch.id)).all()
    return Latest(batch.id, len(rows), batch.at)


def _held(
    session: Session, actor: Actor, record_ids: Mapping[uuid.UUID, object]
) -> tuple[list[FieldRecord], dict[uuid.UUID, Refused]]:
    """The records on which the account may decide, held until this transaction ends, and why it may not on the
    others.
    """
    held, refused = [], {}
    # In one order for everybody: of two who decide on the same records at once, the second waits for the first.
    for record_id in sorted(record_ids):
        try:
            held.append(may_decide(session, actor, record_id))
        except Refused as why:
            refused[record_id] = why
    return held, refused


def _take_back(session: Session, actor: Actor, record: FieldRecord, row: ReviewBatchRecord) -> None:
    before = {"status": record.status}
    record.status, record.changed_at = RecordStatus.SENT, clock.now()
    record.reviewer_id, record.reviewed_at = row.reviewer_before, row.reviewed_before
    record.version += 1
    journal.note(
        session, actor, "unverified", "record", record.id, before, {"status": record.status, "batch": str(row.batch_id)}
    )
