"""Distances on the ground: how far a position lies from the unit that it is said to be in."""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import shapely
from shapely.affinity import scale, translate
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement
from sqlmodel import Session, select

from data_model.core.database import AnyRow, columns
from data_model.units.tables import Spot, Unit, UnitBoundary

U = columns(Unit)

EARTH_M = 6_371_000
DEGREE_M = math.pi * EARTH_M / 180
FAR_FROM_OUTLINE_M = 500
"""Outlines are drawn roughly and a tablet's position wavers; half a kilometre is beyond both."""
REACH = 2.5
LEAST_REACH_M, MOST_REACH_M = 3_000, 15_000
"""Without an outline a unit is taken to reach 2.5 times as far as its nearest neighbour's point, between 3 and 15 km.

Measured on the outlines of 60 communes of 2024 and 20 of 2025: none reaches farther, so no true position is called far.
"""


def distance_m(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Metres between two positions in degrees, along the earth's surface."""
    first, second = math.radians(latitude), math.radians(other_latitude)
    half = math.sin((second - first) / 2) ** 2
    half += math.cos(first) * math.cos(second) * math.sin(math.radians(other_longitude - longitude) / 2) ** 2
    return 2 * EARTH_M * math.asin(math.sqrt(min(half, 1)))


@dataclass(frozen=True)
class Ground:
    """Where a unit lies, as far as is known: its outline, else points and how far around them it may reach (metres)."""

    outline: BaseGeometry | None
    points: Sequence[Spot]
    reach_m: float

    def outside_m(self, latitude: float, longitude: float) -> float | None:
        """Metres from the unit's edge to a position outside it, 0 inside; None where nothing is known of the unit."""
        if self.outline is not None:
            return metres_to(self.outline, latitude, longitude)
        if not self.points:
            return None
        return max(0.0, min(distance_m(latitude, longitude, *point) for point in self.points) - self.reach_m)

    def is_far(self, latitude: float, longitude: float) -> bool:
        """Whether a position deserves a warning: more than 500 m outside the outline, or beyond the reach of the
        points.
        """
        outside = self.outside_m(latitude, longitude)
        return outside is not None and outside > (FAR_FROM_OUTLINE_M if self.outline is not None else 0)


def ground_of(session: Session, unit: Unit) -> Ground:
    """Where `unit` lies. The area of units that are below it counts for a unit without an outline of its own."""
    return grounds_of(session, [unit])[unit.id]


def grounds_of(session: Session, units: Iterable[Unit]) -> dict[int, Ground]:
    """Where several units lie, each as `ground_of` says; three queries at most, however many they are."""
    wanted = {unit.id: unit for unit in units}
    if not wanted:
        return {}
    drawn = session.exec(select(UnitBoundary).where(columns(UnitBoundary).unit_id.in_(list(wanted))))
    found = {row.unit_id: Ground(_outline(row.geometry), (), 0) for row in drawn}
    undrawn = [unit for unit in wanted.values() if unit.id not in found]
    if not undrawn:
        return found
    below: dict[int, list[Spot]] = {}
    for unit in _placed(session, U.parent_id.in_([unit.id for unit in undrawn])):
        below.setdefault(unit.parent_id, []).append((unit.latitude, unit.longitude))
    alone = [(unit, spot) for unit in undrawn if unit.id not in below and (spot := unit.spot) is not None]
    others = _placed(session, U.place.in_({unit.place for unit, _ in alone})) if alone else []
    found |= {unit_id: Ground(None, spots, MOST_REACH_M) for unit_id, spots in below.items()}  # a town by its communes
    found |= {unit.id: _around(unit, spot, others) for unit, spot in alone}
    return {unit_id: found.get(unit_id, Ground(None, (), 0)) for unit_id in wanted}


def _around(unit: Unit, here: Spot, others: Iterable[AnyRow]) -> Ground:
    neighbours = [distance_m(*here, other.latitude, other.longitude) for other in others if _beside(unit, other)]
    reach = min(max(REACH * min(neighbours), LEAST_REACH_M), MOST_REACH_M) if neighbours else MOST_REACH_M
    return Ground(None, [here], reach)


def far_from_unit(session: Session, unit: Unit, latitude: float, longitude: float) -> bool:
    """Whether a position lies far outside `unit`: a reason to ask, never to refuse."""
    return ground_of(session, unit).is_far(latitude, longitude)


def _beside(unit: Unit, other: AnyRow) -> bool:
    """Another unit of the same place, at the same level, in the same time."""
    if other.id == unit.id or (other.place, other.parent_id) != (unit.place, unit.parent_id):
        return False
    return (
        other.valid_to is None
        if unit.valid_to is None
        else other.valid_from is None or other.valid_from <= unit.valid_to
    )


def _placed(session: Session, where: ColumnElement[bool]) -> Sequence[AnyRow]:
    # As plain rows: what is compared with each other so often must be quick to read.
    wanted: tuple[Any, ...] = (U.id, U.place, U.parent_id, U.valid_from, U.valid_to, U.latitude, U.longitude)
    return session.execute(select(*wanted).where(where, U.latitude.is_not(None), U.longitude.is_not(None))).all()


@lru_cache(maxsize=128)
def _outline(geometry: str) -> BaseGeometry:
    # Reading an outline of thousands of corners costs more than a page of the review queue.
    return shape(json.loads(geometry))


def metres_to(outline: BaseGeometry, latitude: float, longitude: float) -> float:
    """Metres from a position in degrees to the edge of `outline`, 0 inside it."""
    if outline.intersects(Point(longitude, latitude)):
        return 0.0
    # Degrees become metres around the position itself, where a straight line is true enough.
    around = translate(outline, -longitude, -latitude)
    return float(
        shapely.distance(
            scale(around, DEGREE_M * math.cos(math.radians(latitude)), DEGREE_M, origin=(0, 0)), Point(0, 0)
        )
    )
