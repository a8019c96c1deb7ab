"""A start that cannot succeed ends with one sentence that says what to do, and has written nothing."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import event, text

from dashboard.server import prepare as start
from dashboard.server.prepare import CannotStart, check_database, check_settings, prepare
from data_model.core import database as ground
from data_model.core.database import Database
from tests.browser.server import free_port

PROJECT = Path(__file__).resolve().parents[3]


def _why(act) -> str:
    with pytest.raises(CannotStart) as caught:
        act()
    said = str(caught.value)
    assert said.startswith("Không khởi động được (") and " / Cannot start: " in said and "\n" not in said
    return said


@pytest.fixture
def file(tmp_path) -> Path:
    """A database that was opened before."""
    made = Database(f"sqlite:///{tmp_path / 'so.db'}")
    prepare(made)
    with made.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    made.close()
    return tmp_path / "so.db"


def _open(path: Path) -> Database:
    return Database(f"sqlite:///{path}")


def _cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2 // 4096 * 4096)


def _flip(path: Path) -> None:
    with path.open("r+b") as file:
        for page in range(5, path.stat().st_size // 4096, 3):
            file.seek(page * 4096)
            file.write(b"\xff" * 40)


def _garbage(path: Path) -> None:
    path.write_bytes(os.urandom(50_000))


@pytest.mark.parametrize("harm", [_cut, _flip, _garbage])
def test_a_damaged_database_is_not_touched(file, harm):
    harm(file)
    before = file.read_bytes()
    database = _open(file)
    assert "bị hỏng" in _why(lambda: prepare(database))
    database.close()
    assert file.read_bytes() == before


def test_a_locked_database_is_waited_for_and_then_named(file, monkeypatch):
    monkeypatch.setattr(ground, "START_WAIT_SECONDS", 0.3)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert "đang bị chương trình khác khoá" in _why(lambda: prepare(_open(file)))
    other.rollback()
    other.close()
    assert prepare(_open(file)).startswith("/link/")


def test_a_full_disk_is_named(tmp_path):
    full = _open(tmp_path / "new.db")

    @event.listens_for(full.engine, "begin")
    def small(connection) -> None:
        connection.connection.dbapi_connection.execute("PRAGMA max_page_count=40")

    assert "đã đầy" in _why(lambda: prepare(full))


def test_a_read_only_database_is_named(file):
    with _open(file).writing() as session:
        session.execute(text("DELETE FROM one_time_link"))
    shut = Database(f"sqlite:///file:{file}?mode=ro&uri=true")
    assert "không ghi được" in _why(lambda: prepare(shut))


def test_a_server_that_is_not_there_is_named_without_its_password():
    said = _why(lambda: prepare(Database("postgresql+psycopg://so:bi-mat@127.0.0.1:9/none")))
    assert "không kết nối được" in said and "bi-mat" not in said


def test_a_newer_database_is_left_to_its_own_program(file):
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "phiên bản mới hơn" in _why(lambda: prepare(_open(file)))


def test_a_database_of_something_else_is_left_alone(tmp_path):
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE unit (x)")
    assert "có thứ khác" in _why(lambda: prepare(_open(tmp_path / "other.db")))


@pytest.mark.parametrize("url", ["nonsense", "mysql://x/y", "postgresql://a:b:c@d:e/f", "sqlite+nothing:///x", "://"])
def test_an_address_that_is_none_is_named(monkeypatch, url):
    monkeypatch.setenv("DATABASE_URL", url)
    assert "DATABASE_URL" in _why(check_database)


@pytest.mark.parametrize("day", ["gestern", "2024-13-01", "15/10/2024", "0", "9999-12-31", "0001-01-01"])
def test_a_pinned_day_that_is_none_is_named(monkeypatch, day):
    monkeypatch.setenv("SO_GIAM_SAT_TODAY", day)
    assert "không phải ngày" in _why(check_settings)


def test_a_data_folder_that_is_a_file_is_named(monkeypatch, tmp_path):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SO_GIAM_SAT_DATA", str(tmp_path / "file"))
    assert "thư mục dữ liệu" in _why(check_database)


def test_every_reason_of_a_database_has_its_sentence():
    from data_model.core import unavailable

    assert set(unavailable._OF_SQLITE.values()) | set(unavailable._OF_POSTGRESQL.values()) == set(start._WHAT_TO_DO)


def test_the_process_ends_with_the_sentence_and_no_trace(tmp_path):
    _garbage(tmp_path / "so_giam_sat.db")
    ended = subprocess.run(
        [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            "dashboard/app.py",
            "--server.port",
            str(free_port()),
            "--server.address",
            "127.0.0.1",
        ],
        cwd=PROJECT,
        env=os.environ | {"SO_GIAM_SAT_DATA": str(tmp_path), "DATABASE_URL": ""},
        capture_output=True,
        timeout=90,
        check=False,
    )
    said = (ended.stdout + ended.stderr).decode()
    assert ended.returncode == 1 and "Traceback" not in said
    assert [line for line in said.splitlines() if line.strip()] == [
        line for line in said.splitlines() if "Không khởi động được" in line
    ], said
