"""One record: what was entered, where it stands, its history, and the reviewer's decision."""

import uuid

import streamlit as st

from dashboard.answers_view import answered
from dashboard.frame import heading, main_button
from dashboard.navigation import go
from dashboard.store import database
from dashboard.words import _, day, moment, number, plain, refusal, say
from data_model import review
from data_model.access import Act, Actor
from data_model.accounts import names_of
from data_model.journal import JournalEntry, history
from data_model.kinds import all_kinds
from data_model.plans import PlanView, view_plan
from data_model.problems import Refused
from data_model.record_list import open_record
from data_model.records import FieldRecord, RecordStatus, unmet_conditions


def draw(actor: Actor) -> None:
    """The record that the address names."""
    try:
        record_id = uuid.UUID(st.query_params.get("record", ""))
        with database().reading() as session:
            record = open_record(session, actor, record_id)
            plan = view_plan(session, record.plan_id)
            past = history(session, actor, "record", record_id)
            names = names_of(session, {record.author_id, record.reviewer_id, *(e.account_id for e in past)})
    except (ValueError, Refused):
        st.info(_("This record was not found, or is not among those you may see."), icon=":material/search_off:")
        return
    line, kind = plan.line_by_activity[record.activity_id], all_kinds()[record.kind]
    heading(f"{say(kind.label)}: {say(line.name)}", f"{plan.unit_by_id[record.unit_id].full_name} · {say(plan.name)}")
    _standing(record, names)
    _review(actor, record)
    _content(record, plan)
    with st.expander(_("History"), icon=":material/history:"):
        _history(past, names)


def _standing(record: FieldRecord, names: dict[int, str]) -> None:
    icons = {"draft": "edit", "sent": "schedule", "verified": "verified", "returned": "undo", "void": "block"}
    line = f":material/{icons[record.status]}: **{say(RecordStatus(record.status).label)}** · " + _(
        "entered by {name}", name=plain(names.get(record.author_id, "")))
    if record.sent_at:
        line += " · " + _("sent {when}", when=moment(record.sent_at))
    if record.reviewer_id:
        line += " · " + _("decided by {name}, {when}", name=plain(names.get(record.reviewer_id, "")), when=moment(record.reviewed_at))
    st.markdown(line)
    if record.reason:
        st.warning(_("Reason: {reason}", reason=plain(record.reason)), icon=":material/undo:")


def _content(record: FieldRecord, plan: PlanView) -> None:
    if record.status == RecordStatus.DRAFT:
        st.info(_("A draft is read in its form."))
        if st.button(_("Continue"), type=main_button()):
            go("ghi", record=record.id)
        return
    line, filled = plan.line_by_activity[record.activity_id], record.form
    rounds = dict(line.rounds)
    if record.round_id in rounds:
        st.markdown(f"**{_('Monitoring round')}**  \n{plain(say(rounds[record.round_id]))}")
    for condition, figure in [] if filled.running else unmet_conditions(line, filled):
        found = _("not collected") if figure is None else number(figure)
        st.warning(_("Counts, but does not meet: {condition} ({found})", condition=plain(say(condition.text)), found=found),
                   icon=":material/rule:")
    if filled.running:
        st.info(_("Still running: it will count when it has ended."), icon=":material/hourglass:")
    else:
        st.markdown(f"**{_('Counts on')}**  \n{day(record.happened_on)}")
    for label, text in answered(filled):
        st.markdown(f"**{plain(label)}**  \n" + plain(text).replace("\n", "  \n"))
    if record.latitude is not None:
        st.markdown(f"**{_('Position')}**  \n{record.latitude:.5f}, {record.longitude:.5f}")


def _review(actor: Actor, record: FieldRecord) -> None:
    mine = record.author_id == actor.id
    if mine and record.status in (RecordStatus.SENT, RecordStatus.RETURNED) and actor.may(Act.WRITE_RECORD):
        if st.button(_("Correct this record"), icon=":material/edit:"):
            go("ghi", record=record.id)
        return
    if mine or not actor.may(Act.REVIEW_RECORD) or record.status not in (RecordStatus.SENT, RecordStatus.VERIFIED):
        return
    with st.container(border=True):
        if record.status == RecordStatus.SENT and st.button(_("Verify"), type=main_button(), icon=":material/verified:"):
            _decide(actor, record, review.verify)
        with st.expander(_("Return or void, with a reason"), icon=":material/undo:"):
            reason = st.text_area(_("Reason"), key=f"reason-{record.id}")
            with st.container(horizontal=True):
                if st.button(_("Return to the author"), icon=":material/undo:"):
                    _decide(actor, record, review.return_to_author, reason)
                if st.button(_("Void for good"), icon=":material/block:"):
                    _decide(actor, record, review.void, reason)


def _decide(actor: Actor, record: FieldRecord, act, *reason: str) -> None:
    try:
        with database().writing() as session:
            act(session, actor, record.id, record.version, *reason)
    except Refused as refused:
        st.error(plain(refusal(refused)), icon=":material/error:")
        return
    st.rerun()


def _history(past: list[JournalEntry], names: dict[int, str]) -> None:
    said = {
        "save_draft": _("kept as draft"), "send": _("sent"), "verified": _("verified"), "returned": _("returned"),
        "void": _("voided"), "discard": _("thrown away"),
    }
    for entry in past:
        who = plain(names.get(entry.account_id, ""))
        st.markdown(f"{moment(entry.at)} · {who} · **{said.get(entry.act, entry.act)}**")
