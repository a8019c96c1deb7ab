"""What is overdue or due soon in a plan: recommendations, reports of rounds, reports that the plan itself dates."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import case, func
from sqlmodel import Session, select

from data_model.core import clock
from data_model.core.access import Act, Actor
from data_model.core.database import columns
from data_model.deadlines.round_reports import RoundDue, due
from data_model.kinds.registry import all_kinds
from data_model.plans.view import Line, PlanView
from data_model.records.tables import (
    NOT_DONE,
    REPORTED,
    WAITING,
    FieldRecord,
    FollowUpState,
    Recommendation,
    RecordStatus,
)

RECOMMENDATION_DAYS, REPORT_DAYS = 7, 10
R, N = columns(FieldRecord), columns(Recommendation)


@dataclass(frozen=True)
class SendBy:
    """A report that the plan dates: its line, its day, and how many of those who owe it have not reported it."""

    line: Line
    due: date
    missing: int


@dataclass(frozen=True)
class DueSoon:
    """Recommendations overdue, due within a week, waiting to be confirmed as done or as no longer applicable; reports
    due within ten days or overdue.
    """

    overdue: int
    within_days: int
    to_confirm: int
    to_drop: int
    rounds: tuple[RoundDue, ...]
    send_by: tuple[SendBy, ...]

    def __bool__(self) -> bool:
        return bool(self.overdue or self.within_days or self.to_confirm or self.to_drop or self.rounds or self.send_by)


def due_soon(session: Session, actor: Actor, plan: PlanView) -> DueSoon:
    """What of the plan presses today. Raises Refused for roles that do not read progress."""
    actor.require(Act.READ_PROGRESS)
    today = clock.today()
    soon, horizon = today + timedelta(days=RECOMMENDATION_DAYS), today + timedelta(days=REPORT_DAYS)
    not_done = N.state.in_(NOT_DONE)
    counts = session.execute(
        select(
            func.sum(case((not_done & (N.fix_by < today), 1), else_=0)),
            func.sum(case((not_done & N.fix_by.between(today, soon), 1), else_=0)),
            func.sum(case((N.state == FollowUpState.DONE, 1), else_=0)),
            func.sum(case((N.state == FollowUpState.DROPPING, 1), else_=0)),
            # Only what was sent recommends, so leaving out what was taken back asks for few records instead of all.
        ).where(
            N.plan_id == plan.id,
            N.state.in_((*NOT_DONE, *WAITING)),
            N.record_id.not_in(
                select(R.id).where(R.plan_id == plan.id, R.status.in_((RecordStatus.RETURNED, RecordStatus.VOID)))
            ),
        )
    ).one()
    rounds = [r for r in due(session, actor, plan) if r.due and not r.sent_on and r.due <= horizon]
    overdue, within_days, to_confirm, to_drop = (int(count or 0) for count in counts)
    send_by = tuple(_send_by(session, plan, today, horizon))
    return DueSoon(overdue, within_days, to_confirm, to_drop, tuple(rounds), send_by)


def _owes_reports(line: Line) -> bool:
    """Whether what it counts are reports, by its kind."""
    return line.kind is not None and line.measure in all_kinds()[line.kind].report_measures


def _send_by(session: Session, plan: PlanView, today: date, horizon: date) -> list[SendBy]:
    """Lines that owe a report by a day of the plan's year, where it comes near or has passed and reports are
    missing.
    """
    # A plan whose year is over is history: its missing reports stand in the progress, and greet nobody.
    dated = [
        (line, line.due, len(line.unit_ids) or int(line.need))
        for line in plan.lines
        if _owes_reports(line) and line.due and line.due <= horizon and line.need and today <= plan.ends_on
    ]
    if not dated:
        return []
    reported = dict(
        session.execute(
            select(R.activity_id, func.count(func.distinct(R.unit_id)))
            .where(
                R.plan_id == plan.id,
                R.status.in_(REPORTED),
                R.activity_id.in_([line.activity_id for line, *_ in dated]),
            )
            .group_by(R.activity_id)
        ).all()
    )
    found = [SendBy(line, due, max(0, owed - reported.get(line.activity_id, 0))) for line, due, owed in dated]
    return sorted((each for each in found if each.missing), key=lambda each: each.due)
