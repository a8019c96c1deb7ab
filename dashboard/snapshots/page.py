"""Chốt số liệu: the plan's periods with their versions, the preview of a freeze, late entries, exceptions from the
lock.
"""

from collections.abc import Callable

import streamlit as st

from dashboard.i18n.words import _, plain
from dashboard.server import addresses
from dashboard.snapshots import late_tabs, period_tabs
from dashboard.ui.choice import choose_tab
from dashboard.ui.frame import choose_plan, heading
from data_model.core.access import Act, Actor
from data_model.periods.periods import Period
from data_model.plans.view import PlanView

TABS: dict[str, Callable[[Actor, PlanView], None]] = {
    "periods": period_tabs.periods,
    "late": late_tabs.late,
    "locks": late_tabs.locks,
}
TALL = (
    "<style>.st-key-missing-points a { min-height: 2.75rem; } .st-key-missing-points a * { white-space: normal;"
    " }</style>"
)


def draw(actor: Actor) -> None:
    """The plan, then the chosen tab."""
    heading(
        _("Frozen periods"),
        _("A frozen period keeps its figures for good: read it, approve it, print it. A correction is a new version."),
    )
    plan = choose_plan(actor)
    if said := st.session_state.pop("snapshot_said", None):
        st.toast(plain(said), icon=":material/check_circle:")
    st.html(TALL)
    period = st.query_params.get("period")
    if period in set(Period) and actor.may(Act.FREEZE):
        period_tabs.preview_of(actor, plan, Period(period))
        return
    tab = _choose_tab()
    TABS[tab](actor, plan)
    if tab == "periods":
        _ways(actor, plan)


def _choose_tab() -> str:
    names = {"periods": _("Periods"), "late": _("Late entries"), "locks": _("Exceptions")}
    return choose_tab(names, "quarter_view")


def _ways(actor: Actor, plan: PlanView) -> None:
    pages, query = st.session_state["pages"], {"plan": plan.code}
    with st.container(horizontal=True):
        st.page_link(
            pages[addresses.COMPARISON],
            label=_("Compare two snapshots"),
            icon=":material/compare_arrows:",
            query_params=query,
        )
        if addresses.REPORT_HEADING in pages:
            st.page_link(
                pages[addresses.REPORT_HEADING],
                label=_("Heading and signature of reports"),
                icon=":material/edit_document:",
                query_params=query,
            )
