"""Boundaries of units, imported from a GeoJSON file (RFC 7946: longitude before latitude, WGS 84)."""

import json
from collections.abc import Iterable
from datetime import date

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import MultiPolygon, Polygon, mapping, shape
from shapely.geometry.base import BaseGeometry
from sqlmodel import Session, or_, select

from data_model.core import journal
from data_model.core.access import Act, Actor
from data_model.core.label import Label
from data_model.core.problems import Problem, Refused, Say, refuse
from data_model.core.text import nfc
from data_model.units.tables import Unit, UnitBoundary

MOST_BYTES = 20_000_000
MOST_PROBLEMS = 20
DECIMALS = 6
"""Of a degree: 0,1 metre, finer than any boundary is drawn."""
CODE_NAMES = ("code", "ma_xa", "ward_code")

_TOO_LARGE = Label("lớn hơn 20 MB", "it is larger than 20 MB")
_NOT_JSON = Label("không đọc được là JSON", "it cannot be read as JSON")
_NOT_COLLECTION = Label("không phải FeatureCollection", "it is not a FeatureCollection")
_EMPTY = Label("không có đối tượng nào", "it has no features")
_NOT_POLYGON = Label("không phải Polygon hay MultiPolygon", "it is not a Polygon or MultiPolygon")
_BAD_COORDINATES = Label("toạ độ không đọc được", "its coordinates cannot be read")
_OUT_OF_RANGE = Label("toạ độ không phải kinh độ, vĩ độ", "its coordinates are not longitude and latitude in degrees")
_NO_AREA = Label("hình không có diện tích", "it encloses no area")


def import_boundaries(session: Session, actor: Actor, content: bytes, day: date, source: str) -> int:
    """Store the outlines of a GeoJSON file for the units that exist on `day`; gives how many.

    A feature names its unit by the property "code" (or "ma_xa", "ward_code"). An outline that is there already is
    replaced. Raises Refused with the file's problems, at most 20; nothing is written then.
    """
    actor.require(Act.IMPORT_BOUNDARIES)
    source = nfc(source)
    if not source:
        raise refuse(Say.REQUIRED, "source")
    if len(source) > 200:
        raise refuse(Say.TOO_LONG, "source", most=200, length=len(source))
    found = _read(_features(content), _units_on(session, day))
    for unit_id, geometry in found.items():
        row = session.get(UnitBoundary, unit_id) or UnitBoundary(unit_id=unit_id, geometry="", source="")
        row.geometry, row.source = geometry, source
        session.add(row)
    journal.note(session, actor, "import_boundaries", "boundaries", day, after={"source": source, "units": sorted(found)})
    return len(found)


def outlines(session: Session, unit_ids: Iterable[int]) -> dict[int, dict]:
    """The imported outlines of some units, as GeoJSON geometries; units without one are left out."""
    rows = session.exec(select(UnitBoundary).where(UnitBoundary.unit_id.in_(list(unit_ids))))
    return {row.unit_id: json.loads(row.geometry) for row in rows}


def _units_on(session: Session, day: date) -> dict[str, int]:
    rows = session.exec(
        select(Unit.code, Unit.id).where(
            or_(Unit.valid_from.is_(None), Unit.valid_from <= day), or_(Unit.valid_to.is_(None), Unit.valid_to >= day)
        )
    )
    return dict(rows.all())


def _features(content: bytes) -> list:
    if len(content) > MOST_BYTES:
        raise refuse(Say.NOT_GEOJSON, why=_TOO_LARGE)
    try:
        read = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError):  # bytes that are no UTF-8, text that is no JSON, nesting without end
        raise refuse(Say.NOT_GEOJSON, why=_NOT_JSON) from None
    if not isinstance(read, dict) or read.get("type") != "FeatureCollection" or not isinstance(read.get("features"), list):
        raise refuse(Say.NOT_GEOJSON, why=_NOT_COLLECTION)
    if not read["features"]:
        raise refuse(Say.NOT_GEOJSON, why=_EMPTY)
    return read["features"]


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def _read(features: list, unit_of: dict[str, int]) -> dict[int, str]:
    """Geometry as JSON by unit, every feature checked; raises Refused with all problems."""
    found: dict[int, str] = {}
    problems: list[Problem] = []
    for number, feature in enumerate(features, 1):
        try:
            code = _code(feature, number)
            if code not in unit_of:
                raise refuse(Say.BOUNDARY_UNKNOWN_CODE, number=number, code=code)
            if unit_of[code] in found:
                raise refuse(Say.BOUNDARY_TWICE, number=number, code=code)
            # Marked before the shape is read, so that a twin of a bad shape is told too.
            found[unit_of[code]] = ""
            found[unit_of[code]] = _outline(feature.get("geometry"), number, code)
        except Refused as refused:
            problems += refused.problems
        if len(problems) >= MOST_PROBLEMS:
            break
    if problems:
        raise Refused(problems)
    return found


def _code(feature: object, number: int) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    for name in CODE_NAMES if isinstance(properties, dict) else ():
        code = properties.get(name)
        if isinstance(code, str) and code.strip():
            return nfc(code)[:40]
        if isinstance(code, int) and not isinstance(code, bool):
            return f"{code:05d}"[:40]  # commune codes have five digits; a number has lost its leading zero
    raise refuse(Say.BOUNDARY_WITHOUT_CODE, number=number)


def _outline(geometry: object, number: int, code: str) -> str:
    def bad(why: Label) -> Refused:
        return refuse(Say.BOUNDARY_BAD_SHAPE, number=number, code=code, why=why)

    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise bad(_NOT_POLYGON)
    try:
        drawn = shapely.force_2d(shape(geometry))
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError):
        raise bad(_BAD_COORDINATES) from None
    spots = shapely.get_coordinates(drawn)
    if not ((abs(spots[:, 0]) <= 180).all() and (abs(spots[:, 1]) <= 90).all()):
        raise bad(_OUT_OF_RANGE)
    areas = _areas(shapely.set_precision(shapely.make_valid(drawn), 10**-DECIMALS))
    if not areas:
        raise bad(_NO_AREA)
    whole = areas[0] if len(areas) == 1 else MultiPolygon(areas)
    return json.dumps(_rounded(mapping(whole)), separators=(",", ":"))


def _areas(drawn: BaseGeometry) -> list[Polygon]:
    # Making a shape valid may leave lines and points beside the areas.
    return [part for part in shapely.get_parts(shapely.get_parts(drawn)) if isinstance(part, Polygon) and part.area > 0]


def _rounded(geometry: dict) -> dict:
    def each(spot):
        return round(spot, DECIMALS) if isinstance(spot, float) else [each(inner) for inner in spot]

    return {"type": geometry["type"], "coordinates": each(geometry["coordinates"])}
