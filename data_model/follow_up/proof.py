"""What shows that a recommendation was carried out: a later record of the same unit that has a photo or a file."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import Session, select

from data_model.core import clock
from data_model.core.access import Act, Actor
from data_model.core.database import columns
from data_model.evidence.tables import Evidence
from data_model.records.listing import visible
from data_model.records.tables import REPORTED, FieldRecord, Recommendation

R = columns(FieldRecord)
E = columns(Evidence)
LATEST = 200
"""Of so many later records of a commune those with evidence are offered."""


@dataclass(frozen=True)
class Proof:
    """A record that may be named as proof, and how many photos and files it has."""

    record_id: uuid.UUID
    activity_id: int
    happened_on: date
    evidence: int


def _later_here(one: Recommendation) -> tuple[ColumnElement[bool], ...]:
    """SQL: reported records of the recommendation's plan and unit, on or after its day, other than its own."""
    return (
        R.plan_id == one.plan_id,
        R.unit_id == one.unit_id,
        R.status.in_(REPORTED),
        R.happened_on >= one.since,
        R.id != one.record_id,
    )


def shows(session: Session, recommendation: Recommendation, proof_id: uuid.UUID | None) -> bool:
    """Whether that record is proof: a photo of the fault itself, in the record that recommended, is none."""
    if (
        proof_id is None
        or session.execute(select(R.id).where(R.id == proof_id, *_later_here(recommendation))).first() is None
    ):
        return False
    return bool(_counted(session, recommendation, [proof_id]))


def proofs_for(session: Session, actor: Actor, recommendation_id: uuid.UUID, limit: int = 20) -> list[Proof]:
    """Records that the account may see and may name as proof, the latest first."""
    actor.require(Act.REPORT_FOLLOW_UP)
    one = session.get(Recommendation, recommendation_id)
    if one is None:
        return []
    later = session.execute(
        select(R.id, R.activity_id, R.happened_on)
        .where(*_later_here(one), visible(actor))
        .order_by(R.happened_on.desc(), R.id)
        .limit(LATEST)
    ).all()
    evidence = _counted(session, one, [row.id for row in later])
    return [Proof(row.id, row.activity_id, row.happened_on, evidence[row.id]) for row in later if row.id in evidence][
        :limit
    ]


def _counted(session: Session, one: Recommendation, record_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many photos and files each record has, without photos known to be older than the recommendation."""
    since = datetime.combine(one.since, time(), clock.VIETNAM)
    found = session.execute(
        select(E.record_id, func.count())
        .where(
            E.record_id.in_(record_ids),
            E.removed_at.is_(None),
            or_(E.taken_at.is_(None), E.taken_at >= since),
        )
        .group_by(E.record_id)
    )
    return dict(found.all())
