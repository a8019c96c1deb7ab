"""Việc của tôi: what came back, what is begun, and what is left to do in my communes."""

import streamlit as st

from dashboard.components import component
from dashboard.figures import own_figures
from dashboard.frame import choose_plan, heading
from dashboard.navigation import go
from dashboard.store import database
from dashboard.words import _, plain, say
from dashboard.work_view import grid, waiting_by_place
from data_model import clock
from data_model.access import Actor
from data_model.counting import PlanProgress
from data_model.plans import PlanView
from data_model.record_list import RecordRow, waiting_for_author
from data_model.records import RecordStatus
from data_model.units import Unit

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
        waiting = waiting_for_author(session, actor, plan.id)
    _waiting_list(plan, waiting)
    _grid(own_figures(actor, plan), plan, _own_units(actor, plan), waiting)


def _own_units(actor: Actor, plan: PlanView) -> list[Unit]:
    day = min(clock.today(), plan.ends_on)
    units = [*plan.units, plan.owner] if plan.owner.id not in {u.id for u in plan.units} else list(plan.units)
    return [u for u in units if actor.holds(u.id, clock.today()) and u.exists_on(day)]


def _waiting_list(plan: PlanView, rows: list[RecordRow]) -> None:
    for row in rows[:SHOWN_WAITING]:
        line, unit = plan.line_by_activity[row.activity_id], plan.unit_by_id[row.unit_id]
        returned = row.status == RecordStatus.RETURNED
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"waiting-{row.id}"):
            said = _("Returned: {reason}", reason=row.reason or "") if returned else _("Draft of {when}", when=row.changed_at)
            icon = ":material/undo:" if returned else ":material/edit:"
            st.markdown(f"{icon} **{plain(say(line.name))}** · {plain(unit.full_name)}  \n{plain(said)}")
            if st.button(_("Correct it") if returned else _("Continue"), key=f"open-{row.id}"):
                go("ghi", plan=plan.code, record=row.id)
    if len(rows) > SHOWN_WAITING and st.button(_("Show all that waits for me"), icon=":material/list:"):
        go("ban-ghi", plan=plan.code, status=rows[SHOWN_WAITING].status)


def _grid(progress: PlanProgress, plan: PlanView, units: list[Unit], waiting: list[RecordRow]) -> None:
    if not units:
        st.info(_("You have no commune in this plan today."), icon=":material/info:")
        return
    show = st.segmented_control(
        _("Show"), ["left", "all"], default="left", required=True, key="work_show",
        format_func=lambda s: _("Left to do") if s == "left" else _("All activities"),
    )
    data = grid(progress, units, waiting_by_place(waiting), show == "left")
    if not data["groups"]:
        st.success(_("Nothing with a number is left in your communes. Choose “{all}” to record more.", all=_("All activities")),
                   icon=":material/task_alt:")
        return
    tapped = component("work_grid")(data=data, key=f"grid-{plan.code}", on_open_change=lambda: None)
    if tapped.open:
        go("ghi", plan=plan.code, activity=tapped.open["activity"], unit=tapped.open["unit"])
