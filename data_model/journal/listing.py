"""Reading the journal as a whole: by days, person, act and subject, page by page, each entry with what it is about."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, select

from data_model.accounts.tables import Account
from data_model.core.access import Act, Actor
from data_model.core.clock import VIETNAM, today
from data_model.core.database import AnyRow, columns
from data_model.core.problems import Say, refuse
from data_model.core.tables import JournalEntry
from data_model.journal.subjects import Named, name_subjects
from data_model.records.listing import visible
from data_model.records.tables import FieldRecord

J = columns(JournalEntry)
A, R = columns(Account), columns(FieldRecord)
PAGE = 50
CHUNK = 500
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2999, 12, 31)
Cursor = tuple[datetime, int]
"""After which entry a page begins: its moment and number."""


@dataclass(frozen=True)
class JournalFilter:
    """Which entries: from and until a day of Vietnam (both included), by whom, what was done, to what. None: all."""

    first: date
    last: date
    account_id: int | None = None
    subject: str | None = None
    act: str | None = None


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One entry as a list shows it. `who` is None for the program itself, `what` None where the thing has no name (any
    more).
    """

    id: int
    at: datetime
    who: str | None
    channel: str
    act: str
    subject: str
    subject_id: str
    what: Named | None

    @property
    def cursor(self) -> Cursor:
        """Where a page that follows this entry begins."""
        return self.at, self.id


@dataclass(frozen=True)
class Opened:
    """An entry with what was before and after. `hidden`: the draft of somebody else, which only its author reads."""

    row: JournalRow
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    hidden: bool
    kind: str | None


def entries(
    session: Session, actor: Actor, asked: JournalFilter, after: Cursor | None = None, limit: int = PAGE
) -> list[JournalRow]:
    """A page of entries, the latest first, with one more than `limit` where another page follows. Raises Refused."""
    return _rows(session, _found(session, _asked(actor, asked), after, limit + 1))


def open_entry(session: Session, actor: Actor, entry_id: int) -> Opened:
    """One entry. Raises Refused (NOT_FOUND) when there is none."""
    actor.require(Act.READ_JOURNAL)
    found = _found(session, J.id == entry_id, None, 1, J.before, J.after)
    if not found:
        raise refuse(Say.NOT_FOUND)
    return _opened(session, actor, found)[0]


def all_entries(session: Session, actor: Actor, asked: JournalFilter) -> Iterator[Opened]:
    """Every entry with its before and after, the latest first; read in pieces, so that a long journal takes little
    memory.
    """
    where, cursor = _asked(actor, asked), None
    while True:
        opened = _opened(session, actor, _found(session, where, cursor, CHUNK, J.before, J.after))
        yield from opened
        if len(opened) < CHUNK:
            return
        cursor = opened[-1].row.cursor


def latest_day(session: Session, actor: Actor) -> date:
    """The day of Vietnam of the newest entry; today where there is none."""
    actor.require(Act.READ_JOURNAL)
    newest = session.execute(select(J.at).order_by(J.at.desc()).limit(1)).scalar()
    return newest.astimezone(VIETNAM).date() if newest else today()


def people(session: Session, actor: Actor) -> dict[int, str]:
    """Everybody who may stand in the journal, by name."""
    actor.require(Act.READ_JOURNAL)
    return dict(session.execute(select(Account.id, Account.display_name).order_by(Account.display_name)).all())


_COLUMNS: tuple[Any, ...] = (J.id, J.at, A.display_name, J.channel, J.act, J.subject, J.subject_id)


def _found(
    session: Session, where: ColumnElement[bool], after: Cursor | None, limit: int, *more: Any
) -> Sequence[AnyRow]:
    if after is not None:
        # The first condition lets the index begin where the page does.
        where = and_(where, J.at <= after[0], or_(J.at < after[0], J.id < after[1]))
    query = select(*_COLUMNS, *more).outerjoin(Account, A.id == J.account_id).where(where)
    return session.execute(query.order_by(J.at.desc(), J.id.desc()).limit(limit)).all()


def _asked(actor: Actor, asked: JournalFilter) -> ColumnElement[bool]:
    actor.require(Act.READ_JOURNAL)
    # Before the first and after the last of these days there is no journal, and no calendar's end in the way.
    first, last = max(asked.first, FIRST_DAY), min(asked.last, LAST_DAY)
    where = [J.at >= _midnight(first), J.at < _midnight(last + timedelta(days=1))]
    where += [
        getattr(J, name) == value
        for name in ("account_id", "subject", "act")
        if (value := getattr(asked, name)) is not None
    ]
    return and_(*where)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), VIETNAM).astimezone(UTC)


def _rows(session: Session, found: Sequence[AnyRow]) -> list[JournalRow]:
    named = name_subjects(session, {(row.subject, row.subject_id) for row in found})
    return [
        JournalRow(number, at, who, channel, act, subject, subject_id, named.get((subject, subject_id)))
        for number, at, who, channel, act, subject, subject_id, *_more in found
    ]


def _opened(session: Session, actor: Actor, found: Sequence[AnyRow]) -> list[Opened]:
    rows = _rows(session, found)
    ids = {uuid.UUID(row.subject_id) for row in rows if row.subject == "record"}
    kinds = dict(session.execute(select(R.id, R.kind).where(R.id.in_(ids), visible(actor))).all())
    opened = []
    for row, (*_columns, before, after) in zip(rows, found, strict=True):
        kind = kinds.get(uuid.UUID(row.subject_id)) if row.subject == "record" else None
        hidden = row.subject == "record" and kind is None
        opened.append(Opened(row, None if hidden else before, None if hidden else after, hidden, kind))
    return opened
