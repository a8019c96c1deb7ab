"""Going from page to page."""

import streamlit as st


def row_number(typed: str | None) -> int | None:
    """The number of a row that an address gives, None for anything that numbers no row of any database."""
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 10 else None


def go(address: str, **query: object) -> None:
    """Leave for another page. Empty values are left out of its address."""
    st.switch_page(st.session_state["pages"][address], query_params={k: str(v) for k, v in query.items() if v is not None})
