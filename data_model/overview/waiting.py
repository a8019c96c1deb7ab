"""What of a plan waits for the account that looks: records, frozen periods, recommendations, reports; each with its
day.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from data_model.core import clock
from data_model.core.access import Act, Actor
from data_model.deadlines.due_soon import DueSoon, due_soon
from data_model.periods.periods import Period, span
from data_model.periods.tables import STANDING, SnapshotStatus
from data_model.plans.view import PlanView
from data_model.review.queue import queue
from data_model.snapshots.approval import Step, steps_open
from data_model.snapshots.reading import Head, heads

QUARTERS = (Period.Q1, Period.Q2, Period.Q3, Period.Q4)
FREEZE_DAYS = 92
"""For how many days after its end a quarter that nobody froze is asked for: until the next one has ended."""


@dataclass(frozen=True)
class FrozenWaiting:
    """A frozen period that the account can take a step with: approve it, issue it, or submit the draft."""

    head: Head
    step: Step


@dataclass(frozen=True)
class NotFrozen:
    """A quarter that has ended and that nobody froze."""

    period: Period
    ended_on: date


@dataclass(frozen=True)
class Waiting:
    """What waits for an account. `to_verify` records of others (counted no further than the queue counts), the longest
    waiting of them sent on `sent_since`.
    """

    to_verify: int
    sent_since: date | None
    frozen: tuple[FrozenWaiting, ...]
    not_frozen: NotFrozen | None
    due: DueSoon

    def __bool__(self) -> bool:
        return bool(self.to_verify or self.frozen or self.not_frozen or self.due)


def waiting(session: Session, actor: Actor, plan: PlanView) -> Waiting:
    """What waits for the account in a plan today. Raises Refused for roles that do not lead."""
    actor.require(Act.READ_PROGRESS)
    count, since = 0, None
    if actor.may(Act.REVIEW_RECORD):
        page = queue(session, actor, plan.id, limit=1)
        count = page.count
        sent_at = page.waiting[0].sent_at if page.waiting else None
        since = sent_at.astimezone(clock.VIETNAM).date() if sent_at else None
    known = heads(session, actor, plan.id) if actor.may(Act.READ_SNAPSHOTS) else []
    return Waiting(
        count,
        since,
        tuple(FrozenWaiting(head, step) for head in known if (step := _step(actor, head))),
        _not_frozen(plan, known) if actor.may(Act.FREEZE) else None,
        due_soon(session, actor, plan),
    )


def _step(actor: Actor, head: Head) -> Step | None:
    """The step that leads the period on, where it is this account's to take."""
    leads_on = {SnapshotStatus.SUBMITTED: Step.APPROVE, SnapshotStatus.APPROVED: Step.ISSUE}
    if head.made_by_id == actor.id:
        leads_on |= {SnapshotStatus.DRAFT: Step.SUBMIT}
    step = leads_on.get(head.status)
    return step if step in steps_open(actor, head) else None


def _not_frozen(plan: PlanView, known: list[Head]) -> NotFrozen | None:
    """The latest quarter that has ended, while no version of it stands and the next one has not ended yet."""
    today = clock.today()
    ended = [(period, days.last) for period in QUARTERS if (days := span(plan, period)).last < today]
    if not ended:
        return None
    period, ended_on = ended[-1]
    stands = any(head.period is period and head.status in STANDING for head in known)
    return None if stands or today - ended_on > timedelta(days=FREEZE_DAYS) else NotFrozen(period, ended_on)
