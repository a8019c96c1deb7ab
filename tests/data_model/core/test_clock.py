"""The clock: Vietnamese days, pinned or standing where a sample year needs it."""

import ast
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from data_model.core import clock

ROOT = Path(__file__).resolve().parents[3]
OF_THE_MACHINE = {
    ("date", "today"),
    ("datetime", "today"),
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("time", "time"),
}


def test_a_standing_clock_gives_the_vietnamese_day_and_the_moment(monkeypatch):
    monkeypatch.setenv("SO_GIAM_SAT_TODAY", "2024-10-15")
    late_evening = datetime(2024, 6, 30, 18, 30, tzinfo=UTC)
    with clock.standing_at(late_evening):
        assert (clock.today(), clock.now()) == (date(2024, 7, 1), late_evening)
        with ThreadPoolExecutor(1) as other:
            assert other.submit(clock.today).result() == date(2024, 10, 15)
    assert clock.today() == date(2024, 10, 15) and clock.now() > late_evening


def test_it_goes_on_when_something_fails_inside():
    with pytest.raises(LookupError), clock.standing_at(datetime(2024, 6, 30, tzinfo=UTC)):
        raise LookupError
    assert clock.now().year > 2024


def test_a_moment_without_its_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"), clock.standing_at(datetime(2024, 6, 30)):
        pass


def test_nothing_else_asks_the_machine_what_day_or_hour_it_is():
    """Migrations apart, which run once and must not change with the program; what only measures seconds uses a
    counter.
    """
    asking = []
    for room in ("data_model", "dashboard", "seed"):
        files = sorted((ROOT / room).rglob("*.py"))
        assert files
        for path in files:
            if path.name == "clock.py" or "migrations" in path.parts:
                continue
            asking += [
                f"{path.relative_to(ROOT)}:{node.lineno}"
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                if isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and (node.value.id, node.attr) in OF_THE_MACHINE
            ]
    assert asking == []
