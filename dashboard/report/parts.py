"""What a report is made of, before it becomes a file: cells with exact values, tables, pictures, sections.

All formats write the same parts, so that no figure can differ between them. The words are Vietnamese: these are
official documents of Vietnamese offices.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from dashboard.i18n.words import day, moment, money, number, percent
from data_model.core.text import nfc

MISSING = "–"
"""Stands where there is no value: never a 0."""


def printable(text: str) -> str:
    """`text` in the form that every file format takes: composed letters, nothing that XML forbids."""
    return nfc(text).replace("\ufffe", "").replace("\uffff", "")


class As(StrEnum):
    """How a cell's value is written; Excel keeps numbers, shares, money and days as such."""

    TEXT = "text"
    NUMBER = "number"
    SHARE = "share"
    MONEY = "money"
    DAY = "day"
    MOMENT = "moment"


@dataclass(frozen=True)
class Cell:
    """One value of a table: exact, None where there is none; `missing` says then what is missing.

    `of` is what was due where a number is told as "3/5"; `fill` and `ink` (#rrggbb) colour a status; its text carries
    shape and word as well.
    """

    value: str | int | Fraction | date | datetime | None
    kind: As = As.TEXT
    missing: str = MISSING
    fill: str | None = None
    ink: str | None = None
    of: Fraction | int | None = None

    @property
    def text(self) -> str:
        """The value as a reader of the report sees it."""
        if self.value is None:
            return printable(self.missing)
        said = _WRITERS[self.kind](self.value)
        return printable(said if self.of is None else f"{said}/{number(self.of)}")


_WRITERS = {
    As.TEXT: str,
    As.NUMBER: number,
    As.SHARE: percent,
    As.DAY: day,
    As.MOMENT: moment,
    As.MONEY: lambda amount: money(amount).removesuffix(" đồng"),
}


@dataclass(frozen=True)
class Column:
    """A column: its title, its width beside the others', whether its title stands upright to save room.

    What is for sorting and looking up, and of no use on paper, is `only_excel`.
    """

    title: str
    width: float
    upright: bool = False
    centred: bool = False
    only_excel: bool = False


@dataclass(frozen=True)
class Row:
    """A line of a table; `strong` for sums and wholes, a single cell spans the table as a heading."""

    cells: tuple[Cell, ...]
    strong: bool = False
    heading: bool = False


@dataclass(frozen=True)
class Table:
    """A table. `name` names its Excel sheet (31 letters at most); `empty` says what having no row means.

    In Excel the first `fixed` columns stay in sight, a `filtered` table can be filtered, and in a `charted` one what is
    missing is an empty cell, since a chart would draw a text as 0.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    empty: str
    notes: tuple[str, ...] = ()
    small: bool = False
    fixed: int = 1
    filtered: bool = False
    charted: bool = False

    @property
    def leads_on(self) -> bool:
        """Whether it can stay together with what comes behind it."""
        return self.kept_whole and not self.notes

    @property
    def on_paper(self) -> "Table":
        """The table as Word and PDF have it."""
        kept = [place for place, column in enumerate(self.columns) if not column.only_excel]
        rows = tuple(
            row if row.heading else replace(row, cells=tuple(row.cells[place] for place in kept)) for row in self.rows
        )
        return (
            self
            if len(kept) == len(self.columns)
            else replace(self, columns=tuple(self.columns[place] for place in kept), rows=rows)
        )

    @property
    def kept_whole(self) -> bool:
        """Short enough to stand on one page, and kept there."""
        return len(self.rows) <= 12 and sum(len(cell.text) for row in self.rows for cell in row.cells) < 1500


@dataclass(frozen=True)
class Text:
    """A paragraph; `label` leads it in bold."""

    text: str
    label: str = ""

    @property
    def lines(self) -> list[str]:
        """The typed lines, each a paragraph of its own."""
        return [line for line in printable(self.text).split("\n") if line.strip()]


@dataclass(frozen=True)
class Picture:
    """A drawing of the report by its `name`; `words` tell it to those who do not see it. Excel draws a `native` one
    itself.
    """

    name: str
    title: str
    words: str
    native: bool = False


@dataclass(frozen=True)
class Chart:
    """A chart that Excel draws from a table's cells: the column of the names, the columns of the values."""

    table: str
    kind: str
    title: str
    names: int
    values: tuple[int, ...]


Block = Text | Table | Picture


@dataclass(frozen=True)
class Section:
    """A numbered part of the report; an annex stands behind the signature, a `wide` one on landscape pages."""

    title: str
    blocks: tuple[Block, ...]
    annex: bool = False
    wide: bool = False

    @property
    def tables(self) -> list[Table]:
        return [block for block in self.blocks if isinstance(block, Table)]


@dataclass(frozen=True)
class Heading:
    """The heading block of an official document (Nghị định 30/2020, Annex I); empty where the settings name nothing."""

    superior: str
    body: str
    number: str
    place_and_date: str
    kind: str
    abstract: str
    addressee: str = ""


@dataclass(frozen=True)
class Signature:
    """Who signs, and who receives the document."""

    authority: str
    title: str
    name: str
    recipients: tuple[str, ...]


@dataclass(frozen=True)
class Count:
    """A large figure on the one page: how many targets have a status."""

    figure: str
    word: str
    shape: str
    fill: str
    ink: str


@dataclass(frozen=True)
class Front:
    """The one page for a meeting or a chat group."""

    heading: str
    plan: str
    dates: str
    counts: tuple[Count, ...]
    sentences: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    foot: str


@dataclass(frozen=True)
class Report:
    """The whole: marks ("BẢN NHÁP", sample data) stand on every page; the tables `only_excel` has are too long for
    paper.
    """

    heading: Heading
    signature: Signature
    marks: tuple[str, ...]
    sections: tuple[Section, ...]
    foot: str
    made_at: datetime
    author: str
    short_hash: str
    front: Front
    charts: tuple[Chart, ...] = ()
    only_excel: tuple[Table, ...] = ()

    @property
    def body(self) -> list[Section]:
        return [section for section in self.sections if not section.annex]

    @property
    def annexes(self) -> list[Section]:
        return [section for section in self.sections if section.annex]

    @property
    def tables(self) -> list[Table]:
        return [table for section in self.sections for table in section.tables]


def text_row(*texts: str | None, strong: bool = False) -> Row:
    """A row of words."""
    return Row(tuple(Cell(text) for text in texts), strong)


def in_parts(table: Table, kept: int, most: int) -> list[Table]:
    """`table` in tables of at most `most` columns behind the first `kept` ones, which every part repeats."""
    others = len(table.columns) - kept
    if others <= most:
        return [table]
    parts = -(-others // most)
    each = -(-others // parts)
    return [
        _part(table, kept, range(start, min(start + each, len(table.columns))), number, parts)
        for number, start in enumerate(range(kept, len(table.columns), each), 1)
    ]


def _part(table: Table, kept: int, columns: Sequence[int], number: int, parts: int) -> Table:
    places = [*range(kept), *columns]
    rows = tuple(
        row if row.heading else Row(tuple(row.cells[place] for place in places), row.strong) for row in table.rows
    )
    return replace(
        table,
        name=f"{table.name[:27]} ({number})",
        title=f"{table.title} (phần {number}/{parts})",
        columns=tuple(table.columns[place] for place in places),
        rows=rows,
        notes=table.notes if number == parts else (),
    )
