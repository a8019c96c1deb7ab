"""Administrative units: a unit is its code in a period, never its name."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import or_
from sqlmodel import Session, select

from data_model.core.database import columns
from data_model.units.tables import Unit

U = columns(Unit)


def unit_by_code(session: Session, code: str, day: date) -> Unit | None:
    """The unit that had `code` on `day` (R29); None where there was none."""
    return session.exec(
        select(Unit).where(
            Unit.code == code,
            or_(U.valid_from.is_(None), U.valid_from <= day),
            or_(U.valid_to.is_(None), U.valid_to >= day),
        )
    ).first()


def units_by_id(session: Session, unit_ids: Iterable[int]) -> dict[int, Unit]:
    """Units by their id, for naming them."""
    return {unit.id: unit for unit in session.exec(select(Unit).where(U.id.in_(list(unit_ids))))}


def all_units(session: Session) -> list[Unit]:
    """Every unit of every period, by place and name."""
    return list(session.exec(select(Unit).order_by(Unit.place, Unit.name, U.valid_from)))
