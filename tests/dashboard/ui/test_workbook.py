"""Days and numbers in a workbook: those of Excel where it keeps them, else text; never another day or figure."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from io import BytesIO

import pytest
from openpyxl import load_workbook

from dashboard.i18n import words
from dashboard.ui.workbook import opened, write_day, write_number


@pytest.fixture(autouse=True)
def vietnamese():
    words.speak("vi")


def cell_of(write, value):
    content = BytesIO()
    with opened(content, in_memory=True) as book:
        write(book.add_worksheet(), 0, 0, value)
    return load_workbook(content).active["A1"]


@pytest.mark.parametrize(
    ("value", "there"),
    [
        (0, 0),
        (-7, -7),
        (10**15, 10**15),
        (123_456_789_012_345, 123_456_789_012_345),
        (1_234_567_890_123_456, "1.234.567.890.123.456"),
        (Fraction(7), 7),
        (Fraction(1, 3), 1 / 3),
        (Decimal("0.125"), 0.125),
        (Decimal("12345.67890"), 12345.6789),
        (Decimal("0.1234567890123456"), "0,1234567890123456"),
        (Decimal("-1234567890.1234567"), "-1.234.567.890,1234567"),
        (Decimal("1E+3"), 1000),
    ],
    ids=str,
)
def test_a_number_is_one_where_excel_keeps_its_digits(value, there):
    assert cell_of(write_number, value).value == there


@pytest.mark.parametrize(
    ("value", "there"),
    [
        (date(2024, 12, 15), datetime(2024, 12, 15)),
        (date(1900, 1, 1), datetime(1900, 1, 1)),
        (date(9999, 12, 31), datetime(9999, 12, 31)),
        (date(24, 12, 15), "15/12/0024"),
        (date(1899, 12, 31), "31/12/1899"),
        (date(1, 1, 1), "01/01/0001"),
    ],
    ids=str,
)
def test_a_day_is_one_where_excel_knows_it(value, there):
    assert cell_of(write_day, value).value == there
