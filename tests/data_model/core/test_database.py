"""The tables: migrations equal to the models on both databases, foreign keys, moments in UTC."""

import sqlite3
import threading
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlmodel import SQLModel

from data_model.accounts.tables import Account, SignIn
from data_model.core.database import Database
from data_model.units.tables import Unit
from data_model.units.units import unit_by_code


def test_the_migrations_make_exactly_the_tables_of_the_models(database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_migrating_again_does_no_harm(plans):
    plans.migrate()
    with plans.reading() as session:
        assert unit_by_code(session, "21439", date(2024, 1, 1)).name == "Nguyễn Nghiêm"


def test_what_refers_to_nothing_is_refused(database):
    with pytest.raises(IntegrityError), database.writing() as session:
        now = datetime.now(UTC)
        session.add(SignIn(token_digest="x", account_id=987_654, began_at=now, expires_at=now, device="", address=""))


def test_moments_are_utc_whatever_zone_they_came_in(database):
    noon = datetime(2024, 10, 15, 12, 0, tzinfo=timezone(timedelta(hours=7)))
    with database.writing() as session:
        session.add(Account(name="x", display_name="X", role="leader", last_sign_in=noon))
    with database.reading() as session:
        kept = session.exec(text("SELECT id FROM account")).scalar_one()
        assert session.get(Account, kept).last_sign_in == datetime(2024, 10, 15, 5, 0, tzinfo=UTC)


def test_a_moment_without_a_zone_is_refused(database):
    with pytest.raises(StatementError, match="time zone"), database.writing() as session:
        session.add(Account(name="x", display_name="X", role="leader", last_sign_in=datetime(2024, 10, 15)))


def test_a_reading_session_cannot_write(database):
    with pytest.raises(DBAPIError, match=r"read-?only"), database.reading() as session:
        session.add(Unit(code="1", name="X", kind="xã", place="x"))
        session.flush()
    with database.reading() as session:
        assert session.exec(text("SELECT count(*) FROM unit")).scalar_one() == 0


def test_a_code_is_a_unit_only_in_its_period(plans):
    with plans.reading() as session:
        assert unit_by_code(session, "21457", date(2025, 6, 30)).full_name == "xã Phổ Nhơn"
        assert unit_by_code(session, "21457", date(2025, 7, 1)).full_name == "xã Nguyễn Nghiêm"
        assert unit_by_code(session, "00000", date(2024, 1, 1)) is None


def test_a_new_file_that_somebody_else_is_writing_is_waited_for(tmp_path):
    file = tmp_path / "new.db"
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    ended = threading.Timer(0.3, other.rollback)
    ended.start()
    database = Database(f"sqlite:///{file}")
    with database.reading() as session:
        assert session.exec(text("PRAGMA journal_mode")).scalar_one() == "wal"
    assert not other.in_transaction, "it waited for the other's end"
    other.close()
    database.close()
