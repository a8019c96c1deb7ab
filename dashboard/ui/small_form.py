"""A few fields with a button: the act that it does, and what is wrong beside each field until the next press."""

from collections.abc import Callable, Collection

import streamlit as st
from sqlmodel import Session

from dashboard.i18n.words import _, plain, problem
from dashboard.server.database import database
from data_model.core.problems import Problem, Refused


def attempt(key: str, act: Callable[[Session], object], said: str) -> None:
    """Do `act` in one transaction. Its problems are kept under `key`; where it has none, `said` in the session's state
    says so once.
    """
    try:
        with database().writing() as session:
            act(session)
    except Refused as refused:
        st.session_state[f"{key}/problems"] = refused.problems
        return
    st.session_state.pop(f"{key}/problems", None)
    st.session_state[said] = _("Written down.")


def show_problems(key: str, field: str, all_but: Collection[str] | None = None) -> None:
    """Problems of one field; with `all_but` also those that belong to none of these, which the form names elsewhere."""
    problems: tuple[Problem, ...] = st.session_state.get(f"{key}/problems", ())
    for one in problems:
        if one.where == field or (all_but is not None and one.where not in all_but):
            st.markdown(f":red[:material/error: {plain(problem(one))}]")
