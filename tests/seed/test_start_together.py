"""Several processes of the app that start at one moment on one empty database make it once."""

import os
import subprocess
import sys
import uuid
from pathlib import Path

from sqlalchemy import func, text
from sqlmodel import select

from data_model.core.database import Database
from data_model.core.tables import JournalEntry
from data_model.plans.tables import Plan
from data_model.units.tables import Unit

PROJECT = Path(__file__).resolve().parents[2]
PROCESSES = 3
# Each imports everything first, says that it is ready, and goes on when the test says so: then they really meet.
START = """
import sys
from dashboard.server.prepare import prepare
from data_model.core.database import Database
database = Database()
print("ready", flush=True)
sys.stdin.readline()
print(prepare(database))
"""


def test_three_that_start_together_on_an_empty_database_make_it_once(workshop):
    name = f"t{uuid.uuid4().hex[:12]}"
    workshop.store.create(name)
    database = Database(workshop.store.url(name))
    started = [
        subprocess.Popen([sys.executable, "-c", START], cwd=PROJECT, env=os.environ | {"DATABASE_URL": workshop.store.url(name)},
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(PROCESSES)
    ]
    try:
        assert [process.stdout.readline() for process in started] == ["ready\n"] * PROCESSES
        for process in started:
            process.stdin.write("go\n")
            process.stdin.flush()
        ended = [process.communicate(timeout=120) for process in started]
        assert [process.returncode for process in started] == [0] * PROCESSES, "\n".join(errors for _out, errors in ended)
        with database.reading() as session:
            assert session.exec(select(func.count()).select_from(Plan)).one() == 5
            assert session.exec(text("SELECT count(*) FROM alembic_version")).scalar_one() == 1
            twice = select(Unit.code).group_by(Unit.code, Unit.valid_from).having(func.count() > 1)
            assert session.exec(twice).all() == []
            loads = select(func.count()).select_from(JournalEntry).where(JournalEntry.act == "load")
            assert session.exec(loads).one() == 5, "each plan was loaded once"
    finally:
        for process in started:
            process.kill()
        workshop.throw_away(database)
