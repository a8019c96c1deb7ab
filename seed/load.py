"""Load units and plans from the data files of this folder. Running it again does no harm.

A plan whose file did not change is left alone. A changed file corrects the rows in place (records
keep pointing at the same activities), raises the plan's revision and leaves a line in the journal.
What the file no longer has and records refer to is withdrawn: it asks for nothing and counts nothing
(rule R27 of `counting`), and its records stay readable.
"""

import csv
import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from data_model.core import journal
from data_model.core.database import columns, one_at_a_time
from data_model.core.label import Label
from data_model.core.problems import Refused
from data_model.core.text import nfc
from data_model.deadlines.tables import DayKind, Holiday
from data_model.planning.content import (
    ActivityContent,
    BudgetContent,
    ComponentContent,
    Note,
    PlanContent,
    UnitKey,
    in_order,
)
from data_model.planning.writing import write_plan
from data_model.plans.quantities import exact
from data_model.plans.tables import Comparator, Plan, Scope
from data_model.plans.view import Condition
from data_model.units.tables import NationalUnit, Unit, UnitLineage
from data_model.units.units import unit_by_code

FOLDER = Path(__file__).parent


def load_everything(session: Session, folder: Path = FOLDER, examples: bool = False) -> list[str]:
    """Units, lineage, holidays and every plan; gives the codes of the plans that were new or changed.

    With `examples`, plans that are new to this database show how a plan looks and are not the office's own.
    """
    one_at_a_time(session, "load the plans")
    load_units(session, folder)
    load_national_units(session, folder)
    load_holidays(session, folder)
    files = sorted((folder / "plans").glob("*.toml"))
    return [code for path in files if (code := load_plan(session, path, examples))]


def _rows(path: Path) -> Iterator[dict[str, str | None]]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {key: nfc(value) or None for key, value in row.items()}


def _told(row: dict[str, str | None], column: str) -> str:
    """What the row says there. Raises ValueError where it says nothing."""
    text = row[column]
    if text is None:
        raise ValueError(f"nothing in the column {column} of {row}")
    return text


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def load_units(session: Session, folder: Path = FOLDER) -> None:
    """Units by (code, first day of validity), and which unit each became."""
    known = {(u.code, u.valid_from): u for u in session.exec(select(Unit))}
    for row in _rows(folder / "units.csv"):
        key = (_told(row, "code"), _day(row["valid_from"]))
        unit = known.get(key) or Unit(code=key[0], valid_from=key[1], name="", kind="", place="")
        unit.name, unit.kind, unit.place = _told(row, "name"), _told(row, "kind"), _told(row, "place")
        unit.valid_to = _day(row["valid_to"])
        unit.latitude, unit.longitude = float(_told(row, "lat")), float(_told(row, "lon"))
        above = row["parent_code"]
        unit.parent_id = next(u.id for (code, _), u in known.items() if code == above) if above else None
        session.add(unit)
        session.flush()
        known[key] = unit
    linked = {(link.old_id, link.new_id) for link in session.exec(select(UnitLineage))}
    for row in _rows(folder / "lineage.csv"):
        old = known[_told(row, "old_code"), _day(row["old_valid_from"])]
        new = known[_told(row, "new_code"), _day(row["new_valid_from"])]
        if (old.id, new.id) not in linked:
            session.add(UnitLineage(old_id=old.id, new_id=new.id, note=row["note"]))


def load_national_units(session: Session, folder: Path = FOLDER) -> None:
    """The national list, what is not in the table yet: provinces, and communes, wards, special zones with a point."""
    known = {(unit.code, unit.valid_from) for unit in session.exec(select(NationalUnit))}
    for row in _rows(folder / "national_units.csv"):
        key = (_told(row, "code"), date.fromisoformat(_told(row, "valid_from")))
        if key in known:
            continue
        session.add(
            NationalUnit(
                code=key[0],
                valid_from=key[1],
                name=_told(row, "name"),
                kind=_told(row, "type"),
                parent_code=row["parent_code"],
                latitude=float(row["lat"]) if row["lat"] else None,
                longitude=float(row["lon"]) if row["lon"] else None,
            )
        )


def load_holidays(session: Session, folder: Path = FOLDER) -> None:
    """Days off and days worked instead, those that are not in the table yet: what an officer corrected stays.

    The column `basis` tells how sure a day is: "law" is fixed; "lunar" was worked out from the lunar calendar; "notice"
    follows from a yearly notice (compensated and exchanged days), and those of the newest year are to be looked over
    by a data officer once its notice is out.
    """
    known = set(session.exec(select(columns(Holiday).day)))
    for row in _rows(folder / "holidays.csv"):
        if (day := date.fromisoformat(_told(row, "day"))) not in known:
            kind = DayKind(_told(row, "kind")).value
            session.add(Holiday(day=day, kind=kind, name=_told(row, "name"), basis=_told(row, "basis")))


def load_plan(session: Session, path: Path, example: bool = False) -> str | None:
    """One plan file, an `example` where it is new and so asked; gives the plan's code, or None when the file did not
    change since it was loaded.

    Raises ValueError or KeyError for a file that could not be counted; nothing is written then.
    """
    text = path.read_bytes()
    # The loader's own shape belongs to the digest: a program that reads files anew must load them anew.
    digest = hashlib.sha256(b"2" + text).hexdigest()
    data = tomllib.loads(text.decode(), parse_float=Decimal)
    plan = session.exec(select(Plan).where(Plan.code == data["plan"]["code"])).first()
    if plan and plan.seed_digest == digest:
        return None
    content = read_plan(session, data)
    if plan:
        # The rules are the office's own once the plan is there.
        content = replace(
            content,
            quarter_rule=plan.quarter_rule,
            on_track_percent=plan.on_track_percent,
            slow_percent=plan.slow_percent,
        )
    try:
        written = write_plan(session, None, content, channel="seed")
    except Refused as refused:
        raise ValueError(f"{path.name}: {refused}") from refused
    if plan is None:
        written.plan.example = example
    plan = written.plan
    plan.seed_digest = digest
    after: dict[str, Any] = {"code": plan.code, "revision": plan.revision}
    if written.withdrawn:
        after["withdrawn"] = written.withdrawn
    journal.note(session, None, "load", "plan", plan.id, after=after, channel="seed")
    return plan.code


def read_plan(session: Session, data: dict[str, Any]) -> PlanContent:
    """The content of a plan file. Raises ValueError or KeyError for what stands in no plan."""
    head = data["plan"]
    owner = unit_by_code(session, head["owner"], head["starts_on"])
    if owner is None:
        raise ValueError(f"{head['code']}: no unit {head['owner']}")
    units = _plan_units(session, head, owner)
    named = {unit.code: UnitKey(unit.code, unit.valid_from) for unit in units if unit.exists_on(head["starts_on"])}
    document = {
        "number": head.get("document_number"),
        "date": head["document_date"].isoformat() if "document_date" in head else None,
        "note": head.get("document_note"),
        "source": head["source"],
        "left_out": data.get("left_out", []),
    }
    budgets = {each["component"]: each for each in data.get("budget", [])}
    if unplaced := budgets.keys() - {each["code"] for each in data["component"]}:
        raise KeyError(*unplaced)
    return PlanContent(
        code=head["code"],
        name=Label(**head["name"]),
        owner=UnitKey(owner.code, owner.valid_from),
        year=head["year"],
        starts_on=head["starts_on"],
        ends_on=head["ends_on"],
        units=tuple(sorted((UnitKey(unit.code, unit.valid_from) for unit in units), key=in_order)),
        components=tuple(_component(each, budgets.get(each["code"])) for each in data["component"]),
        activities=tuple(_activity(each, named) for each in data["activity"]),
        issuer=head.get("issuer"),
        document={name: value for name, value in document.items() if value},
        slips=tuple(data.get("slip", [])),
    )


def _plan_units(session: Session, head: dict[str, Any], owner: Unit) -> list[Unit]:
    """The units below the owner that stand on a day of the plan; the owner itself where it has none below it."""
    return [
        u
        for u in session.exec(select(Unit).where(Unit.place == head["place"], Unit.parent_id == owner.id))
        if (u.valid_from is None or u.valid_from <= head["ends_on"])
        and (u.valid_to is None or u.valid_to >= head["starts_on"])
    ] or [owner]


def _component(each: dict[str, Any], budget: dict[str, Any] | None) -> ComponentContent:
    return ComponentContent(
        code=each["code"],
        name=Label(**each["name"]),
        parent=each.get("parent"),
        section=each.get("section"),
        not_carried_out=Label(**each["not_carried_out"]) if "not_carried_out" in each else None,
        budget=BudgetContent(budget["id"], budget.get("amount"), note=_note(budget)) if budget else None,
    )


def _activity(each: dict[str, Any], named: dict[str, UnitKey]) -> ActivityContent:
    window = each.get("window", {})
    return ActivityContent(
        code=each["id"],
        component=each["component"],
        name=Label(**each["name"]),
        scope=Scope(each["scope"]),
        part_of=each.get("part_of"),
        kind=each.get("kind"),
        measure=each.get("measure"),
        unit_of_measure=Label(**each.get("unit_of_measure", {"vi": "", "en": ""})),
        comparator=Comparator(each["comparator"]) if "comparator" in each else None,
        quantity=exact(each["quantity"]) if "quantity" in each else None,
        named_units=tuple(sorted((named[code] for code in each.get("named_units", ())), key=in_order)),
        window_from=window.get("from"),
        window_to=window.get("to"),
        due=each.get("due"),
        conditions=tuple(
            Condition(c["proof"], c.get("at_least"), c.get("at_most"), Label(**c["text"]))
            for c in each.get("conditions", ())
        ),
        rounds=tuple((r["number"], Label(**r["name"])) for r in each.get("rounds", ())),
        lead=each.get("lead"),
        coordinating=tuple(each.get("coordinating", ())),
        note=_note(each),
    )


def _note(each: dict[str, Any]) -> Note:
    kept = ("section", "line", "as_read", "slip", "note", "requirement", "source_of_funds")
    window = each.get("window", {}).get("text")
    return {k: each[k] for k in kept if k in each} | ({"window": window} if window else {})
