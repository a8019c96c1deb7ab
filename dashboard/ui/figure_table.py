"""Tables of figures as one light element: rows on a wide screen, cards on a phone, figures that can be tapped."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from dashboard.ui.component import component


@dataclass(frozen=True)
class Cell:
    """A cell's HTML, made by `text` and its like; `style` holds class names (number, wide, empty)."""

    html: str
    style: str = ""


def text(value: str, style: str = "") -> Cell:
    """A cell of plain text."""
    return Cell(escape(value), style)


def button(opens: dict, html: str, label: str) -> str:
    """HTML of a figure that opens what is behind it; `label` says what to those who do not see it."""
    return f'<button type="button" data-open="{escape(json.dumps(opens))}" aria-label="{escape(label)}">{html}</button>'


def row(cells: Iterable[Cell], labels: Sequence[str], style: str = "") -> str:
    """HTML of a row; its first cell names it, `labels` name the others where the table becomes cards."""
    first, *others = cells
    named = "".join(
        f'<td role="cell" class="{cell.style}" data-label="{escape(label)}">{cell.html}</td>'
        for cell, label in zip(others, labels[1:], strict=True)
    )
    return f'<tr role="row" class="{style}"><th role="rowheader" scope="row">{first.html}</th>{named}</tr>'


def table(
    caption: str,
    labels: Sequence[str],
    rows: Iterable[str],
    numbers: frozenset[int] = frozenset(),
    *,
    cards: bool = True,
) -> str:
    """HTML of a table; `numbers` are the columns that are set to the right; without `cards` it stays a table on a
    phone.
    """
    heads = "".join(
        f'<th role="columnheader" scope="col" class="{"number" if at in numbers else ""}">{escape(label)}</th>'
        for at, label in enumerate(labels)
    )
    # The roles are said once more: a table whose rows are shown as cards would lose them.
    return (
        f'<table role="table" class="{"cards" if cards else ""}"><caption>{escape(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
        f'<tbody role="rowgroup">{"".join(rows)}</tbody></table>'
    )


def show(html: str, key: str, look: str = "ui/figures") -> dict | None:
    """Draw it, with the style of the component `look`; gives what was tapped just now."""
    return component(look)(data={"html": html}, key=key, on_open_change=lambda: None).open
