"""A list of rows that are opened by a tap, drawn by one component: lighter than a widget or two for each row."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st

from dashboard.ui.component import component
from dashboard.ui.seen_button import MOMENT


@dataclass(frozen=True)
class ListRow:
    """A row: its id, a title, lines under it, chips (text, colour, ink); `version` goes along when it is ticked.

    `picture` is the address of a small picture beside it; one that is not `tickable` has no box where others have.
    """

    id: str
    title: str
    lines: tuple[str, ...]
    chips: tuple[tuple[str, str, str], ...] = ()
    version: int = 0
    picture: str | None = None
    tickable: bool = True


@dataclass(frozen=True)
class Ticking:
    """Rows can be ticked: what each box, the box for all, and the button that acts on `{n}` of them say.

    Before it acts it asks once: `ask`, with `{n}`, and `left`, what is left out (with `{m}` unticked ones in
    `unticked`); `sure` acts, `cancel` goes back.
    """

    one: str
    all: str
    act: str
    ask: str
    left: str
    unticked: str
    sure: str
    cancel: str


def row_list(
    label: str,
    rows: list[ListRow],
    chosen: str | None,
    key: str,
    on_open: Callable[[str], None],
    *,
    scrolls: bool = False,
    ticking: Ticking | None = None,
    on_act: Callable[[list], None] | None = None,
    folds: bool = False,
    opened: dict[str, Any] | None = None,
    words: dict[str, str] | None = None,
    on_lead: Callable[[Any], None] | None = None,
) -> None:
    """Draw it. A tap calls `on_open` with the row's id; the button calls `on_act` with [id, version] of each ticked
    row.

    With `folds` the chosen row shows `opened` below itself: a note, changes, a link whose tap calls `on_lead`.
    """

    def callback(name: str, call: Callable | None) -> Callable[[], None]:
        def hear() -> None:
            value = (st.session_state.get(key) or {}).get(name)  # nothing: a late tap on a list that has gone meanwhile
            if call is not None and value is not None:
                call(value)

        return hear

    component("ui/row_list")(
        data={
            "label": label,
            "chosen": chosen,
            "scrolls": scrolls,
            "folds": folds,
            "opened": opened,
            "words": words or {},
            "rows": [
                {
                    "id": r.id,
                    "title": r.title,
                    "lines": r.lines,
                    "chips": r.chips,
                    "version": r.version,
                    "picture": r.picture,
                    "tickable": r.tickable,
                }
                for r in rows
            ],
            "ticks": asdict(ticking) | {"moment": MOMENT * 1000} if ticking else None,
        },
        key=key,
        on_open_change=callback("open", on_open),
        on_act_change=callback("act", on_act),
        on_lead_change=callback("lead", on_lead),
    )
