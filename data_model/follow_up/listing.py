"""Reading recommendations: which ones an account may see, as rows, counted by standing, one with its steps."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func
from sqlmodel import Session, select

from data_model.core import clock
from data_model.core.access import Actor
from data_model.core.database import AnyRow, columns
from data_model.core.label import LabelledEnum
from data_model.core.problems import Say, refuse
from data_model.core.severity import Severity
from data_model.records.listing import visible
from data_model.records.tables import (
    FINISHED,
    NOT_DONE,
    REPORTED,
    WAITING,
    FieldRecord,
    FollowUpState,
    FollowUpStep,
    Recommendation,
)

R, N = columns(FieldRecord), columns(Recommendation)
S = columns(FollowUpStep)


class Standing(LabelledEnum):
    """What a list says of a recommendation on a day, the most urgent first; overdue and suspended are worked out."""

    OVERDUE = "overdue", "quá hạn", "overdue"
    OPEN = "open", *FollowUpState.OPEN.label
    IN_PROGRESS = "in_progress", *FollowUpState.IN_PROGRESS.label
    DONE = "done", *FollowUpState.DONE.label
    DROPPING = "dropping", *FollowUpState.DROPPING.label
    CLOSED = "closed", *FollowUpState.CLOSED.label
    NO_LONGER = "no_longer", *FollowUpState.NO_LONGER.label
    SUSPENDED = "suspended", "tạm dừng theo dõi", "suspended"


def standing_on(day: date, state: FollowUpState, fix_by: date, counts: bool) -> Standing:
    """Suspended while its record is returned or void; overdue from the day after its deadline until it is reported
    done.
    """
    if not counts:
        return Standing.SUSPENDED
    return Standing.OVERDUE if state in NOT_DONE and fix_by < day else Standing(state.value)


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """A recommendation as lists and the next visit's form show it.

    `since` is the day of the record that made it; `counts` False while that record is returned or void.
    """

    id: str
    record_id: uuid.UUID
    unit_id: int
    what: str
    responsible: str
    fix_by: date
    severity: Severity | None
    since: date
    state: FollowUpState
    standing: Standing
    counts: bool
    in_record: bool
    version: int
    reported_by: int | None

    @property
    def serious(self) -> bool:
        """Whether its severity is serious: then it is closed with evidence only."""
        return self.severity is Severity.SERIOUS

    @property
    def overdue(self) -> bool:
        """Whether its deadline has passed on the day looked at, and nobody reported it done."""
        return self.standing is Standing.OVERDUE


COLUMNS: tuple[Any, ...] = (
    N.id,
    N.record_id,
    N.unit_id,
    N.what,
    N.responsible,
    N.fix_by,
    N.weight,
    N.since,
    N.state,
    N.in_record,
    N.version,
    N.reported_by,
    R.status,
)

_OF_ONE: tuple[Any, ...] = (N.plan_id, N.proof_id, R.activity_id)


def row_on(day: date, found: AnyRow, state: str | None = None) -> FollowUpRow:
    """A row of `COLUMNS` as it stands on `day`; `state` in place of the present one, for a day that has passed."""
    told, counts = FollowUpState(state or found.state), found.status in REPORTED
    return FollowUpRow(
        id=str(found.id),
        record_id=found.record_id,
        unit_id=found.unit_id,
        what=found.what,
        responsible=found.responsible,
        fix_by=found.fix_by,
        severity=Severity(found.weight) if found.weight else None,
        since=found.since,
        state=told,
        standing=standing_on(day, told, found.fix_by, counts),
        counts=counts,
        in_record=found.in_record,
        version=found.version,
        reported_by=found.reported_by,
    )


def list_recommendations(
    session: Session,
    actor: Actor,
    plan_id: int,
    *,
    standing: Standing | None = None,
    unit_id: int | None = None,
    responsible: str | None = None,
    due_within: int | None = None,
    limit: int = 50,
    offset: int = 0,
) -> tuple[list[FollowUpRow], int]:
    """Recommendations of a plan that the account may see, those still to be done first, by deadline; and how many in
    all.

    `due_within` keeps those not done whose deadline comes in that many days, today included. Raises Refused.
    """
    today = clock.today()
    asked = [visible(actor), N.plan_id == plan_id]
    if standing is not None:
        asked.append(_stands(standing, today))
    if unit_id is not None:
        asked.append(N.unit_id == unit_id)
    if responsible is not None:
        asked.append(N.responsible == responsible)
    if due_within is not None:
        asked += [
            R.status.in_(REPORTED),
            N.state.in_(NOT_DONE),
            N.fix_by.between(today, today + timedelta(days=due_within)),
        ]
    where = and_(*asked)
    total = session.execute(select(func.count()).select_from(N).join(R, R.id == N.record_id).where(where)).scalar_one()
    finished = case((R.status.not_in(REPORTED), 3), (N.state.in_(FINISHED), 2), (N.state.in_(WAITING), 1), else_=0)
    found = session.execute(
        select(*COLUMNS)
        .join(R, R.id == N.record_id)
        .where(where)
        .order_by(finished, N.fix_by, N.since, N.record_id, N.position)
        .limit(limit)
        .offset(offset)
    )
    return [row_on(today, row) for row in found], total


def _stands(standing: Standing, today: date) -> ColumnElement[bool]:
    """SQL for one standing on `today`."""
    if standing is Standing.SUSPENDED:
        suspended: ColumnElement[bool] = R.status.not_in(REPORTED)
        return suspended
    if standing is Standing.OVERDUE:
        return and_(R.status.in_(REPORTED), N.state.in_(NOT_DONE), N.fix_by < today)
    here = [R.status.in_(REPORTED), N.state == standing.value]
    return and_(*here, N.fix_by >= today) if standing.value in NOT_DONE else and_(*here)


def count_by_standing(session: Session, actor: Actor, plan_id: int, unit_id: int | None = None) -> dict[Standing, int]:
    """How many recommendations of a plan, or of one unit in it, that the account may see stand where; standings with
    none are left out.
    """
    today = clock.today()
    late, reported = case((N.fix_by < today, 1), else_=0), case((R.status.in_(REPORTED), 1), else_=0)
    found = session.execute(
        select(N.state, late, reported, func.count())
        .join(R, R.id == N.record_id)
        .where(visible(actor), N.plan_id == plan_id, *([] if unit_id is None else [N.unit_id == unit_id]))
        .group_by(N.state, late, reported)
    )
    counted: dict[Standing, int] = {}
    for state, is_late, counts, number in found:
        fix_by = today - timedelta(days=1) if is_late else today
        standing = standing_on(today, FollowUpState(state), fix_by, bool(counts))
        counted[standing] = counted.get(standing, 0) + number
    return {standing: counted[standing] for standing in Standing if standing in counted}


def places_and_people(session: Session, actor: Actor, plan_id: int) -> tuple[list[int], list[str]]:
    """Units that have recommendations, and the persons responsible named in them, as far as the account may see."""
    found = session.execute(
        select(N.unit_id, N.responsible)
        .join(R, R.id == N.record_id)
        .where(visible(actor), N.plan_id == plan_id)
        .distinct()
    ).all()
    return sorted({unit_id for unit_id, _ in found}), sorted({name for _, name in found})


@dataclass(frozen=True)
class Opened:
    """One recommendation with everything that happened to it, the oldest step first."""

    row: FollowUpRow
    plan_id: int
    activity_id: int
    steps: tuple[FollowUpStep, ...]
    proof_id: uuid.UUID | None


def open_recommendation(session: Session, actor: Actor, recommendation_id: uuid.UUID) -> Opened:
    """Raises Refused (NOT_FOUND) when there is none or the account may not see it."""
    found = session.execute(
        select(*COLUMNS, *_OF_ONE).join(R, R.id == N.record_id).where(N.id == recommendation_id, visible(actor))
    ).first()
    if found is None:
        raise refuse(Say.NOT_FOUND)
    steps = session.exec(select(FollowUpStep).where(S.recommendation_id == recommendation_id).order_by(S.id)).all()
    return Opened(row_on(clock.today(), found), found.plan_id, found.activity_id, tuple(steps), found.proof_id)
