"""Verifying, returning and voiding records. Nobody verifies what they entered; nothing is deleted.

A record with a mark is verified only with a word why, which the journal keeps.
"""

import uuid
from typing import Any

from sqlmodel import Session

from data_model.core import clock, journal
from data_model.core.access import Act, Actor
from data_model.core.problems import Say, refuse
from data_model.core.reason import given_reason
from data_model.periods.lock import require_word
from data_model.records.handed_in import handed_in_by
from data_model.records.tables import FieldRecord, RecordStatus
from data_model.records.writing import changed_by, figures_change, locked
from data_model.review.marks import marks_of


def verify(session: Session, actor: Actor, record_id: uuid.UUID, seen_version: int, word: str = "") -> FieldRecord:
    """Confirm a sent record; one with a mark needs a `word` why. Raises Refused for one's own record, one handed in for
    its author, or one that changed meanwhile.
    """
    record = may_decide(session, actor, record_id)
    if record.status == RecordStatus.VERIFIED and record.reviewer_id == actor.id:
        return record  # the button pressed twice
    require_seen(session, record, seen_version)
    require_sent(record)
    require_other_hand(session, actor, record)
    marked = marks_of(session, actor, [record.id])[record.id]
    word = given_reason(word, missing=Say.WORD_FOR_MARKED if marked else None)
    return decide(session, actor, record, RecordStatus.VERIFIED, details={"reason": word or None})


def return_to_author(
    session: Session, actor: Actor, record_id: uuid.UUID, seen_version: int, reason: str
) -> FieldRecord:
    """Send a record back with a reason; it no longer counts until it is sent again. Raises Refused; `where` is "reason"
    where that is missing.
    """
    record = may_decide(session, actor, record_id)
    require_seen(session, record, seen_version)
    if record.status not in (RecordStatus.SENT, RecordStatus.VERIFIED):
        raise refuse(Say.NOT_OPEN_FOR_CHANGE, status=RecordStatus(record.status).label)
    return decide(session, actor, record, RecordStatus.RETURNED, given_reason(reason))


def void(session: Session, actor: Actor, record_id: uuid.UUID, seen_version: int, reason: str) -> FieldRecord:
    """Take a record out of the count for good, with a reason. It stays readable. Raises Refused; `where` is "reason"
    where that is missing.
    """
    record = may_decide(session, actor, record_id)
    require_seen(session, record, seen_version)
    if record.status in (RecordStatus.VOID, RecordStatus.DRAFT):
        raise refuse(Say.NOT_OPEN_FOR_CHANGE, status=RecordStatus(record.status).label)
    return decide(session, actor, record, RecordStatus.VOID, given_reason(reason))


def may_decide(session: Session, actor: Actor, record_id: uuid.UUID) -> FieldRecord:
    """The record as it stands now, held until this transaction ends. Raises Refused where the account has no decision
    on it.
    """
    actor.require(Act.REVIEW_RECORD)
    record = locked(session, record_id)
    if record is None:
        raise refuse(Say.NOT_FOUND)
    if record.author_id == actor.id:
        raise refuse(Say.OWN_RECORD)
    require_word(session, actor, record.plan_id, record.happened_on, record.late_for is not None)
    return record


def require_seen(session: Session, record: FieldRecord, seen_version: int) -> None:
    """Raises Refused, naming who changed it, unless the record is still the version that somebody had before them."""
    if record.version != seen_version:
        raise refuse(Say.CHANGED_MEANWHILE, name=changed_by(session, record))


def require_sent(record: FieldRecord) -> None:
    """Raises Refused unless the record waits for a decision."""
    if record.status != RecordStatus.SENT:
        raise refuse(Say.NOT_OPEN_FOR_CHANGE, status=RecordStatus(record.status).label)


def require_other_hand(session: Session, actor: Actor, record: FieldRecord) -> None:
    """Raises Refused for a record that the account itself handed in for its author."""
    if handed_in_by(session, actor, record.id):
        raise refuse(Say.OWN_HANDED_IN)


def decide(
    session: Session,
    actor: Actor,
    record: FieldRecord,
    status: RecordStatus,
    reason: str | None = None,
    details: dict[str, Any] | None = None,
) -> FieldRecord:
    """Write a decision that was checked: a new version and its entry in the journal, which may tell more than the
    record keeps.
    """
    before = {"status": record.status, "reason": record.reason}
    record.status, record.reason = status, reason
    record.reviewer_id = actor.id
    record.reviewed_at = record.changed_at = clock.now()
    record.version += 1
    figures_change(session, record.plan_id)
    journal.note(
        session, actor, status, "record", record.id, before, {"status": status, "reason": reason} | (details or {})
    )
    return record
