"""A schematic map: cells around the units' points, for units whose boundary nobody has imported."""

import math
from collections.abc import Mapping, Sequence

import shapely
from shapely.affinity import scale
from shapely.geometry import MultiPoint, Point, Polygon, mapping, shape
from shapely.geometry.base import BaseGeometry

from data_model.units.tables import Unit

LONELY = 0.02
"""Half the width of a cell that has no neighbour, in degrees: about 2 km."""
SAME_PLACE = 0.0005
"""Points nearer than this (about 50 m) count as one place, in degrees."""
DECIMALS = 5


def cells(units: Sequence[Unit], outlines: Mapping[int, dict] | None = None) -> dict[int, dict]:
    """GeoJSON geometry of a cell for every unit that has a point and no outline of its own.

    Cells meet, never overlap, hold their unit's point and keep out of the `outlines` (by unit id) that are there.
    """
    placed = sorted((u for u in units if u.latitude is not None and u.longitude is not None), key=lambda u: u.id)
    if not placed:
        return {}
    # A degree of longitude is shorter than one of latitude: stretched here, so that distances compare.
    flat = math.cos(math.radians(sum(u.latitude for u in placed) / len(placed)))
    spots = _apart({u.id: (u.longitude * flat, u.latitude) for u in placed})
    known = {unit_id: _flattened(shape(outline), flat) for unit_id, outline in (outlines or {}).items()}
    taken = shapely.union_all(list(known.values())) if known else None
    drawn = {}
    for unit_id, cell in _around(spots).items():
        if unit_id in known:
            continue
        free = cell if taken is None else _largest(cell.difference(taken), cell)
        drawn[unit_id] = _geojson(free, flat)
    return drawn


def _around(spots: dict[int, tuple[float, float]]) -> dict[int, Polygon]:
    """Each spot's part of the area, nearest spot first."""
    points = {unit_id: Point(spot) for unit_id, spot in spots.items()}
    reach = _spacing(spots)
    if len(points) == 1:
        return {unit_id: point.buffer(reach) for unit_id, point in points.items()}
    whole = MultiPoint(list(points.values()))
    area = _area(whole, reach)
    parts = shapely.get_parts(shapely.voronoi_polygons(whole, extend_to=area))
    tree = shapely.STRtree(parts)
    found = {}
    for unit_id, point in points.items():
        part = parts[tree.nearest(point)]
        found[unit_id] = _largest(part.intersection(area), part, point)
    return found


def _area(points: MultiPoint, reach: float) -> BaseGeometry:
    """A smooth shape around all points: their concave hull, widened, its dents rounded."""
    hull = shapely.concave_hull(points, ratio=0.6)
    return hull.buffer(reach * 1.6).buffer(-reach * 0.8)


def _spacing(spots: dict[int, tuple[float, float]]) -> float:
    """Typical distance from a spot to the nearest other one."""
    if len(spots) < 2:
        return LONELY
    all_spots = list(spots.values())
    nearest = sorted(min(math.dist(a, b) for b in all_spots if b is not a) for a in all_spots)
    return nearest[len(nearest) // 2]


def _apart(spots: dict[int, tuple[float, float]]) -> dict[int, tuple[float, float]]:
    """The spots, those that share a place moved apart a little, always the same way."""
    kept: dict[int, tuple[float, float]] = {}
    for unit_id, (x, y) in spots.items():
        turn = 0
        spot = (x, y)
        while any(math.dist(spot, other) < SAME_PLACE for other in kept.values()):
            turn += 1
            spot = (x + 2 * SAME_PLACE * turn * math.cos(turn), y + 2 * SAME_PLACE * turn * math.sin(turn))
        kept[unit_id] = spot
    return kept


def _largest(area: BaseGeometry, otherwise: BaseGeometry, holding: Point | None = None) -> BaseGeometry:
    """The one polygon of `area` that holds the point, or the largest; `otherwise` where nothing is left."""
    polygons = [part for part in shapely.get_parts(area) if isinstance(part, Polygon) and part.area > 0]
    if not polygons:
        return otherwise
    return max(polygons, key=lambda part: (holding is not None and part.covers(holding), part.area))


def _flattened(geometry: BaseGeometry, flat: float) -> BaseGeometry:
    return shapely.make_valid(scale(geometry, xfact=flat, yfact=1, origin=(0, 0)))


def _geojson(geometry: BaseGeometry, flat: float) -> dict:
    return mapping(shapely.set_precision(scale(geometry, xfact=1 / flat, yfact=1, origin=(0, 0)), 10**-DECIMALS))
