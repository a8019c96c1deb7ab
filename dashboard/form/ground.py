"""The ground to tap on in the form: the commune among its neighbours, as plain data that a tablet can keep."""

from typing import Any
from urllib.parse import urlsplit

import shapely
from shapely.geometry import mapping, shape
from sqlmodel import Session

from dashboard.map.scene import shapes_of
from data_model.core import settings
from data_model.units.boundaries import outlines
from data_model.plans.view import PlanView
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
    shapes = {unit_id: shape(drawn) for unit_id, drawn in shapes_of(tuple(u for u in plan.units), known).items()}
    own = shape(known[unit.id]) if unit.id in known else shapes.get(unit.id)
    if own is None and shapes:  # the whole area, by its communes
        own = shapely.union_all(list(shapes.values()))
    tiles = settings.tiles() or ""
    told = {"geometry": None, "schematic": unit.id not in known, "beside": [], "tiles": tiles, "thanks": urlsplit(tiles).hostname or ""}
    if own is None:
        return told
    west, south, east, north = own.bounds
    reach = BESIDE * max(east - west, north - south)
    view = shapely.box(west - reach, south - reach, east + reach, north + reach)
    beside = [(units[i].name, drawn) for i, drawn in shapes.items() if i != unit.id and drawn.intersects(view)]
    return told | {"geometry": _drawn(own), "beside": [{"name": name, "geometry": _drawn(each), "at": _inside(each)} for name, each in beside]}


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
