"""The journal: who did what to which row, when, from which way in. The database refuses to alter its rows."""

from sqlmodel import Session, select

from data_model.core import clock
from data_model.core.access import Act, Actor
from data_model.core.tables import JournalEntry


def note(
    session: Session, actor: Actor | None, act: str, subject: str, subject_id: object,
    before: dict | None = None, after: dict | None = None, door: str = "page",
) -> None:
    """Write an entry in the caller's transaction. `actor` is None for the program itself (first start, loader)."""
    session.add(JournalEntry(
        at=clock.now(), account_id=actor.id if actor else None, door=door, act=act,
        subject=subject, subject_id=str(subject_id), before=before, after=after,
    ))


def history(session: Session, actor: Actor, subject: str, subject_id: object) -> list[JournalEntry]:
    """Entries of one row, oldest first. The caller has checked that `actor` may read the row itself."""
    if not actor.may(Act.READ_JOURNAL) and subject != "record":
        actor.require(Act.READ_JOURNAL)
    return list(session.exec(
        select(JournalEntry)
        .where(JournalEntry.subject == subject, JournalEntry.subject_id == str(subject_id))
        .order_by(JournalEntry.id)
    ))
