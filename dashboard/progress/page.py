"""Tiến độ: every target of the plan with planned, done and status, and the same by chart, quarter, commune and
condition.
"""

from collections.abc import Callable
from datetime import date

import streamlit as st

from dashboard.i18n.words import _
from dashboard.progress import tabs
from dashboard.progress.due_soon import greeting
from dashboard.progress.figures import Figures, figures_of
from dashboard.progress.headline import headline_html
from dashboard.ui.choice import choose_tab
from dashboard.ui.frame import acting, choose_plan, top
from dashboard.ui.navigation import asked_anew, keep
from data_model.core.access import Actor
from data_model.plans.view import PlanView
from data_model.progress.figures import default_day

TABS: dict[str, Callable[[Actor, Figures], None]] = {
    "targets": tabs.targets,
    "chart": tabs.chart,
    "quarters": tabs.quarters,
    "communes": tabs.communes,
    "conditions": tabs.conditions,
    "people": tabs.people,
}
CHARTS = ("chart", "quarters", "communes")
"""Views that stay drawn behind the others once they were opened: a chart drawn anew takes the browser longer than all
the rest.
"""
BEHIND = """<style>
.st-key-views {{ position: relative; }}
.st-key-views > :has(> [class*="st-key-view-"]:not(.st-key-view-{tab})) {{
  position: absolute; width: 100%; height: 0; overflow: hidden; visibility: hidden; }}
</style>"""


def draw(actor: Actor) -> None:
    """Which plan, as of which day; how it stands; then the one tab that was chosen."""
    with top(_("Progress")):
        plan = choose_plan(actor)
        with st.container(width=200):
            as_of = _choose_day(plan)
    greeting(actor, plan)
    figures = figures_of(actor, plan.id, as_of)
    st.html(headline_html(figures.progress))
    _tab(plan.id, as_of, [(actor, figures)])


@st.fragment
def _tab(plan_id: int, as_of: date, loaded: list[tuple[Actor, Figures]]) -> None:
    """The chosen tab. A rerun of this part alone asks again who acts, and reads again."""
    actor, figures = loaded.pop() if loaded else (acting(), None)
    # First of all: the browser draws everything once more for a new address, and does so while this run goes on.
    tab = _choose_tab()
    figures = figures or figures_of(actor, plan_id, as_of)
    st.html(BEHIND.format(tab=tab))
    with st.container(key="views"):
        for name in _drawn(tab, figures):
            with st.container(key=f"view-{name}"):
                TABS[name](actor, figures)


def _drawn(tab: str, figures: Figures) -> list[str]:
    """The charts opened so far of these figures, each in the place that it has had, and `tab`."""
    kept = st.session_state.get("progress_charts")
    if kept is None or kept[0] != figures.key:
        kept = st.session_state["progress_charts"] = (figures.key, [])
    charts = kept[1]
    if tab in CHARTS and tab not in charts:
        charts.append(tab)
    return charts if tab in CHARTS else [*charts, tab]


def _choose_day(plan: PlanView) -> date:
    """The day looked at, kept in the address where it is not the plan's usual one."""
    usual, key = default_day(plan), f"progress_day-{plan.code}"
    if asked_anew("day"):
        st.session_state[key] = _day_of_address(plan) or usual
    elif key not in st.session_state:  # another plan was chosen: the address still has the other one's day
        st.session_state[key] = usual
    chosen = (
        st.date_input(
            _("Figures until"),
            min_value=plan.starts_on,
            max_value=max(plan.ends_on, usual),
            format="DD/MM/YYYY",
            key=key,
        )
        or usual
    )
    keep({"day": None if chosen == usual else chosen.isoformat()})
    return chosen


def _day_of_address(plan: PlanView) -> date | None:
    try:
        day = date.fromisoformat(st.query_params.get("day", ""))
    except ValueError:
        return None
    return day if plan.starts_on <= day <= max(plan.ends_on, default_day(plan)) else None


def _choose_tab() -> str:
    names = {
        "targets": _("Targets"),
        "chart": _("Chart"),
        "quarters": _("By quarter"),
        "communes": _("By commune"),
        "conditions": _("Conditions"),
        "people": _("Participants"),
    }
    return choose_tab(names, "progress_view")
