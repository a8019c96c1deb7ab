"""Pieces of a Word file that python-docx leaves to its XML: fields, rules, tables with widths, the file's fixed
bytes.
"""

import zipfile
from collections.abc import Iterable, Sequence
from io import BytesIO

from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from lxml import etree

from dashboard.report.parts import As, Cell, Column, Row, Table

LONG = 500
"""Letters of a cell from which on its row may go over a page's end."""
TWIPS_PER_MM = 1440 / 25.4
FIXED_TIME = (2024, 1, 1, 0, 0, 0)
"""The time of every file inside a .docx: the same report gives the same bytes."""


def add_field(paragraph, code: str) -> None:
    """A field such as PAGE, that Word fills in."""
    for kind, text in (("begin", None), (None, code), ("separate", None), ("result", "1"), ("end", None)):
        run = paragraph.add_run()
        if kind == "result":
            run.text = text
        elif kind is None:
            _child(run._r, "w:instrText").text = text
        else:
            _child(run._r, "w:fldChar", fldCharType=kind)


def rule(paragraph, edge: str = "bottom") -> None:
    """A solid line along a paragraph's edge."""
    borders = _child(paragraph._p.get_or_add_pPr(), "w:pBdr")
    _child(borders, f"w:{edge}", val="single", sz="6", space="1", color="000000")


def add_table(document: Document, table: Table, width_mm: float, points: float, next_too: bool = False) -> None:
    """`table` over `width_mm`: titles repeated on every page, rows kept whole, statuses on their colour.

    With `next_too` its last row stays on the page of what comes behind it.
    """
    total = sum(column.width for column in table.columns)
    widths = [round(column.width / total * width_mm * TWIPS_PER_MM) for column in table.columns]
    made = etree.SubElement(document.element.body, qn("w:tbl"))
    document.element.body.remove(made)
    document.element.body.insert(len(document.element.body) - 1, made)  # in front of the section's settings
    _properties(made, sum(widths), close=table.small)
    grid = _child(made, "w:tblGrid")
    for width in widths:
        _child(grid, "w:gridCol", w=str(width))
    _titles(made, table.columns, widths, points)
    last = len(table.rows) - 1
    for number, row in enumerate(table.rows):
        # A short table stays whole; of a long one no first, no last row and no heading stands alone on a page.
        together = row.heading or number in (0, last - 1, last - 2) or table.kept_whole
        _row(made, row, table.columns, widths, points, keep_with_next=next_too if number == last else together)
    if not table.rows:
        _row(made, Row((Cell(table.empty),), heading=True), table.columns, widths, points, keep_with_next=next_too)


def _properties(made, width: int, close: bool) -> None:
    properties = _child(made, "w:tblPr")
    _child(properties, "w:tblW", w=str(width), type="dxa")
    borders = _child(properties, "w:tblBorders")
    for edge in ("top", "left", "bottom", "right", "insideH", "insideV"):
        _child(borders, f"w:{edge}", val="single", sz="4", space="0", color="000000")
    _child(properties, "w:tblLayout", type="fixed")
    margins = _child(properties, "w:tblCellMar")
    for edge, size in (("top", 10 if close else 30), ("left", 60), ("bottom", 10 if close else 30), ("right", 60)):
        _child(margins, f"w:{edge}", w=str(size), type="dxa")


def _titles(made, columns: Sequence[Column], widths: Sequence[int], points: float) -> None:
    row = _child(made, "w:tr")
    settings = _child(row, "w:trPr")
    _child(settings, "w:cantSplit")
    if upright := [len(column.title) for column in columns if column.upright]:
        _child(settings, "w:trHeight", val=str(int(max(upright) * points * 0.52 * 20) + 240), hRule="atLeast")
    _child(settings, "w:tblHeader")
    for column, width in zip(columns, widths, strict=True):
        cell = _cell(row, width, "EDEDED", upright=column.upright)
        _write(cell, column.title, points, bold=True, align="center", keep_with_next=True)


def _row(made, row: Row, columns: Sequence[Column], widths: Sequence[int], points: float, keep_with_next: bool) -> None:
    line = _child(made, "w:tr")
    if all(len(cell.text) < LONG for cell in row.cells):
        _child(_child(line, "w:trPr"), "w:cantSplit")
    if row.heading:
        cell = _cell(line, sum(widths), None, span=len(widths))
        _write(
            cell,
            row.cells[0].text,
            points,
            bold=row.strong,
            italic=not row.strong,
            align="left",
            keep_with_next=keep_with_next,
        )
        return
    for one, column, width in zip(row.cells, columns, widths, strict=True):
        cell = _cell(line, width, one.fill)
        align = "center" if column.centred else "left" if one.kind is As.TEXT else "right"
        _write(cell, one.text, points, bold=row.strong, align=align, keep_with_next=keep_with_next, ink=one.ink)


def _cell(row, width: int, fill: str | None, span: int = 1, upright: bool = False):
    cell = _child(row, "w:tc")
    settings = _child(cell, "w:tcPr")
    _child(settings, "w:tcW", w=str(width), type="dxa")
    if span > 1:
        _child(settings, "w:gridSpan", val=str(span))
    if fill:
        _child(settings, "w:shd", val="clear", color="auto", fill=fill.removeprefix("#"))
    if upright:
        _child(settings, "w:textDirection", val="btLr")
    _child(settings, "w:vAlign", val="center")
    return cell


def _write(
    cell,
    text: str,
    points: float,
    *,
    align: str,
    bold=False,
    italic=False,
    keep_with_next=False,
    ink: str | None = None,
) -> None:
    paragraph = _child(cell, "w:p")
    settings = _child(paragraph, "w:pPr")
    _child(settings, "w:pStyle", val="CellText")
    if keep_with_next:
        _child(settings, "w:keepNext")
    _child(settings, "w:jc", val=align)
    run = _child(paragraph, "w:r")
    look = _child(run, "w:rPr")
    if bold:
        _child(look, "w:b")
    if italic:
        _child(look, "w:i")
    if ink:
        _child(look, "w:color", val=ink.removeprefix("#"))
    _child(look, "w:sz", val=str(round(points * 2)))
    for number, line in enumerate(text.split("\n")):
        if number:
            _child(run, "w:br")
        written = _child(run, "w:t")
        written.text = line
        written.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def borderless(table, widths_mm: Iterable[float]) -> None:
    """Fixed widths for a table of python-docx that holds a layout, not data."""
    table.autofit = False
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def _child(parent, tag: str, **attributes: str):
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    parent.append(made)
    return made


def with_fixed_times(content: bytes) -> bytes:
    """The same .docx, its inner files at one fixed time."""
    result = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, FIXED_TIME), old.read(name), zipfile.ZIP_DEFLATED)
    return result.getvalue()
