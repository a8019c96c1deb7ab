"""The journal: who did what to which row, when, by which channel. The database refuses to alter its rows.

Each entry is sealed when its act is committed: `JournalSeal` hashes it over the seal before, and the last seal, the
head, stands for every entry up to it. Printed on a report or copied outside, it shows later whether one was altered.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, event, insert, inspect
from sqlalchemy.orm import object_session
from sqlmodel import Session, select

from data_model.core import clock, journal_copy
from data_model.core.access import Act, Actor
from data_model.core.database import columns, one_at_a_time, table_of
from data_model.core.stored_rows import chained, plain_row
from data_model.core.tables import JournalEntry, JournalSeal

J, S = columns(JournalEntry), columns(JournalSeal)


@dataclass(frozen=True)
class JournalHead:
    """The last seal: its number and its hash (SHA-256, hexadecimal). Of an empty journal: 0 and ""."""

    number: int
    hash: str


def note(
    session: Session,
    actor: Actor | None,
    act: str,
    subject: str,
    subject_id: object,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    channel: str = "page",
) -> None:
    """Write an entry in the caller's transaction.

    `actor` is None for the program itself (first start, loader); `channel` is one of `journal.acts.CHANNELS`.
    """
    session.add(
        JournalEntry(
            at=clock.now(),
            account_id=actor.id if actor else None,
            channel=channel,
            act=act,
            subject=subject,
            subject_id=str(subject_id),
            before=before,
            after=after,
        )
    )


def history(session: Session, actor: Actor, subject: str, subject_id: object) -> list[JournalEntry]:
    """Entries of one row, oldest first. The caller has checked that `actor` may read the row itself."""
    if not actor.may(Act.READ_JOURNAL) and subject != "record":
        actor.require(Act.READ_JOURNAL)
    return list(
        session.exec(
            select(JournalEntry)
            .where(JournalEntry.subject == subject, JournalEntry.subject_id == str(subject_id))
            .order_by(J.id)
        )
    )


def head(session: Session) -> JournalHead:
    """The head as this session sees it."""
    return _head(session.connection())


def hash_at(session: Session, actor: Actor, number: int) -> str | None:
    """The hash of one seal, to be held against an older print; None where there is no such seal."""
    actor.require(Act.READ_JOURNAL)
    return session.exec(select(JournalSeal.hash).where(JournalSeal.number == number)).first()


def seal_over(former: JournalHead, entry: dict[str, Any]) -> JournalHead:
    """The seal that comes after `former`, of an entry in its plain form."""
    number = former.number + 1
    return JournalHead(number, chained(former.hash, {"number": number, "entry": entry}))


_ENTRIES, _HEAD = "entries without a seal", "head of the journal"
_LAST = select(S.number, S.hash).order_by(S.number.desc()).limit(1)


def _head(connection: Connection) -> JournalHead:
    found = connection.execute(_LAST).one_or_none()
    return JournalHead(*found) if found else JournalHead(0, "")


@event.listens_for(JournalEntry, "after_insert")
def _remember(_mapper: Any, _connection: Connection, entry: JournalEntry) -> None:
    """Keep what was just written: the objects in it may change before the commit."""
    session = object_session(entry)
    assert session is not None  # it was just written by one
    values = {prop.columns[0].name: getattr(entry, prop.key) for prop in inspect(JournalEntry).column_attrs}
    session.info.setdefault(_ENTRIES, []).append((entry, plain_row(table_of(JournalEntry), values)))


@event.listens_for(Session, "before_commit")
def _seal(session: Session) -> None:
    """Seal the transaction's entries, last of all: others wait for this lock no longer than the commit takes."""
    if session.in_nested_transaction():
        return
    session.flush()
    session.info.pop(_HEAD, None)
    # What a savepoint took back is no row any more.
    entries = [plain for entry, plain in session.info.pop(_ENTRIES, ()) if inspect(entry).persistent]
    if not entries:
        return
    one_at_a_time(session, "append to the journal")
    last, seals = _newest(session.connection()), []
    for entry in entries:
        last = seal_over(last, entry)
        seals.append({"number": last.number, "entry_id": entry["id"], "hash": last.hash})
    session.connection().execute(insert(table_of(JournalSeal)), seals)
    session.info[_HEAD] = last


def _newest(connection: Connection) -> JournalHead:
    """The head that was committed last. A transaction that sees one moment only must look with other eyes."""
    if connection.get_execution_options().get("isolation_level") == "REPEATABLE READ":
        with connection.engine.connect() as other:
            return _head(other)
    return _head(connection)


@event.listens_for(Session, "after_commit")
def _copy(session: Session) -> None:
    if (last := session.info.pop(_HEAD, None)) is not None:
        journal_copy.append(last.number, last.hash)
