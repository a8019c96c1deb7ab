"""The report as an Excel workbook: a sheet for every table, figures as numbers, charts that Excel draws itself, the
records counted.
"""

from collections.abc import Sequence
from contextvars import copy_context
from dataclasses import dataclass, field
from fractions import Fraction
from io import BytesIO
from math import ceil, floor

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from dashboard.i18n.words import number, speak
from dashboard.report import words
from dashboard.report.parts import As, Cell, Chart, Picture, Report, Row, Table, Text, printable
from dashboard.report.pictures import Drawings
from dashboard.report.word import Tell
from dashboard.ui.long_texts import LongTexts
from dashboard.ui.status_look import INK, LOOKS
from dashboard.ui.workbook import opened, write_day, write_number
from data_model.core.clock import VIETNAM
from data_model.counting.rules import TargetStatus

TITLES = 2
"""The row of the columns' titles; above it the table's title and the marks."""
FORMATS = {
    As.TEXT: "@",
    As.NUMBER: "#,##0",
    As.SHARE: "0 %",
    As.MONEY: "#,##0",
    As.DAY: "dd/mm/yyyy",
    As.MOMENT: "dd/mm/yyyy hh:mm",
}
TEXT_WIDTHS = (60, 154)
"""The columns of the first sheet."""
BROKEN = "#,##0.##"
"""For numbers that are not whole."""
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
"""Letters that a sheet's name may not have."""


@dataclass
class Book:
    """The workbook being written: its formats by look, its sheets by name, and what writes its texts."""

    file: Workbook
    report: Report
    texts: LongTexts
    looks: dict[tuple, Format] = field(default_factory=dict)
    sheets: dict[str, Worksheet] = field(default_factory=dict)

    def look(self, **properties) -> Format:
        """A format, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self.looks:
            self.looks[key] = self.file.add_format(
                {"font_name": "Times New Roman", "font_size": 11, "valign": "vcenter", **properties}
            )
        return self.looks[key]

    def sheet(self, name: str, landscape: bool = True) -> None:
        """A new sheet, set up for A4 paper, as wide as a page."""
        wanted = name.translate(FORBIDDEN).strip("' ")[:31]
        made = self.file.add_worksheet(wanted)
        if landscape:
            made.set_landscape()
        else:
            made.set_portrait()
        made.set_paper(9)
        made.fit_to_pages(1, 0)
        made.set_margins(left=0.6, right=0.4, top=0.8, bottom=0.6)
        made.set_header("&C&P")
        made.hide_gridlines(2)
        self.sheets[name] = made


def make(report: Report, drawings: Drawings, tell: Tell = lambda step, of: None) -> bytes:
    """An .xlsx of `report`; the same report gives the same bytes. `tell` hears which sheet of how many is written."""
    return copy_context().run(_make, report, drawings, tell)


def _make(report: Report, drawings: Drawings, tell: Tell) -> bytes:
    speak("vi")
    content = BytesIO()
    with opened(content, in_memory=True) as file:
        file.set_properties(
            {
                "title": report.heading.abstract,
                "author": report.author,
                "comments": report.short_hash,
                "created": report.made_at.replace(tzinfo=None),
            }
        )
        book = Book(file, report, LongTexts(file))
        tables = [*report.tables, *report.only_excel]
        book.sheet(words.TEXTS_SHEET, landscape=False)
        for table in tables:
            book.sheet(table.name)
        book.sheet(words.CHARTS_SHEET, landscape=False)
        _texts(book)
        for step, table in enumerate(tables, 1):
            tell(step, len(tables))
            _table(book, table)
        _pictures(book, drawings, [table.name for table in tables])
    return content.getvalue()


def _texts(book: Book) -> None:
    """The first sheet: whose report it is, and all that is said in words."""
    sheet, heading = book.sheets[words.TEXTS_SHEET], book.report.heading
    sheet.set_column(0, 0, _letters(TEXT_WIDTHS[0]))
    sheet.set_column(1, 1, _letters(TEXT_WIDTHS[1]))
    lines = [
        (heading.superior, False),
        (heading.body, True),
        (f"{heading.number} · {heading.place_and_date}", False),
        (heading.kind, True),
        (heading.abstract, True),
        (" · ".join(book.report.marks), True),
    ]
    at = 0
    for said, strong in lines:
        if said:
            _across(book, sheet, at, TEXT_WIDTHS, printable(said), bold=strong)
            at += 1
    at += 1
    for section in book.report.sections:
        texts = [block for block in section.blocks if isinstance(block, Text)]
        if texts:
            book.texts.write(sheet, at, 0, section.title, book.look(bold=True))
            at += 1
        for one in texts:
            book.texts.write(sheet, at, 0, one.label, book.look(text_wrap=True, border=1, valign="top", num_format="@"))
            book.texts.write(
                sheet, at, 1, "\n".join(one.lines), book.look(text_wrap=True, border=1, valign="top", num_format="@")
            )
            sheet.set_row(at, _height(list(zip((one.label, "\n".join(one.lines)), TEXT_WIDTHS, strict=True))))
            at += 1
    _across(book, sheet, at + 1, TEXT_WIDTHS, printable(book.report.foot), italic=True)


def _across(book: Book, sheet: Worksheet, at: int, widths: Sequence[float], text: str, **look) -> None:
    """A text over all columns, in as many lines as it needs: running over them it would make the printed page small."""
    written = book.look(text_wrap=True, **look)
    if len(widths) > 1:
        sheet.merge_range(at, 0, at, len(widths) - 1, "", written)
    sheet.set_row(at, _height([(text, sum(widths))]))
    book.texts.write(sheet, at, 0, text, written)


def _table(book: Book, table: Table) -> None:
    sheet = book.sheets[table.name]
    book.texts.write(sheet, 0, 0, printable(table.title), book.look(bold=True, font_size=13))
    book.texts.write(
        sheet, 1, 0, " · ".join(book.report.marks), book.look(bold=True, font_color=LOOKS[TargetStatus.OVERDUE].colour)
    )
    head = {"bold": True, "text_wrap": True, "border": 1, "bg_color": "#ededed", "align": "center"}
    for place, column in enumerate(table.columns):
        upright = {"rotation": 90} if column.upright else {}
        book.texts.write(sheet, TITLES, place, printable(column.title), book.look(**head, **upright))
        sheet.set_column(place, place, _letters(column.width))
    upright = any(column.upright for column in table.columns)
    sheet.set_row(TITLES, 120 if upright else _height([(column.title, column.width) for column in table.columns]))
    at = TITLES + 1
    for row in table.rows:
        _row(book, sheet, at, row, table)
        if not row.heading:
            sheet.set_row(
                at, _height([(cell.text, column.width) for cell, column in zip(row.cells, table.columns, strict=True)])
            )
        at += 1
    if not table.rows:
        book.texts.write(sheet, at, 0, table.empty, book.look(italic=True))
        at += 1
    for below, note in enumerate(table.notes, 1):
        _across(book, sheet, at + below, [column.width for column in table.columns], printable(note), italic=True)
    sheet.freeze_panes(TITLES + 1, table.fixed)
    sheet.repeat_rows(TITLES)
    if table.filtered and table.rows:
        sheet.autofilter(TITLES, 0, at - 1, len(table.columns) - 1)


def _letters(width: float) -> float:
    """A column's width in letters."""
    return max(width * 0.56, 6)


def _height(texts: list[tuple[str, float]]) -> float:
    """Points for the row that holds `texts` in columns of these widths: not every program works it out itself."""
    lines = (
        sum(max(1, ceil(len(line) * 0.92 / _letters(width))) for line in text.split("\n")) for text, width in texts
    )
    return min(15.5 * max(lines, default=1), 400)


def _row(book: Book, sheet: Worksheet, at: int, row: Row, table: Table) -> None:
    if row.heading:
        book.texts.write(sheet, at, 0, row.cells[0].text, book.look(bold=row.strong, italic=not row.strong))
        return
    for place, (cell, column) in enumerate(zip(row.cells, table.columns, strict=True)):
        look = {"border": 1, "bold": row.strong, "num_format": _format(cell)}
        if cell.fill:
            look |= {"bg_color": cell.fill, "font_color": cell.ink or "#000000"}
        if column.centred or cell.value is None:
            look["align"] = "center"
        if cell.kind is As.TEXT or cell.value is None:
            look["text_wrap"] = True
        _cell(book, sheet, at, place, cell, book.look(**look), blank=table.charted)


def _format(cell: Cell) -> str:
    if cell.value is None:
        return "@"
    if cell.kind is As.NUMBER:
        whole = FORMATS[As.NUMBER] if Fraction(cell.value).denominator == 1 else BROKEN
        return whole if cell.of is None else f'{whole}"/{number(cell.of)}"'
    return _share_format(cell.value) if cell.kind is As.SHARE else FORMATS[cell.kind]


def _share_format(value: Fraction) -> str:
    """Whole percent, cut as everywhere in the report: 99,6 % is shown as 99 %, not as 100 %, while the cell keeps it
    exact.
    """
    whole = floor(value * 100)
    if value * 100 - whole < Fraction(1, 2):
        return FORMATS[As.SHARE]
    return f'[<{(2 * whole + 1) / 200:g}]0 %;[<{(whole + 1) / 100:g}]"{whole} %";0 %'


def _cell(book: Book, sheet: Worksheet, at: int, place: int, cell: Cell, look: Format, blank: bool) -> None:
    if cell.value is None and blank:
        sheet.write_blank(at, place, None, look)  # a chart would draw a text as 0
    elif cell.value is None or cell.kind is As.TEXT:
        book.texts.write(sheet, at, place, cell.text, look)
    elif cell.kind is As.MOMENT:
        sheet.write_datetime(at, place, cell.value.astimezone(VIETNAM).replace(tzinfo=None), look)
    elif cell.kind is As.DAY:
        write_day(sheet, at, place, cell.value, look)
    else:
        write_number(sheet, at, place, cell.value, look)


def _pictures(book: Book, drawings: Drawings, names: list[str]) -> None:
    """The charts, drawn by Excel from the tables' own cells, and the map, which it cannot draw."""
    sheet = book.sheets[words.CHARTS_SHEET]
    at, breaks = 0, []
    for chart in book.report.charts:
        if chart.table in names and (below := _chart(book, sheet, chart, at)) != at:
            breaks.append(at := below)
    sheet.set_h_pagebreaks(breaks)
    for picture in (
        block for section in book.report.sections for block in section.blocks if isinstance(block, Picture)
    ):
        if picture.native or picture.name not in drawings:
            continue
        book.texts.write(sheet, at, 0, picture.title, book.look(bold=True))
        sheet.insert_image(
            at + 1,
            0,
            f"{picture.name}.png",
            {
                "image_data": BytesIO(drawings[picture.name].png),
                "x_scale": 0.9,
                "y_scale": 0.9,
                "description": picture.words,
            },
        )
        at += 40


def _chart(book: Book, sheet: Worksheet, chart: Chart, at: int) -> int:
    table = next(t for t in [*book.report.tables, *book.report.only_excel] if t.name == chart.table)
    rows = [TITLES + 1 + place for place, row in enumerate(table.rows) if not row.heading]
    if not rows:
        return at
    drawn = book.file.add_chart({"type": chart.kind})
    where = book.sheets[chart.table].get_name()
    patterns = ("percent_60", "wide_upward_diagonal", "small_grid")
    for series, place in enumerate(chart.values):
        drawn.add_series(
            {
                "name": [where, TITLES, place],
                "categories": [where, rows[0], chart.names, rows[-1], chart.names],
                "values": [where, rows[0], place, rows[-1], place],
                **(
                    {
                        "pattern": {
                            "pattern": patterns[series % 3],
                            "fg_color": LOOKS[TargetStatus.ON_TRACK].colour,
                            "bg_color": "#ffffff",
                        },
                        "border": {"color": INK},
                    }
                    if chart.kind in ("bar", "column")
                    else {
                        "marker": {"type": ("circle", "square", "diamond")[series % 3], "size": 7},
                        "line": {"color": INK, "dash_type": ("solid", "dash", "round_dot")[series % 3]},
                    }
                ),
            }
        )
    drawn.set_title({"name": chart.title, "name_font": {"size": 12}})
    drawn.set_legend({"position": "bottom"})
    drawn.show_blanks_as("gap")
    if chart.kind == "bar":
        drawn.set_y_axis({"reverse": True, "interval_unit": 1, "num_font": {"size": 8}})
        drawn.set_x_axis({"num_format": "0%", "min": 0})
    height = max(320, 26 * len(rows) + 110) if chart.kind == "bar" else 340
    drawn.set_size({"width": 900, "height": height})
    sheet.insert_chart(at, 0, drawn)
    return at + height // 20 + 2
