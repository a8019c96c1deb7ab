"""The report as a Word file, laid out as Nghị định 30/2020/NĐ-CP, Annex I, asks of an official document."""

from collections.abc import Callable
from io import BytesIO

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from dashboard.report import words
from dashboard.report.parts import Block, Heading, Picture, Report, Section, Signature, Table, Text
from dashboard.report.pictures import Drawings
from dashboard.report.word_parts import add_field, add_table, borderless, rule, with_fixed_times

FONT = "Times New Roman"
BODY, TABLE, SMALL_TABLE = 14, 11, 9.5
"""Letters' sizes in points."""
PAGE = (210, 297)
TOP, BOTTOM, LEFT, RIGHT = 20, 20, 30, 15
FIRST_LINE = Mm(12.7)
Tell = Callable[[int, int], None]


def make(report: Report, drawings: Drawings, tell: Tell = lambda step, of: None) -> bytes:
    """A .docx of `report`; the same report gives the same bytes. `tell` hears which section of how many is written."""
    document = _empty(report)
    _heading(document, report.heading)
    if report.heading.addressee:
        _paragraph(document, f"{words.TO}: {report.heading.addressee}", ALIGN.CENTER, before=6)
    of = len(report.sections)
    for number, section in enumerate(report.body, 1):
        tell(number, of)
        _section(document, section, drawings, wide=False, to_end=number == len(report.body))
    _paragraph(document, report.foot, ALIGN.JUSTIFY, first_line=True, next_too=True)
    _signature(document, report.signature)
    for number, section in enumerate(report.annexes, len(report.body) + 1):
        tell(number, of)
        _annex(document, section, report, drawings)
    content = BytesIO()
    document.save(content)
    return with_fixed_times(content.getvalue())


def _empty(report: Report) -> Document:
    document = docx.Document()
    known = document.core_properties
    known.title, known.author, known.comments = report.heading.abstract, report.author, report.short_hash
    known.created = known.modified = report.made_at.replace(tzinfo=None)
    known.last_modified_by, known.language, known.revision = report.author, "vi-VN", 1
    normal = document.styles["Normal"]
    _font(normal, BODY)
    normal.paragraph_format.space_after, normal.paragraph_format.space_before = Pt(6), Pt(0)
    normal.paragraph_format.line_spacing = 1.0
    title = document.styles["Heading 1"]
    _font(title, BODY, bold=True)
    title.paragraph_format.space_before, title.paragraph_format.space_after = Pt(12), Pt(6)
    title.paragraph_format.keep_with_next = True
    cell = document.styles.add_style("CellText", WD_STYLE_TYPE.PARAGRAPH)
    cell.base_style = normal
    cell.paragraph_format.space_after = Pt(0)
    first = document.sections[0]
    _lay_out(first, wide=False)
    first.different_first_page_header_footer = True
    for header, numbered in ((first.header, True), (first.first_page_header, False)):
        _page_head(header, report.marks, numbered)
    return document


def _font(style, points: float, bold: bool = False) -> None:
    style.font.name, style.font.size, style.font.bold, style.font.italic = FONT, Pt(points), bold, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)


def _lay_out(section, wide: bool) -> None:
    width, height = PAGE[::-1] if wide else PAGE
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = (
        Mm(TOP),
        Mm(BOTTOM),
        Mm(LEFT),
        Mm(RIGHT),
    )
    section.header_distance, section.footer_distance = Mm(9), Mm(9)


def _page_head(header, marks: tuple[str, ...], numbered: bool) -> None:
    """The page's number, centred in the top margin (never on page 1), and the marks below it."""
    header.is_linked_to_previous = False
    paragraph = header.paragraphs[0]
    paragraph.alignment = ALIGN.CENTER
    paragraph.paragraph_format.space_after = Pt(0)
    if numbered:
        add_field(paragraph, "PAGE")
        for run in paragraph.runs:
            run.font.size = Pt(13)
    if marks:
        paragraph.add_run("   " if numbered else "")
        run = paragraph.add_run(f"[{' · '.join(marks)}]")
        run.bold, run.font.size = True, Pt(11)


def _paragraph(
    holder,
    text: str,
    align=ALIGN.LEFT,
    *,
    points: float | None = None,
    bold=False,
    italic=False,
    first_line=False,
    before: float = 0,
    after: float | None = None,
    next_too=False,
):
    paragraph = holder.add_paragraph()
    paragraph.alignment = align
    layout = paragraph.paragraph_format
    layout.space_before = Pt(before)
    if after is not None:
        layout.space_after = Pt(after)
    if first_line:
        layout.first_line_indent = FIRST_LINE
    layout.keep_with_next = next_too or None
    _run(paragraph, text, points, bold, italic)
    return paragraph


def _run(paragraph, text: str, points: float | None = None, bold=False, italic=False) -> None:
    run = paragraph.add_run(text)  # a line break in the text becomes one in Word
    run.bold, run.italic = bold or None, italic or None
    if points:
        run.font.size = Pt(points)


def _heading(document: Document, heading: Heading) -> None:
    """Boxes 1 to 5a: the nation's name and motto, the offices, number, place and date, kind and abstract."""
    left, right = 67, 98
    table = document.add_table(2, 2)
    borderless(table, (left, right))
    offices, nation = table.rows[0].cells
    _box(offices, [(heading.superior, 12, False, False), (heading.body, 12, True, False)], ruled=left * 0.4, width=left)
    _box(nation, [(words.NATION, 12, True, False), (words.MOTTO, 13, True, False)], ruled=61, width=right)
    number, place = table.rows[1].cells
    _box(number, [(heading.number, 13, False, False)])
    _box(place, [(heading.place_and_date, 13, False, True)])
    _paragraph(document, heading.kind, ALIGN.CENTER, bold=True, before=14, after=0)
    width = PAGE[0] - LEFT - RIGHT
    _paragraph(document, heading.abstract, ALIGN.CENTER, bold=True, after=0)
    _line(document, width * 0.4, width)


def _box(cell, lines: list[tuple[str, float, bool, bool]], ruled: float = 0, width: float = 0) -> None:
    paragraph = cell.paragraphs[0]
    for number, (text, points, bold, italic) in enumerate([line for line in lines if line[0]]):
        paragraph = cell.add_paragraph() if number else paragraph
        paragraph.alignment = ALIGN.CENTER
        paragraph.paragraph_format.space_after = Pt(0)
        _run(paragraph, text, points, bold, italic)
    if ruled:
        _line(cell, ruled, width - 3.8)  # a cell's own margins


def _line(holder, length: float, width: float) -> None:
    """A solid line of `length` mm in the middle of `width` mm."""
    paragraph = _paragraph(holder, "", points=4, after=6)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm((width - length) / 2)
    paragraph.paragraph_format.line_spacing = Pt(4)
    rule(paragraph, "top")


def _section(document: Document, section: Section, drawings: Drawings, wide: bool, to_end: bool = False) -> None:
    """The section; with `to_end` its last block stays with what comes behind it, so that no signature stands alone."""
    if not section.annex:
        document.add_paragraph(section.title, "Heading 1")
    for number, block in enumerate(section.blocks, 1):
        _block(document, block, drawings, wide, next_too=to_end and number == len(section.blocks))


def _block(document: Document, block: Block, drawings: Drawings, wide: bool, next_too: bool = False) -> None:
    width = PAGE[wide] - LEFT - RIGHT
    if isinstance(block, Text):
        for number, line in enumerate(block.lines):
            paragraph = _paragraph(
                document, "", ALIGN.JUSTIFY, first_line=True, next_too=next_too and number == len(block.lines) - 1
            )
            if block.label and not number:
                _run(paragraph, f"{block.label}: ", bold=True)
            _run(paragraph, line)
    elif isinstance(block, Table):
        if block.title:
            _paragraph(document, block.title, ALIGN.CENTER, points=13, bold=True, before=6, after=4, next_too=True)
        next_too = next_too and block.leads_on
        if not block.kept_whole:  # behind a long table they could stand on a page alone
            _notes(document, block.notes, next_too=True)
        add_table(
            document,
            block.on_paper,
            width,
            SMALL_TABLE if block.small else TABLE,
            next_too or (bool(block.notes) and block.kept_whole),
        )
        if block.kept_whole:
            _notes(document, block.notes)
        _paragraph(document, "", points=6, after=0, next_too=next_too)
    elif isinstance(block, Picture):
        _picture(document, block, drawings, width)


def _notes(document: Document, notes: tuple[str, ...], next_too: bool = False) -> None:
    for note in notes:
        _paragraph(document, note, points=11, italic=True, before=3, after=3 if next_too else 0, next_too=next_too)


def _picture(document: Document, picture: Picture, drawings: Drawings, width: float) -> None:
    drawing = drawings.get(picture.name)
    if drawing is None:
        return
    paragraph = _paragraph(document, "", ALIGN.CENTER, before=6, after=2, next_too=True)
    across = min(width, drawing.width_mm)
    shown = paragraph.add_run().add_picture(BytesIO(drawing.png), width=Mm(across))
    shown._inline.docPr.set("descr", picture.words)
    shown._inline.docPr.set("title", picture.title)
    _paragraph(document, picture.title, ALIGN.CENTER, points=12, italic=True)


def _signature(document: Document, signature: Signature) -> None:
    """Boxes 7 and 9b, side by side and never apart."""
    table = document.add_table(1, 2)
    borderless(table, (80, 85))
    recipients, signer = table.rows[0].cells
    _cannot_split(table.rows[0])
    first = recipients.paragraphs[0]
    first.paragraph_format.space_after = Pt(0)
    _run(first, f"{words.RECIPIENTS}:", 12, bold=True, italic=True)
    for line in signature.recipients:
        _paragraph(recipients, line, points=11, after=0)
    lines = [signature.authority, signature.title, "", "", "", "", signature.name]
    for number, line in enumerate(lines):
        paragraph = signer.paragraphs[0] if number == 0 else signer.add_paragraph()
        paragraph.alignment = ALIGN.CENTER
        paragraph.paragraph_format.space_after = Pt(0)
        _run(paragraph, line, 14, bold=True)


def _cannot_split(row) -> None:
    row._tr.get_or_add_trPr().append(row._tr.makeelement(qn("w:cantSplit"), {}))


def _annex(document: Document, section: Section, report: Report, drawings: Drawings) -> None:
    """An annex on pages of its own, numbered from 1."""
    number = report.annexes.index(section) + 1
    made = document.add_section(WD_SECTION.NEW_PAGE)
    _lay_out(made, section.wide)
    made.different_first_page_header_footer = False
    margins = made._sectPr.find(qn("w:pgMar"))
    if (known := made._sectPr.find(qn("w:pgNumType"))) is not None:
        made._sectPr.remove(known)
    margins.addnext(margins.makeelement(qn("w:pgNumType"), {qn("w:start"): "1"}))
    _paragraph(document, words.annex(number), ALIGN.CENTER, bold=True, after=0)
    document.add_paragraph(section.title, "Heading 1").alignment = ALIGN.CENTER
    _paragraph(document, words.attached_to(report.heading), ALIGN.CENTER, italic=True)
    _section(document, section, drawings, section.wide)
