"""Choosing one: among a few as radio buttons side by side, among many in a box; and what the address keeps of it."""

from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st

from dashboard.i18n.words import _
from dashboard.ui.component import component
from dashboard.ui.navigation import asked_anew, keep


def choose_one(
    label: str,
    options: Mapping[str, str],
    key: str,
    *,
    label_shown: bool = True,
    then: Callable[[], None] | None = None,
) -> str:
    """The chosen value of `options` (value: its text), the first until somebody chooses.

    The choice is the session's value under `key`: a page may put another one there before it draws. `then` is called
    after each tap, before the page is drawn again.
    """
    if st.session_state.get(key) not in options:
        st.session_state[key] = next(iter(options))
    chosen = st.session_state[key]
    component("ui/choice")(
        data={"label": label, "shown": label_shown, "options": list(options.items()), "chosen": chosen},
        key=f"{key}/box",
        on_chosen_change=partial(_take, list(options), key, then),
    )
    return chosen


def choose_tab(tabs: Mapping[str, str], key: str) -> str:
    """The tab of a page (value: its name). The address keeps it under `view`, all but the first."""
    if asked_anew("view"):
        st.session_state[key] = st.query_params.get("view")
    tab = choose_one(_("View"), tabs, key, label_shown=False)
    keep({"view": None if tab == next(iter(tabs)) else tab})
    return tab


def choose_or_all(label: str, options: Mapping[str, str], name: str) -> str | None:
    """A box with one of `options` (value: its text), or all of them (None). The address keeps the value under
    `name`.
    """
    key = f"box/{name}"
    chosen = st.query_params.get(name) if asked_anew(name) else st.session_state.get(key)
    st.session_state[key] = chosen if chosen in options else None
    chosen = st.selectbox(
        label, list(options), index=None, format_func=options.__getitem__, placeholder=_("All"), key=key
    )
    keep({name: chosen})
    return chosen


def _take(options: list[str], key: str, then: Callable[[], None] | None) -> None:
    box = st.session_state.get(f"{key}/box")  # None: a late tap on a page that has gone meanwhile
    picked = box and box.chosen
    if picked in options:
        st.session_state[key] = options[options.index(picked)]
        if then:
            then()
