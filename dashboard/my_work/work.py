"""What "my work" shows, as data for its component: what waits for me, and communes by activities with done and left."""

from dashboard.i18n.words import _, _n, number, say
from data_model.core import clock
from data_model.core.access import Actor
from data_model.core.label import Label
from data_model.counting.rules import Cell, PlanProgress, TargetProgress
from data_model.plans.tables import Scope
from data_model.plans.view import Line, PlanView
from data_model.records.listing import RecordRow, Waiting
from data_model.records.tables import RecordStatus
from data_model.units.tables import Unit


def waiting_cards(plan: PlanView, rows: list[RecordRow]) -> list[dict]:
    """Own records that wait, each with what it is, where, why, and what a tap opens."""
    return [
        {
            "name": say(plan.line_by_activity[row.activity_id].name),
            "place": plan.unit_by_id[row.unit_id].full_name,
            "returned": row.status == RecordStatus.RETURNED,
            "said": _("Returned: {reason}", reason=row.reason or "")
            if row.status == RecordStatus.RETURNED
            else _("Draft of {when}", when=row.changed_at),
            "button": _("Correct it") if row.status == RecordStatus.RETURNED else _("Continue"),
            "opens": {"record": str(row.id)},
        }
        for row in rows
    ]


def own_units(actor: Actor, plan: PlanView) -> list[Unit]:
    """The places of a plan in which the account works today, the plan's own area last."""
    day = min(clock.today(), plan.ends_on)
    units = [*plan.units, plan.owner] if plan.owner.id not in {u.id for u in plan.units} else list(plan.units)
    return [u for u in units if actor.holds(u.id, clock.today()) and u.exists_on(day)]


def grid(progress: PlanProgress, units: list[Unit], waiting: dict[tuple[int, int], Waiting]) -> dict:
    """The grid: rows that still owe something in these units are marked `left`, the others show on demand."""
    plan = progress.plan
    own, shared, money = [], [], []
    for line in plan.lines:
        if line.kind is None:
            continue
        done = progress.by_activity.get(line.activity_id)
        cells = [
            _cell(line, unit, done.cells.get(unit.id) if done else None, waiting, plan.owes(line, unit.id))
            for unit in units
        ]
        if not any(cells):
            continue
        row = {"name": say(line.name), "under": _under(line), "whole": "", "cells": cells, "left": False}
        if line.is_money:
            money.append(row)
        elif line.scope is Scope.WHOLE:
            shared.append(row | _in_all(done))
        else:
            own.append(row | {"left": any(cell and cell["state"] in ("left", "back") for cell in cells)})
    columns = [unit.name if unit.id != plan.owner.id else _("Whole area") for unit in units]
    groups = [(_("In each commune"), own), (_("For the whole area"), shared), (_("Payments"), money)]
    return {
        "groups": [_group(title, columns, rows) for title, rows in groups if rows],
        "show": {"label": _("Show"), "left": _("Left to do"), "all": _("All activities")},
        "nothing": _(
            "Nothing with a number is left in your communes. Choose “{all}” to record more.", all=_("All activities")
        ),
    }


def _in_all(done: TargetProgress | None) -> dict:
    """How a target of the whole area stands, and whether something of it is left; a measured value does not add up."""
    if done is None or not done.need or done.line.is_measured:
        return {}
    figure = f"{number(done.done.reported)}/{number(done.need)}"
    return {"whole": _("In the whole area: {figure}", figure=figure), "left": done.done.reported < done.need}


def _group(title: str, columns: list[str], rows: list[dict]) -> dict:
    """Rows under a title, with the columns in which one of them has a cell."""
    used = [place for place in range(len(columns)) if any(row["cells"][place] for row in rows)]
    return {
        "title": title,
        "corner": _("Activity"),
        "columns": [columns[place] for place in used],
        "rows": [row | {"cells": [row["cells"][place] for place in used]} for row in rows],
    }


def _under(line: Line) -> str:
    window = line.source_note.get("window")
    return say_dict(window) if window else ""


def say_dict(both: dict[str, str]) -> str:
    """A text kept as {"vi": …, "en": …}."""
    return say(Label(both["vi"], both["en"]))


def _cell(
    line: Line, unit: Unit, cell: Cell | None, waiting: dict[tuple[int, int], Waiting], owes: bool
) -> dict | None:
    if not owes:
        return None
    waits = waiting.get((line.activity_id, unit.id), Waiting())
    notes = []
    if waits.returned:
        notes.append(_("{count} returned", count=waits.returned))
    if waits.drafts:
        notes.append(_n("{count} draft", "{count} drafts", waits.drafts))
    if cell is not None and cell.need:
        figure = f"{number(cell.done.reported)}/{number(cell.need)}"
        state = "done" if cell.done.reported >= cell.need else "left"
        if state == "done" and cell.done.verified < cell.need:
            notes.append(_("not verified yet"))
    else:
        happened = cell.happened if cell else 0
        figure, state = (number(happened), "some") if happened else ("+", "none-yet")
    if waits.returned:
        state = "back"
    label = f"{say(line.name)}, {unit.full_name}: {figure} {' '.join(notes)}"
    return {
        "figure": figure,
        "state": state,
        "notes": notes,
        "label": label,
        "opens": {"activity": line.code, "unit": unit.id},
    }
