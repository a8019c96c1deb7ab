"""One record: why it came back, where it stands, the decision, what was entered, its evidence and its history."""

import uuid

import streamlit as st

from dashboard.evidence.gallery import gallery
from dashboard.i18n.words import _, say
from dashboard.records.decide import buttons, may_decide, seen_before_refusal
from dashboard.records.parts import changed_since_seen, content, history, standing
from dashboard.server import addresses
from dashboard.server.addresses import row_number
from dashboard.server.database import database
from dashboard.ui.frame import heading, main_button
from dashboard.ui.navigation import go
from data_model.accounts.account import names_of
from data_model.core.access import Act, Actor
from data_model.core.problems import Refused
from data_model.kinds.registry import all_kinds
from data_model.plans.view import PlanView, view_plan
from data_model.records.listing import open_record
from data_model.records.tables import FieldRecord, RecordStatus
from data_model.records.versions import past, since
from data_model.records.writing import LIVING
from data_model.review.marks import Marks, marks_of


def draw(actor: Actor) -> None:
    """The record that the address names; `seen` there is the version that somebody had before them elsewhere."""
    try:
        record_id = uuid.UUID(st.query_params.get("record", ""))
        seen = _seen(record_id)
        with database().reading() as session:
            record = open_record(session, actor, record_id)
            plan = view_plan(session, record.plan_id)
            steps = past(session, actor, record)
            difference = since(session, actor, record, seen) if seen is not None else None
            marks = marks_of(session, actor, [record_id] if record.status in LIVING else []).get(record_id, Marks())
            names = names_of(session, {record.author_id, record.reviewer_id, *(s.account_id for s in steps)})
    except (ValueError, Refused):
        st.info(_("This record was not found, or is not among those you may see."), icon=":material/search_off:")
        return
    line, kind = plan.line_by_activity[record.activity_id], all_kinds()[record.kind]
    heading(f"{say(kind.label)}: {say(line.name)}", f"{plan.unit_by_id[record.unit_id].full_name} · {say(plan.name)}")
    standing(record, names, marks)
    if seen is not None and seen != record.version:
        changed_since_seen(difference, plan, seen, record.version)
    _next_step(actor, record, plan, marks)
    gallery(actor, record.id)
    if record.status == RecordStatus.DRAFT:
        st.info(_("A draft is read in its form."))
    else:
        content(record, plan)
    with st.expander(_("History"), icon=":material/history:", expanded=record.status == RecordStatus.RETURNED):
        history(steps, plan, names)


def _seen(record_id: uuid.UUID) -> int | None:
    """The version that was looked at when somebody else was faster: here, or in the form that leads here."""
    asked = row_number(st.query_params.get("seen"))
    return seen_before_refusal(record_id) if asked is None else asked


def _next_step(actor: Actor, record: FieldRecord, plan: PlanView, marks: Marks) -> None:
    if record.author_id == actor.id and actor.may(Act.WRITE_RECORD):
        labels = {
            RecordStatus.DRAFT: _("Continue"),
            RecordStatus.SENT: _("Correct this record"),
            RecordStatus.RETURNED: _("Correct this record"),
        }
        label = labels.get(RecordStatus(record.status))
        if label and st.button(
            label, icon=":material/edit:", type="secondary" if record.status == RecordStatus.SENT else main_button()
        ):
            go(addresses.FORM, record=record.id)
    elif may_decide(actor, record):
        with st.container(border=True):
            buttons(actor, record, plan, marks)
