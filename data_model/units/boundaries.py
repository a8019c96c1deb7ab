"""Boundaries of units, imported from a GeoJSON file (RFC 7946: longitude before latitude, WGS 84)."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import MultiPolygon, Polygon, mapping, shape
from shapely.geometry.base import BaseGeometry
from sqlmodel import Session, or_, select

from data_model.core import journal
from data_model.core.access import Act, Actor
from data_model.core.database import columns
from data_model.core.label import Label
from data_model.core.long_json import read_long_json
from data_model.core.problems import Problem, Refused, Say, refuse
from data_model.core.text import folded, kept_text, nfc
from data_model.units.distances import FAR_FROM_OUTLINE_M, metres_to
from data_model.units.tables import Unit, UnitBoundary, UnitLineage

U = columns(Unit)

MOST_BYTES = 20_000_000
MOST_PROBLEMS = 20
DECIMALS = 6
"""Of a degree: 0,1 metre, finer than any boundary is drawn."""
CODE_NAMES = frozenset(
    {"code", "maxa", "wardcode", "communecode", "maphuong", "maphuongxa", "maxaphuong", "madvhc", "mahc", "mahanhchinh"}
)
UNIT_NAMES = frozenset(
    {"name", "ten", "tenxa", "wardname", "communename", "tenphuong", "tenphuongxa", "tenxaphuong", "tendvhc", "tenhc"}
)
"""Names of properties as programs write them, in small letters and without what stands between: MA_XA, Ma xa, ma-xa."""
DOUBTS = frozenset({Say.BOUNDARY_LEAVES_OUT, Say.BOUNDARY_TAKES_IN, Say.BOUNDARY_OTHER_NAME})
"""What speaks against an outline and may still be right: whoever has looked can import it all the same."""

_TOO_LARGE = Label("lớn hơn 20 MB", "it is larger than 20 MB")
_NOT_JSON = Label("không đọc được là JSON", "it cannot be read as JSON")
_NOT_COLLECTION = Label("không phải FeatureCollection", "it is not a FeatureCollection")
_EMPTY = Label("không có đối tượng nào", "it has no features")
_NOT_POLYGON = Label("không phải Polygon hay MultiPolygon", "it is not a Polygon or MultiPolygon")
_BAD_COORDINATES = Label("toạ độ không đọc được", "its coordinates cannot be read")
_OUT_OF_RANGE = Label("toạ độ không phải kinh độ, vĩ độ", "its coordinates are not longitude and latitude in degrees")
_NO_AREA = Label("hình không có diện tích", "it encloses no area")


def import_boundaries(
    session: Session,
    actor: Actor,
    content: bytes,
    day: date,
    source: str,
    code_in: str | None = None,
    sure: bool = False,
) -> int:
    """Store the outlines of a GeoJSON file for the units that exist on `day`; gives how many.

    A feature names its unit by a property as in CODE_NAMES, by the one that `code_in` names, or by its id. An outline
    that is there already is replaced. Raises Refused with the file's problems, at most 20; nothing is written then.
    What may be another period's or another place's (DOUBTS) is refused unless the person is `sure`.
    """
    actor.require(Act.IMPORT_BOUNDARIES)
    source = kept_text(source, 200, "source")
    if not source:
        raise refuse(Say.REQUIRED, "source")
    units = {unit.code: unit for unit in _units_on(session, day)}
    found = _read(_features(content), units, code_in)
    if not sure and (doubts := list(islice(_doubts(session, units, found), MOST_PROBLEMS))):
        raise Refused(doubts)
    for each in found.values():
        row = session.get(UnitBoundary, each.unit.id) or UnitBoundary(unit_id=each.unit.id, geometry="", source="")
        row.geometry, row.source = _written(each.outline), source
        session.add(row)
    journal.note(
        session, actor, "import_boundaries", "boundaries", day, after={"source": source, "units": sorted(found)}
    )
    return len(found)


def property_names(content: bytes) -> list[str]:
    """The names of the properties in a file, in their order, at most 50; none for what is no GeoJSON."""
    try:
        features = _features(content)
    except Refused:
        return []
    return list(dict.fromkeys(name for feature in features for name in _properties(feature)))[:50]


def outlines(session: Session, unit_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The imported outlines of some units, as GeoJSON geometries; units without one are left out."""
    rows = session.exec(select(UnitBoundary).where(columns(UnitBoundary).unit_id.in_(list(unit_ids))))
    return {row.unit_id: json.loads(row.geometry) for row in rows}


def _units_on(session: Session, day: date) -> list[Unit]:
    return list(
        session.exec(
            select(Unit).where(
                or_(U.valid_from.is_(None), U.valid_from <= day),
                or_(U.valid_to.is_(None), U.valid_to >= day),
            )
        )
    )


def _features(content: bytes) -> list[object]:
    if len(content) > MOST_BYTES:
        raise refuse(Say.NOT_GEOJSON, why=_TOO_LARGE)
    try:
        read = read_long_json(content.decode("utf-8-sig"), tuple, _no_number)
    except (ValueError, RecursionError):  # bytes that are no UTF-8, text that is no JSON, nesting without end
        raise refuse(Say.NOT_GEOJSON, why=_NOT_JSON) from None
    if (
        not isinstance(read, dict)
        or read.get("type") != "FeatureCollection"
        or not isinstance(read.get("features"), list | tuple)
    ):
        raise refuse(Say.NOT_GEOJSON, why=_NOT_COLLECTION)
    features: list[object] = read["features"]
    if not features:
        raise refuse(Say.NOT_GEOJSON, why=_EMPTY)
    return features


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


@dataclass(frozen=True)
class _Found:
    """A feature of the file: its number, the unit that its code names, what the file calls it ("" where it does
    not).
    """

    number: int
    unit: Unit
    called: str
    outline: BaseGeometry


def _read(features: list[object], units: dict[str, Unit], code_in: str | None) -> dict[int, _Found]:
    """What each feature draws, by unit, every feature checked; raises Refused with all problems."""
    found: dict[int, _Found] = {}
    twins: set[int] = set()
    problems: list[Problem] = []
    for number, feature in enumerate(features, 1):
        try:
            unit = _unit(feature, number, units, code_in)
            if unit.id in twins:
                raise refuse(Say.BOUNDARY_TWICE, number=number, code=unit.code)
            # Marked before the shape is read, so that a twin of a bad shape is told too.
            twins.add(unit.id)
            found[unit.id] = _Found(
                number, unit, _called(feature), _outline(_member(feature, "geometry"), number, unit.code)
            )
        except Refused as refused:
            problems += refused.problems
        if len(problems) >= MOST_PROBLEMS:
            break
    if problems:
        raise Refused(problems)
    return found


def _member(feature: object, name: str) -> object:
    return feature.get(name) if isinstance(feature, dict) else None


def _properties(feature: object) -> dict[str, object]:
    properties = _member(feature, "properties")
    return properties if isinstance(properties, dict) else {}


def _plain(name: str) -> str:
    return "".join(c for c in folded(nfc(name[:100])) if c.isalnum())


def _unit(feature: object, number: int, units: dict[str, Unit], code_in: str | None) -> Unit:
    """The unit that a feature names. Its id stands for a code only where it is one: many programs number features in
    it.
    """
    properties = _properties(feature)
    told = [
        code
        for name, value in properties.items()
        if (name == code_in if code_in else _plain(name) in CODE_NAMES)
        for code in _codes(value)
    ]
    ids = [] if code_in else _codes(_member(feature, "id"))
    for code in (*told, *ids):
        if code in units:
            return units[code]
    if told:
        raise refuse(Say.BOUNDARY_UNKNOWN_CODE, number=number, code=told[0])
    raise refuse(Say.BOUNDARY_WITHOUT_CODE, number=number, names=nfc(", ".join(properties)[:300]) or "–")


def _codes(value: object) -> list[str]:
    """A code as programs write it (21439, 21439.0, "21439.0"); one of fewer than five digits may have lost its leading
    zeros.
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return []
    written = re.sub(r"^([0-9]+)\.0+$", r"\1", nfc(str(value)[:60]))[:40]
    return [written, written.zfill(5)] if written.isdigit() and len(written) < 5 else [written] if written else []


def _called(feature: object) -> str:
    names = (value for name, value in _properties(feature).items() if _plain(name) in UNIT_NAMES)
    return next((nfc(name[:200]) for name in names if isinstance(name, str)), "")


def _doubts(session: Session, units: dict[str, Unit], found: dict[int, _Found]) -> Iterator[Problem]:
    """What speaks against outlines, measured on the communes' outlines of 2024 and 2025: none that is right meets one
    of these.
    """
    spots = [(unit, spot) for unit in units.values() if (spot := unit.spot) is not None]
    points = shapely.points([[longitude, latitude] for _, (latitude, longitude) in spots])
    before = _taken_up(session, found)
    for unit_id, each in found.items():
        figures = {"number": each.number, "code": each.unit.code, "unit": each.unit.full_name}
        if each.called and _words(each.called)[-len(_words(each.unit.name)) :] != _words(each.unit.name):
            yield Problem("", Say.BOUNDARY_OTHER_NAME, figures | {"called": each.called})
        for part in (each.unit, *before.get(unit_id, ())):
            if part.spot is None:
                continue
            away = metres_to(each.outline, *part.spot)
            if away > FAR_FROM_OUTLINE_M:
                yield Problem(
                    "",
                    Say.BOUNDARY_LEAVES_OUT,
                    figures | {"part": part.full_name, "km": Decimal(round(away / 1000, 1)).quantize(Decimal("0.1"))},
                )
                break
        shapely.prepare(each.outline)
        inside = [spots[at][0] for at in shapely.contains(each.outline, points).nonzero()[0]]
        others = [unit.full_name for unit in inside if not _same_ground(unit, each.unit, units)]
        if others:
            yield Problem("", Say.BOUNDARY_TAKES_IN, figures | {"others": ", ".join(others[:5])})


def _words(name: str) -> list[str]:
    return re.findall(r"\w+", folded(name))


def _taken_up(session: Session, unit_ids: Iterable[int]) -> dict[int, list[Unit]]:
    """The units that were wholly taken up into some units, by these."""
    rows = session.exec(
        select(UnitLineage.new_id, Unit)
        .join(Unit, U.id == UnitLineage.old_id)
        .where(columns(UnitLineage).new_id.in_(list(unit_ids)))
    )
    taken: dict[int, list[Unit]] = {}
    for new_id, unit in rows:
        taken.setdefault(new_id, []).append(unit)
    return taken


def _same_ground(unit: Unit, other: Unit, units: dict[str, Unit]) -> bool:
    """Whether one of the two lies in the other by right: it is the same, above it or below it."""
    by_id = {each.id: each for each in units.values()}
    for lower, upper in ((unit, other), (other, unit)):
        above: Unit | None = lower
        while above is not None:
            if above.id == upper.id:
                return True
            above = None if above.parent_id is None else by_id.get(above.parent_id)
    return False


def _outline(geometry: object, number: int, code: str) -> BaseGeometry:
    def bad(why: Label) -> Refused:
        return refuse(Say.BOUNDARY_BAD_SHAPE, number=number, code=code, why=why)

    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise bad(_NOT_POLYGON)
    try:
        drawn = shapely.force_2d(shape(geometry))
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError):
        raise bad(_BAD_COORDINATES) from None
    spots = shapely.get_coordinates(drawn)
    if not ((abs(spots[:, 0]) <= 180).all() and (abs(spots[:, 1]) <= 90).all()):
        raise bad(_OUT_OF_RANGE)
    areas = _areas(shapely.set_precision(shapely.make_valid(drawn), 10**-DECIMALS))
    if not areas:
        raise bad(_NO_AREA)
    return areas[0] if len(areas) == 1 else MultiPolygon(areas)


def _areas(drawn: BaseGeometry) -> list[Polygon]:
    # Making a shape valid may leave lines and points beside the areas.
    return [part for part in shapely.get_parts(shapely.get_parts(drawn)) if isinstance(part, Polygon) and part.area > 0]


def _written(outline: BaseGeometry) -> str:
    """The outline as GeoJSON, its degrees rounded. Python's own writer would hold everybody up over a long one."""

    def each(spot: Any) -> str:
        return repr(round(spot, DECIMALS)) if isinstance(spot, float) else f"[{','.join(map(each, spot))}]"

    geometry = mapping(outline)
    return f'{{"type":"{geometry["type"]}","coordinates":{each(geometry["coordinates"])}}}'
