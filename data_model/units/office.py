"""Which office this installation is of, and the communes that it supervises: picked from the national list of units."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from data_model.core import clock, journal
from data_model.core.access import Act, Actor
from data_model.core.problems import Problem, Refused, Say, refuse
from data_model.units.tables import NationalUnit, Office, OfficeUnit, Unit


@dataclass(frozen=True)
class OfficeView:
    """The office's own unit and its communes, by name; a commune's office supervises itself."""

    unit: Unit
    communes: tuple[Unit, ...]


def the_office(session: Session) -> OfficeView | None:
    """The office, None before somebody has said which it is."""
    row = session.get(Office, 1)
    unit = session.get(Unit, row.unit_id) if row else None
    if unit is None:
        return None
    communes = session.exec(select(Unit).join(OfficeUnit, col(OfficeUnit.unit_id) == Unit.id).order_by(Unit.name))
    return OfficeView(unit, tuple(communes))


def national_provinces(session: Session) -> list[NationalUnit]:
    """Provinces and cities of the national list, by name."""
    return list(
        session.exec(
            select(NationalUnit).where(col(NationalUnit.parent_code).is_(None)).order_by(col(NationalUnit.name))
        )
    )


def national_communes(session: Session, province: str) -> list[NationalUnit]:
    """Communes, wards and special zones of a province, by name."""
    return list(
        session.exec(select(NationalUnit).where(NationalUnit.parent_code == province).order_by(col(NationalUnit.name)))
    )


def set_office(session: Session, actor: Actor, code: str, communes: Iterable[str] = ()) -> None:
    """Say which office this is: a province of the national list with the communes that it supervises, or a commune.

    What is picked becomes a `Unit` where it is none yet. Raises Refused: UNIT_NOT_LISTED, COMMUNES_MISSING.
    """
    actor.require(Act.SET_OFFICE)
    listed = _listed(session, code)
    if listed is None:
        raise refuse(Say.UNIT_NOT_LISTED, "office", code=code[:20])
    wanted = sorted(set(communes)) if listed.parent_code is None else [code]
    if not wanted:
        raise refuse(Say.COMMUNES_MISSING, "communes")
    found = {each: _listed(session, each) for each in wanted}
    problems = [
        Problem("communes", Say.UNIT_NOT_LISTED, {"code": each[:20]})
        for each, unit in found.items()
        if unit is None or (listed.parent_code is None and unit.parent_code != code)
    ]
    if problems:
        raise Refused(problems)
    own = _as_unit(session, listed, code)
    chosen = [own if unit is listed else _as_unit(session, unit, code) for unit in found.values() if unit]
    row = session.get(Office, 1) or Office(id=1, unit_id=own.id, set_by=actor.id, set_at=clock.now())
    row.unit_id, row.set_by, row.set_at = own.id, actor.id, clock.now()
    session.add(row)
    session.execute(delete(OfficeUnit))
    session.add_all(OfficeUnit(unit_id=unit.id) for unit in chosen)
    journal.note(session, actor, "set_office", "office", 1, after={"unit": own.id, "communes": wanted})


def _listed(session: Session, code: str) -> NationalUnit | None:
    """The newest unit of the list with that code."""
    return session.exec(
        select(NationalUnit).where(NationalUnit.code == code).order_by(col(NationalUnit.valid_from).desc())
    ).first()


def _as_unit(session: Session, listed: NationalUnit, place: str) -> Unit:
    """The unit of a row of the list, made where it is none yet, and what it lies in before it."""
    known = session.exec(select(Unit).where(Unit.code == listed.code, Unit.valid_from == listed.valid_from)).first()
    parent = _listed(session, listed.parent_code) if listed.parent_code else None
    parent_id = _as_unit(session, parent, place).id if parent else None
    if known is not None:
        known.parent_id = known.parent_id or parent_id
        return known
    unit = Unit(
        code=listed.code,
        name=listed.name,
        kind=listed.kind,
        place=place,
        parent_id=parent_id,
        valid_from=listed.valid_from,
        latitude=listed.latitude,
        longitude=listed.longitude,
    )
    if listed.latitude is None:  # the list gives no point for a province: the middle of its communes
        unit.latitude, unit.longitude = session.exec(
            select(func.avg(NationalUnit.latitude), func.avg(NationalUnit.longitude)).where(
                NationalUnit.parent_code == listed.code
            )
        ).one()
    session.add(unit)
    session.flush()
    return unit
