"""Last year's plan as a draft of the next: days moved by the years between, numbers kept as proposals."""

from dataclasses import replace
from datetime import date

from sqlmodel import Session, select

from data_model.core.access import Act, Actor
from data_model.core.label import Label
from data_model.planning.content import ActivityContent, PlanContent, UnitKey, content_of, in_order
from data_model.planning.reading import written_as_sheets
from data_model.planning.sheets import Sheets
from data_model.plans.tables import Scope
from data_model.units.tables import Unit, UnitLineage


def sheets_for_year(session: Session, actor: Actor, plan_id: int, year: int) -> Sheets:
    """The cells of a draft for `year`, after a plan in force: its days moved, its numbers and amounts as proposals.

    Left out is what belonged to that document alone: its number and day, its slips, the phasing, notes on figures.
    Units that were dissolved by then are replaced by those that took them up. Raises Refused (NOT_FOUND).
    """
    actor.require(Act.WRITE_PLAN)
    content = content_of(session, plan_id)
    by = year - content.year
    starts_on = _moved(content.starts_on, by)
    became = _successors(session, content, starts_on)
    units = tuple(sorted({became[key] for key in content.units if key in became}, key=in_order))
    return written_as_sheets(
        session,
        replace(
            content,
            code=_renamed(content.code, content.year, year)[:60],
            name=Label(*(_renamed(name, content.year, year) for name in content.name)),
            owner=became.get(content.owner, content.owner),
            year=year,
            starts_on=starts_on,
            ends_on=_moved(content.ends_on, by),
            units=units,
            components=tuple(
                replace(each, budget=replace(each.budget, note={}) if each.budget else None)
                for each in content.components
            ),
            activities=tuple(_activity(each, by, became) for each in content.activities),
            document={},
            slips=(),
        ),
    )


def _renamed(name: str, former: int, year: int) -> str:
    """A name with its year changed; the year is put behind one without."""
    return name.replace(str(former), str(year)) if str(former) in name else f"{name} {year}"


def _moved(day: date, years: int) -> date:
    """The same day of another year; 29 February becomes 28 February where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _activity(each: ActivityContent, by: int, became: dict[UnitKey, UnitKey]) -> ActivityContent:
    named = tuple(sorted({became[key] for key in each.named_units if key in became}, key=in_order))
    kept = {name: text for name, text in each.note.items() if name == "requirement"}
    moved = replace(
        each,
        window_from=_moved(each.window_from, by) if each.window_from else None,
        window_to=_moved(each.window_to, by) if each.window_to else None,
        due=_moved(each.due, by) if each.due else None,
        named_units=named,
        phases={},
        note=kept,
    )
    return moved if named or each.scope is not Scope.NAMED_UNITS else replace(moved, scope=Scope.WHOLE)


def _successors(session: Session, content: PlanContent, day: date) -> dict[UnitKey, UnitKey]:
    """What each unit of the plan is on `day`: itself, or by its lineage what took it up; left out where nothing."""
    keys = {content.owner, *content.units}
    units = {u.id: u for u in session.exec(select(Unit))}
    taken_up = dict(session.exec(select(UnitLineage.old_id, UnitLineage.new_id)).all())
    found: dict[UnitKey, UnitKey] = {}
    for unit in units.values():
        key = UnitKey(unit.code, unit.valid_from)
        if key not in keys:
            continue
        there: Unit | None = unit
        for _step in range(10):
            if there is None or there.exists_on(day):
                break
            there = units.get(taken_up.get(there.id, 0))
        if there is not None and there.exists_on(day):
            found[key] = UnitKey(there.code, there.valid_from)
    return found
