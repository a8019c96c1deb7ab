"""Which frozen period stands issued over a day."""

from datetime import date

from sqlmodel import Session, select

from data_model.core.problems import Say, refuse
from data_model.periods.tables import Snapshot, SnapshotStatus


def issued_over(session: Session, plan_id: int, day: date) -> Snapshot | None:
    """The issued snapshot whose period holds `day`, the latest issued where several do."""
    return session.exec(
        select(Snapshot)
        .where(
            Snapshot.plan_id == plan_id,
            Snapshot.status == SnapshotStatus.ISSUED,
            Snapshot.starts_on <= day,
            Snapshot.ends_on >= day,
        )
        .order_by(Snapshot.issued_at.desc(), Snapshot.id.desc())
    ).first()


def last_issued(session: Session, plan_id: int, until: date) -> Snapshot | None:
    """The snapshot that stands issued for the latest period ending by `until`; of several, the one issued last."""
    return session.exec(
        select(Snapshot)
        .where(Snapshot.plan_id == plan_id, Snapshot.status == SnapshotStatus.ISSUED, Snapshot.ends_on <= until)
        .order_by(Snapshot.ends_on.desc(), Snapshot.issued_at.desc(), Snapshot.id.desc())
    ).first()


def locked_row(session: Session, snapshot_id: int) -> Snapshot:
    """The row, held until this transaction ends."""
    row = session.get(Snapshot, snapshot_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise refuse(Say.NOT_FOUND)
    return row
