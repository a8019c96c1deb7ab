"""What every page stands in: the acting account, the chosen plan, the notice of sample data."""

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape

import streamlit as st

from dashboard.i18n.words import _, day, plain, say, speak
from dashboard.server import addresses
from dashboard.server.addresses import PLANS
from dashboard.server.database import database
from dashboard.server.middleware import COOKIE
from dashboard.ui.navigation import asked_anew, forget, go, keep
from dashboard.ui.status_look import LATE
from data_model.accounts import sign_ins
from data_model.core import clock, settings
from data_model.core.access import Act, Actor
from data_model.plans.view import PlanView, view_plan
from data_model.progress.figures import PlanHead, example_plans, plans_of


def acting() -> Actor:
    """The account behind this browser, asked of the database at every run. Ends the run when there is none."""
    with database().reading() as session:
        actor = sign_ins.who_is(session, st.context.cookies.get(COOKIE))
    if actor is None:
        st.warning(
            _("You are signed out. What you typed stays on this page until you leave it."), icon=":material/lock:"
        )
        st.link_button(_("Sign in again"), addresses.SIGN_IN, type=main_button())
        st.stop()
    speak(actor.language)
    if st.session_state.setdefault("spoken", actor.language) != actor.language:
        st.session_state["spoken"] = actor.language
        st.rerun(
            scope="app"
        )  # chosen on another page or device: one part of a page must not speak otherwise than the rest
    return actor


NOTICE = (
    '<p role="note" style="margin:0;padding:0.1rem 0.6rem;font-size:0.75rem;border-left:4px solid {colour};'
    'background:color-mix(in srgb, {colour} 20%, transparent)">{text}</p>'
)


def sample_notice() -> None:
    """On every page of an installation with sample data: that it is, in one line."""
    if settings.is_sample():
        today = " " + _("Day fixed at {today}.", today=clock.today()) if settings.pinned_today() else ""
        text = escape(_("Sample data, not real figures.") + today)
        st.html(NOTICE.format(colour=LATE.colour, text=text))


def main_button() -> str:
    """The `type` of a page's main button. Streamlit writes white on the accent colour, which is not legible in the
    dark.
    """
    return "secondary" if st.context.theme.type == "dark" else "primary"


def choose_plan(actor: Actor) -> PlanView:
    """The plan that the page is about: from the address, else the last one chosen, else the newest with work in it."""
    with database().reading() as session:
        plans = plans_of(session, actor)
        examples = example_plans(session, actor) if not plans else []
    if not plans and examples and _shows_examples({plan.code for plan in examples}):
        st.warning(
            _("An example plan of another place, to see how one looks. Its figures are nobody's."),
            icon=":material/school:",
        )
        plans = examples
    elif not plans:
        _no_plan(actor, bool(examples))
        st.stop()
    by_code = {plan.code: plan for plan in plans}
    chosen = st.session_state.get("plan")
    if chosen is None or asked_anew("plan"):
        forget()
        chosen = st.query_params.get("plan") or st.session_state.get("plan_code")
    if chosen not in by_code:
        chosen = plans[0].code
    if len(plans) > 1:
        st.session_state["plan"] = chosen  # in every run: Streamlit forgets it on pages without this box
        # Its name says that it is a plan; the label is told to those who do not see it.
        chosen = st.selectbox(
            _("Plan"),
            list(by_code),
            format_func=lambda c: say(by_code[c].name),
            key="plan",
            label_visibility="collapsed",
        )
    else:
        st.markdown(plain(say(by_code[chosen].name)))  # what the figures are of is said also where nothing is chosen
    st.session_state["plan_code"] = chosen
    keep({"plan": chosen})
    _where_it_stands(by_code[chosen])
    with database().reading() as session:
        return view_plan(session, by_code[chosen].id)


def _shows_examples(codes: set[str]) -> bool:
    """Whether the person asked for the examples, by the button or by an address that names one."""
    if st.query_params.get("plan") in codes:
        st.session_state["examples"] = True
    return bool(st.session_state.get("examples"))


def _no_plan(actor: Actor, examples: bool) -> None:
    """An empty page names the next step, and who can take it."""
    if actor.sees_all_units:
        said = {
            True: _("Your office has no plan yet. Next: write this year's plan under “Plans”, or read it from Excel."),
            False: _(
                "Your office has no plan yet. Next: a data officer writes it under “Plans” and submits it; you issue it"
                " there."
            ),
        }[actor.may(Act.WRITE_PLAN)]
        st.info(said, icon=":material/info:")
        with st.container(horizontal=True):
            st.button(_("Go to the plans"), icon=":material/edit_document:", on_click=_set_out, key="no-plan/plans")
            if examples:
                st.button(_("Show an example plan"), icon=":material/school:", on_click=_show, key="no-plan/examples")
        if st.session_state.pop("no-plan/go", False):
            go(PLANS)
    elif actor.units_on(clock.today()):
        st.info(
            _("No plan concerns your communes yet. They are given to you; your data officer puts the plan in."),
            icon=":material/info:",
        )
    else:
        st.info(
            _("No commune is given to you yet. Ask your data officer to give you communes."), icon=":material/info:"
        )


def _set_out() -> None:
    st.session_state["no-plan/go"] = True


def _show() -> None:
    st.session_state["examples"] = True


def _where_it_stands(plan: PlanHead) -> None:
    """That the plan has ended or is closed, said before its figures."""
    if plan.closed:
        st.caption(f":material/lock: {plain(_('This plan is closed. It takes no more records.'))}")
    elif plan.ends_on < clock.today():
        told = _("This plan ended on {day}. Late records are taken until a leader closes it.", day=plan.ends_on)
        st.caption(f":material/event_busy: {plain(told)}")


def heading(title: str, under: str = "") -> None:
    """A page's title and one line under it."""
    st.header(plain(title), anchor=False)
    if under:
        st.caption(plain(under))


@contextmanager
def top(title: str) -> Iterator[None]:
    """A page's title in one row with what is chosen for the whole page."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="page-top"):
        with st.container(width="content"):
            heading(title)
        yield


def period(plan: PlanView) -> str:
    """The plan's days, for a heading."""
    return _("from {first} to {last}", first=day(plan.starts_on), last=day(plan.ends_on))
