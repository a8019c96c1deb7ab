"""Records that a frozen period does not count, or counts as reported only: each once, with the first reason that
fits.
"""

from datetime import date
from typing import Any

from sqlalchemy import and_, case, or_
from sqlmodel import Session, select

from data_model.core.database import columns
from data_model.plans.view import PlanView
from data_model.records.tables import FieldRecord, RecordStatus
from data_model.records.writing import left_over
from data_model.snapshots.content import LeftOut, LeftOutRecord

R = columns(FieldRecord)
_OF_STATUS = {
    RecordStatus.DRAFT: LeftOut.DRAFT,
    RecordStatus.RETURNED: LeftOut.RETURNED,
    RecordStatus.VOID: LeftOut.VOID,
}


def records_left_out(session: Session, plan: PlanView, until: date, keys: dict[int, str]) -> tuple[LeftOutRecord, ...]:
    """Every record of the plan that is no part of the verified figures on `until`, by reason and day.

    A draft that its author threw away was never handed in and is not listed. `keys` name the units.
    """
    gone = left_over(plan)
    counts = and_(R.status == RecordStatus.VERIFIED, R.happened_on <= until, R.running.is_(False), ~gone)
    thrown_away = and_(R.status == RecordStatus.VOID, R.sent_at.is_(None))
    shown: list[Any] = [R.id, R.version, R.happened_on, R.unit_id, R.activity_id, R.status, R.running, R.late_for]
    rows = session.execute(
        select(*shown, *[case((gone, True), else_=False)]).where(
            R.plan_id == plan.id, or_(R.happened_on.is_(None), ~counts), ~thrown_away
        )
    )
    found = [
        LeftOutRecord(
            record_id,
            version,
            day,
            keys.get(unit_id, ""),
            plan.line_by_activity[activity_id].code,
            status,
            _reason(RecordStatus(status), day, until, running, late_for is not None, is_gone),
        )
        for record_id, version, day, unit_id, activity_id, status, running, late_for, is_gone in rows
    ]
    return tuple(
        sorted(found, key=lambda one: (list(LeftOut).index(one.reason), one.happened_on or date.min, str(one.id)))
    )


def _reason(
    status: RecordStatus, day: date | None, until: date, running: bool, is_late: bool, is_gone: bool
) -> LeftOut:
    if status in _OF_STATUS:
        return _OF_STATUS[status]
    if day is not None and day > until:
        return LeftOut.AFTER
    if is_gone:
        return LeftOut.LEFT_OVER
    if running:
        return LeftOut.RUNNING
    return LeftOut.LATE if is_late else LeftOut.SENT
