"""A database that is locked, full, read-only, damaged or away says so in one word, keeps what it had, and answers again
afterwards.
"""

import os
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, text

from data_model.accounts.tables import Account
from data_model.core import database as ground
from data_model.core.database import Database
from data_model.core.problems import Say
from data_model.core.unavailable import Unavailable


def _add(database: Database, name: str = "x", wait: float = 0.3) -> None:
    with database.writing(wait=wait) as session:
        session.add(Account(name=name, display_name="X", role="leader"))


def _count(database: Database) -> int:
    with database.reading() as session:
        return session.execute(text("SELECT count(*) FROM account")).scalar_one()


def _why(database: Database, act=_add) -> Say:
    with pytest.raises(Unavailable) as caught:
        act(database)
    return caught.value.say


def _file(database: Database) -> Path:
    return Path(database.engine.url.database)


@pytest.fixture
def lock(database, workshop):
    """Another process's hold on what `_add` writes; a call lets go."""
    if workshop.dialect == "sqlite":
        other = sqlite3.connect(_file(database), isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        yield other.rollback
        other.close()
    else:
        engine = create_engine(database.engine.url)
        other = engine.connect()
        other.execute(text("LOCK TABLE account IN SHARE MODE"))
        yield other.rollback
        other.close()
        engine.dispose()


def test_while_it_is_locked_acts_are_refused_in_time_and_readers_do_not_wait(database, lock):
    with ThreadPoolExecutor(20) as pool:
        began = time.monotonic()
        acts = [pool.submit(_why, database) for _ in range(12)]
        read = [pool.submit(_count, database) for _ in range(8)]
        assert [each.result() for each in read] == [0] * 8
        assert time.monotonic() - began < 0.25, "a reader stood in the writers' queue"
        assert {each.result() for each in acts} == {Say.DATABASE_BUSY}
    lock()
    _add(database)
    assert _count(database) == 1


@pytest.mark.parametrize("workshop", ["sqlite"], indirect=True)
def test_more_than_can_wait_are_refused_at_once(database, lock, monkeypatch):
    monkeypatch.setattr(ground, "MOST_WAITING", 3)
    few = Database(str(database.engine.url))
    with ThreadPoolExecutor(12) as pool:
        took = list(pool.map(lambda _n: _seconds(lambda: _why(few, lambda d: _add(d, wait=1.5))), range(12)))
    assert sum(seconds < 0.5 for seconds in took) >= 12 - 3 - 2 and max(took) < 4
    lock()
    few.close()


def _seconds(act) -> float:
    began = time.monotonic()
    act()
    return time.monotonic() - began


@pytest.mark.parametrize("workshop", ["sqlite"], indirect=True)
def test_a_full_disk_takes_nothing_and_later_everything(database):
    most = {"pages": None}

    @event.listens_for(database.engine, "begin")
    def small(connection) -> None:
        raw = connection.connection.dbapi_connection
        raw.execute(f"PRAGMA max_page_count={most['pages'] or 2**30}")

    with database.reading() as session:
        most["pages"] = session.execute(text("PRAGMA page_count")).scalar_one()
    long = "x" * 100_000

    def many(d: Database) -> None:
        with d.writing() as session:
            session.add(Account(name="first", display_name="X", role="leader"))
            session.flush()
            session.add(Account(name="second", display_name="X", role="leader", password_hash=long))

    assert _why(database, many) is Say.DATABASE_FULL
    assert _count(database) == 0
    most["pages"] = None
    many(database)
    assert _count(database) == 2


def test_a_read_only_database_is_read(database, workshop):
    if workshop.dialect == "sqlite":
        shut = Database(f"sqlite:///file:{_file(database)}?mode=ro&uri=true")
        assert _why(shut) is Say.DATABASE_READ_ONLY and _count(shut) == 0
        shut.close()
    else:
        name = database.engine.url.database
        workshop.store._do(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        database.engine.dispose()
        assert _why(database) is Say.DATABASE_READ_ONLY and _count(database) == 0
        workshop.store._do(f"ALTER DATABASE {name} RESET default_transaction_read_only")
        database.engine.dispose()
        _add(database)


@pytest.mark.parametrize("workshop", ["postgresql"], indirect=True)
def test_a_server_that_goes_and_comes_back_is_found_again(database, workshop):
    name = database.engine.url.database
    assert _count(database) == 0
    workshop.store._do(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    workshop.store._do(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    assert _why(database) is _why(database, _count) is Say.DATABASE_AWAY
    workshop.store._do(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    _add(database)
    assert _count(database) == 1


@pytest.mark.parametrize("workshop", ["postgresql"], indirect=True)
def test_a_server_that_goes_in_the_middle_of_an_act_leaves_nothing(database, workshop):
    def cut(d: Database) -> None:
        with d.writing() as session:
            session.add(Account(name="first", display_name="X", role="leader"))
            session.flush()
            workshop.store._do(
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{d.engine.url.database}'"
            )
            session.add(Account(name="second", display_name="X", role="leader"))

    assert _why(database, cut) is Say.DATABASE_AWAY
    assert _count(database) == 0


def test_a_server_that_is_not_there_is_away():
    nowhere = Database("postgresql+psycopg://nobody@127.0.0.1:9/none")
    assert _why(nowhere) is _why(nowhere, _count) is Say.DATABASE_AWAY


# --- the file of SQLite ----------------------------------------------------------------------


@pytest.fixture
def settled(workshop, plans):
    """The loaded database as one file, without its log, known to its `Database`."""
    workshop._settle(plans)
    assert _count(plans) == 0
    return plans


only_a_file = pytest.mark.parametrize("workshop", ["sqlite"], indirect=True)


@only_a_file
def test_a_file_that_went_away_is_not_made_anew(settled):
    path = _file(settled)
    hidden = path.with_suffix(".hidden")
    path.rename(hidden)
    assert _why(settled) is _why(settled, _count) is Say.DATABASE_AWAY
    assert not path.exists()
    hidden.rename(path)
    _add(settled)
    assert _count(settled) == 1


@only_a_file
def test_a_restored_copy_is_taken_up_without_a_restart(settled):
    path = _file(settled)
    copy = path.with_suffix(".copy")
    copy.write_bytes(path.read_bytes())
    _add(settled)
    settled.engine.dispose()
    os.replace(copy, path)
    for log in path.parent.glob(f"{path.name}-*"):
        log.unlink()
    assert _count(settled) == 0
    _add(settled, "y")
    with sqlite3.connect(path) as looking:
        assert looking.execute("SELECT name FROM account").fetchall() == [("y",)]


def _cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 3 // 4096 * 4096)


def _flip(path: Path) -> None:
    with path.open("r+b") as file:
        for page in range(3, path.stat().st_size // 4096, 2):
            file.seek(page * 4096)
            file.write(bytes(255 - byte for byte in range(64)))


def _overwrite_head(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"not a database at all" * 20)


@only_a_file
@pytest.mark.parametrize("harm", [_cut, _flip, _overwrite_head])
def test_a_damaged_file_is_noticed_and_not_written(settled, harm, monkeypatch):
    monkeypatch.setattr(ground, "LOOK_AGAIN_SECONDS", 0.0)
    path = _file(settled)
    whole = path.read_bytes()
    settled.engine.dispose()
    harm(path)
    harmed = path.read_bytes()
    fresh = Database(str(settled.engine.url))  # as after a start
    try:
        assert fresh.complaints()
    except Unavailable as away:
        assert away.say is Say.DATABASE_DAMAGED

    def everything(d: Database) -> None:
        with d.reading() as session:
            for (table,) in session.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all():
                session.execute(text(f"SELECT * FROM {table}")).all()

    assert _why(settled, everything) is Say.DATABASE_DAMAGED
    for _ in range(2):
        assert _why(settled) is Say.DATABASE_DAMAGED
    settled.engine.dispose()
    assert path.read_bytes() == harmed, "something was written into a damaged file"
    path.write_bytes(whole)
    for log in path.parent.glob(f"{path.name}-*"):
        log.unlink()
    _add(settled)
    assert _count(settled) == 1
    fresh.close()


@only_a_file
def test_a_file_cut_under_the_running_app_is_noticed_before_anything_is_written(settled):
    settled.engine.dispose()
    _cut(_file(settled))
    harmed = _file(settled).read_bytes()
    assert _why(settled) is Say.DATABASE_DAMAGED
    settled.engine.dispose()
    assert _file(settled).read_bytes() == harmed


@only_a_file
def test_the_probe_tells_whether_it_can_be_written(database, lock):
    database.probe(writes=False)
    assert _why(database, Database.probe) is Say.DATABASE_BUSY
    lock()
    database.probe()
