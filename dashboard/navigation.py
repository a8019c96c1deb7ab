"""Going from page to page."""

import streamlit as st


def go(address: str, **query: object) -> None:
    """Leave for another page. Empty values are left out of its address."""
    st.switch_page(st.session_state["pages"][address], query_params={k: str(v) for k, v in query.items() if v is not None})
