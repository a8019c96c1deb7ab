"""The journal as an Excel workbook, written row by row."""

from collections.abc import Iterator
from pathlib import Path
from typing import IO

from sqlmodel import Session

from dashboard.i18n.words import _
from dashboard.journal.words import channel, sentence, what_changed, who
from dashboard.records.changes import Row
from dashboard.ui.long_texts import LongTexts
from dashboard.ui.workbook import head_format, opened
from data_model.core.access import Actor
from data_model.core.clock import VIETNAM
from data_model.journal.listing import JournalFilter, Opened, all_entries
from data_model.journal.subjects import Lookups, lookups

MOST_LINES = 50_000
"""Of the journal, in one file."""


def journal_workbook(session: Session, actor: Actor, asked: JournalFilter, target: Path | IO[bytes]) -> None:
    """The journal's entries that `asked` finds, into a file, row by row: memory stays level however many there are."""
    names = lookups(session, actor)
    with opened(target, constant_memory=True) as book:
        sheet, long_texts = book.add_worksheet(_("Journal")), LongTexts(book)
        head, wrap = head_format(book), book.add_format({"text_wrap": True, "valign": "top"})
        moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss", "valign": "top"})
        titles = (
            _("No."),
            _("Time"),
            _("Done by"),
            _("Way in"),
            _("What was done"),
            _("What"),
            _("Before"),
            _("After"),
        )
        for place, (title, width) in enumerate(zip(titles, (9, 20, 28, 14, 70, 36, 40, 40), strict=True)):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, title, head)
        sheet.freeze_panes(1, 0)
        number_of_row = 1
        for entry, changed in _told(session, actor, asked, names):
            row, head_texts = entry.row, (who(entry.row), channel(entry.row), sentence(entry.row))
            for texts in changed[: MOST_LINES + 1 - number_of_row]:
                sheet.write_number(number_of_row, 0, row.id, wrap)
                sheet.write_datetime(number_of_row, 1, row.at.astimezone(VIETNAM).replace(tzinfo=None), moment)
                for place, text in enumerate((*head_texts, *texts), 2):
                    if text:
                        long_texts.write(sheet, number_of_row, place, text, wrap)
                number_of_row += 1
            if number_of_row > MOST_LINES:
                break
        if number_of_row > MOST_LINES:
            sheet.write_string(
                number_of_row,
                4,
                _("The list was cut here, after {most} lines. Choose fewer days.", most=MOST_LINES),
                wrap,
            )


def _told(session: Session, actor: Actor, asked: JournalFilter, names: Lookups) -> Iterator[tuple[Opened, list[Row]]]:
    """Each entry with a line for each thing that it changed; one for an entry that changed nothing."""
    for entry in all_entries(session, actor, asked):
        yield entry, what_changed(entry, names) or [("", "", "")]
