"""Records that somebody handed in for their author, from the file of a tablet that could not send."""

import uuid

from sqlmodel import Session, select

from data_model.core import journal
from data_model.core.access import Actor
from data_model.core.tables import JournalEntry
from data_model.records.tables import FieldRecord


def note_handed_in(session: Session, actor: Actor, record: FieldRecord) -> None:
    """Write down, once, that `actor` handed in the record of somebody else."""
    if record.author_id != actor.id and not handed_in_by(session, actor, record.id):
        journal.note(
            session, actor, "hand_in", "record", record.id, after={"account_id": record.author_id}, channel="file"
        )


def handed_in_by(session: Session, actor: Actor, record_id: uuid.UUID) -> bool:
    """Whether this account handed in the record for its author: then somebody else verifies it."""
    return (
        session.exec(
            select(JournalEntry.id).where(
                JournalEntry.subject == "record",
                JournalEntry.subject_id == str(record_id),
                JournalEntry.act == "hand_in",
                JournalEntry.account_id == actor.id,
            )
        ).first()
        is not None
    )
