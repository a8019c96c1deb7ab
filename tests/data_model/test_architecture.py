"""Which way the doors open: dashboard -> data_model <- seed, and no SQL in a page."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FORBIDDEN = {
    "data_model": {"streamlit", "dashboard", "seed", "starlette", "plotly", "folium", "pandas"},
    "seed": {"streamlit", "dashboard", "starlette"},
    "dashboard/screens": {"sqlalchemy", "sqlmodel", "alembic", "psycopg", "sqlite3"},
}
FILES = [(folder, path) for folder in FORBIDDEN for path in sorted((ROOT / folder).rglob("*.py"))]


def imported(source: str) -> set[str]:
    """Top names of everything that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def test_every_room_has_files():
    assert {folder for folder, _ in FILES} == set(FORBIDDEN)


def test_an_import_is_found_wherever_it_stands():
    assert imported("def f():\n    import streamlit.web as w\n    from seed.load import x") == {"streamlit", "seed"}


@pytest.mark.parametrize(("folder", "path"), FILES, ids=lambda given: given.name if isinstance(given, Path) else given)
def test_imports_run_one_way(folder, path):
    assert imported(path.read_text(encoding="utf-8")) & FORBIDDEN[folder] == set()


@pytest.mark.parametrize("path", sorted((ROOT / "dashboard" / "screens").rglob("*.py")), ids=lambda path: path.name)
def test_a_page_runs_no_query_of_its_own(path):
    calls = {node.func.attr for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
             if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)}
    assert calls & {"exec", "execute", "scalars", "scalar"} == set()
