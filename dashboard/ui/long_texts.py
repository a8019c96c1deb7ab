"""Texts that are longer than a cell of Excel holds: whole on a sheet of their own, their start where they belong."""

from collections.abc import Iterator

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
    """Writes texts into cells of `book`; `finish` adds the sheet with the long ones, if there were any."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.found: list[tuple[str, str, str]] = []

    def write(self, sheet: Worksheet, row: int, column: int, text: str, look=None) -> None:
        """`text` as text, whatever it begins with; of a long one the start, and where the whole of it stands."""
        if _length(text) > MOST:
            self.found.append((sheet.get_name(), xl_rowcol_to_cell(row, column), text))
            note = _(
                "… [cut here; the whole text is on the sheet “{sheet}”, no. {number}]",
                sheet=_("Long texts"),
                number=len(self.found),
            )
            text = next(pieces(text, PIECE - len(note))) + note
        sheet.write_string(row, column, text, look)

    def finish(self) -> None:
        """The sheet of long texts: each in as many rows as it needs."""
        if not self.found:
            return
        sheet = self.book.add_worksheet(_("Long texts"))
        head, wrap = (
            self.book.add_format({"bold": True, "bottom": 1}),
            self.book.add_format({"text_wrap": True, "valign": "top"}),
        )
        for column, (title, width) in enumerate(
            ((_("No."), 8), (_("Sheet"), 28), (_("Cell"), 10), (_("Part"), 10), (_("Text"), 120))
        ):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, head)
        sheet.freeze_panes(1, 0)
        row = 0
        for number, (name, cell, text) in enumerate(self.found, 1):
            parts = list(pieces(text))
            for part, piece in enumerate(parts, 1):
                row += 1
                sheet.write_number(row, 0, number, wrap)
                for column, told in enumerate((name, cell, f"{part}/{len(parts)}", piece), 1):
                    sheet.write_string(row, column, told, wrap)


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
