"""The map on a page: communes as areas with their names, records as points, taps told back. No internet needed.

The base map stays the same while a plan is looked at; colours, names and points are passed beside
it, so that zoom and place survive when they change.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import folium
import shapely
import streamlit as st
from folium.template import Template
from jinja2.utils import htmlsafe_json_dumps
from shapely.geometry import shape
from streamlit_folium import st_folium

from dashboard.map.files import LINKS
from dashboard.progress.colouring import Shade
from data_model.core import settings

HEIGHT = 520
BORDER = {"color": "#5b6b78", "weight": 1.5, "fillOpacity": 0.92, "dashArray": None}
BORDER_ON_DARK = {"color": "#ffffff"}
BORDER_SELECTED = {"color": "#0b2f42", "weight": 4, "dashArray": None}
BORDER_NEUTRAL = {"dashArray": "4 4", "fillOpacity": 0.75}


@dataclass(frozen=True)
class CommuneOutline:
    """Where a commune lies: its shape, and the point in it (longitude, latitude) at which its name stands."""

    unit_id: int
    name: str
    geometry: dict
    middle: tuple[float, float]


@dataclass(frozen=True)
class Ground:
    """The outlines of a map, prepared once: the edges around them, and what the browser gets, as JSON."""

    unit_ids: frozenset[int]
    edges: tuple[float, float, float, float]
    json: str


@dataclass(frozen=True)
class Area:
    """How a commune looks now."""

    unit_id: int
    full_name: str
    shade: Shade


class OfflineMap(folium.Map):
    """Folium's map with every file served by this app."""

    default_js = [(link, link) for link in LINKS]
    default_css: list[tuple[str, str]] = []


class _Call(folium.MacroElement):
    """Calls a function of our own script with the map and some data, given as `in_script` writes it."""

    _template = Template(
        "{% macro script(this, kwargs) %}soGiamSat.{{ this.function }}({{ this.on.get_name() }}, {{ this.data }});{%"
        " endmacro %}"
    )

    def __init__(self, function: str, on: OfflineMap, data: str):
        super().__init__()
        self._name = "Call"
        self.function, self.on, self.data = function, on, data


def in_script(data: object) -> str:
    """`data` as JSON that may stand in a script: no tag and no quote in a text gets out of it.

    Folium reads the finished script once more as a template of its own: what opens an expression there is written
    otherwise.
    """
    told = str(htmlsafe_json_dumps(data, ensure_ascii=False, separators=(",", ":")))
    for opening in ("{{", "{%", "{#"):  # in JSON these stand in texts only
        told = told.replace(opening, opening.replace("{", "\\u007b"))
    return told


def lay_ground(outlines: Sequence[CommuneOutline]) -> Ground:
    """Prepare the outlines that a map shows."""
    edges = tuple(round(float(edge), 5) for edge in shapely.total_bounds([shape(o.geometry) for o in outlines]))
    rows = [{"unit": o.unit_id, "name": o.name, "middle": o.middle[::-1], "geometry": o.geometry} for o in outlines]
    return Ground(frozenset(o.unit_id for o in outlines), edges, in_script(rows))


def base_map(ground: Ground) -> OfflineMap:
    """The communes without colours, with background tiles only where the settings name them."""
    west, south, east, north = ground.edges
    wide, high = east - west, north - south
    tiles = settings.tiles()
    drawn = OfflineMap(
        location=((south + north) / 2, (west + east) / 2),
        tiles=tiles,
        attr=urlsplit(tiles).hostname if tiles else None,
        zoom_start=10,
        min_zoom=6,
        max_zoom=18,
        max_bounds=True,
        min_lat=south - high,
        max_lat=north + high,
        min_lon=west - wide,
        max_lon=east + wide,
        # Between whole zoom steps the areas fill the frame better; pictures of tiles need whole steps.
        zoom_snap=1 if tiles else 0.1,
        scroll_wheel_zoom=False,
        attribution_control=bool(tiles),
    )
    drawn.fit_bounds([[south, west], [north, east]], padding=(8, 8))
    drawn.add_child(_Call("areas", drawn, ground.json))
    return drawn


def changing(
    drawn: OfflineMap, areas: Sequence[Area], points: str | None, selected: int | None, turn: int
) -> folium.FeatureGroup:
    """What changes on the map while it stands: colours, figures, tooltips, and the address of the points (None: no
    points).
    """
    units = [
        {
            "unit": a.unit_id,
            "style": _style(a, selected),
            "figure": a.shade.figure,
            "tip": [a.full_name, *a.shade.lines],
        }
        for a in areas
    ]
    group = folium.FeatureGroup(name="changing")
    _Call("paint", drawn, in_script({"turn": turn, "selected": selected, "units": units})).add_to(group)
    if points is not None:
        _Call("records", drawn, in_script({"turn": turn, "address": points})).add_to(group)
    return group


def draw_map(
    ground: Ground,
    areas: Sequence[Area],
    points: str | None,
    selected: int | None,
    turn: int,
    key: str,
    on_tap: Callable[[], None],
) -> None:
    """The map, with the points that it finds at the address `points` (None: none); `on_tap` is called when an area or a
    point was tapped, see `tapped`.
    """
    drawn = base_map(ground)
    st_folium(
        drawn,
        key=key,
        height=HEIGHT,
        use_container_width=True,
        returned_objects=["last_active_drawing"],
        feature_group_to_add=changing(drawn, areas, points, selected, turn),
        on_change=on_tap,
        render=False,
    )


def tapped(key: str) -> dict[str, Any]:
    """What was tapped: {"unit": id} of an area, with "record" of a point; empty for anything else."""
    value = st.session_state.get(key)
    drawing = value.get("last_active_drawing") if isinstance(value, Mapping) else None
    properties = drawing.get("properties") if isinstance(drawing, Mapping) else None
    return dict(properties) if isinstance(properties, Mapping) and isinstance(properties.get("unit"), int) else {}


def _style(area: Area, selected: int | None) -> dict:
    style = BORDER | {"fillColor": area.shade.colour, "hatch": area.shade.hatch}
    if area.shade.neutral:
        style |= BORDER_NEUTRAL
    if area.shade.dark:
        style |= BORDER_ON_DARK
    return style | BORDER_SELECTED if area.unit_id == selected else style
