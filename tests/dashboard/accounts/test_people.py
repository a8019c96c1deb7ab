"""The list of people as a workbook: the template reads back, and what belongs to no column is said."""

from io import BytesIO

import openpyxl
import pytest

from dashboard.accounts.people import people_template, read_people
from data_model.core.problems import Refused, Say
from data_model.units.tables import Unit

UNITS = [Unit(code="06673", name="Bãi Cháy", kind="phường", place="x")]


def _filled(*rows: list, head: list | None = None) -> bytes:
    book = openpyxl.load_workbook(BytesIO(people_template(UNITS)))
    page = book.worksheets[0]
    if head:
        page.append(head)
    for row in rows:
        page.append(row)
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def test_the_template_has_heads_and_the_communes_by_code_and_name():
    book = openpyxl.load_workbook(BytesIO(people_template(UNITS)))
    assert [cell.value for cell in book.worksheets[0][1]][:3] == ["Tên đăng nhập *", "Tên hiển thị *", "Vai trò *"]
    assert [cell.value for cell in book["Danh mục"][1]] == ["06673", "phường Bãi Cháy"]
    assert read_people(people_template(UNITS), "x.xlsx") == ([], [])


def test_rows_are_read_as_they_were_filled_in():
    rows, strange = read_people(_filled(["giamsat1", "Giám sát 1", "Cán bộ giám sát", "06673"]), "x.xlsx")
    assert strange == []
    assert rows == [{"name": "giamsat1", "display_name": "Giám sát 1", "role": "Cán bộ giám sát", "communes": "06673"}]


def test_a_column_of_no_list_of_people_is_said():
    book = openpyxl.Workbook()
    book.active.append(["Tên đăng nhập", "Số điện thoại"])
    book.active.append(["giamsat1", "0900"])
    saved = BytesIO()
    book.save(saved)
    rows, strange = read_people(saved.getvalue(), "x.xlsx")
    assert rows == [{"name": "giamsat1"}] and [(p.say, p.figures["name"]) for p in strange] == [
        (Say.UNKNOWN_COLUMN, "Số điện thoại")
    ]


def test_what_is_no_workbook_is_refused():
    with pytest.raises(Refused):
        read_people(b"x", "x.xlsx")
