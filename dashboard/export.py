"""Excel workbooks: records with a sheet for each kind, its columns from the kind's own declaration; recommendations; the journal.

What people typed is written as text, never as a formula.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import xlsxwriter
from sqlmodel import Session

from dashboard.answers_view import shown
from dashboard.changes_view import Row
from dashboard.journal_words import door, sentence, what_changed, who
from dashboard.words import _, day, say
from dashboard.workbook import MOST, head_format, opened
from data_model import fields as ask
from data_model.access import Actor
from data_model.clock import VIETNAM
from data_model.follow_up_list import list_recommendations
from data_model.journal_list import Asked, Opened, all_entries
from data_model.journal_subjects import Lookups, lookups
from data_model.kind import Kind
from data_model.kinds.registry import all_kinds
from data_model.plans import PlanView
from data_model.record_list import RecordRow, list_records, open_records
from data_model.record_tables import FieldRecord, RecordStatus

MOST_LINES = 50_000
"""Of the journal, in one file."""


def records_workbook(session: Session, actor: Actor, plan: PlanView, query: dict) -> bytes:
    """The records that `query` (arguments of list_records) finds for `actor`. Text is written as text, never as a formula."""
    rows, _total = list_records(session, actor, plan.id, **query, limit=MOST)
    stored = open_records(session, actor, [row.id for row in rows])
    by_kind: dict[str, list[RecordRow]] = {}
    for row in rows:
        if row.status != RecordStatus.DRAFT:
            by_kind.setdefault(row.kind, []).append(row)
    content = BytesIO()
    with opened(content, in_memory=True) as book:
        head = head_format(book)
        for code, found in by_kind.items():
            _sheet(book, head, plan, all_kinds()[code], [(row, stored[row.id]) for row in found])
        if not by_kind:
            book.add_worksheet(_("Records")).write_string(0, 0, _("No record here yet."))
    return content.getvalue()


def _columns(kind: type[Kind]) -> list[tuple[str, ask.Field, str | None]]:
    """Title, field and, for attendance, the part of it."""
    columns = []
    for each in kind.fields.values():
        if isinstance(each, ask.Attendance):
            columns += [(say(part.label), each, name) for name, part in ask.People.fields.items()]
        else:
            columns.append((say(each.label), each, None))
    return columns


def _sheet(book: xlsxwriter.Workbook, head, plan: PlanView, kind: type[Kind], records: list[tuple[RecordRow, FieldRecord]]) -> None:
    sheet = book.add_worksheet(say(kind.label)[:31])
    shared = [_("Line of the plan"), _("Activity"), _("Commune"), _("Status"), _("Entered by"), _("Counts on")]
    columns = _columns(kind)
    for place, title in enumerate([*shared, *(title for title, _f, _p in columns)]):
        sheet.write_string(0, place, title, head)
    sheet.freeze_panes(1, 3)
    sheet.set_column(0, len(shared) + len(columns), 18)
    for number, (row, record) in enumerate(records, 1):
        line = plan.line_by_activity[row.activity_id]
        texts = (line.code, say(line.name), plan.unit_by_id[row.unit_id].full_name, say(RecordStatus(row.status).label),
                 row.author_name, day(row.happened_on))
        for place, text in enumerate(texts):
            sheet.write_string(number, place, text)
        answers = record.form.answers
        for place, (_title, each, part) in enumerate(columns, len(shared)):
            _write(sheet, number, place, each, answers.get(each.name), part)


def _write(sheet, number: int, place: int, each: ask.Field, value, part: str | None) -> None:
    if part is not None:
        value = value.answers.get(part) if value else None
        each = ask.People.fields[part]
    if value is None:
        return
    if isinstance(each, ask.Whole):
        sheet.write_number(number, place, value)
    elif isinstance(each, ask.Number):
        sheet.write_number(number, place, float(value))
    elif isinstance(each, ask.Day):
        sheet.write_datetime(number, place, value)
    else:
        sheet.write_string(number, place, shown(each, value))


def recommendations_workbook(session: Session, actor: Actor, plan: PlanView, query: dict) -> bytes:
    """The recommendations that `query` (arguments of list_recommendations) finds for `actor`, on one sheet."""
    rows, _total = list_recommendations(session, actor, plan.id, **query, limit=MOST)
    titles = (_("Commune"), _("What must be done"), _("Person responsible"), _("Deadline"), _("Status"), _("Progress so far"),
              _("Severity"), _("Recommended on"))
    content = BytesIO()
    with opened(content, in_memory=True) as book:
        sheet = book.add_worksheet(_("Recommendations")[:31])
        head, wrap = head_format(book), book.add_format({"text_wrap": True})
        for place, (title, width) in enumerate(zip(titles, (24, 60, 32, 14, 26, 26, 16, 14), strict=True)):
            sheet.write_string(0, place, title, head)
            sheet.set_column(place, place, width)
        sheet.freeze_panes(1, 1)
        for number, row in enumerate(rows, 1):
            unit = plan.unit_by_id.get(row.unit_id)
            values = (unit.full_name if unit else "", row.what, row.responsible, row.fix_by, say(row.standing.label), say(row.state.label),
                      say(row.severity.label) if row.severity else "", row.since)
            for place, value in enumerate(values):
                if isinstance(value, str):
                    sheet.write_string(number, place, value, wrap)
                else:
                    sheet.write_datetime(number, place, value)
    return content.getvalue()


def journal_workbook(session: Session, actor: Actor, asked: Asked, path: Path) -> None:
    """The journal's entries that `asked` finds, into a file, row by row: memory stays level however many there are."""
    names = lookups(session, actor)
    with opened(path, constant_memory=True) as book:
        sheet = book.add_worksheet(_("Journal"))
        head, wrap = head_format(book), book.add_format({"text_wrap": True, "valign": "top"})
        moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss", "valign": "top"})
        titles = (_("No."), _("Time"), _("Done by"), _("Way in"), _("What was done"), _("What"), _("Before"), _("After"))
        for place, (title, width) in enumerate(zip(titles, (9, 20, 28, 14, 70, 36, 40, 40), strict=True)):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, title, head)
        sheet.freeze_panes(1, 0)
        number_of_row = 1
        for entry, changed in _told(session, actor, asked, names):
            row, head_texts = entry.row, (who(entry.row), door(entry.row), sentence(entry.row))
            for texts in changed[:MOST_LINES + 1 - number_of_row]:
                sheet.write_number(number_of_row, 0, row.id, wrap)
                sheet.write_datetime(number_of_row, 1, row.at.astimezone(VIETNAM).replace(tzinfo=None), moment)
                for place, text in enumerate((*head_texts, *texts), 2):
                    if text:
                        sheet.write_string(number_of_row, place, text, wrap)
                number_of_row += 1
            if number_of_row > MOST_LINES:
                break
        if number_of_row > MOST_LINES:
            sheet.write_string(number_of_row, 4, _("The list was cut here, after {most} lines. Choose fewer days.", most=MOST_LINES), wrap)


def _told(session: Session, actor: Actor, asked: Asked, names: Lookups) -> Iterator[tuple[Opened, list[Row]]]:
    """Each entry with a line for each thing that it changed; one for an entry that changed nothing."""
    for entry in all_entries(session, actor, asked):
        yield entry, what_changed(entry, names) or [("", "", "")]
