"""The ground to tap on in the form: the commune among its neighbours, as plain data that a tablet can keep."""

from typing import Any
from urllib.parse import urlsplit

import shapely
from shapely.geometry import mapping, shape
from sqlmodel import Session

# Not dashboard.map.scene: it declares the map's component, which Streamlit then looks for in vain when a page is drawn.
from dashboard.map.schematic import cells
from data_model.core import settings
from data_model.plans.view import PlanView
from data_model.units.boundaries import outlines
from data_model.units.tables import Unit

BESIDE = 0.6
"""So far around the commune its neighbours are given, as a share of its extent."""
COARSE = 0.0004
"""Degrees, about 40 m: outlines as fine as a finger is."""
DECIMALS = 5


def ground(session: Session, plan: PlanView, unit: Unit) -> dict[str, Any]:
    """Of `unit`: geometry (GeoJSON, None for a unit without a place) and whether it is a schematic cell.

    Of the communes beside it: name, geometry and a point inside it (latitude, longitude). Of the background: the tiles'
    address and whom to name for them, both "" where the settings name none.
    """
    units = {each.id: each for each in (*plan.units, unit)}
    known = outlines(session, list(units))
    drawn = cells(plan.units, known) | {u.id: known[u.id] for u in plan.units if u.id in known}
    shapes = {unit_id: shape(geometry) for unit_id, geometry in drawn.items()}
    own = shape(known[unit.id]) if unit.id in known else shapes.get(unit.id)
    if own is None and shapes:  # the whole area, by its communes
        own = shapely.union_all(list(shapes.values()))
    tiles = settings.tiles() or ""
    told = {
        "geometry": None,
        "schematic": unit.id not in known,
        "beside": [],
        "tiles": tiles,
        "thanks": urlsplit(tiles).hostname or "",
    }
    if own is None:
        return told
    west, south, east, north = own.bounds
    reach = BESIDE * max(east - west, north - south)
    view = shapely.box(west - reach, south - reach, east + reach, north + reach)
    beside = [
        {"name": units[i].name, "geometry": _drawn(each), "at": _inside(each)}
        for i, each in shapes.items()
        if i != unit.id and each.intersects(view)
    ]
    return told | {"geometry": _drawn(own), "beside": beside}


def _drawn(geometry: shapely.Geometry) -> dict[str, Any]:
    coarse = shapely.set_precision(geometry.simplify(COARSE), 10**-DECIMALS)
    return _rounded(mapping(coarse if not coarse.is_empty else geometry))


def _rounded(part: Any) -> Any:
    if isinstance(part, dict):
        return {"type": part["type"], "coordinates": _rounded(part["coordinates"])}
    return round(part, DECIMALS) if isinstance(part, float) else [_rounded(each) for each in part]


def _inside(geometry: shapely.Geometry) -> list[float]:
    point = geometry.representative_point()
    return [round(point.y, DECIMALS), round(point.x, DECIMALS)]
