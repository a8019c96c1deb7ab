"""Verifying, returning and voiding records. Nobody verifies what they entered; nothing is deleted."""

import uuid
from collections.abc import Mapping

from sqlmodel import Session

from data_model.core import clock, journal
from data_model.core.access import Act, Actor
from data_model.core.problems import Refused, Say, refuse
from data_model.core.text import nfc
from data_model.periods.lock import require_word
from data_model.records.handed_in import handed_in_by
from data_model.records.tables import FieldRecord, RecordStatus
from data_model.records.writing import changed_by, figures_change, locked

MOST_AT_ONCE = 100


def verify(session: Session, actor: Actor, record_id: uuid.UUID, seen_version: int) -> FieldRecord:
    """Confirm a sent record. Raises Refused for one's own record, one handed in for its author, or one that changed meanwhile."""
    record = _reviewed(session, actor, record_id)
    if record.status == RecordStatus.VERIFIED and record.reviewer_id == actor.id:
        return record  # the button pressed twice
    _unchanged(session, record, seen_version)
    if record.status != RecordStatus.SENT:
        raise refuse(Say.NOT_OPEN_FOR_CHANGE, status=RecordStatus(record.status).label)
    if handed_in_by(session, actor, record_id):
        raise refuse(Say.OWN_HANDED_IN)
    return _decide(session, actor, record, RecordStatus.VERIFIED, None)


def verify_each(session: Session, actor: Actor, seen: Mapping[uuid.UUID, int]) -> dict[uuid.UUID, Refused]:
    """Confirm several records, each at the version that was seen, as `verify` does; gives those that could not be, with why.

    The others are confirmed, all in the caller's transaction.
    """
    actor.require(Act.REVIEW_RECORD)
    if len(seen) > MOST_AT_ONCE:
        raise refuse(Say.TOO_MANY_ROWS, most=MOST_AT_ONCE)
    refused = {}
    # In one order for everybody: of two who verify the same records at once, the second waits for the first.
    for record_id in sorted(seen):
        try:
            verify(session, actor, record_id, seen[record_id])
        except Refused as why:
            refused[record_id] = why
    return refused


def return_to_author(session: Session, actor: Actor, record_id: uuid.UUID, seen_version: int, reason: str) -> FieldRecord:
    """Send a record back with a reason; it no longer counts until it is sent again."""
    record = _reviewed(session, actor, record_id)
    _unchanged(session, record, seen_version)
    if record.status not in (RecordStatus.SENT, RecordStatus.VERIFIED):
        raise refuse(Say.NOT_OPEN_FOR_CHANGE, status=RecordStatus(record.status).label)
    return _decide(session, actor, record, RecordStatus.RETURNED, _reason(reason))


def void(session: Session, actor: Actor, record_id: uuid.UUID, seen_version: int, reason: str) -> FieldRecord:
    """Take a record out of the count for good, with a reason. It stays readable."""
    record = _reviewed(session, actor, record_id)
    _unchanged(session, record, seen_version)
    if record.status in (RecordStatus.VOID, RecordStatus.DRAFT):
        raise refuse(Say.NOT_OPEN_FOR_CHANGE, status=RecordStatus(record.status).label)
    return _decide(session, actor, record, RecordStatus.VOID, _reason(reason))


def _reviewed(session: Session, actor: Actor, record_id: uuid.UUID) -> FieldRecord:
    actor.require(Act.REVIEW_RECORD)
    record = locked(session, record_id)
    if record is None:
        raise refuse(Say.NOT_FOUND)
    if record.author_id == actor.id:
        raise refuse(Say.OWN_RECORD)
    require_word(session, actor, record.plan_id, record.happened_on, record.late_for is not None)
    return record


def _unchanged(session: Session, record: FieldRecord, seen_version: int) -> None:
    if record.version != seen_version:
        raise refuse(Say.CHANGED_MEANWHILE, name=changed_by(session, record))


def _reason(reason: str) -> str:
    reason = nfc(reason)
    if not reason:
        raise refuse(Say.REASON_MISSING, "reason")
    if len(reason) > 1000:
        raise refuse(Say.TOO_LONG, "reason", most=1000, length=len(reason))
    return reason


def _decide(session: Session, actor: Actor, record: FieldRecord, status: RecordStatus, reason: str | None) -> FieldRecord:
    before = {"status": record.status, "reason": record.reason}
    record.status, record.reason = status, reason
    record.reviewer_id = actor.id
    record.reviewed_at = record.changed_at = clock.now()
    record.version += 1
    figures_change(session, record.plan_id)
    journal.note(session, actor, status, "record", record.id, before, {"status": status, "reason": reason})
    return record
