"""The rooms and their order: imports go down the list of rooms, never round in a circle; no SQL in a
page.
"""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = {
    "data_model": (
        "core",
        "forms",
        "units",
        "kinds",
        "accounts",
        "plans",
        "counting",
        "periods",
        "records",
        "evidence",
        "review",
        "deadlines",
        "planning",
        "progress",
        "journal",
        "follow_up",
        "snapshots",
        "overview",
        "backup",
        "migrations",
    ),
    "dashboard": (
        "i18n",
        "server",
        "sign_in",
        "ui",
        "accounts",
        "evidence",
        "progress",
        "overview",
        "map",
        "my_work",
        "plans",
        "records",
        "report",
        "follow_up",
        "journal",
        "form",
        "tablet",
        "review",
        "snapshots",
    ),
}
"""Rooms from the ground up: each imports only from those before it. The house's top files (app, main, pages) stand
above all.
"""
FORBIDDEN = {
    "data_model": {"streamlit", "dashboard", "seed", "starlette", "plotly", "folium", "pandas"},
    "seed": {"streamlit", "dashboard", "starlette"},
    "dashboard": {"sqlalchemy", "alembic", "psycopg", "sqlite3"},
}
PREPARES = ROOT / "dashboard" / "server" / "prepare.py"
"""The one file of the interface that fills the database from seed."""
FILES = {house: sorted((ROOT / house).rglob("*.py")) for house in FORBIDDEN}


def imported(source: str) -> set[str]:
    """Whole names of everything that a file imports, wherever in it: modules, and what is taken out of them."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def tops(source: str) -> set[str]:
    return {name.partition(".")[0] for name in imported(source)}


def module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room(name: str) -> str | None:
    """The room of a module or of a name in it; None for what stands above the rooms."""
    house, _, rest = name.partition(".")
    first = rest.partition(".")[0]
    return first if first in ROOMS.get(house, ()) else None


def test_an_import_is_found_wherever_it_stands():
    assert imported("def f():\n    import streamlit.web as w\n    from seed.load import x") == {
        "streamlit.web",
        "seed.load.x",
    }


def test_every_house_has_files_and_every_room_stands():
    assert all(FILES.values())
    for house, rooms in ROOMS.items():
        standing = {path.name for path in (ROOT / house).iterdir() if (path / "__init__.py").exists()}
        assert standing == set(rooms)


@pytest.mark.parametrize("house", FORBIDDEN)
def test_imports_run_one_way_between_the_houses(house):
    wrong = {
        module(path): found
        for path in FILES[house]
        if (found := tops(path.read_text(encoding="utf-8")) & FORBIDDEN[house])
    }
    assert wrong == {}


def test_only_the_start_fills_the_database_from_seed():
    assert [path for path in FILES["dashboard"] if "seed" in tops(path.read_text(encoding="utf-8"))] == [PREPARES]


@pytest.mark.parametrize("house", ROOMS)
def test_a_room_imports_only_from_rooms_before_it(house):
    order, wrong = ROOMS[house], []
    for path in FILES[house]:
        here = room(module(path))
        if here is None:
            continue
        for name in imported(path.read_text(encoding="utf-8")):
            if not name.startswith(f"{house}."):
                continue
            there = room(name)
            # What stands above the rooms (the list of pages, the app) is in nobody's reach.
            if name != house and (there is None or order.index(there) > order.index(here)):
                wrong.append((module(path), name))
    assert wrong == []


@pytest.mark.parametrize("house", ROOMS)
def test_no_file_imports_itself_by_way_of_others(house):
    known = {module(path): path for path in FILES[house]}
    arrows = {
        name: {
            target
            for one in imported(path.read_text(encoding="utf-8"))
            for target in (one, one.rpartition(".")[0])
            if target in known
        }
        for name, path in known.items()
    }
    # A package's one sentence is imported with each of its files.
    arrows = {name: {t for t in targets if known[t].name != "__init__.py"} for name, targets in arrows.items()}
    left = dict(arrows)
    while leaves := {name for name, targets in left.items() if not targets & left.keys()}:
        left = {name: targets for name, targets in left.items() if name not in leaves}
    assert sorted(left) == []


@pytest.mark.parametrize(
    "path", [path for house in ROOMS for path in FILES[house] if path.name == "__init__.py"], ids=module
)
def test_a_room_says_in_one_sentence_what_it_is_for_and_holds_nothing_else(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree) and len(tree.body) == 1


def test_the_interface_runs_no_query_of_its_own():
    asked = []
    for path in FILES["dashboard"]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        asked += [
            (module(path), node.func.attr)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"exec", "execute", "scalars", "scalar"}
        ]
        asked += [
            (module(path), name)
            for name in imported(path.read_text(encoding="utf-8"))
            if name.endswith(".select") or name == "sqlmodel.select"
        ]
    assert asked == []


def test_every_table_stands_in_the_tables_of_its_room():
    misplaced = []
    for path in FILES["data_model"]:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if (
                isinstance(node, ast.ClassDef)
                and any(keyword.arg == "table" for keyword in node.keywords)
                and path.name != "tables.py"
            ):
                misplaced.append((module(path), node.name))
    assert misplaced == []


def test_tests_mirror_the_rooms():
    for house, rooms in ROOMS.items():
        folders = {
            path.name for path in (ROOT / "tests" / house).iterdir() if path.is_dir() and path.name != "__pycache__"
        }
        assert folders <= set(rooms)


def test_nothing_else_lists_the_pages():
    """An address has one home; what leads to a page names it by its constant."""
    from dashboard.pages import PAGES

    told = {page.address for page in PAGES} - {"toi", "ghi", "xem"}  # these three are words of the language too
    listed = []
    for path in FILES["dashboard"]:
        if path.name == "addresses.py":
            continue
        listed += [
            (module(path), node.value)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant) and node.value in told
        ]
    assert listed == []
    assert len(told) + 3 == len(PAGES)
