"""Records as an Excel workbook: a sheet for each kind, its columns from the kind's own declaration."""

from io import BytesIO

from sqlmodel import Session
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dashboard.i18n.words import _, day, say
from dashboard.records.answers import shown
from dashboard.ui.long_texts import LongTexts
from dashboard.ui.workbook import MOST, head_format, opened, say_cut, write_day, write_number
from data_model.core.access import Actor
from data_model.forms import fields as ask
from data_model.forms.kind import Kind
from data_model.kinds.registry import all_kinds
from data_model.plans.view import PlanView
from data_model.records.listing import RecordRow, list_records, open_records
from data_model.records.tables import FieldRecord, RecordStatus


def records_workbook(session: Session, actor: Actor, plan: PlanView, query: dict) -> bytes:
    """The records that `query` (arguments of list_records) finds for `actor`, the latest changes first; a list that is
    too long for one file says so. Text is written as text, never as a formula.
    """
    rows, total = list_records(session, actor, plan.id, **query, limit=MOST)
    stored = open_records(session, actor, [row.id for row in rows])
    by_kind: dict[str, list[RecordRow]] = {}
    for row in rows:
        if row.status != RecordStatus.DRAFT:
            by_kind.setdefault(row.kind, []).append(row)
    content = BytesIO()
    with opened(content, in_memory=True) as book:
        head, long_texts = head_format(book), LongTexts(book)
        sheets = {code: book.add_worksheet(say(all_kinds()[code].label)[:31]) for code in by_kind}
        for code, found in by_kind.items():
            records = [(row, stored[row.id]) for row in found]
            _fill(sheets[code], head, long_texts, plan, all_kinds()[code], records)
            if total > len(rows):
                say_cut(sheets[code], len(records) + 1, len(rows), total)
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


def _fill(
    sheet: Worksheet,
    head: Format,
    long_texts: LongTexts,
    plan: PlanView,
    kind: type[Kind],
    records: list[tuple[RecordRow, FieldRecord]],
) -> None:
    shared = [_("Line of the plan"), _("Activity"), _("Commune"), _("Status"), _("Entered by"), _("Counts on")]
    columns = _columns(kind)
    for place, title in enumerate([*shared, *(title for title, _f, _p in columns)]):
        sheet.write_string(0, place, title, head)
    sheet.freeze_panes(1, 3)
    sheet.set_column(0, len(shared) + len(columns), 18)
    for number, (row, record) in enumerate(records, 1):
        line = plan.line_by_activity[row.activity_id]
        texts = (
            line.code,
            say(line.name),
            plan.unit_by_id[row.unit_id].full_name,
            say(RecordStatus(row.status).label),
            row.author_name,
            day(row.happened_on),
        )
        for place, text in enumerate(texts):
            long_texts.write(sheet, number, place, text)
        answers = record.form.answers
        for place, (_title, each, part) in enumerate(columns, len(shared)):
            _write(long_texts, sheet, number, place, each, answers.get(each.name), part)


def _write(
    long_texts: LongTexts, sheet: Worksheet, number: int, place: int, each: ask.Field, value, part: str | None
) -> None:
    if part is not None:
        value = value.answers.get(part) if value else None
        each = ask.People.fields[part]
    if value is None:
        return
    if isinstance(each, ask.Whole | ask.Number):
        write_number(sheet, number, place, value)
    elif isinstance(each, ask.Day):
        write_day(sheet, number, place, value)
    else:
        long_texts.write(sheet, number, place, shown(each, value))
