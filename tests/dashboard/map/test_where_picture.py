"""The small picture of where a record happened: its commune stands out, the point is always in it."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from dashboard.map.where_picture import DEGREE_M, OWN, SPOT, svg

HERE, BESIDE = box(108.9, 14.7, 109.0, 14.8), box(109.0, 14.7, 109.1, 14.8)
ABROAD = box(120, 40, 121, 41)


def parts(drawn: str):
    tree = ElementTree.fromstring(drawn)
    tag = "{http://www.w3.org/2000/svg}"
    return [float(n) for n in tree.get("viewBox").split()], tree.findall(f"{tag}path"), tree.findall(f"{tag}circle")


def test_its_commune_stands_out_among_the_others():
    _view, paths, circles = parts(svg({1: HERE, 2: BESIDE, 3: ABROAD}, 1, 14.75, 108.95, 50.0))
    assert [path.get("fill") == OWN for path in paths] == [True, False], "what lies far away is not drawn"
    exact, point = circles
    assert float(exact.get("r")) == pytest.approx(50 / DEGREE_M, abs=1e-6)
    assert point.get("fill") == SPOT


@given(st.floats(8, 24), st.floats(102, 110), st.sampled_from([1, 99]))
def test_the_point_is_always_in_the_picture_however_far_it_lies(latitude, longitude, own):
    (left, top, width, height), _paths, [point] = parts(svg({1: HERE, 2: BESIDE}, own, latitude, longitude, None))
    assert left < float(point.get("cx")) < left + width and top < float(point.get("cy")) < top + height
