"""One database: its engine, its transactions, its migrations. SQLite by default, PostgreSQL by DATABASE_URL."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, DateTime, Engine, create_engine, event, text
from sqlalchemy.pool import QueuePool
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session, SQLModel

from data_model.core import settings

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcTime(TypeDecorator):
    """A moment in UTC. Refuses naive values; gives aware ones on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def columns(table: type[SQLModel]) -> Any:
    """`table` as a query names it: there its attributes are columns, which no type checker knows, not a row's values."""
    return table


# How long one waits for another's lock on the SQLite file.
WAIT_SECONDS = 30


def _keep_a_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Set a new file to WAL; SQLite does not wait for others by itself at this one step, so it is tried again."""
    until = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as busy:
            if busy.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
        time.sleep(0.02)


def open_database(url: str | None = None) -> Engine:
    """An engine on `url` (default: the settings' database). Every SQLite commit is on disk before it returns."""
    url = url or settings.database_url()
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, poolclass=QueuePool, connect_args={"check_same_thread": False, "timeout": WAIT_SECONDS})

    @event.listens_for(engine, "connect")
    def prepare(connection, _) -> None:
        # Transactions are begun by us (below), so that writers queue instead of failing half-way.
        connection.isolation_level = None
        _keep_a_write_ahead_log(connection)
        for pragma in ("synchronous=FULL", "foreign_keys=ON", "cache_size=-16000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def one_at_a_time(session: Session, what: str) -> None:
    """Wait until no other writing transaction does `what`, and keep others waiting until this one ends.

    For what rows cannot hold apart: counting tries before one is added, filling an empty database.
    """
    _one_at_a_time(session.connection(), what)


def _one_at_a_time(connection: Connection, what: str) -> None:
    # SQLite needs no more: a writing transaction there is the only one from its beginning.
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))"), {"what": f"so_giam_sat {what}"})


class Database:
    """The door to one database: `reading()` for questions, `writing()` for acts, all or nothing."""

    def __init__(self, url: str | None = None):
        self.engine = open_database(url)
        self._writer = self.engine.execution_options(writes=True)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one consistent moment and writes nothing. What it read can be used afterwards."""
        with Session(self.engine, autoflush=False) as session:
            yield session

    @contextmanager
    def writing(self, one_moment: bool = False) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back when anything is raised.

        With `one_moment` all that it reads is as of its beginning, on PostgreSQL too; SQLite's writer always is.
        """
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            if one_moment and session.get_bind().dialect.name == "postgresql":
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session

    def migrate(self) -> None:
        """Bring the tables to this version of the program. Of several processes that start at once, one does it."""
        with self._writer.connect() as connection:
            _one_at_a_time(connection, "migrate")
            config = Config()
            config.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def close(self) -> None:
        self.engine.dispose()
