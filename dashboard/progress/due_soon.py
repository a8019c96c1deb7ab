"""What greets the leader: what is overdue or due soon, one line each, each leading to where it is done."""

import streamlit as st

from dashboard.i18n.words import _, _n, day, plain, say
from dashboard.server import addresses
from dashboard.server.database import database
from data_model.core.access import Act, Actor
from data_model.deadlines.due_soon import RECOMMENDATION_DAYS, DueSoon, due_soon
from data_model.plans.view import PlanView

SLIM = """<style>
.st-key-due-soon a { min-height: 44px; }
.st-key-due-soon a, .st-key-due-soon a * { white-space: normal; overflow: visible; }
.st-key-due-soon:not(:has(*)) { display: none; }
</style>"""


def greeting(actor: Actor, plan: PlanView) -> None:
    """A small card on top of the leader's pages; nothing at all when nothing presses."""
    with database().reading() as session:
        pressing = due_soon(session, actor, plan)
    st.html(SLIM)
    # There also when it is empty: the parts of the page below it keep their place, and a late tap on one finds it.
    with st.container(border=bool(pressing), horizontal=True, key="due-soon", gap="small"):
        _recommendations(plan, pressing)
        _reports(actor, plan, pressing)


def _recommendations(plan: PlanView, pressing: DueSoon) -> None:
    page = st.session_state["pages"][addresses.FOLLOW_UP]
    if pressing.overdue:
        st.page_link(
            page,
            label=_n("{count} recommendation is overdue", "{count} recommendations are overdue", pressing.overdue),
            icon=":material/assignment_late:",
            query_params={"plan": plan.code, "status": "overdue"},
        )
    if pressing.within_days:
        st.page_link(
            page,
            label=_n(
                "{count} recommendation is due within {days} days",
                "{count} recommendations are due within {days} days",
                pressing.within_days,
                days=RECOMMENDATION_DAYS,
            ),
            icon=":material/schedule:",
            query_params={"plan": plan.code, "due": str(RECOMMENDATION_DAYS)},
        )
    if pressing.to_confirm:
        st.page_link(
            page,
            label=_n(
                "{count} recommendation to be confirmed as done",
                "{count} recommendations to be confirmed as done",
                pressing.to_confirm,
            ),
            icon=":material/verified:",
            query_params={"plan": plan.code, "status": "done"},
        )
    if pressing.to_drop:
        st.page_link(
            page,
            label=_("{count} to be confirmed as no longer applicable", count=pressing.to_drop),
            icon=":material/rule:",
            query_params={"plan": plan.code, "status": "dropping"},
        )


def _reports(actor: Actor, plan: PlanView, pressing: DueSoon) -> None:
    for each in pressing.rounds:
        said = (
            _("Report of {name}: overdue since {day}", name=say(each.name), day=day(each.due))
            if each.is_late
            else _("Report of {name}: due {day}", name=say(each.name), day=day(each.due))
        )
        if actor.may(Act.MARK_REPORT_SENT):
            st.page_link(
                st.session_state["pages"][addresses.REPORT_DATES],
                label=plain(said),
                icon=":material/event:",
                query_params={"plan": plan.code},
            )
        else:
            st.markdown(f":material/event: {plain(said)}")
    for each in pressing.send_by:
        said = _(
            "{name}: to be sent by {day}, {count} missing",
            name=say(each.line.name),
            day=day(each.due),
            count=each.missing,
        )
        st.page_link(
            st.session_state["pages"][addresses.RECORDS],
            label=plain(said),
            icon=":material/outgoing_mail:",
            query_params={"plan": plan.code, "activity": each.line.code, "status": "all"},
        )
