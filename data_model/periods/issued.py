"""Which frozen period stands issued over a day."""

from datetime import date

from sqlmodel import Session, select

from data_model.core.database import columns
from data_model.core.problems import Say, refuse
from data_model.periods.tables import Snapshot, SnapshotStatus

S = columns(Snapshot)


def issued_over(session: Session, plan_id: int, day: date) -> Snapshot | None:
    """The issued snapshot whose period holds `day`, the latest issued where several do."""
    return session.exec(
        select(Snapshot)
        .where(
            S.plan_id == plan_id,
            S.status == SnapshotStatus.ISSUED,
            S.starts_on <= day,
            S.ends_on >= day,
        )
        .order_by(S.issued_at.desc(), S.id.desc())
    ).first()


def last_issued(session: Session, plan_id: int, until: date) -> Snapshot | None:
    """The snapshot that stands issued for the latest period ending by `until`; of several, the one issued last."""
    return session.exec(
        select(Snapshot)
        .where(S.plan_id == plan_id, S.status == SnapshotStatus.ISSUED, S.ends_on <= until)
        .order_by(S.ends_on.desc(), S.issued_at.desc(), S.id.desc())
    ).first()


def locked_row(session: Session, snapshot_id: int) -> Snapshot:
    """The row, held until this transaction ends. Raises Refused (NOT_FOUND)."""
    row = session.get(Snapshot, snapshot_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise refuse(Say.NOT_FOUND)
    return row
