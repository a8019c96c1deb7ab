"""A choice of one among a few, as radio buttons side by side."""

from collections.abc import Mapping

import streamlit as st

from dashboard.components import component


def choose_one(label: str, options: Mapping[str, str], start: str, key: str, *, label_shown: bool = True) -> str:
    """The chosen value of `options` (value: its text); `start` until somebody chooses. Kept in the session under `key`."""
    kept = st.session_state.get(key)
    chosen = kept.chosen if kept and kept.chosen in options else start
    component("choice")(
        data={"label": label, "shown": label_shown, "options": list(options.items()), "chosen": chosen}, key=key,
        default={"chosen": start}, on_chosen_change=lambda: None,
    )
    return chosen
