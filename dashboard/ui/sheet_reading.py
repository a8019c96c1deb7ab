"""Reading workbooks that people fill in: every cell as text, the columns found by the names in their head."""

import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import python_calamine
import xlsxwriter

from data_model.core.label import Label
from data_model.core.problems import Problem, Say, refuse
from data_model.core.text import folded, nfc, visible
from data_model.evidence.documents import XLSX, read_file
from data_model.forms.fields import Field

MOST_BYTES = 5_000_000
MOST_UNPACKED = 60_000_000
MOST_COLUMNS = 200
LOOKED_FOR_HEAD = 20
"""Rows at the top of a sheet in which its head is looked for: titles may stand above it."""
Rows = list[list[str]]


def read_pages(content: bytes, name: str, most_rows: int) -> dict[str, Rows]:
    """The cells of every sheet of a workbook that somebody chose, as text; at most a few rows more than `most_rows`.

    Raises Refused ("file") for what is no workbook, or larger than any list.
    """
    name = visible(name)[:140]
    if len(content) > MOST_BYTES:
        raise refuse(Say.WORKBOOK_TOO_LARGE, "file", most=MOST_BYTES // 1_000_000)
    if read_file(content, name) != XLSX:
        raise refuse(Say.WORKBOOK_NOT_READ, "file", name=name)
    with zipfile.ZipFile(BytesIO(content)) as packed:
        if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
            raise refuse(Say.WORKBOOK_TOO_LARGE, "file", most=MOST_BYTES // 1_000_000)
    try:
        with python_calamine.CalamineWorkbook.from_filelike(BytesIO(content)) as book:
            return {each: list(_rows(book.get_sheet_by_name(each), most_rows)) for each in book.sheet_names}
    except (python_calamine.CalamineError, ValueError, OSError) as damaged:
        raise refuse(Say.WORKBOOK_NOT_READ, "file", name=name) from damaged


def _rows(page: python_calamine.CalamineSheet, most_rows: int) -> Iterator[list[str]]:
    for number, row in enumerate(page.iter_rows()):
        if number > most_rows + LOOKED_FOR_HEAD:
            return
        yield [_text(value) for value in row[:MOST_COLUMNS]]


def _text(value: object) -> str:
    """A cell's value as people would type it."""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value).replace(".", ",")
    if isinstance(value, datetime | date):
        return f"{value.day:02}/{value.month:02}/{value.year:04}"
    if isinstance(value, time):
        return value.isoformat("minutes")
    return nfc(str(value))


def called(title: str) -> str:
    """A head as it is compared: without its star, its case and its marks."""
    return folded(" ".join(title.replace("*", " ").split()))


def columns_by_name(columns: Mapping[str, Field[Any]]) -> dict[str, str]:
    """Every name that a head may have -> the column."""
    return {called(name): code for code, column in columns.items() for name in (column.vi, column.en, code)}


def below_head(
    columns: Mapping[str, Field[Any]], rows: Rows, strange: list[Problem], where: str, sheet: Label
) -> list[dict[str, str]]:
    """The rows below the head, by column; what belongs to no column is told in `strange`, at `where`."""
    names = columns_by_name(columns)

    def fits(row: list[str]) -> int:
        return sum(called(title) in names for title in row if title)

    at = max(range(min(LOOKED_FOR_HEAD, len(rows))), key=lambda number: fits(rows[number]), default=None)
    if at is None or not fits(rows[at]):
        if any(any(row) for row in rows):
            strange.append(Problem(where, Say.HEAD_NOT_FOUND, {"sheet": sheet}))
        return []
    head = [names.get(called(title)) for title in rows[at]]
    for place, title in enumerate(rows[at]):
        details = {"column": xlsxwriter.utility.xl_col_to_name(place), "name": visible(title)[:80], "sheet": sheet}
        if head[place] is None and (title or any(row[place] for row in rows[at + 1 :] if place < len(row))):
            strange.append(Problem(where, Say.UNKNOWN_COLUMN, details))
        elif head[place] is not None and head[place] in head[:place]:
            strange.append(Problem(where, Say.COLUMN_TWICE, details))
            head[place] = None
    return [
        {name: text for name, text in zip(head, row, strict=False) if name is not None and text}
        for row in rows[at + 1 :]
    ]
