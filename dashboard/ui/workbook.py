"""What every Excel workbook of the app shares: how it is opened, how its head looks, how many rows it takes."""

from datetime import date
from pathlib import Path
from typing import IO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

MOST = 20_000
"""Rows of a list, in one workbook."""
FIRST_YEAR = 1900
"""Excel knows no day before it; a slip of an older form (15/12/0024) is written as text."""

_AS_TYPED = {"strings_to_formulas": False, "strings_to_urls": False, "default_date_format": "dd/mm/yyyy"}


def opened(file: Path | IO[bytes], **options: bool) -> xlsxwriter.Workbook:
    """A workbook written to `file` (a path or a stream). What people typed stays text in it, never a formula or a
    link.
    """
    return xlsxwriter.Workbook(file, _AS_TYPED | options)


def head_format(book: xlsxwriter.Workbook) -> Format:
    """How the titles of columns look."""
    return book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})


def write_day(sheet: Worksheet, row: int, column: int, value: date) -> None:
    """`value` as a day that Excel counts with, or as text where it knows none."""
    if value.year < FIRST_YEAR:
        sheet.write_string(row, column, f"{value.day:02}/{value.month:02}/{value.year:04}")
    else:
        sheet.write_datetime(row, column, value)
