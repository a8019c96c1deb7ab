"""Hạn báo cáo: when the report of each monitoring round is due, whether it was sent; and the days off it is counted
with.
"""

from datetime import date
from functools import partial

import streamlit as st

from dashboard.i18n.words import _, day, plain, say
from dashboard.server.database import database
from dashboard.ui.frame import choose_plan, heading, main_button
from dashboard.ui.small_form import attempt, show_problems
from data_model.core import clock
from data_model.core.access import Act, Actor
from data_model.deadlines.round_reports import WORKING_DAYS, RoundDue, due, mark_sent, set_end
from data_model.deadlines.tables import DayKind
from data_model.deadlines.working_days import holidays, set_day
from data_model.plans.view import PlanView

_attempt = partial(attempt, said="dates/said")

YEARS_BACK = 3
TALL = "<style>.st-key-report-dates button { min-height: 44px; }</style>"


def draw(actor: Actor) -> None:
    """The rounds of the plan, then the days off."""
    heading(
        _("Report dates"),
        _("The report of a monitoring round is due {days} working days after the round ends.", days=WORKING_DAYS),
    )
    said = st.session_state.pop("dates/said", None)
    if said:
        st.toast(plain(said), icon=":material/check_circle:")
    plan = choose_plan(actor)
    with database().reading() as session:
        rounds = due(session, actor, plan)
    with st.container(key="report-dates"):
        st.html(TALL)
        if not rounds:
            st.info(
                _("This plan has no monitoring rounds, so no report of a round is due."), icon=":material/event_busy:"
            )
        for each in rounds:
            _round(actor, plan, each)
        _days_off(actor, plan)


def _round(actor: Actor, plan: PlanView, each: RoundDue) -> None:
    with st.container(border=True):
        st.markdown(
            f"**{plain(say(each.name))}**  \n"
            + _("{visited} of {all} communes visited", visited=each.visited, all=each.to_visit)
        )
        st.markdown(_end_words(each))
        if not each.visited and each.due is None:
            return
        if each.due is None:
            with st.expander(_("It has ended already"), icon=":material/event_available:"):
                _end(actor, plan, each)
            return
        st.markdown(_due_words(each))
        if not each.holidays_known:
            st.warning(
                _("The days off of these years are not in the calendar yet; the date may be later than shown."),
                icon=":material/event_busy:",
            )
        with st.expander(
            _("Correct what was sent, or the day it ended") if each.sent_on else _("Mark as sent"),
            icon=":material/outgoing_mail:",
        ):
            _mark(actor, plan, each)


def _end_words(each: RoundDue) -> str:
    if each.ended_on is None and not each.visited:
        return ":material/hourglass_empty: " + _("Not begun yet.")
    if each.ended_on is None:
        return ":material/hourglass: " + _("Still running; it ends with its last visit.")
    if each.declared:
        return _("Ended on {day}, as entered here", day=day(each.ended_on))
    if each.by_window:
        return ":material/rule: " + _("The plan's window ended on {day}, with visits missing", day=day(each.ended_on))
    return _("Ended on {day}, with its last visit", day=day(each.ended_on))


def _due_words(each: RoundDue) -> str:
    if each.sent_on:
        said = _("Sent on {day}, no. {number}", day=day(each.sent_on), number=plain(each.number or ""))
        late = " · " + _("after its date, {day}", day=day(each.due)) if each.is_late else ""
        return f":material/check_circle: **{said}**{late}"
    if each.is_late:
        return ":material/error: **" + _("■ Overdue since {day}", day=day(each.due)) + "**"
    return ":material/event: **" + _("Due {day}", day=day(each.due)) + "**"


def _mark(actor: Actor, plan: PlanView, each: RoundDue) -> None:
    key = f"dates/{each.round_id}"
    with st.form(f"{key}/sent", border=False, enter_to_submit=False):
        st.date_input(_("Sent on"), each.sent_on, format="DD/MM/YYYY", max_value=clock.today(), key=f"{key}/sent_on")
        show_problems(key, "sent_on")
        st.text_input(
            _("Number of the report"),
            each.number or "",
            max_chars=80,
            placeholder="05/BC-UBND",
            key=f"{key}/number",
            autocomplete="off",
        )
        show_problems(key, "number")
        st.form_submit_button(
            _("Mark as sent"),
            type=main_button(),
            icon=":material/outgoing_mail:",
            key=f"{key}/mark",
            on_click=_attempt,
            args=(
                key,
                lambda session: mark_sent(
                    session, actor, plan.id, each.round_id, _value(key, "sent_on"), _value(key, "number")
                ),
            ),
        )
    _end(actor, plan, each)


def _end(actor: Actor, plan: PlanView, each: RoundDue) -> None:
    """The day of the round's end, where its visits do not tell it."""
    key = f"dates/{each.round_id}"
    st.date_input(
        _("The round ended on (empty: with its last visit)"),
        each.ended_on if each.declared else None,
        format="DD/MM/YYYY",
        min_value=plan.starts_on,
        max_value=plan.ends_on,
        key=f"{key}/ended_on",
    )
    show_problems(key, "ended_on")
    st.button(
        _("Set the end"),
        icon=":material/event_available:",
        key=f"{key}/end",
        on_click=_attempt,
        args=(key, lambda session: set_end(session, actor, plan.id, each.round_id, _value(key, "ended_on"))),
    )


def _value(key: str, name: str):
    return st.session_state.get(f"{key}/{name}")


def _days_off(actor: Actor, plan: PlanView) -> None:
    """The calendar of a year; a data officer corrects it."""
    with st.expander(_("Days off and days worked instead"), icon=":material/calendar_month:"):
        this_year = clock.today().year
        years = sorted({plan.year, *range(this_year - YEARS_BACK, this_year + 2)}, reverse=True)
        year = st.selectbox(_("Year"), years, index=years.index(plan.year), key="dates/year")
        with database().reading() as session:
            listed = holidays(session, actor, year)
        if listed:
            st.markdown(
                "\n".join(
                    f"- {day(each.day)} · {say(DayKind(each.kind).label)} · {plain(each.name)} · {_basis(each.basis)}"
                    for each in listed
                )
            )
        else:
            st.info(_("No day off is known for {year} yet.", year=str(year)), icon=":material/event_busy:")
        if actor.may(Act.KEEP_CALENDAR):
            _correct_day(actor, year)


def _basis(basis: str) -> str:
    return {
        "law": _("fixed by law"),
        "lunar": _("by the lunar calendar"),
        "notice": _("by the yearly notice"),
        "officer": _("entered here"),
    }[basis]


def _correct_day(actor: Actor, year: int) -> None:
    key = "dates/day"
    st.markdown(f"**{_('Add or correct a day')}**")
    with st.form(f"{key}/form", border=False, enter_to_submit=False):
        st.date_input(
            _("Day"),
            None,
            format="DD/MM/YYYY",
            min_value=date(year, 1, 1),
            max_value=date(year, 12, 31),
            key=f"{key}/day-{year}",
        )
        show_problems(key, "day")
        st.radio(
            _("What it is"),
            list(DayKind),
            index=list(DayKind).index(DayKind.OFF),
            format_func=lambda k: say(k.label),
            horizontal=True,
            key=f"{key}/kind",
        )
        st.text_input(_("Name of the day"), key=f"{key}/name", max_chars=120, autocomplete="off")
        show_problems(key, "name")
        st.form_submit_button(
            _("Save"),
            type=main_button(),
            icon=":material/save:",
            on_click=_attempt,
            key=f"{key}/save",
            args=(
                key,
                lambda session: set_day(
                    session, actor, _value(key, f"day-{year}"), _value(key, "kind"), _value(key, "name")
                ),
            ),
        )
