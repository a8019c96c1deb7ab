"""Việc của tôi: what came back, what is begun, and what is left to do in my communes."""

import streamlit as st

from dashboard.i18n.words import _, plain
from dashboard.my_work.work import grid, own_units, waiting_cards
from dashboard.progress.figures import own_figures
from dashboard.server import addresses
from dashboard.server.database import database
from dashboard.ui.component import component
from dashboard.ui.frame import choose_plan, heading
from dashboard.ui.navigation import go
from data_model.core.access import Actor
from data_model.plans.view import PlanView
from data_model.records.listing import RecordRow, Waiting, count_waiting, waiting_for_author

SHOWN_WAITING = 4


def draw(actor: Actor) -> None:
    """One column: the next thing to do on top."""
    heading(_("My work"), _("Tap a cell to write a record there."))
    sent = st.session_state.pop("sent_message", None)
    if sent:
        # Above the page, not in it: nothing moves under a finger that is already on its way.
        st.toast(plain(sent), icon=":material/check_circle:", duration="long")
    plan = choose_plan(actor)
    with database().reading() as session:
        counted = count_waiting(session, actor, plan.id)
        latest = waiting_for_author(session, actor, plan.id, SHOWN_WAITING + 1)
    _work(actor, plan, counted, latest)


def _work(actor: Actor, plan: PlanView, counted: dict[tuple[int, int], Waiting], latest: list[RecordRow]) -> None:
    """One component, so that a tap is answered at once: what waits, then the grid in both of its views."""
    units = own_units(actor, plan)
    if not units:
        st.info(_("You have no commune in this plan today."), icon=":material/info:")
    data = {"waiting": waiting_cards(plan, latest[:SHOWN_WAITING])}
    if len(latest) > SHOWN_WAITING:
        data["more"] = {"button": _("Show all that waits for me"), "opens": {"status": latest[SHOWN_WAITING].status}}
    if units:
        data |= grid(own_figures(actor, plan), units, counted)
    tapped = component("my_work/work_grid")(data=data, key=f"grid-{plan.code}", on_open_change=lambda: None).open
    if tapped:
        go(addresses.RECORDS if "status" in tapped else addresses.FORM, plan=plan.code, **tapped)
