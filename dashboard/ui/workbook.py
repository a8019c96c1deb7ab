"""What every Excel workbook of the app shares: how it is opened, how its head looks, how many rows it takes."""

from typing import Any

import xlsxwriter
from xlsxwriter.format import Format

MOST = 20_000
"""Rows of a list, in one workbook."""

_AS_TYPED = {"strings_to_formulas": False, "strings_to_urls": False, "default_date_format": "dd/mm/yyyy"}


def opened(file: Any, **options: bool) -> xlsxwriter.Workbook:
    """A workbook written to `file` (a path or a stream). What people typed stays text in it, never a formula or a link."""
    return xlsxwriter.Workbook(file, _AS_TYPED | options)


def head_format(book: xlsxwriter.Workbook) -> Format:
    """How the titles of columns look."""
    return book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
