"""Following up recommendations: reported by those in the field, confirmed by somebody else.

open / in progress -> done, or no longer applicable -> confirmed (final) or sent back. A step is moved from the
version that the person saw, so of two people who act at one moment the second is told; the same press twice
does nothing more. That recommendations are followed until they are carried out is a purpose of monitoring (Thông tư
10/2022/TT-BLĐTBXH, annex I).
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypedDict, Unpack

from sqlmodel import Session, select

from data_model.accounts.tables import Account
from data_model.core import clock
from data_model.core.access import Act, Actor
from data_model.core.database import columns
from data_model.core.problems import Problem, Refused, Say, refuse
from data_model.core.reason import given_reason
from data_model.follow_up.listing import COLUMNS, FollowUpRow, row_on
from data_model.follow_up.past import Summary, list_as_of, summary
from data_model.follow_up.proof import shows
from data_model.records.recommendations import step
from data_model.records.tables import (
    NOT_DONE,
    REPORTED,
    WAITING,
    FieldRecord,
    FollowUpState,
    FollowUpStep,
    Recommendation,
    StepAct,
)

R, N, S = columns(FieldRecord), columns(Recommendation), columns(FollowUpStep)

__all__ = [
    "Summary",
    "acts_open",
    "confirm",
    "list_as_of",
    "report",
    "reported_at_visit",
    "send_back",
    "summary",
    "waiting_for_visit",
]

REPORTABLE = (FollowUpState.IN_PROGRESS, FollowUpState.DONE, FollowUpState.DROPPING)
_TOLD = {
    "open": FollowUpState.OPEN,
    "in_progress": FollowUpState.IN_PROGRESS,
    "done": FollowUpState.DONE,
    "no_longer": FollowUpState.DROPPING,
    "dropping": FollowUpState.DROPPING,
}


def waiting_for_visit(
    session: Session,
    actor: Actor,
    plan_id: int,
    unit_id: int,
    record_id: uuid.UUID | None = None,
) -> list[FollowUpRow]:
    """What the next visit to a unit begins with: what is not done there, and what waits to be confirmed, by deadline.

    `record_id` is the visit being written: its own recommendations are left out. A unit that the account does not hold
    has none.
    """
    actor.require(Act.READ_RECORDS)
    if not actor.holds(unit_id, clock.today()):
        return []
    found = session.execute(
        select(*COLUMNS)
        .join(R, R.id == N.record_id)
        .where(
            N.plan_id == plan_id,
            N.unit_id == unit_id,
            R.status.in_(REPORTED),
            N.record_id != (record_id or uuid.UUID(int=0)),
            N.state.in_((*NOT_DONE, FollowUpState.DONE)),
        )
        .order_by(N.fix_by, N.since, N.record_id, N.position)
        .limit(100)
    )
    return [row_on(clock.today(), row) for row in found]


def acts_open(actor: Actor, row: FollowUpRow) -> frozenset[StepAct]:
    """What the account may do now with what it sees: report (also to take back its own report), confirm, send back."""
    here = row.counts and actor.holds(row.unit_id, clock.today())
    acts = set()
    if (
        here
        and actor.may(Act.REPORT_FOLLOW_UP)
        and (row.state in NOT_DONE or (row.state in WAITING and row.reported_by == actor.id))
    ):
        acts.add(StepAct.REPORT)
    if here and actor.may(Act.CONFIRM_FOLLOW_UP) and row.state in WAITING and row.reported_by != actor.id:
        acts |= {StepAct.CONFIRM, StepAct.SEND_BACK}
    return frozenset(acts)


def report(
    session: Session,
    actor: Actor,
    recommendation_id: uuid.UUID,
    seen_version: int,
    to: FollowUpState,
    word: str,
    proof_id: uuid.UUID | None = None,
) -> Recommendation:
    """Say how far it is, done, or no longer applicable, in a word; what was said by oneself can be taken back.

    Done of a serious one names the record that shows it (`proof_id`). Raises Refused; `where` is "word", "proof" or "".
    """
    one = _held(session, actor, recommendation_id, Act.REPORT_FOLLOW_UP)
    word = _word(word)
    if _pressed_twice(session, actor, one, seen_version, StepAct.REPORT, to, word):
        return one
    _unchanged(session, one, seen_version)
    takes_back = one.state in WAITING and one.reported_by == actor.id and to is FollowUpState.IN_PROGRESS
    if to not in REPORTABLE or not (one.state in NOT_DONE or takes_back):
        raise refuse(Say.FOLLOW_UP_STATE, state=FollowUpState(one.state).label)
    if to is FollowUpState.DONE and (one.is_serious or proof_id) and not shows(session, one, proof_id):
        raise refuse(Say.FOLLOW_UP_PROOF, "proof")
    _report(session, actor, one, to, word, proof_id)
    return one


class _More(TypedDict, total=False):
    """What a visit tells beyond what a page does."""

    on_day: date
    asked: str
    channel: str


def _report(
    session: Session,
    actor: Actor,
    one: Recommendation,
    to: FollowUpState,
    word: str,
    record_id: uuid.UUID | None,
    **more: Unpack[_More],
) -> None:
    one.reported_by = actor.id if to in WAITING else None
    one.proof_id = record_id if to is FollowUpState.DONE else None
    one.before_removal = None
    step(session, actor, one, StepAct.REPORT, to, word, record_id=record_id, **more)


def confirm(
    session: Session,
    actor: Actor,
    recommendation_id: uuid.UUID,
    seen_version: int,
    word: str = "",
    proof_id: uuid.UUID | None = None,
) -> Recommendation:
    """Confirm that it is done, or no longer applicable: final. Not by whoever reported it; a serious one not without
    evidence.

    Raises Refused; `where` is "word", "proof" or "".
    """
    one = _held(session, actor, recommendation_id, Act.CONFIRM_FOLLOW_UP)
    word = _word(word, needed=False)
    to = FollowUpState.CLOSED if one.state in (FollowUpState.DONE, FollowUpState.CLOSED) else FollowUpState.NO_LONGER
    if _pressed_twice(session, actor, one, seen_version, StepAct.CONFIRM, to, word):
        return one
    _waits(session, actor, one, seen_version)
    if to is FollowUpState.CLOSED:
        one.proof_id = proof_id or one.proof_id
        if one.is_serious and not shows(session, one, one.proof_id):
            raise refuse(Say.FOLLOW_UP_PROOF, "proof")
    one.before_removal = None
    step(session, actor, one, StepAct.CONFIRM, to, word, record_id=one.proof_id if to is FollowUpState.CLOSED else None)
    return one


def send_back(
    session: Session, actor: Actor, recommendation_id: uuid.UUID, seen_version: int, reason: str
) -> Recommendation:
    """Not accepted, with a reason: it is in progress again. Raises Refused; `where` is "word" or ""."""
    one = _held(session, actor, recommendation_id, Act.CONFIRM_FOLLOW_UP)
    reason = _word(reason)
    to = FollowUpState(one.before_removal or FollowUpState.IN_PROGRESS)
    if _pressed_twice(session, actor, one, seen_version, StepAct.SEND_BACK, FollowUpState(one.state), reason):
        return one
    _waits(session, actor, one, seen_version)
    one.reported_by = one.proof_id = one.before_removal = None
    step(session, actor, one, StepAct.SEND_BACK, to, reason)
    return one


def _held(session: Session, actor: Actor, recommendation_id: uuid.UUID, act: Act) -> Recommendation:
    """The recommendation, held until the transaction ends, where the account may do `act`."""
    actor.require(act)
    one = _locked(session, recommendation_id)
    if one is None or not actor.holds(one.unit_id, clock.today()):
        raise refuse(Say.NOT_FOUND)
    if session.execute(select(FieldRecord.status).where(FieldRecord.id == one.record_id)).scalar_one() not in REPORTED:
        raise refuse(Say.FOLLOW_UP_SUSPENDED)
    return one


def _locked(session: Session, recommendation_id: uuid.UUID) -> Recommendation | None:
    return session.get(Recommendation, recommendation_id, with_for_update=True, populate_existing=True)


def _waits(session: Session, actor: Actor, one: Recommendation, seen_version: int) -> None:
    _unchanged(session, one, seen_version)
    if one.state not in WAITING:
        raise refuse(Say.FOLLOW_UP_STATE, state=FollowUpState(one.state).label)
    if one.reported_by == actor.id:
        raise refuse(Say.FOLLOW_UP_OWN_REPORT)


def _word(word: str, needed: bool = True) -> str:
    return given_reason(word, "word", Say.REQUIRED if needed else None)


def _last_step(session: Session, one: Recommendation, *more: Any) -> FollowUpStep | None:
    return session.exec(
        select(FollowUpStep).where(S.recommendation_id == one.id, *more).order_by(S.id.desc()).limit(1)
    ).first()


def _pressed_twice(
    session: Session,
    actor: Actor,
    one: Recommendation,
    seen_version: int,
    act: StepAct,
    to: FollowUpState,
    word: str,
) -> bool:
    """Whether the very same step was made from the version that this press saw."""
    if one.version != seen_version + 1:
        return False
    last = _last_step(session, one)
    return last is not None and (last.account_id, last.act, last.to_state, last.word) == (actor.id, act, to, word)


def _unchanged(session: Session, one: Recommendation, seen_version: int) -> None:
    if one.version != seen_version:
        last = _last_step(session, one)
        name = session.get_one(Account, last.account_id).display_name if last else ""
        raise refuse(Say.FOLLOW_UP_CHANGED, name=name)


def reported_at_visit(
    session: Session,
    actor: Actor,
    record: FieldRecord,
    items: Sequence[Mapping[str, Any]],
    channel: str = "page",
) -> None:
    """What a visit found about earlier recommendations of its unit; called in the transaction that sent the visit.

    An item has `id`, `state` ("open", "in_progress", "done", "no_longer") and `note`. Sent again the same it does
    nothing; sent again changed, it is a further step. What was finished meanwhile stays so, and the note is kept as a
    remark: a visit from a tablet without a signal is never lost for it. Raises Refused with `where`
    "follow_up.<id>[.note]".
    """
    actor.require(Act.REPORT_FOLLOW_UP)
    if record.author_id != actor.id or record.status not in REPORTED:
        raise refuse(Say.NOT_FOUND)
    problems: list[Problem] = []
    for item in items[:200]:
        where = f"follow_up.{str(item.get('id'))[:40]}"
        try:
            _at_visit(session, actor, record, item, channel)
        except Refused as refused:
            problems += [p.inside(where) for p in refused.problems]
    if problems:
        raise Refused(problems)


def _at_visit(session: Session, actor: Actor, record: FieldRecord, item: Mapping[str, Any], channel: str) -> None:
    one = _of_this_place(session, record, item.get("id"))
    told = _TOLD.get(str(item.get("state") or FollowUpState.OPEN))
    if told is None:
        raise refuse(Say.NOT_AN_OPTION, "state")
    note = _word(str(item.get("note") or ""), needed=False)
    last = _last_step(session, one, S.record_id == record.id, S.asked.is_not(None))
    if last and (last.asked, last.word) == (told, note):
        return
    if not note:
        if last is None and told in (one.state, FollowUpState.OPEN):
            return  # nothing to tell
        raise refuse(Say.REQUIRED, "note")
    more: _More = {"on_day": _day_of(session, one, record.happened_on), "asked": told.value, "channel": channel}
    takes_back = told is FollowUpState.IN_PROGRESS and one.state in WAITING and one.reported_by == actor.id
    if (told in REPORTABLE and one.state in NOT_DONE) or takes_back:
        _report(session, actor, one, told, note, record.id, **more)
        return
    if told == one.state == FollowUpState.DONE:
        one.proof_id = record.id  # a later visit that shows it
    step(session, actor, one, StepAct.REMARK, FollowUpState(one.state), note, record_id=record.id, **more)


def _of_this_place(session: Session, record: FieldRecord, given: Any) -> Recommendation:
    """The recommendation that an item names, of the visit's own plan and unit and not its own."""
    try:
        one = _locked(session, given if isinstance(given, uuid.UUID) else uuid.UUID(str(given)))
    except ValueError:
        raise refuse(Say.NOT_FOUND) from None
    if one is None or (one.plan_id, one.unit_id) != (record.plan_id, record.unit_id) or one.record_id == record.id:
        raise refuse(Say.NOT_FOUND)
    return one


def _day_of(session: Session, one: Recommendation, visited: date | None) -> date:
    """The visit's day, but never before a step that was made already: the past stays as it was told."""
    last = _last_step(session, one)
    return max(visited or clock.today(), last.on_day if last else one.since)
