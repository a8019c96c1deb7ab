"""Going from page to page, and what a page's address keeps of the choices made on it."""

from collections.abc import Mapping

import streamlit as st


def row_number(typed: str | None) -> int | None:
    """The number of a row that an address gives, None for anything that numbers no row of any database."""
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 10 else None


def go(address: str, **query: object) -> None:
    """Leave for another page. Empty values are left out of its address."""
    st.switch_page(st.session_state["pages"][address], query_params={k: str(v) for k, v in query.items() if v is not None})


def arrive(page: str) -> None:
    """Begin a run of `page`. What another page kept in its address says nothing about this one's."""
    if st.session_state.get("address/page") != page:
        st.session_state["address/page"] = page
        forget()


def forget() -> None:
    """Ask the address anew for everything."""
    st.session_state["address/kept"] = {}


def asked_anew(*names: str) -> bool:
    """Whether the address says something else under `names` than `keep` put there: on arrival, by a link, by Back."""
    kept = st.session_state.get("address/kept", {})
    return any(name not in kept or st.query_params.get(name) != kept[name] for name in names)


def keep(choices: Mapping[str, str | None]) -> None:
    """Put choices into the address (None: take it out), so that a reload, a link or Back shows the same."""
    now = st.query_params.to_dict()
    wanted = {name: value for name, value in (now | choices).items() if value is not None}
    if wanted != now:
        st.query_params.from_dict(wanted)
    st.session_state["address/kept"] = st.session_state.get("address/kept", {}) | choices
