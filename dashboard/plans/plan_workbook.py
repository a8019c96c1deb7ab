"""A plan as an Excel workbook: written out of its sheets, with lists and notes, and read back cell by cell.

The workbook holds a sheet for each of `planning.sheets.SHEETS`, a guide, one worked example, and the lists to choose
from. What was typed is kept as it was typed; what is wrong with it is said beside the cell, not here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dashboard.i18n.words import _, problem, say
from dashboard.ui.sheet_reading import below_head, called, columns_by_name, read_pages
from dashboard.ui.status_look import FAULTY
from dashboard.ui.workbook import head_format, opened, write_day
from data_model.core.label import Label
from data_model.core.problems import Problem, Refused, Say
from data_model.core.text import folded, visible
from data_model.forms.fields import Choice, Day, Field, LongText, Whole
from data_model.planning.sheets import MOST_ROWS, SHEETS, Cells, Sheet, Sheets

GUIDE, EXAMPLE, LISTS = Label("Hướng dẫn", "Guide"), Label("Ví dụ", "Example"), Label("Danh mục", "Lists")
OURS = (GUIDE, EXAMPLE, LISTS)
BLANK_ROWS = 200
"""Rows below what is written in which lists to choose from are offered too."""


@dataclass(frozen=True)
class ReadWorkbook:
    """The cells of a workbook, and what in it belongs to no sheet or column of a plan."""

    sheets: Sheets
    strange: tuple[Problem, ...]


def plan_workbook(sheets: Sheets, problems: Iterable[Problem] = ()) -> bytes:
    """The workbook of a draft or a plan; of empty sheets, the template. What a check found stands beside its cell."""
    content = BytesIO()
    said = {each.where: problem(each) for each in problems}
    with opened(content, in_memory=True) as book:
        looks = _Looks.of(book)
        _guide(book, looks)
        lists = _lists_of()
        for sheet in SHEETS.values():
            rows = sheets.get(sheet.code, [])
            if sheet.code == Sheet.ONE:
                _upright(book, looks, sheet, rows[0] if rows else {}, lists, said)
            else:
                _table(book, looks, sheet, rows, lists, said)
        _example(book, looks)
        _write_lists(book, looks, lists)
    return content.getvalue()


@dataclass(frozen=True)
class _Looks:
    head: Format
    text: Format
    wrong: Format
    quiet: Format
    title: Format

    @classmethod
    def of(cls, book: xlsxwriter.Workbook) -> "_Looks":
        # "@" is Excel's own mark of text: a code keeps the zero in front of it.
        return cls(
            head_format(book),
            book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
            book.add_format({"num_format": "@", "text_wrap": True, "valign": "top", "bg_color": FAULTY.colour}),
            book.add_format({"font_color": "#666666", "text_wrap": True, "valign": "top"}),
            book.add_format({"bold": True, "font_size": 14}),
        )


def _title(column: Field[Any]) -> str:
    return f"{say(column.label)} *" if column.required else say(column.label)


def _guide(book: xlsxwriter.Workbook, looks: _Looks) -> None:
    page = book.add_worksheet(say(GUIDE))
    page.set_column(0, 0, 26)
    page.set_column(1, 1, 90)
    page.write_string(0, 0, _("A plan as a workbook"), looks.title)
    lines = (
        _("Fill in the sheets from left to right. A column with * must be filled in."),
        _("A note at each head says what belongs there; “Example” shows one row of each sheet, filled in."),
        _("Days are written 31/12/2026. Amounts are whole đồng. A target without a number stays empty."),
        _("Codes are your own and short; they join the sheets: a condition names the code of its activity."),
        _("Then choose this file on the page “Plan”. It becomes a draft; nothing counts before a leader issues it."),
    )
    for row, line in enumerate(lines, 2):
        page.write_string(row, 0, f"{row - 1}.")
        page.write_string(row, 1, line, looks.text)
    for row, sheet in enumerate(SHEETS.values(), 3 + len(lines)):
        page.write_string(row, 0, say(sheet.name), looks.head)
        page.write_string(row, 1, ", ".join(_title(c) for c in sheet.columns.values()), looks.quiet)


def _note(page: Worksheet, row: int, place: int, column: Field[Any]) -> None:
    """What belongs into a column, at its head."""
    said = [say(column.help)] if column.help else []
    if isinstance(column, Choice):
        said.append(_("One of: {options}.", options="; ".join(say(label) for label in column.options.values())))
    elif isinstance(column, Day):
        said.append(_("A day, as 31/12/2026."))
    elif isinstance(column, Whole):
        said.append(_("A whole number."))
    if said:
        page.write_comment(row, place, "\n".join(said), {"x_scale": 2, "y_scale": 1.5, "font_size": 9})


def _wide(column: Field[Any]) -> int:
    return 40 if isinstance(column, LongText) or column.name in ("name_vi", "lead") else 18


def _table(
    book: xlsxwriter.Workbook,
    looks: _Looks,
    sheet: Sheet,
    rows: list[Cells],
    lists: Mapping[str, "_List"],
    said: Mapping[str, str],
) -> None:
    page = book.add_worksheet(say(sheet.name))
    page.freeze_panes(1, 0)
    for place, column in enumerate(sheet.columns.values()):
        page.write_string(0, place, _title(column), looks.head)
        page.set_column(place, place, _wide(column), looks.text)
        _note(page, 0, place, column)
        _offer(page, 1, place, len(rows) + BLANK_ROWS, place, f"{sheet.code}.{column.name}", lists)
    for number, cells in enumerate(rows):
        for place, (name, column) in enumerate(sheet.columns.items()):
            _cell(
                page, looks, number + 1, place, column, cells.get(name, ""), said.get(f"{sheet.code}.{number}.{name}")
            )


def _upright(
    book: xlsxwriter.Workbook,
    looks: _Looks,
    sheet: Sheet,
    cells: Cells,
    lists: Mapping[str, "_List"],
    said: Mapping[str, str],
) -> None:
    """The sheet of the plan itself: a question in each row, its answer beside it."""
    page = book.add_worksheet(say(sheet.name))
    page.set_column(0, 0, 34)
    page.set_column(1, 1, 60, looks.text)
    for row, (name, column) in enumerate(sheet.columns.items()):
        page.write_string(row, 0, _title(column), looks.head)
        _note(page, row, 0, column)
        _offer(page, row, 1, row, 1, f"{sheet.code}.{name}", lists)
        _cell(page, looks, row, 1, column, cells.get(name, ""), said.get(f"{sheet.code}.0.{name}"))


def _cell(
    page: Worksheet, looks: _Looks, row: int, place: int, column: Field[Any], text: str, wrong: str | None
) -> None:
    """One cell: days as days that Excel counts with, everything else as it was typed."""
    look = looks.wrong if wrong else looks.text
    if wrong:
        page.write_comment(row, place, wrong, {"x_scale": 2, "color": FAULTY.colour, "font_size": 9})
    day = _day(column, text)
    if day is not None and not wrong:
        write_day(page, row, place, day)
    elif text or wrong:
        page.write_string(row, place, text, look)


def _day(column: Field[Any], text: str) -> date | None:
    if not isinstance(column, Day) or not text:
        return None
    try:
        read = column.clean(text)
    except Refused:
        return None  # as it was typed; the check says what is wrong with it
    return read if isinstance(read, date) else None


@dataclass(frozen=True)
class _List:
    """Words to choose from, and where they stand in the sheet of lists."""

    place: int
    title: str
    words: tuple[str, ...]

    @property
    def formula(self) -> str:
        column = xlsxwriter.utility.xl_col_to_name(self.place)
        return f"='{say(LISTS)}'!${column}$2:${column}${len(self.words) + 1}"


def _lists_of() -> dict[str, _List]:
    """Column ("sheet.name") -> its list."""
    choices = [
        (f"{sheet.code}.{name}", column)
        for sheet in SHEETS.values()
        for name, column in sheet.columns.items()
        if isinstance(column, Choice)
    ]
    return {
        where: _List(place, say(column.label), tuple(dict.fromkeys(say(each) for each in column.options.values())))
        for place, (where, column) in enumerate(choices)
    }


def _offer(page: Worksheet, first: int, place: int, last: int, to: int, where: str, lists: Mapping[str, _List]) -> None:
    if where in lists:
        # "warning" asks before another word is kept: what was typed is the check's to judge, not Excel's.
        page.data_validation(
            first, place, last, to, {"validate": "list", "source": lists[where].formula, "error_type": "warning"}
        )


def _write_lists(book: xlsxwriter.Workbook, looks: _Looks, lists: Mapping[str, _List]) -> None:
    page = book.add_worksheet(say(LISTS))
    for each in lists.values():
        page.set_column(each.place, each.place, 30)
        page.write_string(0, each.place, each.title, looks.head)
        for row, word in enumerate(each.words, 1):
            page.write_string(row, each.place, word)


def _example(book: xlsxwriter.Workbook, looks: _Looks) -> None:
    """One worked example: a filled row of every sheet, upright so that it can be read without scrolling."""
    page = book.add_worksheet(say(EXAMPLE))
    page.set_column(0, 0, 30)
    page.set_column(1, 1, 34)
    page.set_column(2, 2, 60)
    row = 0
    for sheet in SHEETS.values():
        page.write_string(row, 0, say(sheet.name), looks.head)
        for name, text in sheet.example.items():
            page.write_string(row, 1, _title(sheet.columns[name]))
            page.write_string(row, 2, text, looks.text)
            row += 1
        row += 1


def read_workbook(content: bytes, name: str) -> ReadWorkbook:
    """The cells of a workbook that somebody chose. Raises Refused for what is no workbook, or too large for a plan."""
    return _sorted_in(read_pages(content, name, MOST_ROWS))


def _sorted_in(pages: Mapping[str, list[list[str]]]) -> ReadWorkbook:
    """Each sheet's cells under the columns that its head names."""
    sheets: Sheets = {code: [] for code in SHEETS}
    strange: list[Problem] = []
    known = {folded(name): sheet for sheet in SHEETS.values() for name in (*sheet.name, sheet.code)}
    ignored = {folded(name) for label in OURS for name in label}
    for page_name, rows in pages.items():
        sheet = known.get(folded(page_name.strip()))
        if sheet is None:
            if folded(page_name.strip()) not in ignored and any(any(row) for row in rows):
                strange.append(Problem("", Say.UNKNOWN_SHEET, {"sheet": visible(page_name)}))
        elif sheet.code == Sheet.ONE:
            sheets[sheet.code] = [_answers(sheet, rows, strange)]
        else:
            sheets[sheet.code] = rows_below_head(sheet, rows, strange)
    if not any(any(rows) for rows in sheets.values()):
        raise Refused([*strange, Problem("file", Say.WORKBOOK_WITHOUT_PLAN)])
    return ReadWorkbook(sheets, tuple(strange))


def names_column(sheet: Sheet, title: str) -> bool:
    """Whether a cell holds the name of one of the sheet's columns."""
    return called(title) in columns_by_name(sheet.columns)


def rows_below_head(sheet: Sheet, rows: list[list[str]], strange: list[Problem]) -> list[Cells]:
    """The rows below the head, by column; what belongs to no column is told in `strange`."""
    return below_head(sheet.columns, rows, strange, sheet.code, sheet.name)


def _answers(sheet: Sheet, rows: list[list[str]], strange: list[Problem]) -> Cells:
    """The plan itself: a question in the first column, its answer in the second."""
    columns, cells = columns_by_name(sheet.columns), {}
    for row in rows:
        title, text, *_rest = [*row, "", ""]
        if not title:
            continue
        name = columns.get(called(title))
        if name is None:
            if text:
                strange.append(
                    Problem(sheet.code, Say.UNKNOWN_COLUMN, {"column": "A", "name": title[:80], "sheet": sheet.name})
                )
        elif text:
            cells[name] = text
    return cells
