"""Old figures in new units: the 15 units of Đức Phổ are 5 since 1 July 2025. Nothing is lost, nothing is counted
twice.
"""

import random
from datetime import date
from fractions import Fraction

import pytest
from sqlmodel import select

from data_model.counting.by_other_units import in_units_of
from data_model.counting.rules import NOTHING, Pair
from data_model.progress.figures import plan_progress
from data_model.records import writing
from data_model.review import decisions
from data_model.units.tables import UnitLineage
from tests.conftest import ON_SQLITE, PHO_CUONG, PHO_MINH, PHO_VINH

TODAY, AFTER = date(2025, 7, 1), "phường Đức Phổ"
OLD_OF = {
    "phường Đức Phổ": {"Nguyễn Nghiêm", "Phổ Hòa", "Phổ Minh", "Phổ Vinh", "Phổ Ninh"},
    "phường Sa Huỳnh": {"Phổ Thạnh", "Phổ Châu"},
    "phường Trà Câu": {"Phổ Văn", "Phổ Quang", "Phổ An", "Phổ Thuận"},
    "xã Nguyễn Nghiêm": {"Phổ Nhơn", "Phổ Phong"},
    "xã Khánh Cường": {"Phổ Khánh", "Phổ Cường"},
}
"""Nghị quyết 1677/NQ-UBTVQH15."""


@pytest.fixture
def busy(town, dialogue):
    """Dialogues, segments and payments here and there, some in a commune twice, some not verified."""
    rng, officer = random.Random(7), town.people.officer
    with town.writing() as session:
        for number in range(24):
            unit = (
                rng.choice(town.plan().units).code
                if number > 4
                else (PHO_VINH, PHO_VINH, PHO_MINH, PHO_CUONG, PHO_CUONG)[number]
            )
            code, answers = (
                rng.choice(
                    (
                        ("DP-11", dialogue(held_on="2024-08-10")),
                        ("DP-11", dialogue(held_on="2024-09-10")),
                        ("DP-10", {"title": "Chuyên mục", "minutes": 12, "broadcasts": [{"aired_on": "2024-08-02"}]}),
                    )
                )
                if number > 4
                else ("DP-11", dialogue(held_on="2024-06-06"))
            )
            record = writing.send(session, officer, town.entry(code, unit, answers))
            if number % 3:
                decisions.verify(session, town.people.leader, record.id, record.version, "Đã xem")
    return town


def _both(town, day=TODAY, plan="duc_pho_2024", as_of=date(2024, 9, 30)):
    with town.reading() as session:
        old = plan_progress(session, town.people.leader, town.plan(plan).id, as_of)
        return old, in_units_of(session, old, day)


def test_fifteen_units_are_five_each_named_with_those_it_took_up(busy):
    _old, new = _both(busy)
    took = {unit.full_name: {name.split(" ", 1)[1] for name in new.took[unit.id]} for unit in new.progress.plan.units}
    assert took == OLD_OF
    # The name moved: what is Nguyễn Nghiêm now has nothing of the old ward.
    assert set(new.progress.units) == {unit.id for unit in new.progress.plan.units} and len(new.progress.units) == 5


def test_sums_stay_and_no_commune_is_counted_twice(busy):
    old, new = _both(busy)
    for before, after in zip(old.targets, new.progress.targets, strict=True):
        if before.line.is_measured:
            continue
        assert _sum(after.cells) == _sum(before.cells)
        assert (after.need, after.done, after.percent, after.status) == (
            before.need,
            before.done,
            before.percent,
            before.status,
        )
    assert (new.progress.headline, new.progress.mean) == (old.headline, old.mean)


def _sum(cells):
    needs = [cell.need for cell in cells.values() if cell.need is not None]
    return (
        sum((cell.done for cell in cells.values()), NOTHING),
        sum(needs) if needs else None,
        sum(cell.happened for cell in cells.values()),
    )


def test_a_surplus_in_one_old_commune_hides_no_hole_in_the_new_unit(busy):
    old, new = _both(busy)
    target = next(t for t in new.progress.targets if t.line.code == "DP-11")
    before = next(t for t in old.targets if t.line.code == "DP-11")
    unit = next(u for u in new.progress.plan.units if u.full_name == AFTER)
    names = {u.id: u.name for u in old.plan.units}
    parts = [cell.done for unit_id, cell in before.cells.items() if names.get(unit_id) in OLD_OF[AFTER]]
    assert target.cells[unit.id].need == 5
    assert target.cells[unit.id].done == Pair(sum(p.verified for p in parts), sum(p.reported for p in parts))
    assert target.cells[unit.id].done.reported < target.cells[unit.id].happened


def test_a_new_units_mean_is_what_its_sums_say(busy):
    _old, new = _both(busy)
    for unit_id, at in new.progress.units.items():
        shares = [
            min(Fraction(c.done.verified) / c.need, Fraction(1))
            for t in new.progress.targets
            if not t.line.part_ids and (c := t.cells.get(unit_id)) and c.need
        ]
        assert at.rests_on == len(shares) > 0 and at.mean == sum(shares, Fraction(0)) / len(shares)


@ON_SQLITE
def test_by_the_units_of_its_own_time_nothing_changes(busy):
    old, same = _both(busy, day=date(2025, 6, 30))
    assert [u.code for u in same.progress.plan.units] == sorted(u.code for u in old.plan.units)
    assert {u: (at.mean, at.rests_on, at.happened) for u, at in same.progress.units.items()} == {
        u: (at.mean, at.rests_on, at.happened) for u, at in old.units.items()
    }
    assert all(len(names) == 1 for names in same.took.values())


@ON_SQLITE
@pytest.mark.parametrize("plan", ["ba_to_2024", "hong_ngu_2022", "long_khanh_2024", "bai_chay_2024"])
def test_every_plan_can_be_shown_by_todays_units(town, plan):
    old, new = _both(town, plan=plan, as_of=town.plan(plan).ends_on)
    # Long Khánh's units changed within the year: those that ended before its last day hold records too.
    assert sum(len(names) for names in new.took.values()) == len(old.plan.units)
    assert all(unit.exists_on(TODAY) for unit in new.progress.plan.units)
    measured = [t for t in new.progress.targets if t.line.is_measured and t.line.unit_ids]
    assert {t.line.activity_id for t in measured} == set(new.unsummed)
    assert all(not cell.need for t in measured for cell in t.cells.values())


@ON_SQLITE
def test_every_unit_that_ended_has_one_successor(town):
    with town.reading() as session:
        olds = [row.old_id for row in session.exec(select(UnitLineage))]
    assert len(olds) == len(set(olds))
