"""How far a position is from a unit: a reason to ask, never to refuse."""

import json

import pytest
from sqlmodel import select

from data_model.units.distances import distance_m, far_from_unit
from data_model.units.tables import Unit, UnitBoundary
from tests.conftest import ON_SQLITE


def metres(east: float) -> float:
    """Degrees of longitude of so many metres at 15 degrees north."""
    return east / 107_550


@pytest.fixture
def units(database):
    """Two neighbours 4 km apart, and the town above them."""
    with database.writing() as session:
        town = Unit(code="t", name="T", kind="thị xã", place="p")
        session.add(town)
        session.flush()
        for name, east in (("a", 0), ("b", 4000)):
            session.add(
                Unit(
                    code=name,
                    name=name,
                    kind="xã",
                    place="p",
                    parent_id=town.id,
                    latitude=15.0,
                    longitude=109 + metres(east),
                )
            )
        session.flush()
    return database


def unit(session, code: str) -> Unit:
    return session.exec(select(Unit).where(Unit.code == code)).one()


def test_distances_along_the_earth():
    assert distance_m(15, 109, 15, 109) == 0
    assert distance_m(21.03, 105.85, 10.78, 106.70) == pytest.approx(
        1_143_000, rel=0.01
    )  # Hà Nội to Thành phố Hồ Chí Minh
    assert distance_m(0, 179.5, 0, -179.5) == pytest.approx(111_195, rel=0.01)


@ON_SQLITE
@pytest.mark.parametrize(("east", "far"), [(0, False), (9_900, False), (10_100, True), (-10_100, True)])
def test_without_an_outline_the_neighbours_say_how_far_a_unit_reaches(units, east, far):
    with units.reading() as session:
        assert far_from_unit(session, unit(session, "a"), 15.0, 109 + metres(east)) is far


@ON_SQLITE
@pytest.mark.parametrize(
    ("east", "far"), [(5_000, False), (10_400, False), (10_600, True), (-400, False), (-600, True)]
)
def test_an_imported_outline_counts_with_half_a_kilometre(units, east, far):
    with units.writing() as session:
        edge = 109 + metres(10_000)
        ring = [[109, 14.9], [edge, 14.9], [edge, 15.1], [109, 15.1], [109, 14.9]]
        session.add(
            UnitBoundary(
                unit_id=unit(session, "a").id,
                geometry=json.dumps({"type": "Polygon", "coordinates": [ring]}),
                source="x",
            )
        )
    with units.reading() as session:
        assert far_from_unit(session, unit(session, "a"), 15.0, 109 + metres(east)) is far


@ON_SQLITE
def test_a_town_is_where_its_communes_are(units):
    with units.reading() as session:
        assert not far_from_unit(session, unit(session, "t"), 15.0, 109 + metres(18_000))
        assert far_from_unit(session, unit(session, "t"), 15.0, 109 + metres(20_000))


@ON_SQLITE
def test_nothing_is_said_of_a_unit_of_which_nothing_is_known(database):
    with database.writing() as session:
        session.add(Unit(code="z", name="z", kind="xã", place="z"))
    with database.reading() as session:
        assert not far_from_unit(session, unit(session, "z"), 0, 0)
