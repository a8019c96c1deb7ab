"""Texts in a workbook, as they were typed: those longer than a cell of Excel holds are whole on a sheet of their own,
their start where they belong.
"""

from collections.abc import Iterator

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from dashboard.i18n.words import _

MOST = 32_767
"""Characters that a cell holds, as Excel counts them: in UTF-16, where an emoji is two."""
PIECE = 32_000
LOOK_BACK = 200
"""So far back from its end a piece may end at a blank instead of within a word."""


class LongTexts:
    """Writes texts into cells of `book`. The sheet of the long ones comes with the first of them, behind the sheets
    that are there by then; each is written at once, so that memory stays level.
    """

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.sheet: Worksheet | None = None
        self.wrap: Format | None = None
        self.count = self.row = 0

    def write(self, sheet: Worksheet, row: int, column: int, text: str, look: Format | None = None) -> None:
        """`text` as text, whatever it begins with; of a long one the start, and where the whole of it stands."""
        if _length(text) > MOST:
            self.count += 1
            note = _(
                "… [cut here; the whole text is on the sheet “{sheet}”, no. {number}]",
                sheet=_("Long texts"),
                number=self.count,
            )
            self._keep(sheet.get_name(), xl_rowcol_to_cell(row, column), text)
            text = next(pieces(text, PIECE - len(note))) + note
        _write(sheet, row, column, text, look)

    def _keep(self, name: str, cell: str, text: str) -> None:
        """The whole text, in as many rows as it needs."""
        sheet = self.sheet = self.sheet or self._begin()
        parts = list(pieces(text))
        for part, piece in enumerate(parts, 1):
            self.row += 1
            sheet.write_number(self.row, 0, self.count, self.wrap)
            for column, told in enumerate((name, cell, f"{part}/{len(parts)}", piece), 1):
                _write(sheet, self.row, column, told, self.wrap)

    def _begin(self) -> Worksheet:
        sheet = self.book.add_worksheet(_("Long texts"))
        head = self.book.add_format({"bold": True, "bottom": 1})
        self.wrap = self.book.add_format({"text_wrap": True, "valign": "top"})
        for column, (title, width) in enumerate(
            ((_("No."), 8), (_("Sheet"), 28), (_("Cell"), 10), (_("Part"), 10), (_("Text"), 120))
        ):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, head)
        sheet.freeze_panes(1, 0)
        return sheet


def _write(sheet: Worksheet, row: int, column: int, text: str, look: Format | None) -> None:
    # xlsxwriter takes a string between these marks for its own XML and copies it into the file, which then does not
    # open. Given in runs (three at least) it is escaped.
    if text.startswith("<r>") and text.endswith("</r>"):
        sheet.write_rich_string(row, column, text[0], text[1], text[2:], *([look] if look else []))
    else:
        sheet.write_string(row, column, text, look)


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def pieces(text: str, most: int = PIECE) -> Iterator[str]:
    """`text` in pieces of at most `most` characters as Excel counts them; put together they are `text` again."""
    while text:
        fits = len(text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore"))
        if fits < len(text):
            blank = max(text.rfind(" ", fits - LOOK_BACK, fits), text.rfind("\n", fits - LOOK_BACK, fits))
            fits = blank + 1 or fits
        yield text[:fits]
        text = text[fits:]
