"""The map's page in the browser: nothing from the internet, nothing typed acts as markup."""

import re

import pytest
import streamlit_folium
from starlette.routing import Match

from dashboard.map import files
from dashboard.map.schematic import cells
from dashboard.map.widget import Area, CommuneOutline, OfflineMap, base_map, changing, lay_ground, tapped
from dashboard.progress.colouring import Shade
from data_model.units.tables import Unit

NASTY = """</script><script>alert(1)</script> & "Phổ" 'Vinh' <img src=x onerror=alert(2)> {{ 'x' }}"""


@pytest.fixture
def drawn(monkeypatch) -> dict:
    """What st_folium hands to the browser for a map whose every text is nasty."""
    monkeypatch.delenv("SO_GIAM_SAT_TILES", raising=False)
    return _handed_over(monkeypatch)


def _handed_over(monkeypatch) -> dict:
    unit = Unit(id=7, code="7", name=NASTY, kind="xã", place="thu", latitude=14.8, longitude=108.9)
    ground = lay_ground([CommuneOutline(7, NASTY, cells([unit])[7], (108.9, 14.8))])
    shade = Shade("#1f6f54", "●", NASTY, NASTY, (NASTY,), 0)
    given: dict = {}
    monkeypatch.setattr(streamlit_folium, "_component_func", lambda **told: given.update(told))
    base = base_map(ground)
    streamlit_folium.st_folium(
        base,
        key="map",
        returned_objects=["last_active_drawing"],
        render=False,
        feature_group_to_add=changing(base, [Area(7, NASTY, shade)], NASTY, 7, 3),
    )
    return given


def _texts(given: dict) -> str:
    return " ".join(
        [
            given["script"],
            given["feature_group"],
            given["header"],
            given["html"],
            *given["js_links"],
            *given["css_links"],
        ]
    )


def test_nothing_comes_from_the_internet(drawn):
    """Every address is a path of ours, and every path is served."""
    assert not re.search(r"(https?:)?//[\w.-]+\.\w", _texts(drawn))
    assert drawn["css_links"] == []
    assert drawn["js_links"] == list(files.LINKS)
    for link in drawn["js_links"]:
        scope = {"type": "http", "path": link, "method": "GET"}
        assert any(route.matches(scope)[0] is Match.FULL for route in files.ROUTES), link


def test_the_folders_hold_the_files():
    """The packages carry what the map asks for, and our script brings the style sheets."""
    assert (files.FOLDERS["leaflet"] / "leaflet.js").is_file()
    assert (files.FOLDERS["jquery"] / "jquery.slim.min.js").is_file()
    script = files.SCRIPT.decode()
    assert ".leaflet-pane" in script and "url(images/" not in script
    assert "url(http" not in script and "@import" not in script


def test_typed_text_stays_text(drawn):
    """No tag, quote or template expression of a name gets out of the JSON that carries it."""
    for part in (drawn["script"], drawn["feature_group"]):
        assert "\\u003cscript" in part
        assert not re.search(r"<\s*/?\s*(script|img)", part)
        assert "'Vinh'" not in part and "{{ 'x' }}" not in part


def test_our_script_writes_texts_as_text():
    """What arrives in the browser is never put in as markup."""
    script = (files.HERE / "map.js").read_text(encoding="utf-8")
    assert "innerHTML" not in script and "insertAdjacentHTML" not in script


def test_recolouring_keeps_the_base_map():
    """The map's identity in the browser is a hash of its script: it must not change with colours or choice."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SO_GIAM_SAT_TILES", raising=False)
        first, second = _handed_over(patch), _handed_over(patch)
    assert first["key"] == second["key"]
    assert first["script"] == second["script"]


def test_tiles_are_an_option(monkeypatch):
    """Only where the settings name them."""
    monkeypatch.setenv("SO_GIAM_SAT_TILES", "https://tiles.example/{z}/{x}/{y}.png")
    assert "https://tiles.example/{z}/{x}/{y}.png" in _handed_over(monkeypatch)["script"]


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        {"last_active_drawing": None},
        {"last_active_drawing": {"properties": {}}},
        {"last_active_drawing": {"properties": {"unit": "7"}}},
        "x",
    ],
)
def test_a_tap_on_nothing_is_nothing(monkeypatch, value):
    """A tap on a circle of no commune, or anything else that a browser may say."""
    monkeypatch.setattr("dashboard.map.widget.st.session_state", {"map": value})
    assert tapped("map") == {}


def test_a_tap_tells_commune_and_record(monkeypatch):
    """As the map's own features carry them."""
    touched = {"unit": 7, "record": "r1", "turn": 3}
    monkeypatch.setattr(
        "dashboard.map.widget.st.session_state", {"map": {"last_active_drawing": {"properties": touched}}}
    )
    assert tapped("map") == touched


def test_folium_itself_is_left_as_it_is():
    """Our addresses stand in our own class."""
    assert OfflineMap.default_css == [] and OfflineMap.__mro__[1].default_css != []
