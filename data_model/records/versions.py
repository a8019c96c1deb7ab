"""The versions of a record, read out of the journal, and what changed from one to another."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlmodel import Session

from data_model.core import journal
from data_model.core.access import Actor
from data_model.core.tables import JournalEntry
from data_model.forms.answer_changes import Change, changes
from data_model.forms.kind import Kind
from data_model.kinds.registry import all_kinds
from data_model.records.listing import open_record
from data_model.records.tables import FieldRecord, RecordStatus
from data_model.records.writing import changed_by

Part = TypeVar("Part")
Position = tuple[float | None, float | None]
DECIDED = frozenset({RecordStatus.VERIFIED.value, RecordStatus.RETURNED.value, RecordStatus.VOID.value})
MAKES_A_VERSION = frozenset({"save_draft", "send", "discard", "unverified", *DECIDED})
"""Acts of the journal that raise a record's version by one each."""
DRAFTS = frozenset({"begin_draft", "save_draft"})


@dataclass(frozen=True)
class Content:
    """What a record said. `unit_id` is None in a draft that was never sent: the journal notes its answers alone.

    `evidence`: photos and files that were in sight, id and name.
    """

    answers: dict[str, Any]
    unit_id: int | None = None
    round_id: int | None = None
    position: Position = (None, None)
    evidence: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Difference:
    """What changed between two versions: answers field by field; unit, round and position as before and after, or None.

    `added` and `removed` are the names of photos and files.
    """

    answers: tuple[Change, ...] = ()
    unit: tuple[int | None, int | None] | None = None
    round: tuple[int | None, int | None] | None = None
    position: tuple[Position, Position] | None = None
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != Difference()


@dataclass(frozen=True)
class Step:
    """One act in a record's life. `version` is the one that it made (None: it made none).

    `content` is what the record said after it; `difference` how that differs from what was sent before (None: nothing
    was).
    """

    version: int | None
    at: datetime
    account_id: int | None
    channel: str
    act: str
    reason: str | None
    content: Content
    difference: Difference | None


@dataclass(frozen=True)
class Latest:
    """A record as it stands now, and who changed it last: for somebody who has an older version before them."""

    version: int
    status: RecordStatus
    answers: dict[str, Any]
    unit_id: int
    round_id: int | None
    position: tuple[float, float, float | None] | None
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True)
class Resent:
    """What an author changed since `since`: the decision that sent the record back, else the sending before."""

    since: Step
    difference: Difference


def latest_content(session: Session, actor: Actor, record_id: uuid.UUID) -> Latest:
    """The record as it stands now. Raises Refused (NOT_FOUND) when the account may not see it."""
    record = open_record(session, actor, record_id)
    position = None
    if record.latitude is not None and record.longitude is not None:
        position = (record.latitude, record.longitude, record.accuracy_m)
    return Latest(
        record.version,
        RecordStatus(record.status),
        record.answers,
        record.unit_id,
        record.round_id,
        position,
        changed_by(session, record),
        record.changed_at,
    )


def sent_before(
    session: Session, actor: Actor, record_id: uuid.UUID, seen_version: int, answers: dict[str, Any]
) -> Latest | None:
    """The record as it stands now, where the account sent exactly these answers after `seen_version`: the sending
    arrived and only its answer was lost, whatever was decided or changed since. None otherwise.
    """
    record = session.get(FieldRecord, record_id)
    if record is None or record.author_id != actor.id:
        return None
    steps = _steps(session, actor, record)
    arrived = any(
        step.act == "send"
        and step.account_id == actor.id
        and (step.version or 0) > seen_version
        and step.content.answers == answers
        for step in steps
    )
    return latest_content(session, actor, record_id) if arrived else None


def past(session: Session, actor: Actor, record: FieldRecord) -> list[Step]:
    """The life of a record that `actor` has opened, oldest first. What came before its sending is its author's own, and
    so are drafts.
    """
    steps = _steps(session, actor, record)
    if record.author_id == actor.id:
        return steps
    first = next((n for n, step in enumerate(steps) if step.act == "send"), 0)
    return [step for step in steps[first:] if step.act not in DRAFTS]


def since(session: Session, actor: Actor, record: FieldRecord, seen_version: int) -> Difference | None:
    """How the record differs from the version that somebody has before them; None where that one is not known."""
    steps = _steps(session, actor, record)
    seen = next((step for step in steps if step.version == seen_version), None)
    return _difference(all_kinds()[record.kind], seen.content, _now(record, steps)) if seen else None


def resent(session: Session, actor: Actor, record: FieldRecord) -> Resent | None:
    """What changed since a reviewer last decided on the record, or since it was sent before; None for its first
    sending.
    """
    steps = _steps(session, actor, record)
    told = [step for step in steps if step.act == "send" or step.act in DECIDED]
    last_sent = max((n for n, step in enumerate(told) if step.act == "send"), default=0)
    decisions = [step for step in told[:last_sent] if step.act in DECIDED]
    before = decisions[-1:] or told[:last_sent][-1:]
    return (
        Resent(before[0], _difference(all_kinds()[record.kind], before[0].content, _now(record, steps)))
        if before
        else None
    )


def _steps(session: Session, actor: Actor, record: FieldRecord) -> list[Step]:
    kind = all_kinds()[record.kind]
    content, sent, steps = Content({}), None, []
    for entry in journal.history(session, actor, "record", record.id):
        content = _after(content, entry)
        difference = None
        if entry.act == "send":
            difference, sent = (_difference(kind, sent, content) if sent else None), content
        reason = (entry.after or {}).get("reason")
        steps.append(Step(None, entry.at, entry.account_id, entry.channel, entry.act, reason, content, difference))
    # Counted from the end: records that were put in without a journal have no first ones.
    number = record.version
    for place in reversed(range(len(steps))):
        if steps[place].act in MAKES_A_VERSION:
            steps[place], number = replace(steps[place], version=number), number - 1
    return steps


def _after(content: Content, entry: JournalEntry) -> Content:
    before, after = entry.before or {}, entry.after or {}
    if entry.act == "save_draft":
        return replace(content, answers=after["answers"])
    if entry.act == "send":
        return Content(
            after["answers"], after["unit_id"], after["round_id"], tuple(after["position"]), content.evidence
        )
    if entry.act == "add_evidence":
        return replace(content, evidence=(*content.evidence, (after["evidence"], after["name"])))
    if entry.act == "remove_evidence":
        return replace(content, evidence=tuple(piece for piece in content.evidence if piece[0] != before["evidence"]))
    return content


def _now(record: FieldRecord, steps: list[Step]) -> Content:
    evidence = steps[-1].content.evidence if steps else ()
    return Content(record.answers, record.unit_id, record.round_id, (record.latitude, record.longitude), evidence)


def _difference(kind: type[Kind], old: Content, new: Content) -> Difference:
    def pair(before: Part, after: Part) -> tuple[Part, Part] | None:
        return None if before == after else (before, after)

    if old.unit_id is None:  # a draft, of which the journal has the answers alone
        old = replace(new, answers=old.answers, evidence=old.evidence)
    return Difference(
        tuple(changes(kind, old.answers, new.answers)),
        pair(old.unit_id, new.unit_id),
        pair(old.round_id, new.round_id),
        pair(old.position, new.position),
        added=tuple(name for piece, name in new.evidence if (piece, name) not in old.evidence),
        removed=tuple(name for piece, name in old.evidence if (piece, name) not in new.evidence),
    )
