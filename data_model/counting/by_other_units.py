"""Old figures by the units of another day: communes that were taken up into one are added up, nothing twice.

A unit is its code in a period, never its name: since 1 July 2025 the 15 units of Đức Phổ are 5 (NQ 1677/NQ-UBTVQH15).
What counts in the whole area stays as it is; measured values cannot be added and are left out, and said to be.
"""

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from sqlmodel import Session, select

from data_model.core.database import columns
from data_model.counting.plan import count_unit
from data_model.counting.rules import Cell, PlanProgress, TargetProgress
from data_model.plans.view import Line
from data_model.units.tables import Unit, UnitLineage
from data_model.units.units import unit_by_code

UL, U = columns(UnitLineage), columns(Unit)


@dataclass(frozen=True)
class InUnits:
    """Progress by other units. `took` names the old units in each new one, by its id; `unsummed` are activities whose
    values are measured commune by commune and have no sum.
    """

    progress: PlanProgress
    took: dict[int, tuple[str, ...]]
    unsummed: tuple[int, ...]


def in_units_of(session: Session, progress: PlanProgress, day: date) -> InUnits:
    """The same progress by the units of `day` (R29). The caller has checked that the progress may be read."""
    then = min(progress.as_of, progress.plan.ends_on)
    # Units that ended within the plan's year hold records too.
    stored = {unit.id: _stored(session, unit, then) for unit in progress.plan.units}
    new_of = {unit_id: successor(session, unit, day) for unit_id, unit in stored.items()}
    took: dict[int, tuple[str, ...]] = {}
    for unit in progress.plan.units:
        if unit.id in new_of:
            took[new_of[unit.id].id] = (*took.get(new_of[unit.id].id, ()), unit.full_name)
    units = tuple(sorted({unit.id: unit for unit in new_of.values()}.values(), key=lambda unit: unit.code))
    ids = {old: new.id for old, new in new_of.items()}
    targets = tuple(_target(target, ids) for target in progress.targets)
    plan = replace(progress.plan, units=units, lines=tuple(_line(line, ids) for line in progress.plan.lines))
    return InUnits(
        replace(
            progress,
            plan=plan,
            targets=targets,
            by_activity={t.line.activity_id: t for t in targets},
            units={unit.id: count_unit(unit.id, targets) for unit in units},
        ),
        took,
        tuple(t.line.activity_id for t in progress.targets if t.line.is_measured and t.line.unit_ids),
    )


def successor(session: Session, unit: Unit, day: date) -> Unit:
    """The unit that took `unit` up by `day`; itself where it still stands, or where nobody knows what became of it
    (R29).
    """
    seen = {unit.id}
    while not unit.exists_on(day):
        found = session.exec(select(Unit).join(UnitLineage, UL.new_id == U.id).where(UL.old_id == unit.id)).first()
        if found is None or found.id in seen:
            break
        seen.add(found.id)
        unit = found
    return unit


def _stored(session: Session, unit: Unit, then: date) -> Unit:
    """The unit as the database has it; progress made from a snapshot knows units by their code only."""
    there = then
    if unit.valid_to is not None and unit.valid_to < then:
        there = unit.valid_to
    elif unit.valid_from is not None and then < unit.valid_from:
        there = unit.valid_from
    return unit_by_code(session, unit.code, there) or unit


def _line(line: Line, ids: dict[int, int]) -> Line:
    return replace(line, unit_ids=tuple(sorted({ids[unit_id] for unit_id in line.unit_ids if unit_id in ids})))


def _target(target: TargetProgress, ids: dict[int, int]) -> TargetProgress:
    return replace(target, line=_line(target.line, ids), cells=_cells(target.cells, ids, target.line.is_measured))


def _cells(cells: dict[int, Cell], ids: dict[int, int], measured: bool) -> dict[int, Cell]:
    """Sums by new unit; what happened in the owner area itself stays there."""
    found: dict[int, Cell] = {}
    for unit_id, cell in cells.items():
        if measured and unit_id in ids:
            continue
        place = ids.get(unit_id, unit_id)
        found[place] = _added(found[place], cell) if place in found else cell
    return found


def _added(one: Cell, other: Cell) -> Cell:
    need = None if one.need is None and other.need is None else (one.need or Fraction(0)) + (other.need or Fraction(0))
    return Cell(need=need, done=one.done + other.done, happened=one.happened + other.happened)
