"""The chain of the journal: one number after the other whoever writes at once, from older databases, copied outside."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import insert, text
from sqlmodel import select

from data_model.core import journal
from data_model.core.database import Database
from data_model.core.flaws import Flaw, Wrong
from data_model.core.tables import JournalEntry, JournalSeal
from data_model.periods.periods import Period
from data_model.records import writing
from data_model.snapshots import freezing, proving
from tests.conftest import ON_SQLITE, PHO_VINH, Town


def _note(town: Town, count: int = 1) -> None:
    with town.writing() as session:
        for number in range(count):
            journal.note(session, town.people.leader, "rename", "account", number)


def _numbers(town: Town) -> list[int]:
    with town.reading() as session:
        return list(session.exec(select(JournalSeal.number).order_by(JournalSeal.number)))


def _found(town: Town):
    with town.reading() as session:
        return proving.verify_everything(session, town.people.administrator)


def test_every_entry_has_its_seal_and_the_head_is_the_last(town):
    before = _numbers(town)
    _note(town)
    _note(town, 3)
    found = _found(town)
    assert _numbers(town) == [*range(1, len(before) + 5)] and found.intact
    with town.reading() as session:
        assert journal.head(session) == found.head == replace(found.head, number=len(before) + 4)


def test_an_empty_journal_is_intact(database):
    with database.reading() as session:
        assert journal.head(session) == journal.JournalHead(0, "")
        assert proving.chain_flaws(session) == (journal.JournalHead(0, ""), [])


def test_what_is_taken_back_leaves_no_gap(town):
    before = _numbers(town)
    with pytest.raises(ZeroDivisionError), town.writing() as session:
        journal.note(session, town.people.leader, "rename", "account", 1)
        session.flush()
        raise ZeroDivisionError
    with town.writing() as session:
        journal.note(session, town.people.leader, "rename", "account", 2)
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            journal.note(session, town.people.leader, "rename", "account", 3)
            session.flush()
            raise ZeroDivisionError
        with session.begin_nested():
            journal.note(session, town.people.leader, "rename", "account", 4)
    assert len(_numbers(town)) == len(before) + 2 and _found(town).intact


def test_what_changes_in_memory_after_it_was_written_is_not_sealed(town):
    told = {"name": "cũ"}
    with town.writing() as session:
        journal.note(session, town.people.leader, "rename", "account", 1, told)
        session.flush()
        told["name"] = "mới"
    assert _found(town).intact


def test_several_writers_at_once_make_one_chain(town, dialogue):
    """Records, entries and a freeze, which sees one moment only, at the same time."""
    before, writers, each = len(_numbers(town)), 6, 8
    start = Barrier(writers + 1)

    def write(writer: int) -> None:
        start.wait()
        for number in range(each):
            if number % 2:
                with town.writing() as session:
                    writing.send(session, town.people.supervisor, entries[writer][number])
            else:
                _note(town, 2)

    def freeze() -> None:
        start.wait()
        for period in (Period.Q1, Period.Q2, Period.Q3):
            with town.database.writing(one_moment=True) as session:
                freezing.freeze(session, town.people.officer, plan_id, period)

    plan_id, sample = town.plan().id, town.entry("DP-11", PHO_VINH, dialogue())
    entries = [[replace(sample, id=uuid.uuid4(), answers=dialogue()) for _ in range(each)] for _ in range(writers)]
    with ThreadPoolExecutor(writers + 1) as pool:
        done = [pool.submit(write, writer) for writer in range(writers)] + [pool.submit(freeze)]
        for one in done:
            one.result()
    assert _numbers(town) == [*range(1, before + writers * (each + each // 2) + 3 + 1)]
    assert _found(town).intact


def test_an_entry_past_the_program_is_named(town):
    with town.writing() as session:
        session.execute(
            insert(JournalEntry.__table__),
            [
                {
                    "at": datetime.now(UTC),
                    "account_id": None,
                    "door": "page",
                    "act": "x",
                    "subject": "account",
                    "subject_id": "1",
                    "before": None,
                    "after": None,
                }
            ],
        )
        last = session.exec(select(JournalEntry.id).order_by(JournalEntry.id.desc())).first()
    assert _found(town).flaws == (Flaw(Wrong.ENTRY_UNSEALED, last),)


@ON_SQLITE
def test_the_end_of_the_journal_cut_off_is_found_by_the_copy_outside(town, tmp_path, monkeypatch):
    copy = tmp_path / "heads.txt"
    monkeypatch.setenv("SO_GIAM_SAT_JOURNAL_COPY", str(copy))
    for _ in range(3):
        _note(town)
    with town.reading() as session:
        head = journal.head(session)
    lines = copy.read_text().splitlines()
    assert (
        len(lines) == 3 and lines[-1].split()[:2] == [str(head.number), head.hash] and copy.stat().st_mode & 0o077 == 0
    )
    assert _found(town).intact
    with town.writing() as session:
        for name in ("journal_seal_never_deleted", "journal_never_delete"):
            session.execute(text(f"DROP TRIGGER {name}"))
        session.execute(text(f"DELETE FROM journal_seal WHERE number >= {head.number - 1}"))
        session.execute(text("DELETE FROM journal WHERE id NOT IN (SELECT entry_id FROM journal_seal)"))
    assert Flaw(Wrong.NUMBERS_MISSING, head.number - 1, head.number) in _found(town).flaws
    copy.write_bytes(copy.read_bytes() + b"\xff\xfe\n\n12\n999999999999999999999 x\n")
    assert {flaw.number for flaw in _found(town).flaws if flaw.wrong is Wrong.COPY_DAMAGED} == {4, 5, 6, 7}
    copy.unlink()
    assert Flaw(Wrong.COPY_DAMAGED, 0) in _found(town).flaws


@ON_SQLITE
def test_a_copy_that_cannot_be_written_stops_nobody_and_is_logged(town, tmp_path, monkeypatch, caplog):
    monkeypatch.setenv("SO_GIAM_SAT_JOURNAL_COPY", str(tmp_path / "nowhere" / "heads"))
    before = len(_numbers(town))
    _note(town)
    assert len(_numbers(town)) == before + 1 and f"number {before + 1}, could not be copied" in caplog.text


@ON_SQLITE
def test_the_log_takes_the_head_where_it_is_asked_to(town, monkeypatch, capsys):
    monkeypatch.setenv("SO_GIAM_SAT_JOURNAL_COPY", "log")
    _note(town)
    with town.reading() as session:
        head = journal.head(session)
    assert f"journal {head.number} {head.hash} " in capsys.readouterr().err


def _migrate(database: Database, to: str) -> None:
    with database._writer.connect() as connection:
        config = Config()
        config.set_main_option("script_location", "data_model/migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, to)


BEFORE_SEALS = "0007"
OLD_ENTRIES = 12_000


def test_an_older_journal_and_its_snapshots_are_sealed_by_the_migration(workshop):
    name = f"old{uuid.uuid4().hex[:8]}"
    workshop.store.create(name)
    database = Database(workshop.store.url(name))
    _migrate(database, BEFORE_SEALS)
    at = datetime(2024, 1, 1, tzinfo=UTC)
    moment = {"sqlite": "'2024-10-01 02:03:04.000005'", "postgresql": "'2024-10-01 02:03:04.000005+00'"}[
        workshop.dialect
    ]
    with database.writing() as session:
        session.execute(
            text("INSERT INTO account (id, name, display_name, role, language) VALUES (1, 'x', 'X', 'leader', 'vi')")
        )
        session.execute(text("INSERT INTO unit (id, code, name, kind, place) VALUES (1, '1', 'X', 'xã', 'x')"))
        columns = list(session.execute(text("SELECT * FROM plan")).keys())
        known = {"id": 1, "code": "x", "owner_unit_id": 1, "year": 2024, "quarter_rule": "calendar"}
        session.execute(
            text(f"INSERT INTO plan ({', '.join(columns)}) VALUES ({', '.join(f':{one}' for one in columns)})"),
            {one: known.get(one, _some(session, workshop.dialect, "plan", one)) for one in columns},
        )
        session.execute(
            text(
                "INSERT INTO snapshot (id, plan_id, period, starts_on, ends_on, version, content_hash, cut_off,"
                " made_by, made_at, status, row_version, texts, reason) VALUES (1, 1, 'q3', '2024-07-01',"
                f" '2024-09-30', 1, 'abc', {moment}, 1, {moment}, 'draft', 4, '{{}}', '')"
            )
        )
        session.execute(
            insert(JournalEntry.__table__),
            [
                {
                    "at": at + timedelta(minutes=number),
                    "account_id": 1,
                    "door": "page",
                    "act": "rename",
                    "subject": "account",
                    "subject_id": str(number),
                    "before": {"name": "x" * 50, "n": number / 7},
                    "after": None,
                }
                for number in range(OLD_ENTRIES)
            ],
        )
    database.migrate()
    with database.reading() as session:
        head, flaws = proving.chain_flaws(session)
        assert head.number == OLD_ENTRIES + 1 and flaws == []
        step = session.execute(text("SELECT number, act FROM snapshot_step")).one()
        assert tuple(step) == (4, "snapshot_taken_over")
        assert session.exec(select(JournalEntry.act).order_by(JournalEntry.id.desc())).first() == "snapshot_taken_over"
    with database.writing() as session:
        journal.note(session, None, "rename", "account", 1)
    with database.reading() as session:
        assert proving.chain_flaws(session)[0].number == OLD_ENTRIES + 2
    database.close()
    workshop.store.drop(name)


def _some(session, dialect: str, table: str, column: str):
    """Something that a column takes, for rows of which only the place matters."""
    kind = session.execute(
        text(
            f"SELECT lower(type) FROM pragma_table_info('{table}') WHERE name = '{column}'"
            if dialect == "sqlite"
            else (
                f"SELECT data_type FROM information_schema.columns WHERE table_name = '{table}' AND column_name ="
                f" '{column}'"
            )
        )
    ).scalar_one()
    if "char" in kind or "text" in kind:
        return "x"
    if "json" in kind:
        return "[]"
    return "2024-01-01" if "date" in kind else False if "bool" in kind else 1
