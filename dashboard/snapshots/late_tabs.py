"""What came after its period had been issued, for the leader who has the word; and the exceptions from the lock."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import streamlit as st

from dashboard.i18n.words import _, day, moment, plain, refusal, say
from dashboard.records.decide import buttons, may_decide, seen_before_refusal
from dashboard.records.parts import mark_words
from dashboard.server import addresses
from dashboard.server.database import database
from dashboard.ui.frame import main_button
from dashboard.ui.navigation import go
from dashboard.ui.pager import numbered_pager
from dashboard.ui.status_look import LATE
from data_model.core import clock
from data_model.core.access import Act, Actor
from data_model.core.problems import Refused
from data_model.kinds.registry import all_kinds
from data_model.periods.lock import (
    LONGEST,
    ExceptionRow,
    end_exception,
    exceptions,
    give_exception,
    people_for_exceptions,
)
from data_model.plans.view import PlanView
from data_model.records.listing import RecordRow
from data_model.review.marks import Marks, marks_of
from data_model.snapshots.late_list import late_waiting

PAGE = 20


def late(actor: Actor, plan: PlanView) -> None:
    """Late entries, each to be accepted or returned with a reason."""
    at = st.session_state.get("late-page", 0)
    with database().reading() as session:
        rows = late_waiting(session, actor, plan.id, PAGE + 1, at * PAGE)
        marks = marks_of(session, actor, [row.id for row in rows[:PAGE]])
    st.caption(
        _(
            "An entry whose day lies in an issued period is late. Accepted, it counts in the next version; the issued"
            " figures never change."
        )
    )
    if not rows:
        st.info(_("No late entry waits."), icon=":material/inbox:")
        return
    for row in rows[:PAGE]:
        _late_row(actor, plan, row, marks[row.id])
    numbered_pager("late-page", at, len(rows) > PAGE)


def _late_row(actor: Actor, plan: PlanView, row: RecordRow, marks: Marks) -> None:
    line, kind = plan.line_by_activity[row.activity_id], all_kinds()[row.kind]
    with st.container(border=True, key=f"late-row-{row.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            facts = (
                day(row.happened_on),
                plan.unit_by_id[row.unit_id].full_name,
                row.author_name,
                _("sent {when}", when=moment(row.sent_at)),
                *mark_words(replace(marks, late=False)),
            )
            st.markdown(
                f":material/{kind.icon}: **{plain(say(line.name))}**  \n{LATE.shape} {_('waits for a leader')} · "
                + plain(" · ".join(facts)),
                width="stretch",
            )
            if st.button(_("Open"), key=f"late-open-{row.id}"):
                go(addresses.RECORD, record=row.id, seen=seen_before_refusal(row.id))
        if actor.may(Act.ACCEPT_LATE) and may_decide(actor, row):
            buttons(actor, row, plan, marks, verify=_("Accept"))


def locks(actor: Actor, plan: PlanView) -> None:
    """Exceptions from the lock: given to a person until a day, listed, ended early."""
    st.caption(
        _(
            "An issued period is locked: what is entered for its days is marked late. With an exception a person's"
            " entries are not marked, until its last day."
        )
    )
    with database().reading() as session:
        rows = exceptions(session, actor, plan.id)
        people = people_for_exceptions(session, actor) if actor.may(Act.GIVE_EXCEPTION) else {}
    if people:
        _give(actor, plan, people)
    if not rows:
        st.info(_("No exception was given."), icon=":material/lock:")
        return
    for one in rows:
        _exception(actor, one)


def _exception(actor: Actor, one: ExceptionRow) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"exception-{one.id}"):
        state = (
            f":material/lock_open: {_('until {day}', day=one.ends_on)}"
            if one.holds
            else f":material/lock: {_('ended')} ({_('until {day}', day=one.ends_on)})"
        )
        given = _("given by {name}, {when}", name=one.given_by, when=moment(one.given_at))
        st.markdown(
            f"**{plain(one.account)}** · {state}  \n{plain(_('Reason: {reason}', reason=one.reason))} · {plain(given)}",
            width="stretch",
        )
        if (
            one.holds
            and actor.may(Act.GIVE_EXCEPTION)
            and st.button(_("End it now"), key=f"end-{one.id}", icon=":material/lock:")
        ):
            _act(lambda session: end_exception(session, actor, one.id), _("The exception has ended."))


def _give(actor: Actor, plan: PlanView, people: dict[int, str]) -> None:
    today, turn = clock.today(), st.session_state.get("exception-turn", 0)
    with st.expander(_("Give an exception"), icon=":material/lock_open:"):
        person = st.selectbox(
            _("Person"),
            list(people),
            index=None,
            format_func=people.__getitem__,
            placeholder=_("Choose a person"),
            key=f"exception-person-{turn}",
        )
        until: date | None = st.date_input(
            _("Until (included)"),
            today + timedelta(days=7),
            min_value=today,
            max_value=today + timedelta(days=LONGEST),
            format="DD/MM/YYYY",
            key=f"exception-until-{turn}",
        )
        reason = st.text_area(_("Reason"), key=f"exception-reason-{turn}")
        if st.button(
            _("Give"), type=main_button(), icon=":material/lock_open:", disabled=person is None or until is None
        ):
            _act(
                lambda session: give_exception(session, actor, plan.id, person, until, reason),
                _("The exception is given."),
                "exception-turn",
            )


def _act(act: Callable, said: str, turn: str | None = None) -> None:
    try:
        with database().writing() as session:
            act(session)
    except Refused as refused:
        st.error(plain(refusal(refused)), icon=":material/error:")
        return
    if turn:
        st.session_state[turn] = st.session_state.get(turn, 0) + 1
    st.session_state["snapshot_said"] = said
    st.rerun()
