"""The steps of a snapshot: each seals who took it, when, and the whole row that it left, over the step before."""

from sqlalchemy import insert
from sqlmodel import Session, select

from data_model.core import clock
from data_model.core.access import Actor
from data_model.core.database import columns, table_of
from data_model.core.stored_rows import chained, plain_row
from data_model.periods.tables import Snapshot, SnapshotStep

SS = columns(SnapshotStep)
ROWS, STEPS = table_of(Snapshot), table_of(SnapshotStep)

TAKEN_OVER = "snapshot_taken_over"
"""The act of a first step that stands for all before it: the snapshot is older than the steps."""


def seal_step(session: Session, actor: Actor, row: Snapshot, act: str) -> str:
    """Seal `row` as it will stand; gives the seal, for the journal.

    Called before what changed in the row is flushed: the database lets it change only by a step that is there already.
    """
    # Past the session, which would flush the row first.
    connection = session.connection()
    former = connection.execute(
        select(SS.hash).where(SS.snapshot_id == row.id).order_by(SS.number.desc()).limit(1)
    ).scalar()
    values = {
        "snapshot_id": row.id,
        "number": row.row_version,
        "act": act,
        "account_id": actor.id,
        "at": clock.now(),
        "state": plain_row(ROWS, {column.name: getattr(row, column.name) for column in ROWS.columns}),
    }
    seal = chained(former or "", plain_row(STEPS, values))
    connection.execute(insert(STEPS), [values | {"hash": seal}])
    return seal
