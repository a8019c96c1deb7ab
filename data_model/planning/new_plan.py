"""What a new plan of this office begins with: its unit, its communes, the year."""

from datetime import date

from sqlmodel import Session, col, select

from data_model.core.access import Act, Actor
from data_model.planning.sheets import SHEETS, Cells, Sheets, shown
from data_model.plans.tables import Plan, PlanUnit
from data_model.units.office import the_office
from data_model.units.tables import Unit
from data_model.units.units import all_units


def sheets_of_office(session: Session, actor: Actor, year: int) -> Sheets:
    """The cells of a plan of which nothing is known but whose it is and for which year; empty of an unknown office."""
    actor.require(Act.WRITE_PLAN)
    office = the_office(session)
    columns = SHEETS["plan"].columns
    head: Cells = {
        "year": str(year),
        "starts_on": shown(columns["starts_on"], date(year, 1, 1)),
        "ends_on": shown(columns["ends_on"], date(year, 12, 31)),
    }
    if office is None:
        return {"plan": [head]}
    head |= {
        "code": f"{office.unit.code}_{year}",
        "name_vi": f"Kế hoạch giảm nghèo {office.unit.full_name} {year}",
        "name_en": f"Poverty-reduction plan {year} of {office.unit.name}",
        "owner": office.unit.code,
    }
    return {"plan": [head], "units": [{"code": unit.code, "name": unit.full_name} for unit in office.communes]}


def units_to_give(session: Session) -> list[Unit]:
    """The communes that people can be given: of an office that has said which it is, its own and those of its plans.

    Before that, every unit that is known.
    """
    office = the_office(session)
    if office is None:
        return all_units(session)
    planned = session.exec(
        select(PlanUnit.unit_id).join(Plan, col(Plan.id) == PlanUnit.plan_id).where(~col(Plan.example))
    )
    own = {office.unit.id, *(unit.id for unit in office.communes), *planned}
    return [unit for unit in all_units(session) if unit.id in own]
