"""Communes that ended within the year stay in its frozen periods: Long Khánh had 15 until 31/10/2024 and 13 after."""

from dataclasses import replace
from datetime import date

import pytest

from dashboard.snapshots.frozen_progress import as_progress
from data_model.counting.by_other_units import in_units_of
from data_model.counting.rules import NOTHING
from data_model.periods.periods import Period
from data_model.records import writing
from data_model.review import decisions
from data_model.snapshots import freezing, proving, reading
from tests.conftest import Town

PLAN, LINE = "long_khanh_2024", "LK-08"
XUAN_TRUNG, XUAN_AN, BINH_LOC = "26071", "26080", "26089"
GONE = {"phường Xuân Trung (đến 31/10/2024)", "phường Xuân Thanh (đến 31/10/2024)", "phường Xuân An (đến 31/10/2024)"}


@pytest.fixture
def year(town, monkeypatch) -> Town:
    """Work in the old Xuân An and Xuân Trung, then in the Xuân An that took both up, and in one commune that stayed."""
    monkeypatch.setenv("SO_GIAM_SAT_TODAY", "2025-01-10")
    for code, day, stood in (
        (XUAN_TRUNG, "2024-08-05", False),
        (XUAN_AN, "2024-10-10", False),
        (XUAN_AN, "2024-10-31", False),
        (XUAN_AN, "2024-11-01", True),
        (BINH_LOC, "2024-12-02", False),
    ):
        _send(town, code, day, after=stood)
    return town


def _send(town, code, day, after):
    unit = next(u for u in town.plan(PLAN).units if u.code == code and (u.valid_from is not None) is after)
    entry = replace(town.entry(LINE, code, {"done_on": day, "what": "Tuyên truyền"}, PLAN), unit_id=unit.id)
    with town.writing() as session:
        made = writing.send(session, town.people.officer, entry)
        decisions.verify(session, town.people.leader, made.id, made.version, "Đã xem")


def _frozen(town, period):
    with town.database.writing(one_moment=True) as session:
        head = freezing.freeze(session, town.people.officer, town.plan(PLAN).id, period)
    with town.reading() as session:
        assert proving.verify(session, town.people.leader, head.id).intact
        return reading.open_snapshot(session, town.people.leader, head.id).content


def _cells(content):
    target = next(t for t in content.targets if t.code == LINE)
    names = {u.key: u.full_name for u in content.units}
    return target, {names[key]: cell for key, cell in target.cells.items() if cell.happened}


@pytest.mark.parametrize("period", [Period.Q4, Period.YEAR])
def test_units_that_ended_keep_their_figures_and_nothing_counts_twice(year, period):
    content = _frozen(year, period)
    assert len(content.units) == len({u.key for u in content.units}) == 16
    assert {u.full_name for u in content.units if not content.stands(u)} == GONE
    assert sum(content.stands(u) for u in content.units) == 13
    target, cells = _cells(content)
    assert {name: cell.happened for name, cell in cells.items()} == {
        "phường Xuân Trung (đến 31/10/2024)": 1,
        "phường Xuân An (đến 31/10/2024)": 2,
        "phường Xuân An (từ 01/11/2024)": 1,
        "xã Bình Lộc": 1,
    }
    assert (
        sum(cell.happened for cell in cells.values())
        == target.happened
        == target.done.verified
        == len(content.records)
        == 5
    )
    assert {u.full_name: u.happened for u in content.units if u.happened} == {
        name: cell.happened for name, cell in cells.items()
    }
    assert {r.unit for r in content.records} == {"26071", "26080", "26080@2024-11-01", "26089"}


def test_before_the_change_there_are_fifteen(year):
    content = _frozen(year, Period.Q3)
    assert len(content.units) == 15 and all(content.stands(u) for u in content.units)
    assert {name: cell.happened for name, cell in _cells(content)[1].items()} == {"phường Xuân Trung": 1}


def test_by_todays_units_each_is_added_to_one(year):
    """Also those that had ended before the period's last day, under codes that were given again."""
    progress = as_progress(_frozen(year, Period.Q4))
    with year.reading() as session:
        now = in_units_of(session, progress, date(2025, 7, 1))
    assert sum(len(names) for names in now.took.values()) == 16
    target = next(t for t in now.progress.targets if t.line.code == LINE)
    assert sum((cell.done for cell in target.cells.values()), NOTHING).verified == 5
    names = {u.id: u.full_name for u in now.progress.plan.units}
    assert {names[unit_id]: cell.happened for unit_id, cell in target.cells.items() if cell.happened} == {
        "phường Long Khánh": 4,
        "phường Bình Lộc": 1,
    }
