"""A button that acts only on what has been in view for a moment, and says what it acts on.

The browser counts how long the button has been in view; the server knows since when this session has drawn it. Both
must be a moment, so a second tap on the same spot does nothing to what came there after the first.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from dashboard.i18n.words import _
from dashboard.ui.component import component

MOMENT = 1.5
"""Seconds. Second taps that were not meant came up to 1.2 seconds after the first."""
MOST_KEPT = 200
_SHOWN = "seen-buttons"


@dataclass(frozen=True)
class Asks:
    """A word that must be given before the button acts: what its box is called, what is said without it, its most
    characters.
    """

    label: str
    missing: str
    most: int


def seen_button(
    key: str,
    about: str,
    act: str,
    on_press: Callable[[str], None],
    *,
    asks: Asks | None = None,
    inline: bool = False,
) -> None:
    """Draw it. `key` names the thing and its version; `on_press` gets the word that was asked for, "" where none was.

    `inline`: in one row with what it acts on, where there is room.
    """
    shown(key)
    box = f"seen-{key}"

    def pressed() -> None:
        told = (st.session_state.get(box) or {}).get("pressed")
        if not isinstance(told, dict):
            return  # a late tap on what has gone meanwhile
        looked, word = told.get("seen"), told.get("word")
        if told.get("key") == key and isinstance(looked, int | float) and looked >= MOMENT * 1000 and was_seen(key):
            on_press(word if isinstance(word, str) else "")
        else:
            st.toast(_("Look at it for a moment, then press again."), icon=":material/visibility:")
        turns = st.session_state.setdefault("seen-turns", {})
        turns[key] = turns.get(key, 0) + 1  # pressed in vain, it can be pressed again

    component("ui/seen_button")(
        data={
            "key": key,
            "about": about,
            "act": act,
            "moment": MOMENT * 1000,
            "inline": inline,
            "turn": st.session_state.get("seen-turns", {}).get(key, 0),
            "asks": {"label": asks.label, "missing": asks.missing, "most": asks.most} if asks else None,
        },
        key=box,
        on_pressed_change=pressed,
    )


def shown(key: str) -> None:
    """Note that this session draws the thing `key` now; it was drawn first when it was drawn first."""
    known = st.session_state.setdefault(_SHOWN, {})
    known[key] = known.pop(key, time.monotonic())
    while len(known) > MOST_KEPT:
        known.pop(next(iter(known)))


def was_seen(key: str) -> bool:
    """Whether this session has drawn the thing, a moment ago or longer."""
    since = st.session_state.get(_SHOWN, {}).get(key)
    return since is not None and time.monotonic() - since >= MOMENT
