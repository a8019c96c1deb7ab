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
from datetime import date
from decimal import Decimal
from pathlib import Path

from sqlalchemy import delete
from sqlmodel import Session, SQLModel, select

from data_model.core import journal
from data_model.core.database import one_at_a_time
from data_model.core.text import nfc
from data_model.deadlines.tables import DayKind, Holiday, RoundReport
from data_model.kinds.registry import all_kinds
from data_model.plans.tables import (
    Activity,
    Budget,
    Comparator,
    Component,
    MonitoringRound,
    Phase,
    Plan,
    PlanUnit,
    Scope,
    Target,
    TargetUnit,
)
from data_model.plans.view import Line, revise, view_plan
from data_model.records.tables import FieldRecord
from data_model.records.writing import count_anew
from data_model.units.tables import Unit, UnitLineage
from data_model.units.units import unit_by_code

FOLDER = Path(__file__).parent


def load_everything(session: Session, folder: Path = FOLDER) -> list[str]:
    """Units, lineage, holidays and every plan; gives the codes of the plans that were new or changed."""
    one_at_a_time(session, "load the plans")
    load_units(session, folder)
    load_holidays(session, folder)
    return [code for path in sorted((folder / "plans").glob("*.toml")) if (code := load_plan(session, path))]


def _rows(path: Path) -> Iterator[dict[str, str | None]]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {key: nfc(value) or None for key, value in row.items()}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def load_units(session: Session, folder: Path = FOLDER) -> None:
    """Units by (code, first day of validity), and which unit each became."""
    known = {(u.code, u.valid_from): u for u in session.exec(select(Unit))}
    for row in _rows(folder / "units.csv"):
        key = (row["code"], _day(row["valid_from"]))
        unit = known.get(key) or Unit(code=key[0], valid_from=key[1], name="", kind="", place="")
        unit.name, unit.kind, unit.place = row["name"], row["kind"], row["place"]
        unit.valid_to = _day(row["valid_to"])
        unit.latitude, unit.longitude = float(row["lat"]), float(row["lon"])
        parent = row["parent_code"] and next(u for (code, _), u in known.items() if code == row["parent_code"])
        unit.parent_id = parent.id if parent else None
        session.add(unit)
        session.flush()
        known[key] = unit
    linked = {(link.old_id, link.new_id) for link in session.exec(select(UnitLineage))}
    for row in _rows(folder / "lineage.csv"):
        old = known[row["old_code"], _day(row["old_valid_from"])]
        new = known[row["new_code"], _day(row["new_valid_from"])]
        if (old.id, new.id) not in linked:
            session.add(UnitLineage(old_id=old.id, new_id=new.id, note=row["note"]))


def load_holidays(session: Session, folder: Path = FOLDER) -> None:
    """Days off and days worked instead, those that are not in the table yet: what an officer corrected stays.

    The column `basis` tells how sure a day is: "law" is fixed; "lunar" was worked out from the lunar calendar; "notice"
    follows from a yearly notice (compensated and exchanged days), and those of the newest year are to be looked over
    by a data officer once its notice is out.
    """
    known = set(session.exec(select(Holiday.day)))
    for row in _rows(folder / "holidays.csv"):
        if (day := _day(row["day"])) not in known:
            session.add(Holiday(day=day, kind=DayKind(row["kind"]).value, name=row["name"], basis=row["basis"]))


def load_plan(session: Session, path: Path) -> str | None:
    """One plan file; gives the plan's code, or None when the file did not change since it was loaded."""
    text = path.read_bytes()
    # The loader's own shape belongs to the digest: a program that reads files anew must load them anew.
    digest = hashlib.sha256(b"2" + text).hexdigest()
    data = tomllib.loads(text.decode(), parse_float=Decimal)
    head = data["plan"]
    plan = session.exec(select(Plan).where(Plan.code == head["code"])).first()
    if plan and plan.seed_digest == digest:
        return None
    owner = unit_by_code(session, head["owner"], head["starts_on"])
    if plan is None:
        plan = Plan(
            code=head["code"],
            owner_id=owner.id,
            name_vi="",
            name_en="",
            year=head["year"],
            starts_on=head["starts_on"],
            ends_on=head["ends_on"],
            revision=0,
        )
        session.add(plan)
        session.flush()
    before = {line.activity_id: _counts_as(line) for line in view_plan(session, plan.id).lines}
    revise(session, plan.id)
    plan.year, plan.starts_on, plan.ends_on = head["year"], head["starts_on"], head["ends_on"]
    plan.name_vi, plan.name_en, plan.issuer = head["name"]["vi"], head["name"]["en"], head.get("issuer")
    plan.document = {
        "number": head.get("document_number"),
        "date": _text(head.get("document_date")),
        "note": head.get("document_note"),
        "source": head["source"],
        "left_out": data.get("left_out", []),
    }
    plan.slips = data.get("slip", [])
    plan.seed_digest = digest
    session.flush()
    units = _plan_units(session, plan, head["place"], owner)
    components = _components(session, plan, data)
    kept = _activities(session, plan, data, components, units)
    withdrawn = _remove_absent(session, plan, kept)
    _remove_absent_components(session, plan, data)
    session.flush()
    session.expire_all()
    _count_anew(session, plan, before)
    _drop_unfit_phasing(session, plan)
    after = {"code": plan.code, "revision": plan.revision} | ({"withdrawn": withdrawn} if withdrawn else {})
    journal.note(session, None, "load", "plan", plan.id, after=after, channel="seed")
    return plan.code


def _counts_as(line: Line) -> tuple:
    """What decides how a record of the line counts."""
    return line.measure, line.conditions


def _count_anew(session: Session, plan: Plan, before: dict[int, tuple]) -> None:
    for line in view_plan(session, plan.id).lines:
        if line.activity_id in before and before[line.activity_id] != _counts_as(line):
            count_anew(session, plan.id, line)


def _text(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _plan_units(session: Session, plan: Plan, place: str, owner: Unit) -> list[Unit]:
    """The units below the owner that stand on a day of the plan; the owner itself where it has none below it."""
    units = [
        u
        for u in session.exec(select(Unit).where(Unit.place == place, Unit.parent_id == owner.id).order_by(Unit.code))
        if (u.valid_from is None or u.valid_from <= plan.ends_on)
        and (u.valid_to is None or u.valid_to >= plan.starts_on)
    ] or [owner]
    known = {row.unit_id: row for row in session.exec(select(PlanUnit).where(PlanUnit.plan_id == plan.id))}
    for unit_id, row in known.items():
        stands = any(unit.id == unit_id for unit in units)
        row.withdrawn_in = None if stands else row.withdrawn_in or plan.revision
    session.add_all(PlanUnit(plan_id=plan.id, unit_id=u.id) for u in units if u.id not in known)
    return units


def _upsert(session: Session, row_type: type[SQLModel], key: dict, values: dict) -> SQLModel:
    row = session.exec(select(row_type).filter_by(**key)).first() or row_type(**key, **values)
    for name, value in values.items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
    return row


def _components(session: Session, plan: Plan, data: dict) -> dict[str, Component]:
    components: dict[str, Component] = {}
    for position, each in enumerate(data["component"]):
        components[each["code"]] = _upsert(
            session,
            Component,
            {"plan_id": plan.id, "code": each["code"]},
            {
                "position": position,
                "name_vi": nfc(each["name"]["vi"]),
                "name_en": each["name"]["en"],
                "parent_id": components[each["parent"]].id if "parent" in each else None,
                "section": each.get("section"),
                "not_carried_out": each.get("not_carried_out"),
            },
        )
    for each in data.get("budget", []):
        _upsert(
            session,
            Budget,
            {"component_id": components[each["component"]].id},
            {
                "code": each["id"],
                "amount": each.get("amount"),
                "source_note": _source_note(each),
            },
        )
    return components


def _source_note(each: dict) -> dict:
    kept = ("section", "line", "as_read", "slip", "note", "requirement", "source_of_funds")
    window = each.get("window", {}).get("text")
    return {k: each[k] for k in kept if k in each} | ({"window": window} if window else {})


def _activities(
    session: Session, plan: Plan, data: dict, components: dict[str, Component], units: list[Unit]
) -> set[int]:
    """Write every activity of the file with its target; gives their ids."""
    by_code: dict[str, Activity] = {}
    payments: set[int] = set()
    for position, each in enumerate(data["activity"]):
        _check(plan, each)
        activity = _upsert(
            session,
            Activity,
            {"plan_id": plan.id, "code": each["id"], "kind": each.get("kind")},
            {
                "component_id": components[each["component"]].id,
                "position": position,
                "withdrawn_in": None,
                "part_of_id": by_code[each["part_of"]].id if "part_of" in each else None,
                "name_vi": nfc(each["name"]["vi"]),
                "name_en": each["name"]["en"],
                "measure": each.get("measure"),
                "lead": each.get("lead"),
                "coordinating": each.get("coordinating", []),
                "source_note": _source_note(each),
            },
        )
        by_code[each["id"]] = activity
        _target(session, plan, activity, each, units)
        _rounds(session, plan, activity, each.get("rounds", []))
    # Money is recorded against every budget, on a line of its own that owes no quantity.
    for position, each in enumerate(data.get("budget", []), len(by_code)):
        name = components[each["component"]].name
        activity = _upsert(
            session,
            Activity,
            {"plan_id": plan.id, "code": each["id"], "kind": "disbursement"},
            {
                "component_id": components[each["component"]].id,
                "position": position,
                "withdrawn_in": None,
                "name_vi": f"Giải ngân {name.vi}",
                "name_en": f"Disbursement of {name.en}",
                "measure": "amount",
                "source_note": _source_note(each),
            },
        )
        payments.add(activity.id)
        _target(session, plan, activity, {"scope": "whole", "unit_of_measure": {"vi": "đồng", "en": "đồng"}}, units)
    return payments | {activity.id for activity in by_code.values()}


def _rounds(session: Session, plan: Plan, activity: Activity, rounds: list[dict]) -> None:
    """Write the activity's rounds; one that is gone and visited or reported stays, withdrawn."""
    for each in rounds:
        _upsert(
            session,
            MonitoringRound,
            {"activity_id": activity.id, "number": each["number"]},
            {"name_vi": each["name"]["vi"], "name_en": each["name"]["en"], "withdrawn_in": None},
        )
    numbers = [each["number"] for each in rounds]
    for gone in session.exec(
        select(MonitoringRound).where(
            MonitoringRound.activity_id == activity.id,
            MonitoringRound.number.not_in(numbers),
        )
    ).all():
        used = (select(1).where(FieldRecord.round_id == gone.id), select(1).where(RoundReport.round_id == gone.id))
        if any(session.exec(one).first() for one in used):
            gone.withdrawn_in = gone.withdrawn_in or plan.revision
        else:
            session.delete(gone)


def _check(plan: Plan, each: dict) -> None:
    """Raises ValueError for an activity of the file that could not be counted."""
    place, rounds = f"{plan.code} {each['id']}", each.get("rounds", [])
    kind = all_kinds()[each["kind"]] if "kind" in each else None
    if kind and each["measure"] not in kind.measures:
        raise ValueError(f"{place}: {kind.code} does not count {each['measure']}")
    for condition in each.get("conditions", []):
        if kind is None or condition["proof"] not in kind.proofs:
            raise ValueError(f"{place}: no record proves {condition['proof']}")
    if ("quantity" in each) != ("comparator" in each):
        raise ValueError(f"{place}: quantity and comparator go together")
    if "comparator" in each:
        Comparator(each["comparator"])
    if rounds and (each["scope"] != Scope.EACH_UNIT or each.get("quantity") != len(rounds)):
        raise ValueError(f"{place}: {len(rounds)} rounds need the scope each_unit and that quantity")


def _remove_absent(session: Session, plan: Plan, kept: set[int]) -> list[str]:
    """Take out activities that the corrected file has no more; gives the codes of those that stay, withdrawn, since
    records refer to them.
    """
    used = set(session.exec(select(FieldRecord.activity_id).where(FieldRecord.plan_id == plan.id).distinct()))
    absent = [
        a
        for a in session.exec(select(Activity).where(Activity.plan_id == plan.id).order_by(Activity.id.desc()))
        if a.id not in kept
    ]
    for activity in absent:
        activity.part_of_id = None
        if activity.id in used:
            activity.withdrawn_in = activity.withdrawn_in or plan.revision
    session.flush()
    for activity in absent:
        session.execute(
            delete(Budget).where(Budget.component_id == activity.component_id, Budget.code == activity.code)
        )
        if activity.id in used:
            continue
        target = session.exec(select(Target).where(Target.activity_id == activity.id)).one()
        for table in (Phase, TargetUnit):
            session.execute(delete(table).where(table.target_id == target.id))
        session.execute(delete(Target).where(Target.id == target.id))
        rounds = select(MonitoringRound.id).where(MonitoringRound.activity_id == activity.id)
        session.execute(delete(RoundReport).where(RoundReport.round_id.in_(rounds)))
        session.execute(delete(MonitoringRound).where(MonitoringRound.activity_id == activity.id))
        session.execute(delete(Activity).where(Activity.id == activity.id))
    return sorted(a.code for a in absent if a.id in used and a.withdrawn_in == plan.revision)


def _remove_absent_components(session: Session, plan: Plan, data: dict) -> None:
    """Take out components that the corrected file has no more and nothing refers to, the lowest first."""
    codes = {each["code"] for each in data["component"]}
    for component in session.exec(
        select(Component).where(Component.plan_id == plan.id).order_by(Component.id.desc())
    ).all():
        refers = (
            select(1).where(Activity.component_id == component.id),
            select(1).where(Component.parent_id == component.id),
        )
        if component.code not in codes and not any(session.exec(one).first() for one in refers):
            session.execute(delete(Budget).where(Budget.component_id == component.id))
            session.execute(delete(Component).where(Component.id == component.id))


def _target(session: Session, plan: Plan, activity: Activity, each: dict, units: list[Unit]) -> None:
    window = each.get("window", {})
    measure = each.get("unit_of_measure", {})
    target = _upsert(
        session,
        Target,
        {"activity_id": activity.id},
        {
            "quantity": each.get("quantity"),
            "unit_vi": measure.get("vi"),
            "unit_en": measure.get("en"),
            "comparator": each.get("comparator"),
            "scope": each["scope"],
            "window_from": window.get("from"),
            "window_to": window.get("to"),
            "due": each.get("due"),
            "conditions": each.get("conditions", []),
        },
    )
    if each["scope"] == Scope.WHOLE:
        due_in: set[int] = set()
    elif each["scope"] == Scope.EACH_UNIT:
        due_in = {u.id for u in units if u.exists_on(plan.starts_on)}
    else:
        by_code = {u.code: u.id for u in units if u.exists_on(plan.starts_on)}
        due_in = {by_code[code] for code in each["named_units"]}
    for row in session.exec(select(TargetUnit).where(TargetUnit.target_id == target.id)):
        if row.unit_id not in due_in:
            session.delete(row)
        due_in.discard(row.unit_id)
    session.add_all(TargetUnit(target_id=target.id, unit_id=u) for u in due_in)


def _drop_unfit_phasing(session: Session, plan: Plan) -> None:
    """A corrected number makes a leader's phasing of the old one void: the target is unphased again, and says so."""
    unfit = [
        line
        for line in view_plan(session, plan.id).lines
        if line.phases and sum(line.phases.values()) != line.total_need
    ]
    for line in unfit:
        session.execute(delete(Phase).where(Phase.target_id == line.target_id))
        shares = {str(quarter): str(share) for quarter, share in line.phases.items()}
        journal.note(
            session, None, "drop_phasing", "plan", plan.id, before={str(line.target_id): shares}, channel="seed"
        )
    if unfit:
        revise(session, plan.id)
