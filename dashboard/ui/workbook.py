"""What every Excel workbook of the app shares: how it is opened, how its head looks, how many rows it takes, how a day
and a number come into a cell. Texts go through `long_texts`.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import IO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dashboard.i18n.words import _, day, number

MOST = 20_000
"""Rows of a list, in one workbook."""
FIRST_YEAR = 1900
"""Excel knows no day before it; a slip of an older form (15/12/0024) is written as text."""

DIGITS = 15
"""Of a number, as Excel keeps it."""

_AS_TYPED = {"strings_to_formulas": False, "strings_to_urls": False, "default_date_format": "dd/mm/yyyy"}


def opened(file: Path | IO[bytes], **options: bool) -> xlsxwriter.Workbook:
    """A workbook written to `file` (a path or a stream). What people typed stays text in it, never a formula or a
    link.
    """
    return xlsxwriter.Workbook(file, _AS_TYPED | options)


def head_format(book: xlsxwriter.Workbook) -> Format:
    """How the titles of columns look."""
    return book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})


def write_day(sheet: Worksheet, row: int, column: int, value: date, look: Format | None = None) -> None:
    """`value` as a day that Excel counts with, or as text where it knows none."""
    if value.year < FIRST_YEAR:
        sheet.write_string(row, column, day(value), look)
    else:
        sheet.write_datetime(row, column, value, look)


def write_number(
    sheet: Worksheet, row: int, column: int, value: int | Decimal | Fraction, look: Format | None = None
) -> None:
    """`value` as a number, or as text where Excel would keep other digits (it keeps 15)."""
    exact = int(value) if value == int(value) else value
    digits = 0 if isinstance(exact, Fraction) else len(f"{abs(exact):f}".replace(".", "").strip("0"))
    if digits <= DIGITS:
        sheet.write_number(row, column, exact if isinstance(exact, int) else float(exact), look)
    else:
        sheet.write_string(row, column, number(exact, decimals=digits), look)


def say_cut(sheet: Worksheet, row: int, most: int, found: int) -> None:
    """A line below a list that holds the first `most` of `found`."""
    sheet.write_string(
        row, 0, _("The list was cut here: {most} of {found} are in this file. Narrow the list.", most=most, found=found)
    )
