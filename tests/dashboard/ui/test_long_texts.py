"""Texts longer than a cell of Excel holds: not a letter is lost, and the cell says where the whole stands."""

from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import load_workbook

from dashboard.i18n import words
from dashboard.records import workbook
from dashboard.records.workbook import records_workbook
from dashboard.ui.long_texts import MOST, LongTexts, pieces
from dashboard.ui.workbook import opened
from data_model.records import writing
from tests.conftest import ON_SQLITE
from tests.data_model.visits import visit_entry


@pytest.fixture(autouse=True)
def vietnamese():
    words.speak("vi")


def book_of(*texts: str, level: bool = False):
    """The book of these texts, one below the other; `level` writes it row by row, as the journal's is."""
    content = BytesIO()
    with opened(content, constant_memory=level) as book:
        sheet, long_texts, look = book.add_worksheet("Bảng"), LongTexts(book), book.add_format({"text_wrap": True})
        for row, text in enumerate(texts):
            long_texts.write(sheet, row, 1, text, look)
            long_texts.write(sheet, row, 2, text)
    return load_workbook(content)


@pytest.mark.parametrize("level", [False, True], ids=["in memory", "row by row"])
@pytest.mark.parametrize(
    "text",
    [
        "a" * MOST,
        "=1+1",
        "x",
        "👩" * (MOST // 2),
        "<r>& <b></r>",
        "<r></r>",
        "<r><t>ba hộ</t></r>",
        "<r>" + "&" * (MOST - 7) + "</r>",
        "&lt;r&gt;]]>",
    ],
    ids=lambda text: text[:12],
)
def test_what_fits_stays_in_its_cell(text, level):
    book = book_of(text, level=level)
    assert book.sheetnames == ["Bảng"] and book["Bảng"]["B1"].value == book["Bảng"]["C1"].value == text


@pytest.mark.parametrize(
    "text",
    ["a" * (MOST + 1), "một hai ba\n" * 20_000, "👩" * MOST, "ộ" * 100_000 + "hết", f"<r>{'&' * 90_000}</r>"],
    ids=["one more", "lines", "emoji", "no blank", "a run"],
)
@pytest.mark.parametrize("level", [False, True], ids=["in memory", "row by row"])
def test_what_does_not_fit_is_whole_on_its_own_sheet(text, level):
    book = book_of("trước", text, text[::-1], level=level)
    parts = list(book["Văn bản dài"].iter_rows(min_row=2, values_only=True))
    assert (
        "".join(row[4] for row in parts if row[0] == 1) == text
        and "".join(row[4] for row in parts if row[0] == 3) == text[::-1]
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


@ON_SQLITE
def test_a_list_too_long_for_one_file_says_so(town, monkeypatch):
    monkeypatch.setattr(workbook, "MOST", 2)
    for day in ("2024-10-01", "2024-10-02", "2024-10-03"):
        with town.writing() as session:
            writing.send(session, town.people.supervisor, visit_entry(town, [], day=day))
    with town.reading() as session:
        sheet = load_workbook(BytesIO(records_workbook(session, town.people.leader, town.plan(), {}))).active
    assert sheet.max_row == 4 and "2 trong 3 dòng" in sheet["A4"].value
