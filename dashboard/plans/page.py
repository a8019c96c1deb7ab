"""Kế hoạch: the office's plans and the drafts of new ones; one draft, to be written, checked, submitted and issued."""

import streamlit as st

from dashboard.i18n.words import _, _n, moment, plain, problem, say
from dashboard.plans import draft as one_draft
from dashboard.plans.plan_workbook import read_workbook
from dashboard.plans.routes import workbook_address
from dashboard.server.addresses import row_number
from dashboard.server.database import database
from dashboard.ui.choice import choose_one
from dashboard.ui.frame import heading, main_button
from dashboard.ui.navigation import ask
from dashboard.ui.one_file import choose_file, chosen_file, forget_file
from dashboard.ui.sheet_reading import MOST_BYTES
from data_model.core import clock
from data_model.core.access import Act, Actor
from data_model.core.problems import Problem, Refused, Say
from data_model.planning.drafts import (
    DraftHead,
    begin_draft,
    close_plan,
    draft_of,
    list_drafts,
    reopen_plan,
    take_over_example,
)
from data_model.planning.new_plan import sheets_of_office
from data_model.planning.next_year import sheets_for_year
from data_model.planning.sheets import Sheets
from data_model.planning.tables import DraftStatus
from data_model.progress.figures import PlanHead, example_plans, plans_of

FILE = "plans/file"
TALL = "<style>.st-key-plans button, .st-key-plans a { min-height: 44px; }</style>"


def draw(actor: Actor) -> None:
    """The plans and drafts, and how to begin one; or the draft that the address names."""
    st.html(TALL)
    with st.container(key="plans"):
        if said := st.session_state.pop("plans/said", None):
            st.toast(plain(said), icon=":material/check_circle:")
        asked = row_number(st.query_params.get("draft"))
        if asked is not None:
            one_draft.draw_one(actor, asked)
        else:
            _overview(actor)


def _overview(actor: Actor) -> None:
    heading(_("Plans"), _("A draft counts nowhere. It becomes the plan when a leader issues it with number and day."))
    with database().reading() as session:
        own, examples = plans_of(session, actor), example_plans(session, actor)
        drafts = list_drafts(session, actor)
        issued_from = {plan.id: draft_of(session, actor, plan.id) for plan in own}
    if drafts:
        st.subheader(_("Drafts"), anchor=False)
        for each in drafts:
            _draft(each)
    if actor.may(Act.WRITE_PLAN):
        with st.expander(_("Begin a new plan"), icon=":material/add:", expanded=not own and not drafts):
            _begin(actor, own or examples)
    elif not own and not drafts:
        st.info(
            _("There is no plan yet. A data officer writes one here and submits it; then you issue it."),
            icon=":material/info:",
        )
    _problems("plans/problems")
    if own:
        st.subheader(_("Plans in force and closed"), anchor=False)
        for plan in own:
            _plan(actor, plan, issued_from[plan.id])
    if examples:
        st.subheader(_("Example plans"), anchor=False)
        st.caption(_("Plans of other places, to see how one looks. They count nowhere and go once you have your own."))
        for plan in examples:
            _example(actor, plan)


def _draft(draft: DraftHead) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"draft-{draft.id}"):
        with st.container(gap=None):
            name = plain(draft.name or _("Plan without a name yet"))
            st.markdown(f"**{name}** · :gray[:material/edit_document: {plain(say(draft.status.label))}]")
            st.caption(plain(_("Changed {when}", when=moment(draft.changed_at))))
        words = _("Look and issue") if draft.status is DraftStatus.SUBMITTED else _("Go on writing")
        st.button(words, key=f"open-draft-{draft.id}", on_click=_open, args=(draft.id,))


def _open(draft_id: int) -> None:
    ask(draft=str(draft_id))


def _plan(actor: Actor, plan: PlanHead, draft_id: int | None) -> None:
    with st.container(border=True, key=f"plan-{plan.id}"):
        st.markdown(f"**{plain(say(plan.name))}** · {plain(_state(plan))}")
        with st.container(horizontal=True):
            st.link_button(_("Take it as Excel"), workbook_address(plan.id), icon=":material/download:")
            if draft_id is not None:
                st.button(_("Document"), key=f"document-{plan.id}", on_click=_open, args=(draft_id,))
            if actor.may(Act.ISSUE_PLAN):
                with st.popover(_("Open again") if plan.closed else _("Close the plan")):
                    _close(actor, plan)


def _state(plan: PlanHead) -> str:
    if plan.closed:
        return _("closed, takes no more records")
    if plan.ends_on < clock.today():
        return _("ended on {day}; late records are still taken until a leader closes it", day=plan.ends_on)
    return _("in force until {day}", day=plan.ends_on)


def _close(actor: Actor, plan: PlanHead) -> None:
    key = f"close-{plan.id}"
    st.text_input(_("Why"), key=f"{key}/reason", max_chars=1000, autocomplete="off")
    _problems(f"{key}/problems")
    label = _("Open it again for records") if plan.closed else _("Close it: no more records")
    st.button(label, key=f"{key}/press", on_click=_press_close, args=(actor, plan, key))


def _press_close(actor: Actor, plan: PlanHead, key: str) -> None:
    act = reopen_plan if plan.closed else close_plan
    try:
        with database().writing() as session:
            act(session, actor, plan.id, st.session_state.get(f"{key}/reason", ""))
    except Refused as refused:
        st.session_state[f"{key}/problems"] = list(refused.problems)
        return
    st.session_state.pop(f"{key}/problems", None)
    st.session_state[f"{key}/reason"] = ""


def _example(actor: Actor, plan: PlanHead) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"example-{plan.id}"):
        st.markdown(f"{plain(say(plan.name))} · :gray[:material/school: {plain(_('example'))}]")
        st.link_button(_("Take it as Excel"), workbook_address(plan.id), icon=":material/download:")
        if actor.may(Act.ISSUE_PLAN):
            with st.popover(_("This is our plan")):
                st.markdown(plain(_("Use it only if this very plan is your office's own: it counts from then on.")))
                st.button(_("Make it our plan"), key=f"own-{plan.id}", on_click=_press_own, args=(actor, plan))


def _press_own(actor: Actor, plan: PlanHead) -> None:
    with database().writing() as session:
        take_over_example(session, actor, plan.id)
    st.session_state["plans/said"] = _("The plan is the office's own now.")


def _begin(actor: Actor, plans: list[PlanHead]) -> None:
    ways = {"nothing": _("From nothing"), "workbook": _("From an Excel workbook")}
    if plans:
        ways["former"] = _("From a former plan")
    way = choose_one(_("How"), ways, "plans/way")
    if way == "workbook":
        st.link_button(_("Take the template"), workbook_address(), icon=":material/download:")
        choose_file(_("The workbook, filled in"), FILE, ".xlsx", MOST_BYTES, as_bytes=True)
        st.button(_("Read the workbook"), type=main_button(), key="plans/read", on_click=_press_workbook, args=(actor,))
    elif way == "former":
        by_id = {plan.id: plan for plan in plans}
        chosen = st.selectbox(_("Plan"), list(by_id), format_func=lambda i: say(by_id[i].name), key="plans/former")
        year = st.number_input(
            _("For the year"),
            min_value=2000,
            max_value=2100,
            value=max(by_id[chosen].year + 1, clock.today().year),
            step=1,
            key=f"plans/year-{chosen}",
        )
        st.caption(_("Days move to that year. Numbers and amounts are taken over as proposals: look at each."))
        st.button(
            _("Begin from this plan"),
            type=main_button(),
            key="plans/from-former",
            on_click=_press_former,
            args=(actor, chosen, int(year)),
        )
    else:
        year = st.number_input(
            _("For the year"), min_value=2000, max_value=2100, value=clock.today().year, step=1, key="plans/year"
        )
        st.caption(_("You fill in tables here; every change is kept at once and can be undone."))
        st.button(_("Begin"), type=main_button(), key="plans/begin", on_click=_press_nothing, args=(actor, int(year)))


def _begun(actor: Actor, sheets: Sheets, based_on: int | None = None) -> None:
    with database().writing() as session:
        draft_id = begin_draft(session, actor, sheets, based_on).id
    st.session_state.pop("plans/problems", None)
    ask(draft=str(draft_id))


def _press_nothing(actor: Actor, year: int) -> None:
    with database().reading() as session:
        sheets = sheets_of_office(session, actor, year)
    _begun(actor, sheets)


def _press_former(actor: Actor, plan_id: int, year: int) -> None:
    with database().reading() as session:
        sheets = sheets_for_year(session, actor, plan_id, year)
    _begun(actor, sheets, plan_id)


def _press_workbook(actor: Actor) -> None:
    """A workbook becomes a draft; what in it belongs to no plan is said, and the draft begins all the same."""
    file = chosen_file(FILE)
    if file is None:
        st.session_state["plans/problems"] = [Problem("file", Say.REQUIRED)]
        return
    try:
        read = read_workbook(file.content, file.name)
        _begun(actor, read.sheets)
    except Refused as refused:
        st.session_state["plans/problems"] = list(refused.problems)
        return
    forget_file(FILE)
    st.session_state["draft/strange"] = list(read.strange)
    filled = sum(len([row for row in rows if row]) for rows in read.sheets.values())
    st.session_state["plans/said"] = _n("{count} row was read.", "{count} rows were read.", filled)


def _problems(key: str) -> None:
    for each in st.session_state.get(key, []):
        st.markdown(f":red[:material/error: {plain(problem(each))}]")
