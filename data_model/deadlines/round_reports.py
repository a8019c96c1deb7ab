"""The report of a monitoring round: due 15 working days after the round ends (TT 10/2022/TT-BLĐTBXH, article
4(2)(a)).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func
from sqlmodel import Session, select

from data_model.core import clock, journal
from data_model.core.access import Act, Actor
from data_model.core.database import columns
from data_model.core.label import Label
from data_model.core.problems import Problem, Refused, Say, refuse
from data_model.core.text import kept_text
from data_model.deadlines.tables import RoundReport
from data_model.deadlines.working_days import WorkCalendar, work_calendar
from data_model.plans.view import Line, PlanView, view_plan
from data_model.records.tables import REPORTED, FieldRecord

WORKING_DAYS = 15
R = columns(FieldRecord)
RR = columns(RoundReport)


@dataclass(frozen=True)
class RoundDue:
    """A round and its report. `ended_on` None: still running, so no date is due; `due` None then too.

    `by_window` tells that the plan's window closed it although visits are missing; `holidays_known` whether the
    holidays of the years counted through are in the table. `visited` of `to_visit` units have a reported visit.
    """

    round_id: int
    name: Label
    activity_id: int
    visited: int
    to_visit: int
    ended_on: date | None
    declared: bool
    by_window: bool
    due: date | None
    holidays_known: bool
    sent_on: date | None
    number: str | None

    @property
    def is_late(self) -> bool:
        """Sent after its day, or not sent although the day has passed."""
        return self.due is not None and (self.sent_on or clock.today()) > self.due


def due(session: Session, actor: Actor, plan: PlanView) -> list[RoundDue]:
    """Every round of the plan in plan order, with the day its report is due. Raises Refused."""
    actor.require(Act.READ_PROGRESS)
    lines = [line for line in plan.lines if line.rounds]
    if not lines:
        return []
    first_visits = _first_visits(session, plan, lines)
    known = {
        row.round_id: row
        for row in session.exec(
            select(RoundReport).where(RR.round_id.in_([r for line in lines for r in line.round_ids]))
        )
    }
    calendar = work_calendar(session, plan.starts_on, max(plan.ends_on, clock.today()) + timedelta(days=90))
    return [
        _one(plan, line, round_id, name, first_visits, known.get(round_id), calendar)
        for line in lines
        for round_id, name in line.rounds
    ]


def _first_visits(session: Session, plan: PlanView, lines: Iterable[Line]) -> dict[tuple[int, int], date]:
    """The day of the first reported visit of each round in each unit."""
    found = session.execute(
        select(R.round_id, R.unit_id, func.min(R.happened_on))
        .where(
            R.plan_id == plan.id,
            R.status.in_(REPORTED),
            R.activity_id.in_([line.activity_id for line in lines]),
            R.round_id.is_not(None),
            R.running.is_(False),
        )
        .group_by(R.round_id, R.unit_id)
    )
    return {(round_id, unit_id): day for round_id, unit_id, day in found}


def _one(
    plan: PlanView,
    line: Line,
    round_id: int,
    name: Label,
    first_visits: dict[tuple[int, int], date],
    known: RoundReport | None,
    calendar: WorkCalendar,
) -> RoundDue:
    days = [first_visits[round_id, unit] for unit in line.unit_ids if (round_id, unit) in first_visits]
    ended_on, by_window = known.ended_on if known else None, False
    declared = ended_on is not None
    if not declared and days and len(days) == len(line.unit_ids):
        ended_on = max(days)
    elif not declared and days and (line.window_to or plan.ends_on) < clock.today():
        # Its window is over: what was not visited is missing, and the report is due all the same.
        ended_on, by_window = line.window_to or plan.ends_on, True
    due_on = calendar.after(ended_on, WORKING_DAYS) if ended_on else None
    return RoundDue(
        round_id=round_id,
        name=name,
        activity_id=line.activity_id,
        visited=len(days),
        to_visit=len(line.unit_ids),
        ended_on=ended_on,
        declared=declared,
        by_window=by_window,
        due=due_on,
        holidays_known=ended_on is None or due_on is None or calendar.knows(ended_on, due_on),
        sent_on=known.sent_on if known else None,
        number=known.number if known else None,
    )


def mark_sent(
    session: Session,
    actor: Actor,
    plan_id: int,
    round_id: int,
    sent_on: date | None,
    number: str,
) -> RoundReport:
    """The round's report was sent on that day under that number; marked again, it corrects. Raises Refused.

    `where` is "sent_on" or "number".
    """
    one = _round(session, actor, plan_id, round_id)
    number = kept_text(number, 80, "number")
    problems = []
    if sent_on is None:
        problems.append(Problem("sent_on", Say.REQUIRED))
    elif sent_on > clock.today():
        problems.append(Problem("sent_on", Say.DATE_IN_FUTURE, {"today": clock.today()}))
    elif one.ended_on is None:
        problems.append(Problem("sent_on", Say.ROUND_RUNNING))
    elif sent_on < one.ended_on:
        problems.append(Problem("sent_on", Say.REPORT_BEFORE_END, {"day": one.ended_on}))
    if not number:
        problems.append(Problem("number", Say.REQUIRED))
    if problems:
        raise Refused(problems)
    return _write(session, actor, round_id, "report_sent", sent_on=sent_on, number=number)


def set_end(session: Session, actor: Actor, plan_id: int, round_id: int, ended_on: date | None) -> RoundReport:
    """The day on which the round ended, where its visits do not tell it; None leaves it to the visits. Raises
    Refused.
    """
    one = _round(session, actor, plan_id, round_id)
    if ended_on is not None:
        if ended_on > clock.today():
            raise refuse(Say.DATE_IN_FUTURE, "ended_on", today=clock.today())
        plan = view_plan(session, plan_id)
        if not plan.starts_on <= ended_on <= plan.ends_on:
            raise refuse(Say.DATE_OUTSIDE_PLAN, "ended_on", first=plan.starts_on, last=plan.ends_on)
        if one.sent_on and one.sent_on < ended_on:
            raise refuse(Say.REPORT_BEFORE_END, "ended_on", day=ended_on)
    return _write(session, actor, round_id, "round_ended", ended_on=ended_on)


def _round(session: Session, actor: Actor, plan_id: int, round_id: int) -> RoundDue:
    actor.require(Act.MARK_REPORT_SENT)
    plan = view_plan(session, plan_id)
    found = next((each for each in due(session, actor, plan) if each.round_id == round_id), None)
    if found is None:
        raise refuse(Say.NOT_FOUND)
    return found


def _write(session: Session, actor: Actor, round_id: int, act: str, **values: object) -> RoundReport:
    row = session.get(RoundReport, round_id, with_for_update=True)
    before = {name: _json(getattr(row, name)) for name in values} if row else None
    after = {name: _json(value) for name, value in values.items()}
    if row is not None and before == after:
        return row
    row = row or RoundReport(round_id=round_id, changed_by=actor.id, changed_at=clock.now())
    for name, value in values.items():
        setattr(row, name, value)
    row.changed_by, row.changed_at = actor.id, clock.now()
    session.add(row)
    journal.note(session, actor, act, "round", round_id, before, after)
    return row


def _json(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
