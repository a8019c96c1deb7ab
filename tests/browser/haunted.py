"""An installation in which every text that a person can type tries to act as HTML, a formula or Markdown."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlmodel import select

from data_model.accounts import administration, one_time_links
from data_model.accounts.passwords import new_password
from data_model.core.access import Role
from data_model.core.database import Database
from data_model.deadlines import round_reports, tables, working_days
from data_model.evidence import attachments
from data_model.evidence.content import examine
from data_model.follow_up import steps
from data_model.forms.fields import Attendance, Checklist, Choice, Clock, Day, Field, Money, Number, Rows, Text, Whole
from data_model.forms.kind import Kind
from data_model.kinds.registry import all_kinds
from data_model.periods import lock
from data_model.periods.periods import Period
from data_model.plans import rules
from data_model.plans.tables import Activity, Component, Plan
from data_model.plans.view import revise, view_plan
from data_model.records.tables import FieldRecord, FollowUpState, Recommendation
from data_model.records.writing import Entry, send
from data_model.review import decisions
from data_model.snapshots import approval, freezing, report_settings
from data_model.snapshots.approval import Step
from data_model.snapshots.reading import Texts
from data_model.units.tables import Unit
from seed.load import load_everything
from tests.conftest import acting
from tests.evidence_samples import jpeg

SCRIPT, IMAGE = "<script>window.__hit=1</script>", '"><img src=x onerror="window.__hit=1">'
EVIL = f"=1+1 {SCRIPT}{IMAGE}"
"""Begins like a formula, goes on as HTML; 75 characters, so that it fits every text field."""
PASSWORD = "mot-cau-dai-de-nho"
NAMES = {
    "giamsat1": Role.SUPERVISOR,
    "lanhdao": Role.LEADER,
    "tonghop": Role.DATA_OFFICER,
    "quantri": Role.ADMINISTRATOR,
}


@dataclass(frozen=True)
class Haunted:
    """Where it lies, and what can be named in an address."""

    database: Database
    records: dict[str, uuid.UUID]
    recommendation: uuid.UUID
    snapshots: tuple[int, int]
    unit_id: int
    supervisor_id: int


def answer(field: Field) -> object:
    """An answer to one field, hostile where it takes words."""
    match field:
        case Rows():
            return [{name: answer(each) for name, each in field.of.fields.items()}]
        case Attendance():
            return {"total": 50}
        case Checklist():
            return {item: next(iter(field.marks)) for item in field.items}
        case Choice():
            return next(iter(field.options))
        case Day():
            return "2024-10-12" if field.planned else "2024-09-10"
        case Clock():
            return None
        case Money() | Whole():
            return field.least + 1
        case Number():
            return str(field.least + 1)
        case Text():
            return EVIL[: field.most]
    raise NotImplementedError(f"say here what an attacker types into a {type(field).__name__}")


def filled(kind: type[Kind]) -> dict:
    """Answers of one kind with hostile words in every text field, from its declaration."""
    return {name: answer(each) for name, each in kind.fields.items()}


def _rename_the_plan(session) -> None:
    """Names of plans, components, activities and units come from files; a file may hold anything too."""
    for plan in session.exec(select(Plan)):
        plan.name_vi, plan.issuer = f"{plan.name_vi} {EVIL}", EVIL
        revise(session, plan.id)
        for row in (
            *session.exec(select(Component).where(Component.plan_id == plan.id)),
            *session.exec(select(Activity).where(Activity.plan_id == plan.id)),
        ):
            row.name_vi = f"{row.name_vi} {EVIL}"
    for unit in session.exec(select(Unit).where(Unit.code == "21466")):
        unit.name = f"{unit.name} {EVIL}"


def _records(session, author) -> dict[str, uuid.UUID]:
    """One sent record of every kind that some plan of the year asks for."""
    made: dict[str, uuid.UUID] = {}
    # Đức Phổ first: the pages are opened on its plan.
    for plan_id in session.exec(select(Plan.id).where(Plan.year == 2024).order_by(Plan.code != "duc_pho_2024")).all():
        plan = view_plan(session, plan_id)
        for line in plan.lines:
            if not line.kind or line.kind in made:
                continue
            unit = next((u for u in plan.units if u.code == "21466" and plan.owes(line, u.id)), None)
            unit_id = unit.id if unit else next(u.id for u in (*plan.units, plan.owner) if plan.owes(line, u.id))
            made[line.kind] = send(
                session,
                author,
                Entry(
                    id=uuid.uuid4(),
                    plan_id=plan.id,
                    activity_id=line.activity_id,
                    unit_id=unit_id,
                    answers=filled(all_kinds()[line.kind]),
                    round_id=line.round_ids[0] if line.rounds else None,
                    position=(14.8, 108.99, 10.0),
                ),
            ).id
    return made


def haunt(database: Database) -> Haunted:
    """Fill the database through data_model's own functions."""
    chosen = new_password(PASSWORD, PASSWORD)
    database.migrate()
    with database.writing() as session:
        load_everything(session)
        one_time_links.use_link(session, one_time_links.first_link(session), chosen, "quantri", EVIL)
        chief = acting(session, "quantri")
        here = session.exec(select(Unit).where(Unit.code == "21466").order_by(Unit.valid_from)).first()
        for name, role in NAMES.items():
            if role is not Role.ADMINISTRATOR:
                _account, link = administration.add_account(
                    session, chief, name, f"{EVIL} {name}", role, [here.id] if role is Role.SUPERVISOR else None
                )
                one_time_links.use_link(session, link, chosen)
    with database.writing() as session:
        _rename_the_plan(session)
    with database.writing() as session:
        records = _records(session, acting(session, "tonghop"))
    with database.writing() as session:
        supervisor = acting(session, "giamsat1")
        plan = view_plan(session, session.exec(select(Plan.id).where(Plan.code == "duc_pho_2024")).one())
        dialogue = next(line for line in plan.lines if line.code == "DP-11")
        own = [
            send(
                session,
                supervisor,
                Entry(
                    id=uuid.uuid4(),
                    plan_id=plan.id,
                    activity_id=dialogue.activity_id,
                    unit_id=here.id,
                    answers=filled(all_kinds()[dialogue.kind]),
                    position=(14.81, 108.98, 5.0),
                ),
            )
            for _ in range(3)
        ]
        photo = examine(jpeg(), f"{EVIL}.jpg")
        for record in own:
            attachments.attach(
                session, supervisor, uuid.uuid4(), Entry(record.id, plan.id, dialogue.activity_id, here.id, {}), photo
            )
        records |= {"returned": own[0].id, "voided": own[1].id, "own": own[2].id}
    _decide(database, records)
    return Haunted(database, records, *_follow_up(database, records), here.id, supervisor.id)


def _decide(database: Database, records: dict[str, uuid.UUID]) -> None:
    with database.writing() as session:
        leader = acting(session, "lanhdao")

        def version(name: str) -> int:
            return session.get(FieldRecord, records[name]).version

        decisions.return_to_author(session, leader, records["returned"], version("returned"), EVIL)
        decisions.void(session, leader, records["voided"], version("voided"), EVIL)
        for name in ("monitoring_visit", "pano"):
            decisions.verify(session, leader, records[name], version(name), EVIL)


def _follow_up(database: Database, records: dict[str, uuid.UUID]) -> tuple[uuid.UUID, tuple[int, int]]:
    """Steps of a recommendation, the calendar, report texts and two snapshots."""
    with database.writing() as session:
        leader, officer = acting(session, "lanhdao"), acting(session, "tonghop")
        one = session.exec(
            select(Recommendation).where(Recommendation.record_id == records["monitoring_visit"])
        ).first()
        steps.report(session, officer, one.id, one.version, FollowUpState.IN_PROGRESS, EVIL)
        steps.report(
            session, officer, one.id, session.get(Recommendation, one.id).version, FollowUpState.DROPPING, EVIL
        )
        steps.send_back(session, leader, one.id, session.get(Recommendation, one.id).version, EVIL)
        working_days.set_day(session, officer, date(2024, 11, 20), tables.DayKind.OFF, EVIL)
        plan = view_plan(session, one.plan_id)
        rules.set_rules(session, officer, plan.id, rules.PlanRules(85, 60, rules.QuarterRule.CALENDAR))
        visits = next(line for line in plan.lines if line.rounds)
        round_reports.set_end(session, officer, plan.id, visits.round_ids[0], date(2024, 9, 30))
        round_reports.mark_sent(session, officer, plan.id, visits.round_ids[0], date(2024, 10, 10), EVIL)
        report_settings.set_report_settings(
            session,
            officer,
            plan.id,
            report_settings.ReportSettings(
                superior=EVIL,
                body=EVIL,
                symbol=EVIL,
                place=EVIL,
                kind=EVIL,
                addressee=EVIL,
                authority=EVIL,
                signer_title=EVIL,
                signer_name=EVIL,
                recipients=(EVIL,),
            ),
        )
        supervisor = acting(session, "giamsat1")
        lock.give_exception(session, leader, plan.id, supervisor.id, date(2024, 12, 1), EVIL)
        recommendation, plan_id = one.id, plan.id
    texts = Texts(EVIL, EVIL, EVIL, {"DP-11": EVIL}, {"DP-11": EVIL})
    made = []
    for number, period in enumerate((Period.Q3, Period.Q2)):
        with database.writing(one_moment=True) as session:
            head = freezing.freeze(session, acting(session, "tonghop"), plan_id, period, EVIL if number else "")
        with database.writing() as session:
            head = approval.save_texts(session, acting(session, "tonghop"), head.id, texts, head.row_version)
            head = approval.take(session, acting(session, "tonghop"), head.id, Step.SUBMIT, head.row_version)
            approval.take(session, acting(session, "lanhdao"), head.id, Step.SEND_BACK, head.row_version, EVIL)
        made.append(head.id)
    return recommendation, tuple(made)


@contextmanager
def haunted(folder: Path) -> Iterator[Haunted]:
    """The installation in `folder`, as long as the block lasts."""
    database = Database(f"sqlite:///{folder / 'so_giam_sat.db'}")
    yield haunt(database)
    database.close()
