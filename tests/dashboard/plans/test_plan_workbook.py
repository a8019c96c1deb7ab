"""The workbook of a plan: the same plan after it, also as other programs write it; nothing in it is lost in silence."""

from collections import Counter
from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest
import xlsxwriter

from dashboard.i18n import words
from dashboard.plans.plan_workbook import plan_workbook, read_workbook
from dashboard.ui.sheet_reading import MOST_BYTES, called
from data_model.core.problems import Problem, Refused, Say
from data_model.planning.sheets import SHEETS, tidied
from tests.conftest import ON_SQLITE
from tests.data_model.planning.test_reading import CODES, content, reading, sheets_of


def _again(raw: bytes, change=lambda book: None) -> bytes:
    """The workbook opened, changed and saved by another program."""
    book = openpyxl.load_workbook(BytesIO(raw))
    change(book)
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


@ON_SQLITE
@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_each_of_the_five_plans_is_the_same_after_its_workbook(plans, code, language):
    words.speak(language)
    sheets = sheets_of(plans, code)
    for raw in (made := plan_workbook(sheets), _again(made)):
        read = read_workbook(raw, "ke-hoach.xlsx")
        assert read.strange == ()
        assert tidied(read.sheets) == sheets
        assert reading(plans, tidied(read.sheets)).content == content(plans, code)


def test_the_template_has_every_sheet_with_heads_lists_notes_and_one_example():
    book = openpyxl.load_workbook(BytesIO(plan_workbook({})))
    assert book.sheetnames == ["Hướng dẫn", *(sheet.name.vi for sheet in SHEETS.values()), "Ví dụ", "Danh mục"]
    page = book["Hoạt động, chỉ tiêu"]
    heads = [cell.value for cell in page[1]]
    assert heads[:4] == ["STT", "Mã *", "Thuộc dự án *", "Hoạt động *"]
    assert "để trống" in page.cell(1, heads.index("Số lượng") + 1).comment.text.lower()
    lists = {str(each.sqref).split(":")[0]: each.formula1 for each in page.data_validations.dataValidation}
    assert len(lists) == 4 and all(formula.startswith("'Danh mục'!$") for formula in lists.values())
    example = [cell.value for row in book["Ví dụ"].iter_rows() for cell in row if cell.value]
    assert "Đối thoại với hộ nghèo" in example
    read = read_workbook(plan_workbook({"plan": [{"code": "x"}]}), "x.xlsx")
    assert tidied(read.sheets) == {code: [] for code in SHEETS} | {"plan": [{"code": "x"}]}


def test_no_two_columns_of_a_sheet_are_called_the_same():
    for sheet in SHEETS.values():
        names = Counter(n for c in sheet.columns.values() for n in {called(c.vi), called(c.en), c.name})
        assert [name for name, times in names.items() if times > 1] == [], sheet.code


def _activities(rows: list[list]) -> bytes:
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        page = book.add_worksheet("HOẠT ĐỘNG, CHỈ TIÊU")
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return content.getvalue()


def test_cells_are_read_as_people_keep_them():
    raw = _activities(
        [
            ["PHỤ LỤC: danh mục hoạt động"],
            [],
            ["mã", "HOAT DONG", "Số lượng", "Hạn", "Ghi chú"],
            ["A-1", "  Đối   thoại ", 12.5, 45657, True],
            [7, "=1+1", 3.0, "31/12/24"],
        ]
    )
    read = read_workbook(raw, "x.xlsx")
    assert read.strange == ()
    assert read.sheets["activities"] == [
        {"code": "A-1", "name_vi": "Đối   thoại", "quantity": "12,5", "due": "45657", "note_vi": "True"},
        {"code": "7", "name_vi": "0", "quantity": "3", "due": "31/12/24"},
    ]


def test_a_day_of_excel_is_a_day():
    book = openpyxl.Workbook()
    page = book.active
    page.title = "Activities and targets"
    page.append(["Code", "Due", "From day"])
    page.append(["A-1", date(2026, 12, 31), datetime(2026, 2, 1, 0, 0)])
    saved = BytesIO()
    book.save(saved)
    assert read_workbook(saved.getvalue(), "x.xlsx").sheets["activities"] == [
        {"code": "A-1", "due": "31/12/2026", "window_from": "01/02/2026"}
    ]


def test_what_belongs_to_no_plan_is_said_with_its_place():
    def stray(book):
        page = book["Hoạt động, chỉ tiêu"]
        page.cell(1, page.max_column + 1, "Màu sắc")
        page.cell(1, page.max_column + 1, "Mã")
        book.create_sheet("Tính thử").append(["x"])
        book["Điều kiện"].delete_rows(1)
        book["Điều kiện"].append(["A-1"])

    read = read_workbook(_again(plan_workbook({"plan": [{"code": "x"}]}), stray), "x.xlsx")
    assert [(p.where, p.say) for p in read.strange] == [
        ("activities", Say.UNKNOWN_COLUMN),
        ("activities", Say.COLUMN_TWICE),
        ("conditions", Say.HEAD_NOT_FOUND),
        ("", Say.UNKNOWN_SHEET),
    ]
    assert read.strange[0].figures["name"] == "Màu sắc" and read.strange[0].figures["column"].isalpha()


def test_a_check_stands_beside_its_cell():
    cells = {"code": "A-1", "due": "31/02/2026"}
    raw = plan_workbook({"activities": [cells]}, [Problem("activities.0.due", Say.NOT_A_DATE)])
    page = openpyxl.load_workbook(BytesIO(raw))["Hoạt động, chỉ tiêu"]
    cell = next(c for c in page[2] if c.value == "31/02/2026")
    assert cell.comment.text.startswith("Ngày không đúng") and cell.fill.fgColor.rgb == "FFFBE3E4"
    assert read_workbook(raw, "x.xlsx").sheets["activities"] == [cells]


@pytest.mark.parametrize(
    ("raw", "say"),
    [
        (b"", Say.EVIDENCE_NOT_ACCEPTED),
        (b"%PDF-1.4 %%EOF", Say.WORKBOOK_NOT_READ),
        (b"PK\x03\x04" + b"\0" * 100, Say.EVIDENCE_DAMAGED),
        (b"x" * (MOST_BYTES + 1), Say.WORKBOOK_TOO_LARGE),
    ],
)
def test_what_is_no_workbook_is_refused_with_a_word(raw, say):
    with pytest.raises(Refused) as refused:
        read_workbook(raw, "x.xlsx")
    assert refused.value.problems[0].say is say


def test_a_workbook_without_any_sheet_of_a_plan_is_refused():
    book = openpyxl.Workbook()
    book.active.append(["Danh sách hộ nghèo"])
    saved = BytesIO()
    book.save(saved)
    with pytest.raises(Refused) as refused:
        read_workbook(saved.getvalue(), "x.xlsx")
    assert [p.say for p in refused.value.problems] == [Say.UNKNOWN_SHEET, Say.WORKBOOK_WITHOUT_PLAN]


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9])
def test_a_file_cut_short_is_refused_with_a_word(cut):
    raw = plan_workbook({"plan": [{"code": "x"}]})
    with pytest.raises(Refused):
        read_workbook(raw[: int(len(raw) * cut)], "x.xlsx")
