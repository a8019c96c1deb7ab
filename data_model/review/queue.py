"""The queue of a reviewer: what was sent and waits for a decision, the longest waiting first, page by page."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import Session, select

from data_model.core.access import Act, Actor
from data_model.core.database import columns
from data_model.records.listing import RecordRow, rows, visible
from data_model.records.tables import FieldRecord, RecordStatus
from data_model.review.duplicates import has_similar
from data_model.review.marks import Marks, marks_of

MOST_COUNTED = 1000
R = columns(FieldRecord)
Cursor = tuple[datetime, uuid.UUID]
"""Where a page begins: after the record of that sending."""


@dataclass(frozen=True)
class Narrowed:
    """What of the queue is looked at. `returned`: only what came back from its author after a return."""

    unit_id: int | None = None
    activity_ids: tuple[int, ...] | None = None
    duplicates: bool = False
    returned: bool = False


@dataclass(frozen=True, slots=True)
class Waiting(RecordRow):
    """A record that waits, and what to notice about it."""

    marks: Marks

    @property
    def came_back(self) -> bool:
        """Somebody has decided on it before, and its author sent it again."""
        return self.reviewed_at is not None


@dataclass(frozen=True)
class QueuePage:
    """A page of the queue. `count` is how many wait in all, counted no further than `MOST_COUNTED`; `more`: another
    page follows.
    """

    waiting: list[Waiting]
    more: bool
    count: int


def queue(
    session: Session,
    actor: Actor,
    plan_id: int,
    narrowed: Narrowed = Narrowed(),
    after: Cursor | None = None,
    limit: int = 25,
) -> QueuePage:
    """A page of the plan's queue. One's own records are not in it: nobody verifies what they entered. Raises
    Refused.
    """
    where = _asked(actor, plan_id, narrowed)
    counted = select(R.id).where(where).limit(MOST_COUNTED + 1).subquery()
    count = session.execute(select(func.count()).select_from(counted)).scalar_one()
    if after is not None:
        # The first condition lets the index begin where the page does.
        where = and_(where, R.sent_at >= after[0], or_(R.sent_at > after[0], R.id > after[1]))
    found = rows(session, where, limit + 1, order=(R.sent_at, R.id))
    return QueuePage(_marked(session, actor, found[:limit]), len(found) > limit, count)


def own_waiting(session: Session, actor: Actor, plan_id: int) -> bool:
    """Whether records of one's own wait for somebody else."""
    actor.require(Act.REVIEW_RECORD)
    where = and_(R.plan_id == plan_id, R.status == RecordStatus.SENT, R.author_id == actor.id)
    return session.execute(select(R.id).where(where).limit(1)).first() is not None


def _asked(actor: Actor, plan_id: int, narrowed: Narrowed) -> ColumnElement[bool]:
    actor.require(Act.REVIEW_RECORD)
    asked = [visible(actor), R.plan_id == plan_id, R.status == RecordStatus.SENT, R.author_id != actor.id]
    if narrowed.unit_id is not None:
        asked.append(R.unit_id == narrowed.unit_id)
    if narrowed.activity_ids is not None:
        asked.append(R.activity_id.in_(narrowed.activity_ids))
    if narrowed.returned:
        asked.append(R.reviewed_at.is_not(None))
    if narrowed.duplicates:
        asked.append(has_similar())
    return and_(*asked)


def _marked(session: Session, actor: Actor, found: Iterable[RecordRow]) -> list[Waiting]:
    known = list(found)
    marks = marks_of(session, actor, [row.id for row in known])
    return [Waiting(**{f.name: getattr(row, f.name) for f in fields(RecordRow)}, marks=marks[row.id]) for row in known]
