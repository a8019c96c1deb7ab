"""Texts longer than a cell of Excel holds: not a letter is lost, and the cell says where the whole stands."""

from dataclasses import replace
from io import BytesIO

import pytest
import xlsxwriter
from openpyxl import load_workbook

from dashboard.i18n import words
from dashboard.records.workbook import records_workbook
from dashboard.ui.long_texts import MOST, LongTexts, pieces
from data_model.records import writing
from tests.conftest import ON_SQLITE
from tests.data_model.visits import visit_entry


@pytest.fixture(autouse=True)
def vietnamese():
    words.speak("vi")


def book_of(*texts: str):
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"strings_to_formulas": False}) as book:
        sheet, long_texts = book.add_worksheet("Bảng"), LongTexts(book)
        for row, text in enumerate(texts):
            long_texts.write(sheet, row, 1, text)
        long_texts.finish()
    return load_workbook(content)


@pytest.mark.parametrize("text", ["a" * MOST, "=1+1", "x", "👩" * (MOST // 2)])
def test_what_fits_stays_in_its_cell(text):
    book = book_of(text)
    assert book.sheetnames == ["Bảng"] and book["Bảng"]["B1"].value == text


@pytest.mark.parametrize(
    "text",
    ["a" * (MOST + 1), "một hai ba\n" * 20_000, "👩" * MOST, "ộ" * 100_000 + "hết"],
    ids=["one more", "lines", "emoji", "no blank"],
)
def test_what_does_not_fit_is_whole_on_its_own_sheet(text):
    book = book_of("trước", text, text[::-1])
    parts = list(book["Văn bản dài"].iter_rows(min_row=2, values_only=True))
    assert (
        "".join(row[4] for row in parts if row[0] == 1) == text
        and "".join(row[4] for row in parts if row[0] == 2) == text[::-1]
    )
    assert {row[1:3] for row in parts if row[0] == 1} == {("Bảng", "B2")}
    cell = book["Bảng"]["B2"].value
    assert cell.endswith("[cắt ở đây; toàn văn ở trang “Văn bản dài”, số 1]") and cell[:15_000] == text[:15_000]
    assert all(len(piece.encode("utf-16-le")) // 2 <= MOST for piece in pieces(text))


@ON_SQLITE
def test_every_finding_of_a_visit_is_in_the_records_table(town):
    findings = [
        {"what": f"{n:02} " + "thiếu hồ sơ " * 82, "basis": "văn bản " * 62, "cause": f"do {n:02} " + "chậm " * 98}
        for n in range(20)
    ]
    entry = visit_entry(town, [])
    with town.writing() as session:
        writing.send(session, town.people.supervisor, replace(entry, answers={**entry.answers, "findings": findings}))
        book = load_workbook(BytesIO(records_workbook(session, town.people.leader, town.plan(), {})))
    whole = "".join(row[4] for row in book["Văn bản dài"].iter_rows(min_row=2, values_only=True))
    for finding in findings:
        assert all(" ".join(text.split()) in whole for text in finding.values())
