"""Reads the report's files back: what a reader finds in the tables of a Word file, a workbook, a PDF."""

import ctypes
import re
from io import BytesIO

import docx
import openpyxl
import pypdfium2
from pypdfium2 import raw

from dashboard.report.parts import Cell, Report, Row, Table


def word_tables(content: bytes) -> list[list[list[str]]]:
    """The data tables of a .docx as texts, titles first; the heading's and the signature's layouts left out."""
    tables = []
    for table in docx.Document(BytesIO(content)).element.body.findall(f"{W}tbl"):
        rows = [[cell_text(cell) for cell in row.findall(f"{W}tc")] for row in table.findall(f"{W}tr")]
        if table.find(f"{W}tblPr/{W}tblBorders") is not None:
            tables.append(rows)
    return tables


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def cell_text(cell) -> str:
    """All text inside an element of a .docx, its line breaks kept."""
    return "".join("\n" if part.tag == f"{W}br" else part.text or "" for part in cell.iter(f"{W}t", f"{W}br"))


def word_text(content: bytes) -> str:
    """All text of a .docx outside its data tables' order: paragraphs, one a line."""
    body = docx.Document(BytesIO(content)).element.body
    return "\n".join(cell_text(paragraph) for paragraph in body.iter(f"{W}p"))


def workbook(content: bytes) -> openpyxl.Workbook:
    """The workbook as openpyxl reads it."""
    return openpyxl.load_workbook(BytesIO(content))


def pdf_words(content: bytes) -> str:
    """The PDF's text without any white space, since lines and columns break anywhere."""
    return squeezed("".join(pdf_pages(content)))


def pdf_pages(content: bytes) -> list[str]:
    """The text of each page."""
    with pypdfium2.PdfDocument(content) as pages:
        return [page.get_textpage().get_text_bounded() for page in pages]


def pdf_words_by_place(content: bytes) -> str:
    """The PDF's text as it is seen, line by line, without white space.

    Where a font lacks Vietnamese letters they are drawn with another one, apart from the others of their word.
    """
    x, y, seen = ctypes.c_double(), ctypes.c_double(), []
    with pypdfium2.PdfDocument(content) as pages:
        for number, page in enumerate(pages):
            text = page.get_textpage()
            for place in range(text.count_chars()):
                raw.FPDFText_GetCharOrigin(text, place, x, y)
                seen.append((number, -round(y.value), x.value, chr(raw.FPDFText_GetUnicode(text, place))))
    return squeezed("".join(letter for *_place, letter in sorted(seen)))


def squeezed(text: str) -> str:
    """`text` without white space and without the marks of places where a line may break."""
    return re.sub(r"[\s\u200b\u00a0\u202f]+", "", text)


def expected_rows(table: Table) -> list[list[str]]:
    """A table as Word shows it: titles, then every row; a heading is one cell."""
    table = table.on_paper
    rows = [[column.title for column in table.columns]]
    rows += [[cell.text for cell in (row.cells[:1] if row.heading else row.cells)] for row in table.rows]
    return rows if table.rows else [*rows, [table.empty]]


def cells_of(report: Report) -> list[tuple[Table, Row, Cell]]:
    """Every cell that stands on paper."""
    return [(table, row, cell) for table in report.tables for row in table.on_paper.rows for cell in row.cells]
