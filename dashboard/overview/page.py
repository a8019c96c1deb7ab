"""Tổng quan: are we on time, where not, why, what waits for me; everything one or two taps from its records."""

import streamlit as st

from dashboard.i18n.words import _
from dashboard.overview import parts
from dashboard.progress.figures import figures_of, lagging_of
from dashboard.server import addresses
from dashboard.server.database import database
from dashboard.ui import figure_table
from dashboard.ui.frame import acting, choose_plan, top
from dashboard.ui.navigation import go
from data_model.core import clock
from data_model.core.access import Actor
from data_model.overview.lagging import supervisors
from data_model.overview.moved import moved
from data_model.overview.waiting import waiting
from data_model.plans.view import view_plan
from data_model.progress.figures import default_day

REFRESH_SECONDS = 300
"""How often the page draws itself anew where nobody touches it, as on a wall."""
LED_TO = frozenset(
    {
        addresses.PROGRESS,
        addresses.MAP,
        addresses.RECORDS,
        addresses.REVIEW,
        addresses.FOLLOW_UP,
        addresses.SNAPSHOT,
        addresses.SNAPSHOTS,
        addresses.REPORT_DATES,
    }
)


def draw(actor: Actor) -> None:
    """The plan, and the whole answer below it."""
    with top(_("Overview")):
        plan = choose_plan(actor)
    _answer(plan.id)


@st.fragment(run_every=REFRESH_SECONDS)
def _answer(plan_id: int) -> None:
    """One element, so that it comes at once. A rerun of this part alone asks again who acts, and reads again."""
    actor, today = acting(), clock.today()
    with database().reading() as session:
        plan = view_plan(session, plan_id)
    figures = figures_of(actor, plan.id, default_day(plan))
    found = lagging_of(actor, figures)
    with database().reading() as session:
        holding = supervisors(session, actor, [one.unit.id for one in found.units])
        waits = waiting(session, actor, plan)
        week = moved(session, actor, plan)
    html = (
        f'<div class="overview">{parts.standing(figures.progress)}{parts.figures(figures.progress, figures.money)}'
        f'<div class="columns"><div class="first">{parts.communes(figures.progress, found, holding, today)}</div>'
        f'<div class="second">{parts.waits(actor, plan, waits, today)}{parts.targets(plan, found)}'
        f"{parts.week(plan, week)}</div></div>{parts.tools()}</div>"
    )
    _follow(figure_table.show(html, "overview", "overview/overview"))


def _follow(opened: dict | None) -> None:
    """Go where a button leads: to a page of this account's, asked for what the button says."""
    page = (opened or {}).get("page")
    if page in LED_TO and page in st.session_state["pages"]:
        go(page, **{name: value for name, value in opened.items() if name != "page" and isinstance(value, str)})
