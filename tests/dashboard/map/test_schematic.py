"""Schematic cells: one for every unit with a point, apart from one another, each around its point."""

import itertools

import pytest
from shapely.geometry import Point, shape

from dashboard.map.schematic import cells
from data_model.units.tables import Unit

TOUCH = 1e-9
"""Square degrees that rounding may make two cells share: a few square metres."""


def units(*spots: tuple[float | None, float | None]) -> list[Unit]:
    """Units 1, 2, 3, … at (latitude, longitude)."""
    return [
        Unit(id=i, code=str(i), name=f"Xã {i}", kind="xã", place="thu", latitude=latitude, longitude=longitude)
        for i, (latitude, longitude) in enumerate(spots, 1)
    ]


LAYOUTS = {
    "one": [(14.8, 108.9)],
    "two": [(14.8, 108.9), (14.9, 109.0)],
    "in a line": [(14.8, 108.9), (14.8, 109.0), (14.8, 109.1)],
    "a town with communes around": [
        (14.80, 108.95),
        (14.81, 108.96),
        (14.80, 108.97),
        (14.9, 108.9),
        (14.6, 109.1),
        (14.7, 109.0),
        (14.75, 108.8),
        (14.85, 109.05),
    ],
    "two at one point": [(14.8, 108.9), (14.8, 108.9), (14.9, 109.0)],
    "all at one point": [(14.8, 108.9)] * 4,
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_unit_has_a_cell_apart_from_the_others(name):
    """Whatever the layout, also where points coincide."""
    placed = units(*LAYOUTS[name])
    shapes = {i: shape(cell) for i, cell in cells(placed).items()}
    assert shapes.keys() == {u.id for u in placed}
    assert all(cell.is_valid and cell.geom_type == "Polygon" and cell.area > 0 for cell in shapes.values())
    assert all(a.intersection(b).area < TOUCH for a, b in itertools.combinations(shapes.values(), 2))


@pytest.mark.parametrize("name", ["one", "two", "in a line", "a town with communes around"])
def test_a_cell_holds_its_point(name):
    """So that records and names stand where the unit is."""
    placed = units(*LAYOUTS[name])
    drawn = cells(placed)
    assert all(shape(drawn[u.id]).contains(Point(u.longitude, u.latitude)) for u in placed)


def test_a_lonely_unit_is_round():
    """As wide as high on the ground, where a degree of longitude is shorter than one of latitude."""
    west, south, east, north = shape(cells(units((60.0, 20.0)))[1]).bounds
    assert (east - west) * 0.5 == pytest.approx(north - south, rel=0.02)


def test_units_without_a_point_are_left_out():
    """Nobody knows where they are."""
    assert cells(units((None, None))) == {}
    assert cells(units((None, None), (14.8, 108.9))).keys() == {2}


def test_cells_keep_out_of_imported_outlines():
    """A unit with an outline has no cell, and its neighbours' cells end at it."""
    outline = {
        "type": "Polygon",
        "coordinates": [[[108.8, 14.7], [108.96, 14.7], [108.96, 14.9], [108.8, 14.9], [108.8, 14.7]]],
    }
    drawn = cells(units((14.8, 108.9), (14.8, 109.0), (14.9, 109.0)), {1: outline})
    assert drawn.keys() == {2, 3}
    assert all(shape(cell).intersection(shape(outline)).area < TOUCH for cell in drawn.values())
