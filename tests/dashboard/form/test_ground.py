"""The ground to tap on: the commune among its neighbours, small enough to be kept, and true about what it is."""

import json
from datetime import date

import pytest
from shapely.geometry import Point, shape

from dashboard.form.ground import ground
from data_model.units.boundaries import import_boundaries
from tests.conftest import ON_SQLITE, PHO_VINH

pytestmark = ON_SQLITE


def laid(town, unit):
    with town.reading() as session:
        return ground(session, town.plan(), unit)


def outline(town, unit, half=0.01):
    west, south, east, north = unit.longitude - half, unit.latitude - half, unit.longitude + half, unit.latitude + half
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    feature = {
        "type": "Feature",
        "properties": {"code": unit.code},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    with town.writing() as session:
        import_boundaries(
            session,
            town.people.officer,
            json.dumps({"type": "FeatureCollection", "features": [feature]}).encode(),
            date(2024, 6, 1),
            "thử",
        )


def test_a_commune_without_an_outline_is_a_schematic_cell_among_its_neighbours(town):
    unit = town.unit(PHO_VINH)
    told = laid(town, unit)
    assert told["schematic"] and shape(told["geometry"]).contains(Point(unit.longitude, unit.latitude))
    names = {each["name"] for each in told["beside"]}
    assert {"Phổ Hòa", "Phổ Minh"} <= names and unit.name not in names and len(names) < len(town.plan().units) - 1
    assert all(shape(each["geometry"]).contains(Point(each["at"][::-1])) for each in told["beside"])
    assert (told["tiles"], told["thanks"]) == ("", "")


def test_an_imported_outline_is_drawn_as_it_is(town):
    unit = town.unit(PHO_VINH)
    outline(town, unit)
    told = laid(town, unit)
    assert not told["schematic"] and shape(told["geometry"]).bounds[0] == pytest.approx(unit.longitude - 0.01)


def test_the_whole_area_is_what_its_communes_are_together(town):
    told = laid(town, town.plan().owner)
    assert (
        told["geometry"] and shape(told["geometry"]).area > 5 * shape(laid(town, town.unit(PHO_VINH))["geometry"]).area
    )


def test_tiles_name_whom_to_thank_and_all_of_it_is_small(town, monkeypatch):
    monkeypatch.setenv("SO_GIAM_SAT_TILES", "https://tiles.example/{z}/{x}/{y}.png")
    told = laid(town, town.unit(PHO_VINH))
    assert told["thanks"] == "tiles.example" and len(json.dumps(told)) < 20_000
