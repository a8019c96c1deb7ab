"""Turning the pages of a list that is longer than one page."""

from collections.abc import Callable

import streamlit as st

from dashboard.i18n.words import _


def pager(key: str, is_first: bool, has_more: bool, on_turn: Callable[[int], None], caption: str = "") -> None:
    """Buttons to the page before and the page after, `caption` beside them; nothing where there is only one page.

    `on_turn` is called with -1 or 1, before the page is drawn again.
    """
    if is_first and not has_more:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, step, shut, icon in (
            (_("Previous page"), -1, is_first, "arrow_back"),
            (_("Next page"), 1, not has_more, "arrow_forward"),
        ):
            st.button(
                label, key=f"{key}{step:+}", disabled=shut, icon=f":material/{icon}:", on_click=on_turn, args=(step,)
            )
        if caption:
            st.caption(caption)


def numbered_pager(key: str, at: int, has_more: bool, caption: str = "") -> None:
    """A pager that keeps the number of the page, from 0, in the session under `key`."""

    def turn(step: int) -> None:
        st.session_state[key] = at + step

    pager(f"{key}/turn", at == 0, has_more, turn, caption)
