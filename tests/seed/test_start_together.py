"""Several processes of the app that start at one moment on one empty database make it once."""

import os
import subprocess
import sys
import uuid
from pathlib import Path

from sqlalchemy import func, text
from sqlmodel import select

from data_model.accounts import one_time_links
from data_model.core.database import Database
from data_model.core.tables import JournalEntry
from data_model.plans.tables import Plan
from data_model.units.tables import Unit

PROJECT = Path(__file__).resolve().parents[2]
PROCESSES = 3
# One process imports everything and becomes the three, so that they really meet: they wait for the pipe that it closes.
START = """
import os, sys
from dashboard.server.prepare import prepare
from data_model.core.database import Database
wait, closed = os.pipe()
children = []
for _ in range(int(sys.argv[1])):
    if not (child := os.fork()):
        os.close(closed)
        database = Database()
        os.read(wait, 1)
        print(prepare(database), flush=True)
        os._exit(0)
    children.append(child)
os.close(closed)
print([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children])
"""


def test_three_that_start_together_on_an_empty_database_make_it_once(workshop):
    name = f"t{uuid.uuid4().hex[:12]}"
    workshop.store.create(name)
    database = Database(workshop.store.url(name))
    try:
        ended = subprocess.run(
            [sys.executable, "-c", START, str(PROCESSES)],
            cwd=PROJECT,
            env=os.environ | {"DATABASE_URL": workshop.store.url(name)},
            capture_output=True,
            text=True,
            timeout=120,
        )
        *links, codes = ended.stdout.splitlines() or [""]
        assert codes == f"{[0] * PROCESSES}", ended.stderr
        assert len(links) == PROCESSES
        (link,) = set(links)
        with database.reading() as session:
            assert one_time_links.open_link(session, link.removeprefix("/link/"))[1] is None, (
                "each printed the one link, and it works"
            )
            assert session.exec(select(func.count()).select_from(Plan)).one() == 5
            assert session.exec(text("SELECT count(*) FROM alembic_version")).scalar_one() == 1
            twice = select(Unit.code).group_by(Unit.code, Unit.valid_from).having(func.count() > 1)
            assert session.exec(twice).all() == []
            loads = select(func.count()).select_from(JournalEntry).where(JournalEntry.act == "load")
            assert session.exec(loads).one() == 5, "each plan was loaded once"
    finally:
        workshop.throw_away(database)
