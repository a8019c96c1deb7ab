"""What moved in a plan in the last seven days: what came in, what was decided, what was followed up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import and_, case, func, or_, select
from sqlmodel import Session

from data_model.core import clock
from data_model.core.access import Act, Actor
from data_model.core.database import columns
from data_model.plans.view import PlanView
from data_model.records.tables import REPORTED, FieldRecord, FollowUpStep, Recommendation, RecordStatus, StepAct

R, N, S = columns(FieldRecord), columns(Recommendation), columns(FollowUpStep)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Moved:
    """Since the day `since`: records `sent`, records `verified` by activity, records `returned`, recommendations made
    (`asked`) and confirmed as done or dropped (`closed`). A record that was sent and verified is in both.
    """

    since: date
    sent: int
    verified: Mapping[int, int]
    returned: int
    asked: int
    closed: int

    def __bool__(self) -> bool:
        return bool(self.sent or self.verified or self.returned or self.asked or self.closed)


def moved(session: Session, actor: Actor, plan: PlanView) -> Moved:
    """What moved in the seven days before today and today. Raises Refused for roles that do not lead."""
    actor.require(Act.READ_PROGRESS)
    since = clock.today() - WEEK
    begin = datetime.combine(since, time(), clock.VIETNAM)
    verified_now = and_(R.status == RecordStatus.VERIFIED, R.reviewed_at >= begin)
    returned_now = and_(R.status == RecordStatus.RETURNED, R.reviewed_at >= begin)
    sent_now = and_(R.status.in_((*REPORTED, RecordStatus.RETURNED)), R.sent_at >= begin)
    rows = session.execute(
        select(
            R.activity_id,
            *(func.sum(case((one, 1), else_=0)) for one in (sent_now, verified_now, returned_now)),
        )
        .where(R.plan_id == plan.id, or_(verified_now, returned_now, sent_now))
        .group_by(R.activity_id)
    ).all()
    asked = session.execute(
        select(func.count())
        .select_from(N)
        .join(R, R.id == N.record_id)
        .where(N.plan_id == plan.id, N.in_record.is_(True), N.since >= since, R.status.in_(REPORTED))
    ).scalar_one()
    closed = session.execute(
        select(func.count(S.recommendation_id.distinct()))
        .join(N, N.id == S.recommendation_id)
        .where(N.plan_id == plan.id, S.act == StepAct.CONFIRM, S.on_day >= since)
    ).scalar_one()
    return Moved(
        since,
        sum(int(sent) for _activity, sent, _verified, _returned in rows),
        {activity: int(verified) for activity, _sent, verified, _returned in rows if verified},
        sum(int(returned) for *_others, returned in rows),
        int(asked),
        int(closed),
    )
