"""What a reviewer should notice about records before deciding on them: found for a whole page of them at once."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, select

from data_model.core.access import Actor
from data_model.core.database import AnyRow, columns
from data_model.core.label import Label
from data_model.evidence.tables import Evidence
from data_model.kinds.registry import all_kinds
from data_model.records.listing import visible
from data_model.records.tables import FieldRecord
from data_model.review.duplicates import has_similar
from data_model.units.distances import Ground, grounds_of
from data_model.units.tables import Spot, Unit

R, E = columns(FieldRecord), columns(Evidence)
U = columns(Unit)


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one record; false where it has none.

    `late`: came after its period had been issued. `similar`: another record is like it. `unmet`: conditions of its
    target that it fails. `far`: its position, or where one of its photos was taken, lies far outside its unit.
    `lacking`: what its kind needs to be worth verifying and it does not have.
    """

    late: bool = False
    similar: bool = False
    unmet: int = 0
    far: bool = False
    lacking: tuple[Label, ...] = ()

    def __bool__(self) -> bool:
        return self != Marks()


def marks_of(session: Session, actor: Actor, record_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Marks]:
    """The marks of those records that the account may see; a handful of queries, however many records they are."""
    wanted = list(record_ids)
    if not wanted:
        return {}
    asked: tuple[Any, ...] = (
        R.id,
        R.kind,
        R.answers,
        R.unit_id,
        R.latitude,
        R.longitude,
        R.late_for,
        R.unmet,
        has_similar().label("similar"),
    )
    found = session.execute(select(*asked).where(R.id.in_(wanted), visible(actor))).all()
    pieces = _pieces(session, [row.id for row in found])
    spots = {row.id: _spots(row, pieces.get(row.id, ())) for row in found}
    units = {row.unit_id for row in found if spots[row.id]}
    grounds = grounds_of(session, session.exec(select(Unit).where(U.id.in_(units)))) if units else {}
    return {
        row.id: Marks(
            row.late_for is not None,
            bool(row.similar),
            row.unmet,
            _far(grounds, row.unit_id, spots[row.id]),
            tuple(need.label for need in all_kinds()[row.kind].unmet_needs(row.answers, row.id in pieces)),
        )
        for row in found
    }


def _pieces(session: Session, record_ids: list[uuid.UUID]) -> dict[uuid.UUID, list[Spot | None]]:
    """Where each piece of evidence in sight was taken, by record."""
    found: dict[uuid.UUID, list[Spot | None]] = {}
    kept = select(E.record_id, E.latitude, E.longitude).where(E.record_id.in_(record_ids), E.removed_at.is_(None))
    for record_id, latitude, longitude in session.execute(kept):
        found.setdefault(record_id, []).append(None if latitude is None else (latitude, longitude))
    return found


def _spots(row: AnyRow, taken: Iterable[Spot | None]) -> set[Spot]:
    own = None if row.latitude is None else (row.latitude, row.longitude)
    return {spot for spot in (own, *taken) if spot is not None}


def _far(grounds: Mapping[int, Ground], unit_id: int, spots: set[Spot]) -> bool:
    return any(grounds[unit_id].is_far(*spot) for spot in spots)
