"""The way of a snapshot: draft, submitted, approved, issued, superseded. Each step by its role, journalled, never back
from issue.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session, select

from data_model.core import clock, journal
from data_model.core.access import Act, Actor
from data_model.core.label import Label
from data_model.core.problems import Say, refuse
from data_model.core.reason import given_reason
from data_model.core.text import kept_texts
from data_model.periods.issued import locked_row
from data_model.periods.lock import hold_issues
from data_model.periods.tables import Snapshot, SnapshotStatus
from data_model.snapshots.reading import Head, Texts, head_of, seal_of
from data_model.snapshots.steps import seal_step

MOST_TEXT, MOST_NUMBER = 10_000, 60
_IN_ALL, _BY_TARGET = ("difficulties", "proposals", "next_tasks"), ("causes", "measures")
"""The texts of a draft, in the order of `Texts`: on the whole period, and on single targets."""
S = SnapshotStatus


class Step(StrEnum):
    """What can be done with a snapshot."""

    SUBMIT = "submit"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    ISSUE = "issue"
    DISCARD = "discard"

    @property
    def label(self) -> Label:
        """The step as its button names it."""
        return _WAYS[self].label


@dataclass(frozen=True)
class _Way:
    label: Label
    leads_from: tuple[SnapshotStatus, ...]
    leads_to: SnapshotStatus
    act: Act
    needs_reason: bool = False


_WAYS = {
    Step.SUBMIT: _Way(Label("Trình duyệt", "Submit"), (S.DRAFT,), S.SUBMITTED, Act.FREEZE),
    Step.SEND_BACK: _Way(
        Label("Trả lại", "Send back"), (S.SUBMITTED, S.APPROVED), S.DRAFT, Act.APPROVE_SNAPSHOT, needs_reason=True
    ),
    Step.APPROVE: _Way(Label("Duyệt", "Approve"), (S.SUBMITTED,), S.APPROVED, Act.APPROVE_SNAPSHOT),
    Step.ISSUE: _Way(Label("Phát hành", "Issue"), (S.APPROVED,), S.ISSUED, Act.APPROVE_SNAPSHOT),
    Step.DISCARD: _Way(Label("Bỏ bản này", "Discard"), (S.DRAFT,), S.DISCARDED, Act.FREEZE),
}


def steps_open(actor: Actor, head: Head) -> tuple[Step, ...]:
    """The steps that the account may take now. Nobody approves what they froze."""
    return tuple(
        step
        for step, way in _WAYS.items()
        if head.status in way.leads_from
        and actor.may(way.act)
        and not (step is Step.APPROVE and head.made_by_id == actor.id)
    )


def needs_reason(step: Step) -> bool:
    """Whether the step must be explained."""
    return _WAYS[step].needs_reason


def take(session: Session, actor: Actor, snapshot_id: int, step: Step, seen_version: int, reason: str = "") -> Head:
    """Take a step. A second press finds it taken and changes nothing. Raises Refused."""
    way = _WAYS[step]
    actor.require(way.act)
    if step is Step.ISSUE:
        hold_issues(session, head_of(session, actor, snapshot_id).plan_id)
    row = locked_row(session, snapshot_id)
    if row.status == way.leads_to and row.row_version == seen_version + 1:
        return head_of(session, actor, snapshot_id)
    if row.row_version != seen_version:
        raise refuse(Say.SNAPSHOT_CHANGED)
    if row.status not in way.leads_from:
        raise refuse(Say.SNAPSHOT_STATE, status=SnapshotStatus(row.status).label)
    if step is Step.APPROVE and row.made_by == actor.id:
        raise refuse(Say.OWN_SNAPSHOT)
    reason = given_reason(reason, missing=Say.REASON_MISSING if way.needs_reason else None)
    before = row.status
    _STAMPS[step](session, actor, row, reason)
    row.status, row.row_version = way.leads_to, row.row_version + 1
    seal = seal_step(session, actor, row, f"snapshot_{step.value}")
    session.flush()
    journal.note(
        session,
        actor,
        f"snapshot_{step.value}",
        "snapshot",
        row.id,
        {"status": before},
        {"status": row.status, "texts_hash": row.texts_hash, "seal": seal} | ({"reason": reason} if reason else {}),
    )
    return head_of(session, actor, snapshot_id)


def save_texts(session: Session, actor: Actor, snapshot_id: int, texts: Texts, seen_version: int) -> Head:
    """Keep what was typed beside the figures of a draft. Raises Refused with the field that is too long."""
    actor.require(Act.FREEZE)
    row = locked_row(session, snapshot_id)
    told: list[tuple[str, str, int]] = [(name, getattr(texts, name), MOST_TEXT) for name in _IN_ALL]
    told += [(f"{name}.{code}", said, MOST_TEXT) for name in _BY_TARGET for code, said in getattr(texts, name).items()]
    told.append(("number", texts.number, MOST_NUMBER))
    kept = dict(zip((where for where, *_said in told), kept_texts(*told), strict=True))
    causes, measures = (
        {code: said for code in getattr(texts, name) if (said := kept[f"{name}.{code}"])} for name in _BY_TARGET
    )
    difficulties, proposals, next_tasks = (kept[name] for name in _IN_ALL)
    clean = Texts(difficulties, proposals, next_tasks, causes, measures, kept["number"], texts.send_by)
    if Texts.read(row.texts) == clean:
        return head_of(session, actor, snapshot_id)
    if row.status != S.DRAFT:
        raise refuse(Say.SNAPSHOT_STATE, status=SnapshotStatus(row.status).label)
    if row.row_version != seen_version:
        raise refuse(Say.SNAPSHOT_CHANGED)
    before, row.texts, row.row_version = row.texts, clean.stored(), row.row_version + 1
    seal = seal_step(session, actor, row, "snapshot_texts")
    session.flush()
    journal.note(session, actor, "snapshot_texts", "snapshot", row.id, before, row.texts | {"seal": seal})
    return head_of(session, actor, snapshot_id)


def _submit(session: Session, actor: Actor, row: Snapshot, reason: str) -> None:
    row.submitted_by, row.submitted_at, row.returned_reason = actor.id, clock.now(), None
    row.texts_hash = seal_of(Texts.read(row.texts))


def _send_back(session: Session, actor: Actor, row: Snapshot, reason: str) -> None:
    row.returned_reason, row.texts_hash = reason, None
    row.approved_by = row.approved_at = None


def _approve(session: Session, actor: Actor, row: Snapshot, reason: str) -> None:
    row.approved_by, row.approved_at = actor.id, clock.now()


def _issue(session: Session, actor: Actor, row: Snapshot, reason: str) -> None:
    for former in session.exec(
        select(Snapshot)
        .where(
            Snapshot.plan_id == row.plan_id,
            Snapshot.period == row.period,
            Snapshot.status == S.ISSUED,
            Snapshot.id != row.id,
        )
        .with_for_update()
    ):
        former.status, former.row_version = S.SUPERSEDED, former.row_version + 1
        seal = seal_step(session, actor, former, "snapshot_superseded")
        session.flush()
        journal.note(
            session,
            actor,
            "snapshot_superseded",
            "snapshot",
            former.id,
            {"status": S.ISSUED},
            {"status": S.SUPERSEDED, "by": row.id, "seal": seal},
        )
    row.issued_by, row.issued_at = actor.id, clock.now()


def _discard(session: Session, actor: Actor, row: Snapshot, reason: str) -> None:
    row.texts_hash = None


_STAMPS: dict[Step, Callable[[Session, Actor, Snapshot, str], None]] = {
    Step.SUBMIT: _submit,
    Step.SEND_BACK: _send_back,
    Step.APPROVE: _approve,
    Step.ISSUE: _issue,
    Step.DISCARD: _discard,
}
