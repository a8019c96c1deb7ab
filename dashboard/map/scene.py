"""What the map shows of a plan on its day: figures, the shapes of the communes, the records that have a place."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import shapely
import streamlit as st
from shapely.geometry import shape

from dashboard.map.points import LATEST, MOST_POINTS
from dashboard.map.schematic import cells
from dashboard.map.widget import Area, CommuneOutline, Ground, lay_ground
from dashboard.progress import colouring
from dashboard.progress.colouring import Shade
from dashboard.progress.figures import Figures, Key, lagging_of
from dashboard.server.database import database
from data_model.core.access import Actor
from data_model.counting.rules import PlanProgress
from data_model.follow_up.listing import Standing, count_by_standing
from data_model.overview.lagging import Lagging
from data_model.plans.view import PlanView
from data_model.records.listing import RecordRow, list_records, points
from data_model.records.tables import RecordStatus
from data_model.units.boundaries import outlines
from data_model.units.tables import Unit


@dataclass(frozen=True)
class Scene:
    """All that the map page shows beside the plan's figures. `schematic`: communes drawn without an imported
    boundary.
    """

    figures: Figures
    units: tuple[Unit, ...]
    ground: Ground | None
    schematic: frozenset[int]
    points: Sequence[RecordRow]
    points_in_all: int
    waiting: int

    lagging: Lagging

    @property
    def progress(self) -> PlanProgress:
        return self.figures.progress

    @property
    def plan(self) -> PlanView:
        return self.progress.plan


def load_scene(actor: Actor, figures: Figures) -> Scene:
    """Read what the map shows beside `figures`."""
    units = _units_then(figures.progress)
    with database().reading() as session:
        known = outlines(session, [u.id for u in units])
        placed, in_all = points(session, actor, figures.key.plan_id, MOST_POINTS)
        _rows, waiting = list_records(session, actor, figures.key.plan_id, statuses=[RecordStatus.SENT], limit=1)
    ground = ground_of(units, known)
    schematic = ground.unit_ids - known.keys() if ground else frozenset()
    return Scene(figures, units, ground, schematic, placed, in_all, waiting, lagging_of(actor, figures))


# Shared and never changed. The colours of one colouring depend on the figures alone, whoever looks.
@st.cache_resource(show_spinner=False, max_entries=200)
def shades(key: Key, chosen: str, activity_id: int | None, _progress: PlanProgress) -> Mapping[int, Shade]:
    """The communes by the colouring that was chosen: by "visits", by one "target", else by the mean."""
    target = _progress.by_activity.get(activity_id) if chosen == "target" else None
    if chosen == "visits":
        return colouring.by_visits(_progress)
    return colouring.by_target(_progress, target) if target else colouring.by_mean(_progress)


def _units_then(progress: PlanProgress) -> tuple[Unit, ...]:
    """The plan's communes as they were on the day, or at the plan's end once that has passed."""
    then = min(progress.as_of, progress.plan.ends_on)
    return tuple(u for u in progress.plan.units if u.exists_on(then)) or progress.plan.units


def latest_records(actor: Actor, plan_id: int, unit_id: int) -> tuple[list[RecordRow], int]:
    """The latest records of a commune, and how many there are."""
    with database().reading() as session:
        return list_records(session, actor, plan_id, unit_id=unit_id, limit=LATEST)


def asked_for(actor: Actor, plan_id: int, unit_id: int) -> dict[Standing, int]:
    """How many recommendations to a commune stand where."""
    with database().reading() as session:
        return count_by_standing(session, actor, plan_id, unit_id)


def ground_of(units: Sequence[Unit], outlines: Mapping[int, dict]) -> Ground | None:
    """The ground of a map of these units, with their `outlines` by unit id; None where no unit has a
    place.
    """
    return _ground(_spots(units), json.dumps(outlines))


def shapes_of(units: Sequence[Unit], outlines: Mapping[int, dict]) -> dict[int, dict]:
    """GeoJSON geometry of each unit that has a place: its outline where there is one, a schematic cell otherwise."""
    return _shapes(_spots(units), json.dumps(outlines))


def _spots(units: Sequence[Unit]) -> tuple[tuple[int, str, float | None, float | None], ...]:
    return tuple((u.id, u.name, u.longitude, u.latitude) for u in units)


# Both are kept, since they change only with an import.
@lru_cache(maxsize=32)
def _ground(spots: tuple[tuple[int, str, float | None, float | None], ...], known: str) -> Ground | None:
    shapes = _shapes(spots, known)
    outlines = [
        CommuneOutline(unit_id, name, shapes[unit_id], _middle(shapes[unit_id]))
        for unit_id, name, *_at in spots
        if unit_id in shapes
    ]
    return lay_ground(outlines) if outlines else None


@lru_cache(maxsize=32)
def _shapes(spots: tuple[tuple[int, str, float | None, float | None], ...], known: str) -> dict[int, dict]:
    imported = {int(unit_id): geometry for unit_id, geometry in json.loads(known).items()}
    units = [Unit(id=i, code="", name=name, kind="", place="", longitude=x, latitude=y) for i, name, x, y in spots]
    return cells(units, imported) | imported


def _middle(geometry: dict) -> tuple[float, float]:
    largest = max(shapely.get_parts(shape(geometry)), key=lambda part: part.area)
    x, y = shapely.maximum_inscribed_circle(largest).coords[0]
    return round(x, 5), round(y, 5)


def areas(scene: Scene, coloured: Mapping[int, Shade]) -> list[Area]:
    """The communes as the map draws them."""
    return [
        Area(u.id, u.full_name, coloured[u.id]) for u in scene.units if scene.ground and u.id in scene.ground.unit_ids
    ]
