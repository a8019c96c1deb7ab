"""Seals of snapshots: the database refuses to alter what is sealed, and what was altered by force is found and named.

The tests go over the tables' own columns, so that a new column is tried by itself.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import JSON, Column, Date, DateTime, Integer, LargeBinary, text
from sqlalchemy.exc import DatabaseError
from sqlmodel import select

from data_model.core import canonical
from data_model.core.database import Database
from data_model.core.flaws import Flaw, Wrong
from data_model.core.journal import JournalHead, seal_over
from data_model.core.problems import Refused, Say
from data_model.core.stored_rows import chained, plain_row, raw_columns, read_row
from data_model.core.tables import JournalEntry, JournalSeal
from data_model.periods.periods import Period
from data_model.periods.tables import Snapshot, SnapshotBody, SnapshotStep
from data_model.snapshots import approval, freezing, proving, reading
from data_model.snapshots.approval import Step
from data_model.snapshots.reading import Texts
from tests.conftest import ON_SQLITE, People, Town, employ

TABLES = {
    model.__table__.name: model.__table__ for model in (Snapshot, SnapshotBody, SnapshotStep, JournalEntry, JournalSeal)
}
COLUMNS = [column for table in TABLES.values() for column in table.columns]
OF_ROWS = {
    "snapshot": Wrong.SNAPSHOT_ALTERED,
    "snapshot_body": Wrong.CONTENT_ALTERED,
    "snapshot_step": Wrong.STEP_ALTERED,
    "journal": Wrong.ENTRY_ALTERED,
    "journal_seal": Wrong.ENTRY_ALTERED,
}


@dataclass(frozen=True)
class Issued:
    """Quarter III in two versions, the second issued, and the numbers of rows that tests alter."""

    former: int
    latest: int
    entry: int
    seal: int


@pytest.fixture
def town(workshop, today) -> Iterator[Town]:
    """Đức Phổ with quarter III issued twice; made once, as most tests here alter it."""
    database, (people, _issued) = workshop.fresh("issued_twice", _issue_twice)
    yield Town(database, people, workshop.dialect)
    workshop.throw_away(database)


@pytest.fixture
def issued(workshop, town) -> Issued:
    return workshop.templates[workshop.dialect, "issued_twice"].gave[1]


@pytest.fixture
def frozen(town) -> reading.Head:
    """A draft of quarter II."""
    return _freeze(town, Period.Q2)


def _issue_twice(database: Database) -> tuple[People, Issued]:
    town = Town(database, employ(database), database.engine.dialect.name)
    first = _issue(town, _freeze(town, Period.Q3))
    second = _issue(town, _freeze(town, Period.Q3, "Bản ghi đến muộn"))
    with town.reading() as session:
        entry = session.exec(
            select(JournalEntry.id).where(
                JournalEntry.act == "snapshot_approve", JournalEntry.subject_id == str(second.id)
            )
        ).one()
        seal = session.exec(select(JournalSeal.number).where(JournalSeal.entry_id == entry)).one()
    return town.people, Issued(first.id, second.id, entry, seal)


def _freeze(town: Town, period: Period, reason: str = "") -> reading.Head:
    with town.database.writing(one_moment=True) as session:
        return freezing.freeze(session, town.people.officer, town.plan().id, period, reason)


def _issue(town, head):
    with town.writing() as session:
        head = approval.save_texts(
            session, town.people.officer, head.id, Texts("Mưa lũ", number="12"), head.row_version
        )
        head = approval.take(session, town.people.officer, head.id, Step.SUBMIT, head.row_version)
        for step in (Step.APPROVE, Step.ISSUE):
            head = approval.take(session, town.people.leader, head.id, step, head.row_version)
    return head


def _force(town: Town, *acts: str, **values) -> None:
    """Do what whoever has the database in hand can do: without its guards, its keys and its constraints."""
    with town.database.engine.execution_options(writes=True).connect() as connection:
        if town.dialect == "sqlite":
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            for name in (
                connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
            ):
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        for act in acts:
            connection.execute(text(act), {name: value for name, value in values.items() if f":{name}" in act})
        connection.commit()
        if town.dialect == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        else:
            connection.exec_driver_sql("SET session_replication_role = DEFAULT")
            connection.commit()


def _flaws(town, snapshot_id=None) -> set[Flaw]:
    """What a check finds, of one snapshot or of everything, without the guards that the test itself took away."""
    with town.reading() as session:
        found = (
            proving.verify_everything(session, town.people.administrator)
            if snapshot_id is None
            else proving.verify(session, town.people.leader, snapshot_id)
        )
    assert found.intact == (not found.flaws)
    return {flaw for flaw in found.flaws if flaw.wrong is not Wrong.GUARD_MISSING}


def _where(town, column: Column, issued: Issued) -> str:
    return {
        "snapshot": f"id = {issued.latest}",
        "snapshot_body": f"snapshot_id = {issued.latest}",
        "snapshot_step": f"snapshot_id = {issued.latest} AND number = 3",
        "journal": f"id = {issued.entry}",
        "journal_seal": f"number = {issued.seal}",
    }[column.table.name]


def _other(town, column: Column, where: str):
    """Another value that the column can hold, as the database takes it."""
    kind = (
        column.type.impl
        if hasattr(column.type, "impl") and not isinstance(column.type, JSON | LargeBinary)
        else column.type
    )
    with town.reading() as session:
        query = (
            select(*raw_columns(column.table, town.dialect, [column.name])).select_from(column.table).where(text(where))
        )
        kept = read_row(column.table, session.execute(query).mappings().one())[column.name]
    if isinstance(kind, Integer):
        return (kept or 0) + 1_000
    if isinstance(kind, DateTime):
        return "2024-10-15 03:33:33.000000" + ("" if town.dialect == "sqlite" else "+00")
    if isinstance(kind, Date):
        return "2024-07-02"
    if isinstance(kind, JSON):
        return json.dumps((kept or {}) | {"difficulties": "khác"})
    if isinstance(kind, LargeBinary):
        return kept.replace(b"DP-11", b"DP-12", 1)
    return f"x{(kept or '')[1:]}"


def _set(town, column: Column) -> str:
    cast = {"sqlite": ":value"}.get(
        town.dialect, f"CAST(:value AS {'json' if isinstance(column.type, JSON) else _type(column)})"
    )
    return f"UPDATE {column.table.name} SET {column.name} = {cast}"


def _type(column: Column) -> str:
    kind = getattr(column.type, "impl", column.type)
    for known, name in ((Integer, "integer"), (DateTime, "timestamptz"), (Date, "date"), (LargeBinary, "bytea")):
        if isinstance(kind, known):
            return name
    return "text"


@pytest.mark.parametrize("column", COLUMNS, ids=str)
def test_the_database_refuses_to_alter_any_column(town, issued, column):
    where = _where(town, column, issued)
    with pytest.raises(DatabaseError, match="never altered"), town.writing() as session:
        session.execute(text(f"{_set(town, column)} WHERE {where}"), {"value": _other(town, column, where)})
    assert _flaws(town) == set()


@pytest.mark.parametrize("column", COLUMNS, ids=str)
def test_a_column_that_was_altered_by_force_is_named(town, issued, column):
    assert _flaws(town) == _flaws(town, issued.latest) == set()
    where, name = _where(town, column, issued), column.table.name
    _force(town, f"{_set(town, column)} WHERE {where}", value=_other(town, column, where))
    everything, one = _flaws(town), set() if (name, column.name) == ("snapshot", "id") else _flaws(town, issued.latest)
    if column.primary_key or column.name == "entry_id":
        # The row is another's now: its own is missing.
        missing = {
            "snapshot": Wrong.SNAPSHOT_MISSING,
            "snapshot_body": Wrong.CONTENT_MISSING,
            "snapshot_step": Wrong.STEP_MISSING,
            "journal": Wrong.ENTRY_MISSING,
            "journal_seal": Wrong.ENTRY_MISSING if column.name == "entry_id" else Wrong.NUMBERS_MISSING,
        }
        assert missing[name] in {flaw.wrong for flaw in everything}
        return
    if name == "snapshot":
        assert {flaw.columns for flaw in everything if flaw.wrong is Wrong.SNAPSHOT_ALTERED} == {(column.name,)}
    number = {"snapshot_step": 3, "journal": issued.seal, "journal_seal": issued.seal}.get(name)
    for found in (everything, one):
        assert any(
            flaw.wrong is OF_ROWS[name] and number in (None, flaw.number) and flaw.snapshot in (None, issued.latest)
            for flaw in found
        )


@pytest.mark.parametrize("table", TABLES)
def test_a_row_can_be_neither_deleted_nor_replaced(town, issued, table):
    acts = [f"DELETE FROM {table}"]
    acts += (
        [f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}", f"REPLACE INTO {table} SELECT * FROM {table} LIMIT 1"]
        if town.dialect == "sqlite"
        else [f"TRUNCATE {table} CASCADE"]
    )
    for act in acts:
        with pytest.raises(DatabaseError, match="never altered"), town.writing() as session:
            session.execute(text(act))
    assert _flaws(town) == set()


def test_a_snapshot_changes_by_its_steps_alone(town, frozen):
    for act in (
        f"UPDATE snapshot SET status = 'issued' WHERE id = {frozen.id}",
        f"UPDATE snapshot SET status = 'submitted', row_version = 2 WHERE id = {frozen.id}",
        f"UPDATE snapshot SET row_version = 2, texts = '{{}}' WHERE id = {frozen.id}",
        (
            "INSERT INTO snapshot_step SELECT snapshot_id, 2, 'snapshot_issue', account_id, at, state, hash FROM"
            f" snapshot_step WHERE snapshot_id = {frozen.id};UPDATE snapshot SET status = 'issued', row_version = 2"
            f" WHERE id = {frozen.id}"
        ),
        (
            "INSERT INTO snapshot_step SELECT snapshot_id, 2, 'snapshot_texts', account_id, at, state, hash FROM"
            f" snapshot_step WHERE snapshot_id = {frozen.id};UPDATE snapshot SET issued_by = 1, row_version = 2 WHERE"
            f" id = {frozen.id}"
        ),
    ):
        with pytest.raises(DatabaseError, match="never altered"), town.writing() as session:
            for one in act.split(";"):
                session.execute(text(one))
    assert _flaws(town) == set()


@pytest.mark.parametrize("table", ["snapshot", "snapshot_body", "snapshot_step", "journal", "journal_seal"])
def test_a_deleted_row_is_missed(town, issued, table):
    where = {"snapshot_step": f"snapshot_id = {issued.latest} AND number = 3"}.get(table) or _where(
        town, TABLES[table].columns[0], issued
    )
    _force(town, f"DELETE FROM {table} WHERE {where}")
    expected = {
        "snapshot": Flaw(Wrong.SNAPSHOT_MISSING, snapshot=issued.latest),
        "snapshot_body": Flaw(Wrong.CONTENT_MISSING, snapshot=issued.latest),
        "snapshot_step": Flaw(Wrong.STEP_MISSING, 3, 3, snapshot=issued.latest),
        "journal": Flaw(Wrong.ENTRY_MISSING, issued.seal),
        "journal_seal": Flaw(Wrong.NUMBERS_MISSING, issued.seal, issued.seal),
    }
    assert expected[table] in _flaws(town)


def test_a_snapshot_deleted_whole_is_missed_by_the_numbers(town, issued):
    with town.reading() as session:
        about = (JournalEntry.subject == "snapshot", JournalEntry.subject_id == str(issued.former))
        numbers = list(
            session.exec(
                select(JournalSeal.number).join(JournalEntry, JournalEntry.id == JournalSeal.entry_id).where(*about)
            )
        )
    gone = f"(SELECT id FROM journal WHERE subject = 'snapshot' AND subject_id = '{issued.former}')"
    _force(
        town,
        *(
            f"DELETE FROM {table} WHERE {key} = {issued.former}"
            for table, key in (("snapshot_step", "snapshot_id"), ("snapshot_body", "snapshot_id"), ("snapshot", "id"))
        ),
        f"DELETE FROM journal_seal WHERE entry_id IN {gone}",
        f"DELETE FROM journal WHERE id IN {gone}",
    )
    found = _flaws(town)
    assert Flaw(Wrong.VERSION_MISSING, 1, 1, snapshot=issued.latest) in found
    missed = {
        number for flaw in found if flaw.wrong is Wrong.NUMBERS_MISSING for number in range(flaw.number, flaw.until + 1)
    }
    assert missed == set(numbers) and len(numbers) == 6


def test_two_versions_that_change_places_are_found(town, issued):
    _force(town, f"UPDATE snapshot SET status = CASE id WHEN {issued.former} THEN 'issued' ELSE 'superseded' END")
    assert {(flaw.snapshot, flaw.columns) for flaw in _flaws(town)} == {
        (issued.former, ("status",)),
        (issued.latest, ("status",)),
    }


def test_a_second_issued_version_is_found(town, issued):
    _force(town, "UPDATE snapshot SET status = 'issued'")
    assert {flaw.wrong for flaw in _flaws(town)} == {Wrong.SNAPSHOT_ALTERED, Wrong.TWO_ISSUED}


def _forge(town: Town, issued: Issued, until: int | None = None) -> None:
    """Other figures, with every seal made again: of the row, the steps, the journal's entries, and the chain up to
    `until`.
    """
    actor, dialect = town.people.leader, town.dialect
    with town.reading() as session:
        told = reading.content_bytes(session, actor, issued.latest).replace(b'"DP-11"', b'"DP-12"')
        seal = canonical.sha256(told)
        steps = [
            {**step.model_dump(), "state": step.state | {"content_hash": seal}}
            for step in session.exec(
                select(SnapshotStep).where(SnapshotStep.snapshot_id == issued.latest).order_by(SnapshotStep.number)
            )
        ]
        former, seals = "", {}
        for step in steps:
            seals[step["hash"]] = former = chained(former, plain_row(SnapshotStep.__table__, step | {"hash": None}))
            step["hash"] = former
        entries = {
            entry.id: entry.after
            for entry in session.exec(
                select(JournalEntry).where(
                    JournalEntry.subject == "snapshot", JournalEntry.subject_id == str(issued.latest)
                )
            )
        }
        rows = [
            read_row(JournalEntry.__table__, raw)
            for raw in session.execute(
                select(*raw_columns(JournalEntry.__table__, dialect))
                .select_from(JournalEntry)
                .join(JournalSeal, JournalSeal.entry_id == JournalEntry.id)
                .order_by(JournalSeal.number)
            ).mappings()
        ]
    entries = {
        key: after | {"seal": seals[after["seal"]]} | ({"content_hash": seal} if "content_hash" in after else {})
        for key, after in entries.items()
    }
    head, hashes = JournalHead(0, ""), {}
    for row in rows:
        head = seal_over(head, row | {"after": entries.get(row["id"], row["after"])})
        hashes[head.number] = head.hash
    # The first step's state is a draft's; only its figures are others.
    _force(
        town,
        f"UPDATE snapshot_body SET content = :content WHERE snapshot_id = {issued.latest}",
        f"UPDATE snapshot SET content_hash = :seal WHERE id = {issued.latest}",
        content=told,
        seal=seal,
    )
    json_value = "CAST(:value AS json)" if dialect == "postgresql" else ":value"
    for step in steps:
        _force(
            town,
            f"UPDATE snapshot_step SET state = {json_value}, hash = :hash WHERE snapshot_id = {issued.latest} AND"
            f" number = {step['number']}",
            value=json.dumps(step["state"]),
            hash=step["hash"],
        )
    for key, after in entries.items():
        _force(town, f"UPDATE journal SET after = {json_value} WHERE id = {key}", value=json.dumps(after))
    for number, digest in hashes.items():
        if until is None or number <= until:
            _force(town, f"UPDATE journal_seal SET hash = :hash WHERE number = {number}", hash=digest)


def test_figures_steps_and_journal_forged_together_are_found_by_the_chain(town, issued):
    _forge(town, issued, until=issued.seal)
    for found in (_flaws(town), _flaws(town, issued.latest)):
        assert {flaw.wrong for flaw in found} == {Wrong.ENTRY_ALTERED} and min(
            flaw.number for flaw in found
        ) == issued.seal + 1


@ON_SQLITE
def test_the_whole_chain_forged_is_found_by_the_copy_outside(town, tmp_path, monkeypatch):
    monkeypatch.setenv("SO_GIAM_SAT_JOURNAL_COPY", str(tmp_path / "heads"))
    head = _issue(town, _freeze(town, Period.Q2))
    issued = Issued(head.id, head.id, 0, 0)
    assert _flaws(town) == set()
    _forge(town, issued)
    assert {flaw.wrong for flaw in _flaws(town)} == {Wrong.COPY_DIFFERS}
    monkeypatch.delenv("SO_GIAM_SAT_JOURNAL_COPY")
    assert _flaws(town) == set(), "without a copy outside, nothing inside can tell"


def test_missing_guards_are_named(town):
    name = "snapshot_changes_by_steps"
    with town.reading() as session:
        assert proving.verify_everything(session, town.people.administrator).intact
    with town.writing() as session:
        session.execute(
            text(f"DROP TRIGGER {name}" if town.dialect == "sqlite" else f"ALTER TABLE snapshot DISABLE TRIGGER {name}")
        )
    with town.reading() as session:
        assert proving.verify_everything(session, town.people.administrator).flaws == (
            Flaw(Wrong.GUARD_MISSING, columns=(name,)),
        )


GARBAGE = {
    "sqlite": [
        "'{'",
        "X'ff00'",
        "CAST(X'ff' AS TEXT)",
        "'9999-99-99'",
        "-1",
        "9223372036854775807",
        "0.5",
        "''",
        "'" + "[" * 5_000 + "'",
        "'1' || char(0) || '2'",
    ],
    "postgresql": {
        Integer: ["-2147483648"],
        DateTime: ["'infinity'", "'0044-03-15 BC'", "'294276-01-01'"],
        Date: ["'-infinity'", "'0044-03-15 BC'", "'5874897-01-01'"],
        LargeBinary: ["''", "'\\x00ff'"],
        JSON: [
            "'5'",
            "'[]'",
            "'\"\\ud800\"'",
            '\'{"a": "\\u0000"}\'',
            "'1e999999'",
            "'{\"causes\": 5}'",
            "'" + "[" * 3_000 + "]" * 3_000 + "'",
            "'" + "9" * 5_000 + "'",
        ],
        object: ["''", "'x'"],
    },
}


def _garbage(town, column: Column) -> list[str]:
    if town.dialect == "sqlite":
        return GARBAGE["sqlite"]
    kind = getattr(column.type, "impl", column.type) if not isinstance(column.type, JSON | LargeBinary) else column.type
    return next(values for known, values in GARBAGE["postgresql"].items() if isinstance(kind, known))


@pytest.mark.parametrize("column", COLUMNS, ids=str)
def test_a_column_of_garbage_is_named_and_nothing_fails_at_it(town, issued, column):
    where = _where(town, column, issued)
    for value in _garbage(town, column):
        if (
            column.primary_key
            and town.dialect == "sqlite"
            and len(column.table.primary_key) == 1
            and value not in ("-1", "9223372036854775807")
        ):
            continue  # SQLite itself takes nothing but whole numbers there
        with town.reading() as session:
            kept = session.execute(text(f"SELECT 1 FROM {column.table.name} WHERE {where}")).one_or_none()
        if kept is None:
            break  # its key was altered by the value before
        _force(town, f"UPDATE {column.table.name} SET {column.name} = {value} WHERE {where}".replace(":", "\\:"))
        assert _flaws(town), value
        if not (column.table.name == "snapshot" and column.primary_key):
            assert _flaws(town, issued.latest) or (
                column.table.name == "journal" and column.name in ("subject", "subject_id")
            ), value


def test_what_cannot_be_read_is_named_as_damaged(town, issued):
    if town.dialect == "postgresql":
        _force(
            town,
            f"UPDATE journal SET at = 'infinity' WHERE id = {issued.entry}",
            f"UPDATE snapshot SET ends_on = 'infinity' WHERE id = {issued.latest}",
        )
        broken, columns = ("at",), ("ends_on",)
    else:
        _force(
            town,
            f"UPDATE journal SET after = '{{' WHERE id = {issued.entry}",
            f"UPDATE snapshot SET ends_on = 'hôm qua', texts = CAST(X'ff' AS TEXT) WHERE id = {issued.latest}",
        )
        broken, columns = ("after",), ("ends_on", "texts")
    found = _flaws(town)
    assert Flaw(Wrong.ENTRY_DAMAGED, issued.seal, columns=broken) in found
    assert Flaw(Wrong.SNAPSHOT_DAMAGED, snapshot=issued.latest, columns=columns) in found


def test_what_was_altered_is_not_printed(town, issued):
    with town.reading() as session:
        proving.require_intact(session, town.people.leader, issued.former)
    _force(town, f"UPDATE snapshot SET issued_at = made_at WHERE id = {issued.former}")
    with town.reading() as session:
        with pytest.raises(Refused) as caught:
            proving.require_intact(session, town.people.leader, issued.former)
        proving.require_intact(session, town.people.leader, issued.latest)
    assert [problem.say for problem in caught.value.problems] == [Say.SNAPSHOT_NOT_INTACT]


def test_time_and_door_of_an_entry_cannot_be_told_otherwise(town, issued):
    later = "datetime(at, '+1 day') || '.000000'" if town.dialect == "sqlite" else "at + interval '1 day'"
    _force(town, f"UPDATE journal SET at = {later}, door = 'outbox' WHERE id = {issued.entry}")
    assert _flaws(town) == {Flaw(Wrong.ENTRY_ALTERED, issued.seal)} == _flaws(town, issued.latest)


def test_a_moment_moved_by_a_millionth_is_found(town, issued):
    with town.reading() as session:
        when = session.get(Snapshot, issued.latest).approved_at + timedelta(microseconds=1)
    _force(
        town,
        f"UPDATE snapshot SET approved_at = :at WHERE id = {issued.latest}",
        at=when if town.dialect == "postgresql" else when.replace(tzinfo=None).isoformat(" ", "microseconds"),
    )
    assert _flaws(town) == {Flaw(Wrong.SNAPSHOT_ALTERED, snapshot=issued.latest, columns=("approved_at",))}
