"""Where a record happened, as one small picture: its commune among the others, the point, how exact it is."""

import base64
import math
from html import escape

import shapely
import streamlit as st
from shapely.affinity import scale
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from dashboard.i18n.words import _
from dashboard.map.scene import shapes_of
from dashboard.server.database import database
from dashboard.ui.status_look import SPOT
from data_model.plans.view import PlanView
from data_model.records.tables import FieldRecord
from data_model.units.boundaries import outlines

DEGREE_M = 111_320
"""Metres in a degree of latitude."""
AROUND = 0.35
"""What is shown beyond the commune and the point on each side, as a share of their extent."""
LEAST = 0.01
"""The least extent that is shown, in degrees: about 1 km."""
# Seen on white and on black.
AREA, OWN, LINE = "#8aa0b433", "#2f8fb55c", "#7a8a99"


def where(record: FieldRecord, plan: PlanView) -> None:
    """The picture; nothing for a record without a position or a plan whose communes have no place."""
    units = tuple(u for u in plan.units if record.happened_on is None or u.exists_on(record.happened_on))
    if record.latitude is None or not any(u.latitude is not None for u in units):
        return
    with database().reading() as session:
        known = outlines(session, [u.id for u in units])
    drawn = svg(
        {i: shape(s) for i, s in shapes_of(units, known).items()},
        record.unit_id,
        record.latitude,
        record.longitude,
        record.accuracy_m,
    )
    alt = escape(_("Where it was: {unit}", unit=plan.unit_by_id[record.unit_id].full_name), quote=True)
    source = base64.b64encode(drawn.encode()).decode()
    st.html(
        f'<img alt="{alt}" src="data:image/svg+xml;base64,{source}"'
        ' style="width:18rem;max-width:100%;border-radius:.5rem">'
    )
    if len(known) < len(units):
        st.caption(_("Schematic map, not administrative boundaries"))


def svg(shapes: dict[int, BaseGeometry], own: int, latitude: float, longitude: float, accuracy_m: float | None) -> str:
    """The picture of `shapes` (degrees, by unit id) around unit `own` and the point, north up, as an SVG document."""
    flat = math.cos(math.radians(latitude))
    flattened = {i: scale(s, xfact=flat, yfact=-1, origin=(0, 0)) for i, s in shapes.items()}
    spot = Point(longitude * flat, -latitude)
    left, top, right, bottom = shapely.total_bounds([spot, *([flattened[own]] if own in flattened else [])])
    extent = max(right - left, bottom - top, LEAST)
    side = extent * (1 + 2 * AROUND)
    x, y = (left + right - side) / 2, (top + bottom - side) / 2
    view = shapely.box(x, y, x + side, y + side)
    paths = [
        f'<path d="{_path(s.simplify(side / 400))}" fill="{OWN if i == own else AREA}" stroke="{LINE}"'
        f' stroke-width="{side / 200:.6f}"/>'
        for i, s in flattened.items()
        if s.intersects(view)
    ]
    exact = (
        f'<circle cx="{spot.x:.6f}" cy="{spot.y:.6f}" r="{accuracy_m / DEGREE_M:.6f}" fill="{SPOT}"'
        ' fill-opacity=".18"/>'
        if accuracy_m
        else ""
    )
    point = (
        f'<circle cx="{spot.x:.6f}" cy="{spot.y:.6f}" r="{side / 50:.6f}" fill="{SPOT}" stroke="#fff"'
        f' stroke-width="{side / 150:.6f}"/>'
    )
    box = f"{x:.6f} {y:.6f} {side:.6f} {side:.6f}"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="288" height="288"'
        f' viewBox="{box}">{"".join(paths)}{exact}{point}</svg>'
    )


def _path(geometry: BaseGeometry) -> str:
    rings = [ring for part in shapely.get_parts(geometry) for ring in (part.exterior, *part.interiors)]
    return "".join("M" + "L".join(f"{x:.5f},{y:.5f}" for x, y in ring.coords) + "Z" for ring in rings)
