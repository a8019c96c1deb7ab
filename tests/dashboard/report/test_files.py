"""The same report as Word, Excel, PDF and picture: every cell of every table arrives, and what was typed never acts."""

import dataclasses
import io
import shutil
import subprocess
import unicodedata
from datetime import UTC, date, datetime
from fractions import Fraction

import docx
import pypdf
import pytest
from PIL import Image

from dashboard.report import excel, pdf, picture, pictures, word
from dashboard.report.parts import (
    As,
    Cell,
    Chart,
    Column,
    Count,
    Front,
    Heading,
    Picture,
    Report,
    Row,
    Section,
    Signature,
    Table,
    Text,
    in_parts,
)
from data_model.counting.rules import TargetStatus
from tests.dashboard import report_files as read

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[109.0, 14.7], [109.1, 14.7], [109.1, 14.8], [109.0, 14.8], [109.0, 14.7]]],
}
DECOMPOSED = unicodedata.normalize("NFD", "Phổ Cường")
TYPED = [
    "=1+1",
    "+84 905",
    "-5 hộ",
    "@cmd",
    "=cmd|' /C calc'!A0",
    "Phổ & <Vinh>",
    'đóng "ngoặc" \\ { } $x$',
    "#strong[đậm] *sao* _gạch_ `mã`",
    "#sys.inputs",
    "dòng một\ndòng hai",
    "vui 😀",
    DECOMPOSED,
    "http://vidu.vn",
    "chuông\x07 và \ufffe",
    "từ" * 40,
    "https://" + "a" * 120,
]
"""What people type or paste, and what names may hold."""


def table(rows=(), **changed) -> Table:
    columns = tuple(
        Column(title, width)
        for title, width in (("Tên & <ghi>", 60), ("Số", 20), ("Tỷ lệ", 15), ("Tiền", 30), ("Ngày", 25))
    )
    return dataclasses.replace(Table("Bảng thử", "Bảng 1. Thử", columns, tuple(rows), "Không có dòng nào."), **changed)


def line(name: str, place: int) -> Row:
    return Row(
        (
            Cell(name),
            Cell(Fraction(7 * place + 1, 1 + place % 2), As.NUMBER),
            Cell(Fraction(place, 3), As.SHARE),
            Cell(4_305_385_000 + place if place % 3 else None, As.MONEY, "không nêu"),
            Cell(date(2024, 9, 1 + place % 28), As.DAY),
        )
    )


def report(*tables: Table, marks=("BẢN NHÁP/CHƯA PHÁT HÀNH",), blocks=(), annex: Table | None = None) -> Report:
    sections = [Section("I. THỬ", (*tables, *(Text(typed, "Gõ vào") for typed in TYPED), *blocks))]
    if annex:
        sections.append(Section("PHỤ LỤC THỬ", tuple(in_parts(annex, 1, 20)), annex=True, wide=True))
    return Report(
        heading=Heading(
            "UBND THỊ XÃ & <A>",
            "PHÒNG *A*",
            "Số: 05/BC-A",
            "Đức Phổ, ngày 05 tháng 01 năm 2025",
            "BÁO CÁO",
            "Số liệu quý IV\n(phục vụ lập báo cáo)",
        ),
        signature=Signature("TM. ỦY BAN", "CHỦ TỊCH", "", ("- Như trên;", "- Lưu: VT.")),
        marks=marks,
        sections=tuple(sections),
        foot="Phục vụ lập báo cáo.",
        made_at=datetime(2025, 1, 5, 3, 0, 0, 719_049, tzinfo=UTC),
        author="Cán bộ tổng hợp",
        short_hash="a3b4c5d6e7f8",
        front=Front(
            "Số liệu quý IV",
            "Kế hoạch & <thử>",
            "đến 31/12/2024",
            (Count("3", "chậm", "◆", "#f0b429", "#1d2733"),),
            tuple(TYPED[:3]),
            (Column("Chỉ tiêu", 60),) * 4,
            (
                Row(
                    (
                        Cell("=1+1"),
                        Cell("3 / 5"),
                        Cell(Fraction(3, 5), As.SHARE),
                        Cell("◆ chậm", fill="#f0b429", ink="#1d2733"),
                    )
                ),
            ),
            "mã",
        ),
        charts=(Chart("Bảng thử", "bar", "Tỷ lệ", 0, (2,)),),
    )


@pytest.fixture(scope="module")
def drawings():
    square = pictures.commune_map(
        [
            pictures.MappedCommune(DECOMPOSED, SQUARE, None),
            pictures.MappedCommune("Phổ & <Vinh>", SQUARE, Fraction(1, 2)),
        ]
    )
    bars = pictures.target_bars(
        [pictures.Bar("Đối thoại & <chính sách>", TargetStatus.SLOW, Fraction(1, 2), Fraction(3, 4))]
    )
    return {"map": square, "bars": bars}


FULL = report(
    table([line(name, place) for place, name in enumerate(TYPED)]),
    blocks=(Picture("map", "Hình 1. Bản đồ", "Bản đồ xã"),),
    annex=table([line(f"Dòng {place}", place) for place in range(40)], name="Phụ lục", title="Bảng 2. Dài"),
)


@pytest.mark.parametrize("written", [word, excel, pdf, picture], ids=["word", "excel", "pdf", "picture"])
def test_the_same_report_gives_the_same_bytes(written, drawings):
    """A file can be compared by its bytes; nothing of the clock or of chance is in it."""
    assert written.make(FULL, drawings) == written.make(FULL, drawings)


def test_word_holds_every_cell(drawings):
    """Titles, rows and headings, letter by letter, in the tables' order."""
    assert read.word_tables(word.make(FULL, drawings)) == [read.expected_rows(one) for one in FULL.tables]


def test_word_shows_typed_text_letter_by_letter(drawings):
    text = read.word_text(word.make(FULL, drawings))
    assert all(line in text for typed in TYPED for line in Text(typed).lines)
    assert "#strong[đậm] *sao*" in text and "Phổ Cường" in text and DECOMPOSED not in text


def test_pdf_holds_every_cell_and_embeds_its_letters(drawings):
    """Text that looks like markup stays text; the letters come along, with what tells them apart when copied."""
    made = pdf.make(FULL, drawings)
    words = read.pdf_words(made)
    for _table, _row, cell in read.cells_of(FULL):
        assert read.squeezed(cell.text) in words
    for typed in TYPED:
        assert all(read.squeezed(line) in words for line in Text(typed).lines)
    assert {font["/Subtype"] for font in _fonts(made)} and all(_is_embedded(font) for font in _fonts(made))


def _fonts(content: bytes) -> list:
    found = []
    for page in pypdf.PdfReader(io.BytesIO(content)).pages:
        found += [font.get_object() for font in page["/Resources"].get("/Font", {}).values()]
    return found


def _is_embedded(font) -> bool:
    inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
    return (
        bool({"/FontFile", "/FontFile2", "/FontFile3"} & inner["/FontDescriptor"].get_object().keys())
        and "/ToUnicode" in font
    )


def test_excel_keeps_numbers_as_numbers_and_text_as_text(drawings):
    """Also where a text begins like a formula; days are days; a missing amount is a word, never 0."""
    book = read.workbook(excel.make(FULL, drawings))
    for one in FULL.tables:
        rows = list(book[one.name].iter_rows(min_row=excel.TITLES + 2, max_row=excel.TITLES + 1 + len(one.rows)))
        for row, found in zip(one.rows, rows, strict=True):
            for cell, there in zip(row.cells, found, strict=True):
                assert _same(cell, there), (cell, there.value)
                assert there.data_type != "f"


def test_excel_keeps_long_texts_whole(drawings):
    """A text longer than a cell is on a sheet of its own, behind the others; the row says so. Word cuts nothing."""
    long, run = "việc còn thiếu " * 5_000, "<r>& hết</r>"
    made = report(table([line(long, 1), line(run, 2)]), blocks=(Text(long, "Khó khăn"), Text(run, "<r></r>")))
    book = read.workbook(excel.make(made, {}))
    assert book.sheetnames[-1] == "Văn bản dài"
    parts = list(book["Văn bản dài"].iter_rows(min_row=2, values_only=True))
    assert {row[1] for row in parts} == {book.sheetnames[0], "Bảng thử"}
    for number in {row[0] for row in parts}:
        assert "".join(row[4] for row in parts if row[0] == number).strip() == long.strip()
    assert "toàn văn ở trang “Văn bản dài”" in book["Bảng thử"].cell(excel.TITLES + 2, 1).value
    assert book["Bảng thử"].cell(excel.TITLES + 3, 1).value == run
    assert read.squeezed(long) in read.squeezed(read.word_text(word.make(made, {})))


def _same(cell: Cell, there) -> bool:
    if cell.value is None or cell.kind is As.TEXT:
        return there.data_type == "s" and there.value == cell.text
    if cell.kind is As.DAY:
        return there.is_date and there.value.date() == cell.value
    if cell.kind is As.SHARE:
        return there.value == pytest.approx(float(cell.value), rel=1e-12) and there.number_format.endswith("0 %")
    return there.data_type == "n" and Fraction(there.value) == cell.value


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (Fraction(996, 1000), '[<0.995]0 %;[<1]"99 %";0 %'),
        (Fraction(2, 3), '[<0.665]0 %;[<0.67]"66 %";0 %'),
        (Fraction(1, 3), "0 %"),
        (Fraction(6, 5), "0 %"),
        (Fraction(0), "0 %"),
    ],
)
def test_a_share_is_exact_in_excel_and_shown_as_in_word(share, shown):
    made = report(
        table(
            [
                Row(
                    (
                        Cell("a"),
                        Cell(1, As.NUMBER),
                        Cell(share, As.SHARE),
                        Cell(1, As.MONEY),
                        Cell(date(2024, 9, 1), As.DAY),
                    )
                )
            ]
        )
    )
    cell = read.workbook(excel.make(made, {}))["Bảng thử"].cell(excel.TITLES + 2, 3)
    assert (cell.value, cell.number_format) == (pytest.approx(float(share), rel=1e-12), shown)


def test_excel_is_ready_to_print(drawings):
    """A4 landscape, as wide as a page, titles in sight and repeated."""
    sheet = read.workbook(excel.make(FULL, drawings))["Phụ lục"]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (
        "landscape",
        9,
        0,
    )
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.freeze_panes == "B4" and sheet.print_title_rows == "$3:$3"


def test_a_table_without_rows_says_what_that_means(drawings):
    made = report(table())
    assert read.word_tables(word.make(made, drawings))[0][1] == ["Không có dòng nào."]
    assert read.squeezed("Không có dòng nào.") in read.pdf_words(pdf.make(made, drawings))
    assert read.workbook(excel.make(made, drawings))["Bảng thử"]["A4"].value == "Không có dòng nào."


def test_the_mark_of_a_draft_is_on_every_page(drawings):
    """Also on the first page, which has no number; an issued report has none."""
    made = word.make(FULL, drawings)
    headers = [
        head
        for section in docx.Document(io.BytesIO(made)).sections
        for head in (section.header, section.first_page_header)
    ]
    assert "BẢN NHÁP" in headers[0].paragraphs[0].text and "BẢN NHÁP" in headers[1].paragraphs[0].text
    assert all("NHÁP" in page for page in read.pdf_pages(pdf.make(FULL, drawings)))
    assert "NHÁP" not in read.pdf_words(pdf.make(report(table(), marks=()), drawings))


def test_word_is_laid_out_as_the_decree_asks():
    """Nghị định 30/2020, Annex I: A4, margins, Times New Roman, page number in the top margin but not on page 1."""
    made = docx.Document(io.BytesIO(word.make(FULL, {})))
    first, annex = made.sections[0], made.sections[-1]
    assert (round(first.page_width.mm), round(first.page_height.mm)) == (210, 297)
    assert [
        round(side.mm) for side in (first.top_margin, first.bottom_margin, first.left_margin, first.right_margin)
    ] == [20, 20, 30, 15]
    assert made.styles["Normal"].font.name == "Times New Roman" and made.styles["Normal"].font.size.pt == 14
    assert first.different_first_page_header_footer
    assert "PAGE" in first.header._element.xml and "PAGE" not in first.first_page_header._element.xml
    assert (round(annex.page_width.mm), round(annex.page_height.mm)) == (297, 210)
    assert 'w:start="1"' in annex._sectPr.xml


def test_rows_do_not_split_and_titles_repeat():
    """Unless a row's text is longer than a page could hold."""
    made = word.make(report(table([line("ngắn", 1), line("dài " * 400, 2)])), {})
    rows = list(docx.Document(io.BytesIO(made)).element.body.iter(f"{read.W}tbl"))[1].findall(f"{read.W}tr")
    assert rows[0].find(f"{read.W}trPr/{read.W}tblHeader") is not None
    assert (
        rows[1].find(f"{read.W}trPr/{read.W}cantSplit") is not None
        and rows[2].find(f"{read.W}trPr/{read.W}cantSplit") is None
    )


def test_too_many_columns_stand_in_parts():
    """Each part repeats the first column; no column is lost or told twice."""
    wide = Table(
        "Rộng",
        "Rộng",
        tuple(Column(f"C{place}", 10) for place in range(46)),
        (Row(tuple(Cell(place, As.NUMBER) for place in range(46))), Row((Cell("nhóm"),), heading=True)),
        "",
    )
    parts = in_parts(wide, 1, 20)
    assert [len(part.columns) for part in parts] == [16, 16, 16]
    assert [cell.value for part in parts for cell in part.rows[0].cells[1:]] == list(range(1, 46))
    assert all(part.columns[0].title == "C0" and part.rows[1].heading for part in parts)


def test_the_picture_is_one_page(drawings):
    """1600 x 2200 pixels, whether there is a map or not, and however much is said."""
    for given in (drawings, {}):
        assert Image.open(io.BytesIO(picture.make(FULL, given))).size == (1600, 2200)
    (row,) = FULL.front.rows
    high = dataclasses.replace(row, cells=(dataclasses.replace(row.cells[0], value="việc dài " * 30), *row.cells[1:]))
    long = dataclasses.replace(
        FULL,
        marks=("BẢN NHÁP", "SỐ LIỆU MẪU"),
        heading=dataclasses.replace(FULL.heading, body="Ủy ban nhân dân " * 30),
        front=dataclasses.replace(FULL.front, sentences=("dài " * 300,) * 3, rows=(high,) * 9, plan="kế hoạch " * 40),
    )
    assert Image.open(io.BytesIO(picture.make(long, drawings))).size == (1600, 2200)


@pytest.fixture(scope="module")
def as_libreoffice_shows_them(drawings, tmp_path_factory) -> dict[str, bytes]:
    """The Word file and the workbook as PDF, by their endings: LibreOffice is started once for both."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed: files are not opened with it")
    folder = tmp_path_factory.mktemp("libreoffice")
    given = [folder / "docx.docx", folder / "xlsx.xlsx"]
    for path, written in zip(given, (word, excel), strict=True):
        path.write_bytes(written.make(FULL, drawings))
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            folder,
            *given,
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return {path.stem: path.with_suffix(".pdf").read_bytes() for path in given}


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
def test_libreoffice_opens_it(as_libreoffice_shows_them, ending):
    """Without repair, with all letters."""
    words = read.pdf_words_by_place(as_libreoffice_shows_them[ending])
    assert "Phổ&<Vinh>" in words and "Khôngcó" not in words and "4.305.385.001" in words.replace(",", ".")
    assert "66%" in words and "67%" not in words


def _keeps_next(row) -> bool:
    return all(paragraph.find(f"{read.W}pPr/{read.W}keepNext") is not None for paragraph in row.iter(f"{read.W}p"))


def test_the_signature_never_stands_alone():
    """The last table before it goes with the closing words and the signature to one page."""
    made = word.make(
        dataclasses.replace(report(), sections=(Section("I. THỬ", (table([line("a", 1), line("b", 2)]),)),)), {}
    )
    body = list(docx.Document(io.BytesIO(made)).element.body)
    signature = max(place for place, one in enumerate(body) if one.tag == f"{read.W}tbl")
    last = max(place for place, one in enumerate(body[:signature]) if one.tag == f"{read.W}tbl")
    assert all(_keeps_next(row) for row in body[last].findall(f"{read.W}tr"))
    between = body[last + 1 : signature]
    assert len(between) == 2 and all(one.find(f"{read.W}pPr/{read.W}keepNext") is not None for one in between)


@pytest.mark.parametrize("rows", [3, 40])
def test_notes_never_stand_on_a_page_alone(rows):
    """Below a short table, which keeps them; above a long one."""
    noted = table([line(f"Dòng {place}", place) for place in range(rows)], notes=("Ghi chú thử",))
    body = list(docx.Document(io.BytesIO(word.make(report(noted), {}))).element.body)
    there = next(place for place, one in enumerate(body) if read.cell_text(one) == "Ghi chú thử")
    beside = body[there + 1] if rows == 40 else body[there - 1]
    assert beside.tag == f"{read.W}tbl"
    assert (
        _keeps_next(body[there - 1].findall(f"{read.W}tr")[-1])
        if rows == 3
        else body[there].find(f"{read.W}pPr/{read.W}keepNext") is not None
    )


def test_long_words_of_a_sheet_stay_within_its_columns(drawings):
    """What runs over the last column would make the printed page small."""
    book = read.workbook(
        excel.make(report(table([line("a", 1)], notes=("rất dài " * 60,)), blocks=(Text("lời dài " * 60),)), drawings)
    )
    for name in ("Bảng thử", "Thuyết minh"):
        sheet = book[name]
        wide = [cell for row in sheet for cell in row if isinstance(cell.value, str) and len(cell.value) > 200]
        assert wide and all(cell.alignment.wrap_text for cell in wide), name
