"""Recommendations as an Excel workbook."""

from io import BytesIO

from sqlmodel import Session

from dashboard.i18n.words import _, say
from dashboard.ui.long_texts import LongTexts
from dashboard.ui.workbook import MOST, head_format, opened, say_cut, write_day
from data_model.core.access import Actor
from data_model.follow_up.listing import list_recommendations
from data_model.plans.view import PlanView


def recommendations_workbook(session: Session, actor: Actor, plan: PlanView, query: dict) -> bytes:
    """The recommendations that `query` (arguments of list_recommendations) finds for `actor`, on one sheet; a list too
    long for one file says so.
    """
    rows, total = list_recommendations(session, actor, plan.id, **query, limit=MOST)
    titles = (
        _("Commune"),
        _("What must be done"),
        _("Person responsible"),
        _("Deadline"),
        _("Status"),
        _("Progress so far"),
        _("Severity"),
        _("Recommended on"),
    )
    content = BytesIO()
    with opened(content, in_memory=True) as book:
        sheet = book.add_worksheet(_("Recommendations")[:31])
        head, wrap, long_texts = head_format(book), book.add_format({"text_wrap": True}), LongTexts(book)
        for place, (title, width) in enumerate(zip(titles, (24, 60, 32, 14, 26, 26, 16, 14), strict=True)):
            sheet.write_string(0, place, title, head)
            sheet.set_column(place, place, width)
        sheet.freeze_panes(1, 1)
        for number, row in enumerate(rows, 1):
            unit = plan.unit_by_id.get(row.unit_id)
            values = (
                unit.full_name if unit else "",
                row.what,
                row.responsible,
                row.fix_by,
                say(row.standing.label),
                say(row.state.label),
                say(row.severity.label) if row.severity else "",
                row.since,
            )
            for place, value in enumerate(values):
                if isinstance(value, str):
                    long_texts.write(sheet, number, place, value, wrap)
                else:
                    write_day(sheet, number, place, value)
        if total > len(rows):
            say_cut(sheet, len(rows) + 1, len(rows), total)
    return content.getvalue()
