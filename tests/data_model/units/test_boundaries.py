"""Importing boundaries: a good file is stored and given back; a bad one tells everything that is wrong with it."""

import json
from datetime import date

import pytest
from shapely.geometry import MultiPoint, mapping, shape
from sqlmodel import select

from data_model.core.problems import Refused, Say
from data_model.core.tables import JournalEntry
from data_model.units import boundaries
from data_model.units.tables import UnitBoundary
from tests.conftest import ON_SQLITE, PHO_MINH, PHO_VINH

DAY = date(2024, 6, 1)


def square(west=108.9, south=14.7, side=0.1):
    east, north = west + side, south + side
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def feature(code=PHO_VINH, coordinates=None, kind="Polygon", **properties):
    geometry = {"type": kind, "coordinates": square() if coordinates is None else coordinates}
    return {"type": "Feature", "properties": {"code": code} | properties, "geometry": geometry}


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


def _import(town, content, actor=None, day=DAY, source="Sở Nội vụ, 6/2024", sure=True, code_in=None):
    """By somebody who is sure of the file: what else is asked then, the last part of this module looks at."""
    with town.writing() as session:
        return boundaries.import_boundaries(session, actor or town.people.officer, content, day, source, code_in, sure)


def _refused(town, content, **more):
    with pytest.raises(Refused) as refused:
        _import(town, content, **more)
    with town.reading() as session:
        assert session.exec(select(UnitBoundary)).all() == [], "half a file was written"
        assert not session.exec(select(JournalEntry).where(JournalEntry.act == "import_boundaries")).all()
    return [p.say for p in refused.value.problems]


def _outline(town, code=PHO_VINH):
    with town.reading() as session:
        return boundaries.outlines(session, [town.unit(code).id])[town.unit(code).id]


def test_outlines_come_back_for_the_units_that_have_one(town):
    assert _import(town, collection(feature(), feature(PHO_MINH, square(108.5)))) == 2
    with town.reading() as session:
        found = boundaries.outlines(session, [u.id for u in town.plan().units])
    assert set(found) == {town.unit(PHO_VINH).id, town.unit(PHO_MINH).id}
    assert shape(_outline(town)).symmetric_difference(shape({"type": "Polygon", "coordinates": square()})).area < 1e-9
    assert shape(_outline(town, PHO_MINH)).bounds[0] == 108.5


@ON_SQLITE
@pytest.mark.parametrize(
    "name", ["code", "ma_xa", "ward_code", "Code", "MA_XA", "Ma xa", "MaXa", "mã_xã", "\ufeffcode"]
)
@pytest.mark.parametrize(
    "value",
    [PHO_VINH, int(PHO_VINH), float(PHO_VINH), f"{PHO_VINH}.0", f"\ufeff{PHO_VINH}", f" {PHO_VINH}\u200b"],
    ids=repr,
)
def test_the_code_is_read_as_programs_write_it(town, name, value):
    given = feature()
    given["properties"] = {"fid": 1, "Shape_Area": 0.5, name: value, "ten": "Phổ Vinh"}
    assert _import(town, collection(given, feature(PHO_MINH, square(108.5)))) == 2
    assert _outline(town)


@ON_SQLITE
def test_the_code_may_be_the_features_own_id_or_stand_where_the_person_says(town):
    given = feature()
    given["properties"] = {"ten": "Phổ Vinh", "XA_ID": PHO_VINH}
    with pytest.raises(Refused) as refused:
        _import(town, collection(given | {"id": 7}))
    (problem,) = refused.value.problems
    assert problem.say is Say.BOUNDARY_WITHOUT_CODE and problem.figures == {"number": 1, "names": "ten, XA_ID"}
    assert boundaries.property_names(collection(given)) == ["ten", "XA_ID"] and boundaries.property_names(b"{") == []
    assert _import(town, collection(given), code_in="XA_ID") == 1
    assert _import(town, collection(given | {"id": PHO_VINH, "properties": None})) == 1


@ON_SQLITE
@pytest.mark.parametrize("value", [1e999, 10**400, 21466.5, "9" * 5000, -21466])
def test_a_number_that_is_no_code_is_said(town, value):
    content = collection(feature(0)).replace(
        b'"code": 0', b'"code": ' + json.dumps(value).replace("Infinity", "1e999").encode()
    )
    assert _refused(town, content) in ([Say.BOUNDARY_UNKNOWN_CODE], [Say.BOUNDARY_WITHOUT_CODE])


def test_a_code_written_as_a_number_gets_its_zeros_back(town):
    assert _import(town, collection(feature(6673))) == 1
    with town.reading() as session:
        ward = town.plan("bai_chay_2024").owner.id
        assert set(boundaries.outlines(session, [ward])) == {ward}


def test_a_code_belongs_to_the_unit_of_the_chosen_day(town):
    """21457 was Phổ Nhơn; since July 2025 it is the commune named Nguyễn Nghiêm."""
    _import(town, collection(feature("21457")), day=date(2025, 7, 1))
    with town.reading() as session:
        assert boundaries.outlines(session, [town.unit("21457").id]) == {}
        assert len(session.exec(select(UnitBoundary)).all()) == 1


def test_coordinates_are_kept_to_six_decimals(town):
    _import(town, collection(feature(coordinates=square(108.123456789, 14.987654321))))
    assert _outline(town)["coordinates"][0][0][0] in (108.123457, 108.223457)
    assert all(round(v, 6) == v for spot in _outline(town)["coordinates"][0] for v in spot)


def test_islands_and_holes_are_kept(town):
    island, hole = square(109.2)[0], square(108.92, 14.72, 0.02)[0]
    _import(town, collection(feature(kind="MultiPolygon", coordinates=[[square()[0], hole], [island]])))
    kept = shape(_outline(town))
    assert kept.geom_type == "MultiPolygon"
    assert kept.area == pytest.approx(0.01 + 0.01 - 0.0004)


def test_a_line_that_crosses_itself_is_made_valid(town):
    bow_tie = [[[108, 14], [109, 15], [109, 14], [108, 15], [108, 14]]]
    _import(town, collection(feature(coordinates=bow_tie)))
    assert shape(_outline(town)).is_valid
    assert shape(_outline(town)).area == pytest.approx(0.5)


def test_heights_are_dropped(town):
    _import(town, collection(feature(coordinates=[[[*spot, 12.5] for spot in square()[0]]])))
    assert {len(spot) for spot in _outline(town)["coordinates"][0]} == {2}


def test_a_newer_file_replaces_the_outline(town):
    _import(town, collection(feature()))
    _import(town, collection(feature(coordinates=square(108.0))), source="Bản sửa")
    assert shape(_outline(town)).bounds[0] == 108.0
    with town.reading() as session:
        assert session.exec(select(UnitBoundary.source)).all() == ["Bản sửa"]


def test_the_journal_names_the_source_and_the_units(town):
    _import(town, collection(feature()))
    with town.reading() as session:
        (entry,) = session.exec(select(JournalEntry).where(JournalEntry.act == "import_boundaries")).all()
    assert entry.account_id == town.people.officer.id
    assert entry.after == {"source": "Sở Nội vụ, 6/2024", "units": [town.unit(PHO_VINH).id]}


@ON_SQLITE
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 a shapefile",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        "Đức Phổ".encode("utf-16"),
        b"[" * 100_000,
        b'{"type": "Feature"}',
        b'{"type": "FeatureCollection"}',
        b'{"type": "FeatureCollection", "features": {}}',
        b'{"type": "FeatureCollection", "features": []}',
        collection(feature(coordinates=[[[float("nan"), 14]]])),
        b" " * 20_000_001,
    ],
    ids=lambda content: repr(content[:24]),
)
def test_what_is_no_geojson_is_refused(town, content):
    assert _refused(town, content) == [Say.NOT_GEOJSON]


@ON_SQLITE
@pytest.mark.parametrize(
    "bad",
    [
        None,
        7,
        [],
        {},
        {"properties": None},
        {"properties": {"name": "Phổ Vinh"}},
        {"properties": {"code": ""}},
        {"properties": {"code": None}},
        {"properties": {"code": True}},
        {"properties": {"code": [1]}},
    ],
    ids=repr,
)
def test_a_feature_without_a_code_is_refused(town, bad):
    assert _refused(town, collection(bad)) == [Say.BOUNDARY_WITHOUT_CODE]


def test_a_code_of_another_period_is_refused(town):
    assert _refused(town, collection(feature(PHO_VINH)), day=date(2025, 7, 1)) == [Say.BOUNDARY_UNKNOWN_CODE]
    assert _refused(town, collection(feature("99999"))) == [Say.BOUNDARY_UNKNOWN_CODE]


def test_a_code_given_twice_is_refused(town):
    assert _refused(town, collection(feature(), feature())) == [Say.BOUNDARY_TWICE]


@ON_SQLITE
@pytest.mark.parametrize(
    "geometry",
    [
        None,
        {},
        {"type": "Point", "coordinates": [108, 14]},
        {"type": "Polygon"},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[]]},
        {"type": "Polygon", "coordinates": "108,14"},
        {"type": "Polygon", "coordinates": [[[108, 14], [109, 14]]]},
        {"type": "Polygon", "coordinates": [[["a", "b"], ["c", "d"], ["e", "f"], ["a", "b"]]]},
        {"type": "Polygon", "coordinates": [[[108, 14], [109, 14], [110, 14], [108, 14]]]},
        {"type": "Polygon", "coordinates": [[[108, 14], [108, 14], [108, 14], [108, 14]]]},
        {"type": "Polygon", "coordinates": square(595_000, 1_630_000, 5000)},
        {"type": "Polygon", "coordinates": [[[lat, lon] for lon, lat in square()[0]]]},
        {"type": "Polygon", "coordinates": [[[108, 14], [1e308, 14], [109, 15], [108, 14]]]},
        {"type": "Polygon", "coordinates": [[[108, 14], None, [109, 15], [108, 14]]]},
        {"type": "Polygon", "coordinates": [[[108], [109], [109], [108]]]},
        {"type": "Polygon", "coordinates": [[[10**400, 14], [109, 14], [109, 15], [108, 14]]]},
        {"type": "MultiPolygon", "coordinates": []},
        {"type": "MultiPolygon", "coordinates": square()},
        {"type": "Polygon", "coordinates": square(side=1e-9)},
    ],
    ids=lambda g: json.dumps(g)[:60],
)
def test_a_shape_that_encloses_nothing_on_earth_is_refused(town, geometry):
    assert _refused(town, collection(feature() | {"geometry": geometry})) == [Say.BOUNDARY_BAD_SHAPE]


def test_all_problems_of_a_file_are_told_together_with_their_number(town):
    with pytest.raises(Refused) as refused:
        _import(town, collection(feature("99999"), feature(), feature(PHO_MINH, []), {"properties": {}}))
    assert [(p.figures["number"], p.say) for p in refused.value.problems] == [
        (1, Say.BOUNDARY_UNKNOWN_CODE),
        (3, Say.BOUNDARY_BAD_SHAPE),
        (4, Say.BOUNDARY_WITHOUT_CODE),
    ]
    assert len(_refused(town, collection(*[feature("99999")] * 50))) == 20


@pytest.mark.parametrize(("source", "say"), [("  ", Say.REQUIRED), ("x" * 201, Say.TOO_LONG)])
def test_the_source_is_named(town, source, say):
    assert _refused(town, collection(feature()), source=source) == [say]


@pytest.mark.parametrize("who", ["supervisor", "leader"])
def test_only_a_data_officer_or_administrator_imports(town, who):
    assert _refused(town, collection(feature()), actor=getattr(town.people, who)) == [Say.NOT_ALLOWED]


# --- what may be another period's or another place's -----------------------------------


def around(town, *codes, spread=0.004):
    """A square that just holds the points of some communes."""
    spots = [town.unit(code) for code in codes]
    west, east = min(u.longitude for u in spots) - spread, max(u.longitude for u in spots) + spread
    south, north = min(u.latitude for u in spots) - spread, max(u.latitude for u in spots) + spread
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def test_an_outline_around_its_own_point_is_taken_without_a_question(town):
    good = feature(coordinates=around(town, PHO_VINH), name="Xã PHO VINH")
    assert _import(town, collection(good), sure=False) == 1


@pytest.mark.parametrize(
    ("make", "say"),
    [
        (lambda town: feature(coordinates=square(105.8, 21.0)), Say.BOUNDARY_LEAVES_OUT),
        (lambda town: feature(coordinates=around(town, PHO_VINH, PHO_MINH)), Say.BOUNDARY_TAKES_IN),
        (lambda town: feature(coordinates=around(town, PHO_VINH), TEN_XA="Phường Phổ Vinh A"), Say.BOUNDARY_OTHER_NAME),
    ],
    ids=["far away", "takes another in", "another name"],
)
def test_what_may_be_another_units_is_asked_about_and_taken_from_who_is_sure(town, make, say):
    given = make(town)
    assert _refused(town, collection(given), sure=False) == [say] and say in boundaries.DOUBTS
    assert _import(town, collection(given)) == 1


def test_an_outline_of_the_units_before_it_was_joined_leaves_some_of_them_out(town):
    """21439 was the ward Nguyễn Nghiêm; since July 2025 it is Đức Phổ, which took in others."""
    old = feature("21439", around(town, "21439"))
    assert _import(town, collection(old), sure=False) == 1
    with pytest.raises(Refused) as refused:
        _import(town, collection(old), day=date(2025, 7, 1), sure=False)
    assert [p.say for p in refused.value.problems] == [Say.BOUNDARY_LEAVES_OUT]


@ON_SQLITE
def test_a_town_takes_in_its_own_communes(town):
    plan = town.plan()
    spots = MultiPoint([(unit.longitude, unit.latitude) for unit in plan.units])
    whole = mapping(spots.convex_hull.buffer(0.002))["coordinates"]
    assert _import(town, collection(feature(plan.owner.code, whole)), sure=False) == 1
