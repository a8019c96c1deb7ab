"""A draft's cells while they are edited in the browser: what a grid or a paste changed, put into the rows."""

import csv
from collections.abc import Mapping
from io import StringIO
from typing import Any

from dashboard.i18n.words import say
from dashboard.plans.plan_workbook import names_column, rows_below_head
from data_model.core.problems import Problem, Refused
from data_model.forms.fields import Choice, Field, LongText
from data_model.planning.sheets import Cells, Sheet

MAIN = {
    "plan": ("code", "name_vi", "owner", "issuer", "year", "starts_on", "ends_on", "quarter_rule"),
    "components": ("code", "parent", "name_vi", "amount", "source_central", "source_province", "source_district"),
    "activities": (
        "code",
        "component",
        "name_vi",
        "kind",
        "measure",
        "comparator",
        "quantity",
        "unit_vi",
        "scope",
        "named_units",
        "window_from",
        "window_to",
        "due",
        "lead",
        "part_of",
    ),
    "conditions": ("activity", "proof", "at_least", "at_most", "text_vi"),
    "rounds": ("activity", "number", "name_vi"),
    "reports": ("code", "component", "name_vi", "due", "quantity", "scope", "lead"),
    "slips": ("what", "section", "as_read", "text_vi"),
}
"""Columns that a table shows first; the others (notes, the document's own words, English) on demand."""


def columns_shown(sheet: Sheet, everything: bool) -> dict[str, Field[Any]]:
    """The columns of a sheet's table."""
    main = MAIN.get(sheet.code)
    if everything or main is None:
        return dict(sheet.columns)
    return {name: sheet.columns[name] for name in main}


def as_chosen(column: Field[Any], text: str) -> str:
    """A choice by its name in the language in use, however it was typed; anything else as it was typed."""
    if not isinstance(column, Choice) or not text:
        return text
    try:
        code = column.clean(text)
    except Refused:
        return text
    return say(column.options[code]) if code else text


def options_of(column: Choice, rows: list[Cells]) -> list[str]:
    """Names to choose from, and what was typed instead of one: a table that did not know it would drop it."""
    named = [say(label) for label in column.options.values()]
    typed = [as_chosen(column, row.get(column.name, "")) for row in rows]
    return list(dict.fromkeys([*named, *(text for text in typed if text)]))


def with_edits(rows: list[Cells], edits: Mapping[str, Any], columns: Mapping[str, Field[Any]]) -> list[Cells]:
    """The rows after what a grid says was edited, added and deleted in it."""
    changed = [dict(row) for row in rows]
    for at, cells in edits.get("edited_rows", {}).items():
        if int(at) < len(changed):
            _put(changed[int(at)], cells, columns)
    gone = set(edits.get("deleted_rows", ()))
    kept = [row for at, row in enumerate(changed) if at not in gone]
    for cells in edits.get("added_rows", ()):
        row: Cells = {}
        _put(row, cells, columns)
        kept.append(row)
    return kept


def _put(row: Cells, cells: Mapping[str, Any], columns: Mapping[str, Field[Any]]) -> None:
    for name, value in cells.items():
        if name not in columns:
            continue
        if value is None or str(value).strip() == "":
            row.pop(name, None)
        else:
            row[name] = str(value)


def pasted(sheet: Sheet, text: str, columns: Mapping[str, Field[Any]]) -> tuple[list[Cells], list[Problem]]:
    """The rows of what was copied from a spreadsheet: by its head where it has one, else as the table's columns stand.

    The problems name what belongs to no column; it was not taken.
    """
    lines = [
        [cell.strip() for cell in line] for line in csv.reader(StringIO(text.replace("\r\n", "\n")), delimiter="\t")
    ]
    lines = [line for line in lines if any(line)]
    head = [say(column.label) for column in columns.values()]
    if not lines:
        return [], []
    strange: list[Problem] = []
    named = sum(names_column(sheet, cell) for cell in lines[0] if cell)
    rows = rows_below_head(sheet, lines if named >= 2 else [head, *lines], strange)
    return [row for row in rows if row], strange


def is_long(column: Field[Any]) -> bool:
    """Whether its text needs several lines."""
    return isinstance(column, LongText)
