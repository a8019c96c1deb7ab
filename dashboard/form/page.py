"""The form of one record: activity, commune and today are filled in; send it, or keep it as a draft.

The form itself works in the browser (`record_form.js`): nothing that is typed there waits for this page.
"""

import uuid
from typing import Any

import streamlit as st

from dashboard.evidence import routes
from dashboard.form.form_data import (
    earlier_form,
    form_answers,
    form_fields,
    form_needs,
    form_texts,
    line_form,
    main_day,
    record_form,
    states,
)
from dashboard.i18n.words import _, say
from dashboard.server import addresses
from dashboard.server.addresses import row_number
from dashboard.server.database import database
from dashboard.server.page_scripts import page_version
from dashboard.ui.component import component
from dashboard.ui.frame import heading, main_button
from dashboard.ui.navigation import ask, go
from data_model.core import clock
from data_model.core.access import Actor
from data_model.core.problems import Refused
from data_model.evidence import attachments
from data_model.follow_up.steps import waiting_for_visit
from data_model.kinds.registry import all_kinds
from data_model.plans.view import Line, PlanView, view_plan
from data_model.progress.figures import plans_of
from data_model.records.listing import list_records, open_record
from data_model.records.tables import FieldRecord


def draw(actor: Actor) -> None:
    """The form that the address names: an open record, or a new one of an activity in a unit."""
    key = _key()
    told = _opened(actor, key)
    heading(told["title"], told["under"])
    tapped = component("form/record_form")(data=told["form"], key=f"form-{key}", on_done_change=lambda: None).done
    if tapped:
        if tapped.get("words"):
            st.session_state["sent_message"] = tapped["words"]
        go(addresses.MY_WORK, plan=told["plan"])


def _key() -> str:
    """The record's UUID. It stands in the address, so that a reload finds it again."""
    asked = st.query_params.get("record")
    try:
        key = str(uuid.UUID(asked)) if asked else str(uuid.uuid4())
    except ValueError:
        _nothing_here()
    if asked != key:
        ask(record=key)
    return key


def _opened(actor: Actor, key: str) -> dict[str, Any]:
    with database().reading() as session:
        try:
            record = open_record(session, actor, uuid.UUID(key))
        except Refused:
            record = None
        if record is not None:
            if record.author_id != actor.id:
                go(addresses.RECORD, record=key)
            plan = view_plan(session, record.plan_id)
            line, unit_id = plan.line_by_activity[record.activity_id], record.unit_id
            pieces = [routes.piece_json(piece) for piece in attachments.list_evidence(session, actor, record.id)]
        else:
            plan, line, unit_id = _asked_place(actor, session)
            pieces = []
        visits = (
            [
                row.round_id
                for row in list_records(session, actor, plan.id, unit_id=unit_id, activity_ids=[line.activity_id])[0]
            ]
            if line.rounds
            else []
        )
        earlier = (
            waiting_for_visit(session, actor, plan.id, unit_id, uuid.UUID(key))
            if all_kinds()[line.kind].visits_rounds
            else []
        )
    return {
        "plan": plan.code,
        "title": say(line.name),
        "under": _under(plan, line, unit_id),
        "form": _form(actor, key, plan, line, unit_id, record, visits)
        | {"pieces": pieces, "earlier": [earlier_form(one) for one in earlier]},
    }


def _under(plan: PlanView, line: Line, unit_id: int) -> str:
    return f"{plan.unit_by_id[unit_id].full_name} · {say(all_kinds()[line.kind].label)} · {say(plan.name)}"


def _form(
    actor: Actor, key: str, plan: PlanView, line: Line, unit_id: int, record: FieldRecord | None, visited: list[int]
) -> dict[str, Any]:
    """All that the component draws."""
    kind = all_kinds()[line.kind]
    stored = dict(record.answers) if record else {}
    day = main_day(kind)
    if record is None and day and plan.starts_on <= clock.today() <= plan.ends_on:
        stored[day] = clock.today().isoformat()
    written = (
        record_form(record)
        if record
        else {
            "record": key,
            "answers": form_answers(kind, stored),
            "follow_up": [],
            "version": 0,
            "status": "",
            "reason": "",
            "position": None,
            "round": next((r for r in line.round_ids if r not in visited), None),
        }
    )
    return (
        line_form(plan, line)
        | written
        | {
            "account": actor.id,
            "unit": unit_id,
            "unit_name": plan.unit_by_id[unit_id].full_name,
            "fields": form_fields(kind),
            "needs": form_needs(kind),
            "states": states(),
            "texts": form_texts(),
            "page": page_version(),
        }
    )


def _asked_place(actor: Actor, session) -> tuple[PlanView, Line, int]:
    """Plan, line and unit that the address asks for. Whether the account may write there is decided on sending."""
    head = next((p for p in plans_of(session, actor) if p.code == st.query_params.get("plan")), None)
    plan = view_plan(session, head.id) if head else None
    line = next((x for x in plan.lines if x.code == st.query_params.get("activity") and x.kind), None) if plan else None
    unit_id = row_number(st.query_params.get("unit"))
    if line is None or not plan.owes(line, unit_id):
        _nothing_here()
    return plan, line, unit_id


def _nothing_here() -> None:
    st.info(_("Choose an activity and a commune in “{page}” first.", page=_("My work")), icon=":material/info:")
    if st.button(_("Back to my work"), type=main_button()):
        go(addresses.MY_WORK)
    st.stop()
