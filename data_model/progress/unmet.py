"""Records that count and yet fail a condition of their target: where, when, which one, with which figure."""

import uuid
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, select

from data_model.core.access import Act, Actor
from data_model.core.database import columns
from data_model.plans.view import Condition, view_plan
from data_model.progress.figures import counted, default_day
from data_model.records.tables import FieldRecord, RecordStatus
from data_model.records.writing import unmet_conditions

R = columns(FieldRecord)


@dataclass(frozen=True)
class UnmetRow:
    """One condition that one record fails; `figure` is what the record proves, None where it was not collected."""

    record_id: uuid.UUID
    activity_id: int
    unit_id: int
    happened_on: date
    verified: bool
    condition: Condition
    figure: int | None


def unmet_records(session: Session, actor: Actor, plan_id: int, as_of: date | None = None) -> list[UnmetRow]:
    """Every unmet condition of a plan's reported records until a day (by default `default_day`), latest record
    first.
    """
    actor.require(Act.READ_PROGRESS)
    plan = view_plan(session, plan_id)
    records = session.exec(
        select(R).where(counted(plan, as_of or default_day(plan)), R.unmet > 0).order_by(R.happened_on.desc(), R.id)
    )
    return [
        UnmetRow(
            record.id,
            record.activity_id,
            record.unit_id,
            record.happened_on,
            record.status == RecordStatus.VERIFIED,
            condition,
            figure,
        )
        for record in records
        for condition, figure in unmet_conditions(plan.line_by_activity[record.activity_id], record.form)
    ]
