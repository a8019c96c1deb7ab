"""The lock of an issued period: what comes late is marked and waits for a leader; exceptions are given to a person,
with an end.

Issued figures never move: a late entry changes the next version only.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, select

from data_model.accounts.account import names_of
from data_model.accounts.tables import Account
from data_model.core import clock, journal
from data_model.core.access import Act, Actor, Role
from data_model.core.database import columns, one_at_a_time
from data_model.core.problems import Say, refuse
from data_model.core.reason import given_reason
from data_model.periods.issued import issued_over
from data_model.periods.tables import LockException
from data_model.plans.view import view_plan

LE, A = columns(LockException), columns(Account)

LONGEST = 366


@dataclass(frozen=True)
class ExceptionRow:
    """An exception as a list shows it, with the names of both people."""

    id: int
    account_id: int
    account: str
    ends_on: date
    reason: str
    given_by: str
    given_at: datetime
    holds: bool


def hold_issues(session: Session, plan_id: int) -> None:
    """Let no period of the plan be issued, and nothing be sent for it elsewhere, until this transaction ends.

    An entry and an issue at one moment take turns by it: either the entry came before, or it sees the issue and is
    late.
    """
    one_at_a_time(session, f"issue a period of plan {plan_id}")


def late_for(session: Session, actor: Actor, plan_id: int, day: date) -> int | None:
    """The issued snapshot that an entry of this person with that day comes too late for; None where it does not."""
    hold_issues(session, plan_id)
    snapshot = issued_over(session, plan_id, day)
    return None if snapshot is None or _excepted(session, actor, plan_id) else snapshot.id


def require_word(session: Session, actor: Actor, plan_id: int, day: date | None, is_late: bool) -> None:
    """Raises Refused where a record came late, or its day lies in an issued period, and the account has no word in it.

    What came late stays a leader's to decide, also when its day was moved out of the issued period afterwards.
    """
    if actor.may(Act.ACCEPT_LATE):
        return
    if is_late or (day is not None and issued_over(session, plan_id, day) and not _excepted(session, actor, plan_id)):
        raise refuse(Say.LATE_NEEDS_LEADER)


def _excepted(session: Session, actor: Actor, plan_id: int) -> bool:
    return (
        session.exec(
            select(LE.id).where(
                LE.plan_id == plan_id,
                LE.account_id == actor.id,
                LE.ended_at.is_(None),
                LE.ends_on >= clock.today(),
            )
        ).first()
        is not None
    )


def give_exception(
    session: Session, actor: Actor, plan_id: int, account_id: int, ends_on: date, reason: str
) -> LockException:
    """Let a person enter into issued periods of a plan until a day, for a reason. Raises Refused."""
    actor.require(Act.GIVE_EXCEPTION)
    view_plan(session, plan_id)
    person = session.get(Account, account_id)
    if person is None or person.disabled_at is not None:
        raise refuse(Say.NOT_FOUND)
    if not clock.today() <= ends_on <= clock.today() + timedelta(days=LONGEST):
        raise refuse(Say.EXCEPTION_END, "ends_on", most=LONGEST)
    reason = given_reason(reason)
    row = LockException(
        plan_id=plan_id, account_id=account_id, ends_on=ends_on, reason=reason, given_by=actor.id, given_at=clock.now()
    )
    session.add(row)
    session.flush()
    journal.note(
        session,
        actor,
        "give_exception",
        "lock_exception",
        row.id,
        None,
        {"plan_id": plan_id, "account_id": account_id, "ends_on": ends_on.isoformat(), "reason": reason},
    )
    return row


def end_exception(session: Session, actor: Actor, exception_id: int) -> None:
    """End an exception before its day. Ending it twice changes nothing. Raises Refused (NOT_FOUND)."""
    actor.require(Act.GIVE_EXCEPTION)
    row = session.get(LockException, exception_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise refuse(Say.NOT_FOUND)
    if row.ended_at is None:
        row.ended_at = clock.now()
        journal.note(
            session, actor, "end_exception", "lock_exception", row.id, {"ends_on": row.ends_on.isoformat()}, None
        )


def exceptions(session: Session, actor: Actor, plan_id: int) -> list[ExceptionRow]:
    """The plan's exceptions, the latest first."""
    actor.require(Act.READ_SNAPSHOTS)
    rows = session.exec(select(LockException).where(LE.plan_id == plan_id).order_by(LE.id.desc())).all()
    named = names_of(session, {one for row in rows for one in (row.account_id, row.given_by)})
    return [
        ExceptionRow(
            row.id,
            row.account_id,
            named[row.account_id],
            row.ends_on,
            row.reason,
            named[row.given_by],
            row.given_at,
            row.ended_at is None and row.ends_on >= clock.today(),
        )
        for row in rows
    ]


def people_for_exceptions(session: Session, actor: Actor) -> dict[int, str]:
    """Who may be given one: active accounts that write records."""
    actor.require(Act.GIVE_EXCEPTION)
    writing = (Role.SUPERVISOR, Role.DATA_OFFICER)
    rows = session.exec(
        select(A.id, A.display_name).where(A.role.in_(writing), A.disabled_at.is_(None)).order_by(A.display_name)
    )
    return dict(rows.all())
