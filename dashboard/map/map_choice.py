"""What a person chose on the map page: kept over reruns, in the address over a reload, and per plan over other
pages.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from dashboard.map.widget import tapped
from dashboard.server.addresses import row_number
from dashboard.ui.navigation import asked_anew, keep
from data_model.plans.view import PlanView
from data_model.progress.figures import default_day


@dataclass(frozen=True)
class Choice:
    """Kind of colouring, activity of the one target, chosen unit, tapped record; `turn` counts the choices made."""

    colouring: str
    activity_id: int | None
    unit_id: int | None
    record_id: str | None
    turn: int


def key(plan: PlanView, name: str) -> str:
    """Where a choice stands in the session; also the key of its widget."""
    return f"map/{plan.code}/{name}"


NOW = "now"
"""The map as of today, in place of the end of a quarter."""


def quarters_ended(plan: PlanView, day: date) -> dict[str, date]:
    """The quarters of the plan that have ended before a day, by their number, with their last days."""
    return {str(number): end for number, end in enumerate(plan.quarter_ends, 1) if end < day}


def until(plan: PlanView) -> date:
    """The day that the map shows: the end of the quarter that was chosen, else the plan's usual one."""
    usual = default_day(plan)
    return quarters_ended(plan, usual).get(st.session_state.get(key(plan, "until"), NOW), usual)


def changed() -> None:
    """A choice was made that concerns the whole page."""
    st.session_state["map/changed"] = True


def begin(plan: PlanView, colourings: Sequence[str], activity_ids: Sequence[int], unit_ids: Sequence[int]) -> Choice:
    """The choice as it stands. On arrival it comes from the address, else from the last visit of the page."""
    state, asked = st.session_state, st.query_params
    anew = asked_anew("colouring", "activity", "unit")
    kept = state.setdefault("map/kept", {}).get(plan.code) or {"colouring": asked.get("colouring")}
    code_of = {line.code: line.activity_id for line in plan.lines}
    if anew and ("colouring" in asked or "unit" in asked):
        kept = {
            "colouring": asked.get("colouring"),
            "activity": code_of.get(asked.get("activity")),
            "unit": row_number(asked.get("unit")),
        }
    valid = {"colouring": colourings, "activity": activity_ids, "unit": unit_ids}
    otherwise = {"colouring": colourings[0], "activity": activity_ids[0] if activity_ids else None, "unit": None}
    for name, options in valid.items():
        place = key(plan, name)
        wanted = kept.get(name) if anew or place not in state else state[place]
        wanted = wanted if wanted in options else otherwise[name]
        is_other = state.get(place) != wanted
        state[place] = (
            wanted  # also where it is not another one: Streamlit forgets the target while its box is not drawn
        )
        if is_other and name == "unit":
            _touched(plan, None)
    return current(plan)


def current(plan: PlanView) -> Choice:
    """The choice as it stands in this run."""
    state = st.session_state
    return Choice(
        state[key(plan, "colouring")],
        state[key(plan, "activity")],
        state[key(plan, "unit")],
        state.get(key(plan, "record")),
        state.get(key(plan, "turn"), 0),
    )


def redraw_if_changed() -> None:
    """Draw the whole page where a choice made in one of its parts concerns the other part."""
    if st.session_state.pop("map/changed", False):
        st.session_state["map/choosing"] = True
        st.rerun(scope="app")


def remember(plan: PlanView) -> None:
    """Write the choice into the address and keep it for the next visit."""
    choice = current(plan)
    st.session_state["map/kept"][plan.code] = {
        "colouring": choice.colouring,
        "activity": choice.activity_id,
        "unit": choice.unit_id,
    }
    by_target = choice.colouring == "target" and choice.activity_id
    keep(
        {
            "colouring": choice.colouring,
            "activity": plan.line_by_activity[choice.activity_id].code if by_target else None,
            "unit": str(choice.unit_id) if choice.unit_id else None,
        }
    )


def choose_unit(plan: PlanView, unit_id: int | None, record_id: str | None = None) -> None:
    """Choose a commune (None: none), and the record whose point was tapped."""
    st.session_state[key(plan, "unit")] = unit_id
    _touched(plan, record_id)
    st.session_state["map/changed"] = True


def unit_changed(plan: PlanView) -> None:
    """Another commune was chosen in its box."""
    _touched(plan, None)
    st.session_state["map/changed"] = True


def _touched(plan: PlanView, record_id: str | None) -> None:
    st.session_state[key(plan, "turn")] = st.session_state.get(key(plan, "turn"), 0) + 1
    st.session_state[key(plan, "record")] = record_id


def choose_target(plan: PlanView, activity_id: int) -> None:
    """Colour the map by one target."""
    st.session_state[key(plan, "colouring")] = "target"
    st.session_state[key(plan, "activity")] = activity_id
    st.session_state["map/changed"] = True


def take_tap(plan: PlanView, map_key: str) -> None:
    """A tap on the map: the commune, or a point and its commune. What the browser says is checked."""
    touched = tapped(map_key)
    if touched.get("unit") in plan.unit_by_id:
        record = touched.get("record")
        choose_unit(plan, touched["unit"], record if isinstance(record, str) else None)
