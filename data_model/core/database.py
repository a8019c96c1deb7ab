"""One database: its engine, its transactions, its migrations. SQLite by default, PostgreSQL by DATABASE_URL."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

import psycopg
from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Connection, DateTime, Dialect, Engine, Row, Table, create_engine, event, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import QueuePool
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session, SQLModel

from data_model.core import settings
from data_model.core.problems import Say
from data_model.core.unavailable import OF_DAMAGE, Unavailable, reason

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class WrongAddress(ValueError):
    """The settings name no database that can be opened."""


class NewerDatabase(Exception):
    """A newer version of the program made this database."""


class OtherDatabase(Exception):
    """The database holds something else, or tables are missing. The text is the database's own, in one line."""


@contextmanager
def told_apart() -> Iterator[None]:
    """At a start: raises NewerDatabase or OtherDatabase where what stands in the database is not what this version
    made.
    """
    try:
        yield
    except CommandError as unknown:
        raise NewerDatabase from unknown
    except SQLAlchemyError as error:
        raise OtherDatabase(str(error).partition("\n")[0]) from error


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC. Refuses naive values; gives aware ones on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def columns(table: type[SQLModel]) -> Any:
    """`table` as a query names it: there its attributes are columns, which no type checker knows, not a row's
    values.
    """
    return table


AnyRow: TypeAlias = Row[*tuple[Any, ...]]
"""A row that a query of several columns found; they go by their names."""


def table_of(model: type[SQLModel]) -> Table:
    """The table in which the rows of `model` stand."""
    table: Table = columns(model).__table__
    return table


WAIT_SECONDS = 6.0
"""So long a person's act waits for another's lock; then it is refused, to be tried again."""
START_WAIT_SECONDS = 60.0
"""So long a start waits: another process may be making the same tables."""
MOST_WAITING = 80
"""So many acts of this process wait for SQLite's one writer; more are refused at once, so that threads are left for
readers.
"""
LOOK_AGAIN_SECONDS = 10.0
"""A file found damaged is examined anew so often at most, when somebody wants to write."""


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


class _Turn:
    """SQLite has one writer. Those of this process wait for it here, in memory and without a connection."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting = threading.BoundedSemaphore(MOST_WAITING)
        self.left = WAIT_SECONDS
        """Seconds for which the one whose turn it is waits for other processes."""

    @contextmanager
    def taken(self, seconds: float) -> Iterator[None]:
        """This act's turn. Raises Unavailable when it does not come in time."""
        until = time.monotonic() + seconds
        if not self._waiting.acquire(blocking=False):
            raise Unavailable(Say.DATABASE_BUSY)
        try:
            if not self._lock.acquire(timeout=seconds):
                raise Unavailable(Say.DATABASE_BUSY)
        finally:
            self._waiting.release()
        try:
            self.left = max(0.1, until - time.monotonic())
            yield
        finally:
            self._lock.release()


def open_database(url: str | None = None, turn: _Turn | None = None) -> Engine:
    """An engine on `url` (default: the settings' database). Every SQLite commit is on disk before it returns.

    Its transactions write only where they are begun with the execution option `writes`.
    """
    url = url or settings.database_url()
    if not url.startswith("sqlite"):
        return _open_server(url)
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=10,
        max_overflow=40,
        pool_timeout=WAIT_SECONDS,
        connect_args={"check_same_thread": False, "timeout": WAIT_SECONDS},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        # Transactions are begun by us (below), so that writers queue instead of failing half-way.
        connection.isolation_level = None
        _keep_a_write_ahead_log(connection)
        for pragma in ("synchronous=FULL", "foreign_keys=ON", "cache_size=-16000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        pooled, driver = connection.connection, connection.connection.dbapi_connection
        assert driver is not None  # it is checked out
        # A reader that tried to write would queue with the writers.
        if pooled.info.get("writes") is not writes:
            driver.execute(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
            pooled.info["writes"] = writes
        if writes:
            driver.execute(f"PRAGMA busy_timeout={round(1000 * (turn.left if turn else WAIT_SECONDS))}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _open_server(url: str) -> Engine:
    """An engine on PostgreSQL, which says within seconds that the server is gone, and finds it again by itself."""
    engine = create_engine(
        url,
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=40,
        pool_timeout=WAIT_SECONDS,
        connect_args={
            "connect_timeout": 5,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 2,
            "tcp_user_timeout": 15_000,
        },
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: psycopg.Connection, _: object) -> None:
        connection.autocommit = True
        connection.execute(f"SET lock_timeout = {round(1000 * WAIT_SECONDS)}")
        connection.autocommit = False

    return engine


def one_at_a_time(session: Session, what: str) -> None:
    """Wait until no other writing transaction does `what`, and keep others waiting until this one ends.

    For what rows cannot hold apart: counting tries before one is added, filling an empty database.
    """
    _one_at_a_time(session.connection(), what)


def _one_at_a_time(connection: Connection, what: str) -> None:
    # SQLite needs no more: a writing transaction there is the only one from its beginning.
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))"), {"what": f"so_giam_sat {what}"}
        )


class _File:
    """The file of an SQLite database, watched from outside: gone, exchanged for another one, or damaged."""

    def __init__(self, path: Path):
        self.path = path
        self._known: tuple[int, int] | None = None
        self._size = 0
        self._looked_at = 0.0
        self.damaged = False

    def look(self) -> bool:
        """Whether it is still the file that was opened. Raises Unavailable when it is gone."""
        try:
            there = self.path.stat()
        except OSError:
            if self._known is None:
                return True  # a new one is made when it is opened
            raise Unavailable(Say.DATABASE_AWAY) from None
        same = self._known in (None, (there.st_dev, there.st_ino))
        if same and there.st_size < self._size:
            self.damaged = True  # cut, until it is examined
        self._known, self._size = (there.st_dev, there.st_ino), there.st_size
        return same

    def due(self) -> bool:
        """Whether a damaged file is to be examined again."""
        now = time.monotonic()
        if now - self._looked_at < LOOK_AGAIN_SECONDS:
            return False
        self._looked_at = now
        return True


class Database:
    """The way to one database: `reading()` for questions, `writing()` for acts, all or nothing.

    Both raise Unavailable while the database cannot be asked: locked, full, read-only, damaged or away. Nothing is
    remembered of it but damage: as soon as the database answers again, so does this. Raises WrongAddress when made of
    no address.
    """

    def __init__(self, url: str | None = None):
        turn = _Turn()
        try:
            self.engine = open_database(url, turn)
        except (ArgumentError, NoSuchModuleError, ImportError, ValueError) as wrong:
            raise WrongAddress from wrong
        embedded = self.engine.dialect.name == "sqlite"
        self._reader = self.engine if embedded else self.engine.execution_options(postgresql_readonly=True)
        self._writer = self.engine.execution_options(writes=True)
        path = self.engine.url.database if embedded else None
        self._turn = turn if embedded else None
        self._file = _File(Path(path)) if path and path != ":memory:" else None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one consistent moment and cannot write. What it read can be used afterwards."""
        with self._answering(writes=False), Session(self._reader, autoflush=False) as session:
            yield session

    @contextmanager
    def writing(self, one_moment: bool = False, wait: float | None = None) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back when anything is raised.

        With `one_moment` all that it reads is as of its beginning, on PostgreSQL too; SQLite's writer always is.
        It waits `wait` seconds (otherwise WAIT_SECONDS) at most for others.
        """
        with (
            self._answering(writes=True),
            self._in_turn(wait or WAIT_SECONDS),
            Session(self._writer, expire_on_commit=False) as session,
            session.begin(),
        ):
            if session.get_bind().dialect.name == "postgresql":
                if one_moment:
                    session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
                if wait:
                    session.execute(text(f"SET LOCAL lock_timeout = {round(1000 * wait)}"))
            yield session

    def starting(self) -> AbstractContextManager[Session]:
        """`writing` at the start of the app, which waits longer: another process may be doing the same."""
        return self.writing(wait=START_WAIT_SECONDS)

    def _in_turn(self, wait: float) -> AbstractContextManager[None]:
        return nullcontext() if self._turn is None else self._turn.taken(wait)

    @contextmanager
    def _answering(self, writes: bool) -> Iterator[None]:
        """Tells a database that does not answer from every other error."""
        try:
            if self._file is not None:
                if not self._file.look():
                    self.engine.dispose()  # a restored copy stands in its place
                if writes and self._file.damaged:
                    self._examine_again(self._file)
            yield
        except Unavailable as known:
            if self._file is not None and known.say in OF_DAMAGE:
                self._file.damaged = True
            raise
        except (SQLAlchemyError, sqlite3.Error, psycopg.Error) as error:
            why = reason(error)
            if why is None or (why is Say.DATABASE_READ_ONLY and not writes):
                raise  # a question that writes is a fault of ours
            if self._file is not None and why in (Say.DATABASE_DAMAGED, Say.DATABASE_AWAY):
                self._file.damaged |= why is Say.DATABASE_DAMAGED
                self.engine.dispose()
            raise Unavailable(why) from error

    def _examine_again(self, file: _File) -> None:
        """Raises Unavailable unless the file, found damaged before, is found sound now."""
        if not file.due() or self.complaints():
            raise Unavailable(Say.DATABASE_DAMAGED)
        file.damaged = False

    def complaints(self) -> list[str]:
        """What SQLite finds wrong with its file (PRAGMA quick_check); nothing for a sound one and for PostgreSQL, which
        checks itself.

        Reads the whole file. Raises Unavailable when even that cannot be done.
        """
        if self.engine.dialect.name != "sqlite":
            return []
        with self.reading() as session:
            found = [row[0] for row in session.execute(text("PRAGMA quick_check(5)"))]
        return [] if found == ["ok"] else found

    def probe(self, writes: bool = True) -> None:
        """Prove that the database answers and, with `writes`, that it takes something. Raises Unavailable."""
        if not writes:
            with self.reading() as session:
                session.execute(text("SELECT 1 FROM alembic_version"))
            return
        with self.writing(wait=1.0) as session:
            if self.engine.dialect.name == "postgresql":
                session.execute(text("SELECT pg_current_xact_id()"))  # written to its log at the commit
            else:
                kept = session.execute(text("PRAGMA user_version")).scalar_one()
                session.execute(text(f"PRAGMA user_version = {kept}"))

    def migrate(self) -> None:
        """Bring the tables to this version of the program. Of several processes that start at once, one does it."""
        with self._answering(writes=True), self._in_turn(START_WAIT_SECONDS), self._writer.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SET lock_timeout = {round(1000 * START_WAIT_SECONDS)}"))
            _one_at_a_time(connection, "migrate")
            config = Config()
            config.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def close(self) -> None:
        """Give every connection back; a later question opens new ones."""
        self.engine.dispose()
