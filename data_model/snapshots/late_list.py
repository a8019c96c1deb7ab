"""Records that came after their period had been issued, for the leader who has the word."""

from sqlalchemy import and_
from sqlmodel import Session

from data_model.core.access import Actor
from data_model.core.database import columns
from data_model.records.listing import RecordRow, rows, visible
from data_model.records.tables import FieldRecord, RecordStatus

R = columns(FieldRecord)


def late_waiting(session: Session, actor: Actor, plan_id: int, limit: int = 50, offset: int = 0) -> list[RecordRow]:
    """Late entries of a plan that wait to be verified (`review.verify`) or returned, the latest change first."""
    where = and_(visible(actor), R.plan_id == plan_id, R.late_for.is_not(None), R.status == RecordStatus.SENT)
    return rows(session, where, limit, offset)
