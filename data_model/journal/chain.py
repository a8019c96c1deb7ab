"""The chain of the journal's seals, walked from its beginning: what was altered, taken out or put in by hand."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import RowMapping, Select
from sqlmodel import Session, select

from data_model.core import journal_copy
from data_model.core.database import columns, table_of
from data_model.core.flaws import Flaw, Wrong
from data_model.core.journal import JournalHead, seal_over
from data_model.core.stored_rows import damaged, label_of, raw_columns, read_row
from data_model.core.tables import JournalEntry, JournalSeal

J, JS = columns(JournalEntry), columns(JournalSeal)

ENTRIES, SEALS = table_of(JournalEntry), table_of(JournalSeal)
CHUNK = 5_000
MOST = 2**31 - 1
"""Numbers end here on PostgreSQL."""
NUMBER, HASH, ID = label_of(SEALS.c.number), label_of(SEALS.c.hash), label_of(ENTRIES.c.id)


def chain_flaws(session: Session) -> tuple[JournalHead, list[Flaw]]:
    """Every flaw of the journal, and the head up to which it was walked."""
    outside, flaws = _outside()
    former, otherwise = JournalHead(0, ""), []
    for raw in _sealed(session):
        number = raw[NUMBER]
        if number <= former.number:  # before the first
            flaws.append(Flaw(Wrong.ENTRY_ALTERED, number))
            continue
        if number > former.number + 1:
            flaws.append(Flaw(Wrong.NUMBERS_MISSING, former.number + 1, number - 1))
            flaws += _flaws_of(raw, None)
        else:
            flaws += _flaws_of(raw, former)
        former = JournalHead(number, _hash(raw))
        if outside.pop(number, former.hash) != former.hash:
            otherwise.append(number)
    if otherwise:
        flaws.append(Flaw(Wrong.COPY_DIFFERS, otherwise[0], otherwise[-1]))
    if beyond := [number for number in outside if number > former.number]:
        flaws.append(Flaw(Wrong.NUMBERS_MISSING, former.number + 1, max(beyond)))
    unsealed = select(J.id).outerjoin(JournalSeal, JS.entry_id == J.id).where(JS.number.is_(None))
    flaws += [Flaw(Wrong.ENTRY_UNSEALED, entry_id) for entry_id in session.exec(unsealed.order_by(J.id))]
    return former, flaws


def entry_flaws(session: Session, subject: str, subject_id: object) -> tuple[list[dict[str, Any]], list[Flaw]]:
    """The entries about one thing in the order of their seals, in plain form.

    And what is wrong with them, with their seals, and with the seals after.
    """
    about = (
        select(SEALS.c.number)
        .join(JournalEntry, J.id == SEALS.c.entry_id)
        .where(J.subject == subject, J.subject_id == str(subject_id))
    )
    found = list(session.exec(about.order_by(SEALS.c.number)))
    numbers = [number for number in found if 0 < number < MOST]
    flaws = [Flaw(Wrong.ENTRY_ALTERED, number) for number in found if number not in numbers]
    wanted = {number + step for number in numbers for step in (-1, 0, 1)}
    rows = {raw[NUMBER]: raw for raw in session.execute(_both(session).where(SEALS.c.number.in_(wanted))).mappings()}
    for number in sorted({number + step for number in numbers for step in (0, 1)}):
        if number not in rows:
            continue  # the seal after the last one
        before = rows.get(number - 1)
        former = JournalHead(number - 1, _hash(before) if before is not None else "")
        flaws += _flaws_of(rows[number], former if before is not None or number == 1 else None)
    unsealed = (
        select(J.id)
        .outerjoin(JournalSeal, JS.entry_id == J.id)
        .where(JS.number.is_(None), J.subject == subject, J.subject_id == str(subject_id))
    )
    flaws += [Flaw(Wrong.ENTRY_UNSEALED, entry_id) for entry_id in session.exec(unsealed)]
    return [read_row(ENTRIES, rows[number]) for number in numbers], flaws


def _flaws_of(raw: RowMapping, former: JournalHead | None) -> list[Flaw]:
    """What is wrong with one entry and its seal; without the seal before it, only what can be told of it alone."""
    number = raw[NUMBER]
    if raw[ID] is None:
        return [Flaw(Wrong.ENTRY_MISSING, number)]
    entry = read_row(ENTRIES, raw)
    if broken := damaged(entry):
        return [Flaw(Wrong.ENTRY_DAMAGED, number, columns=broken)]
    if former is not None and seal_over(former, entry).hash != _hash(raw):
        return [Flaw(Wrong.ENTRY_ALTERED, number)]
    return []


def _hash(raw: RowMapping) -> str:
    """The hash as it stands there, for hashing on, whatever it is."""
    return raw[HASH].decode(errors="replace") if isinstance(raw[HASH], bytes) else str(raw[HASH])


def _sealed(session: Session) -> Iterator[RowMapping]:
    last = None
    while True:
        query = _both(session).order_by(SEALS.c.number).limit(CHUNK)
        rows = session.execute(query if last is None else query.where(SEALS.c.number > last)).mappings().all()
        yield from rows
        if len(rows) < CHUNK:
            return
        last = rows[-1][NUMBER]


def _both(session: Session) -> Select[Any]:
    dialect = session.get_bind().dialect.name
    return select(*raw_columns(SEALS, dialect), *raw_columns(ENTRIES, dialect)).select_from(
        SEALS.outerjoin(ENTRIES, ENTRIES.c.id == SEALS.c.entry_id)
    )


def _outside() -> tuple[dict[int, str], list[Flaw]]:
    """The heads that were copied outside, and what cannot be read of them."""
    heads: dict[int, str] = {}
    flaws: list[Flaw] = []
    try:
        for line, copied in enumerate(journal_copy.copied(), 1):
            if copied is None:
                flaws.append(Flaw(Wrong.COPY_DAMAGED, line))
            elif heads.setdefault(*copied) != copied[1]:
                flaws.append(Flaw(Wrong.COPY_DIFFERS, copied[0]))
    except OSError:
        flaws.append(Flaw(Wrong.COPY_DAMAGED, 0))
    return heads, flaws
