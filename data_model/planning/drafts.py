"""Drafts of plans: begun, changed with an undo, submitted, issued by a leader with the document's number and day.

A draft is seen by those who write plans, and by a leader once it was submitted. Until it is issued it is in no table of
plans, so nothing counts it.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from data_model.core import clock, journal
from data_model.core.access import Act, Actor
from data_model.core.problems import Problem, Refused, Say, refuse
from data_model.core.text import nfc, visible
from data_model.evidence.documents import DOCX, PDF, read_file
from data_model.planning.content import PlanContent
from data_model.planning.reading import Reading, read
from data_model.planning.sheets import Sheets, tidied
from data_model.planning.tables import DraftStatus, PlanDocument, PlanDocumentBytes, PlanDraft, PlanDraftVersion
from data_model.planning.writing import write_plan
from data_model.plans.tables import Plan
from data_model.plans.view import revise

MOST_UNDONE = 100
"""Changes of a draft that can be taken back."""
MOST_DOCUMENT_BYTES = 20_000_000
MOST_DOCUMENTS = 10


@dataclass(frozen=True)
class DraftHead:
    """What a list shows of a draft. `name` is what its first sheet says so far, "" where nothing."""

    id: int
    name: str
    status: DraftStatus
    version: int
    changed_at: datetime


@dataclass(frozen=True)
class DocumentHead:
    """A document beside a draft, without its bytes."""

    id: int
    name: str
    media_type: str
    size: int
    added_at: datetime


def list_drafts(session: Session, actor: Actor) -> list[DraftHead]:
    """The drafts that are under way, newest change first: all for who writes plans, else those submitted."""
    actor.require(Act.READ_PLAN_DRAFTS)
    statuses = [DraftStatus.SUBMITTED.value]
    if actor.may(Act.WRITE_PLAN):
        statuses.append(DraftStatus.DRAFT.value)
    found = session.exec(
        select(PlanDraft).where(col(PlanDraft.status).in_(statuses)).order_by(col(PlanDraft.changed_at).desc())
    )
    return [DraftHead(d.id, _name(d.sheets), DraftStatus(d.status), d.version, d.changed_at) for d in found]


def _name(sheets: dict[str, Any]) -> str:
    head: dict[str, str] = next(iter(sheets.get("plan", [])), {})
    return head.get("name_vi") or head.get("code") or ""


def open_draft(session: Session, actor: Actor, draft_id: int) -> PlanDraft:
    """A draft that the account may see. Raises Refused (NOT_FOUND)."""
    actor.require(Act.READ_PLAN_DRAFTS)
    return _seen(actor, session.get(PlanDraft, draft_id))


def _seen(actor: Actor, draft: PlanDraft | None) -> PlanDraft:
    if draft is None or (draft.status == DraftStatus.DRAFT and not actor.may(Act.WRITE_PLAN)):
        raise refuse(Say.NOT_FOUND)
    return draft


def can_be_undone(session: Session, draft: PlanDraft) -> bool:
    """Whether a change of the draft can be taken back."""
    return _former(session, draft) is not None


def _former(session: Session, draft: PlanDraft) -> PlanDraftVersion | None:
    """The cells before the last change that was not taken back."""
    return session.exec(
        select(PlanDraftVersion)
        .where(PlanDraftVersion.draft_id == draft.id)
        .order_by(col(PlanDraftVersion.number).desc())
        .limit(1)
    ).first()


def check(session: Session, draft: PlanDraft) -> Reading:
    """What the draft says now, and what is wrong with it, cell by cell."""
    return read(session, draft.sheets)


def begin_draft(session: Session, actor: Actor, sheets: Sheets, based_on_id: int | None = None) -> PlanDraft:
    """A new draft with these cells. Raises Refused for what is no sheet of a plan."""
    actor.require(Act.WRITE_PLAN)
    now = clock.now()
    draft = PlanDraft(
        sheets=tidied(sheets),
        based_on_id=based_on_id,
        author_id=actor.id,
        created_at=now,
        changed_by=actor.id,
        changed_at=now,
    )
    session.add(draft)
    session.flush()
    journal.note(session, actor, "begin_plan_draft", "plan_draft", draft.id, after={"name": _name(draft.sheets)})
    return draft


def _held(session: Session, actor: Actor, draft_id: int, seen: int, *statuses: DraftStatus) -> PlanDraft:
    """The draft as it stands now, held until this transaction ends; refuses what was changed since it was seen."""
    draft = _seen(actor, session.get(PlanDraft, draft_id, with_for_update=True, populate_existing=True))
    if draft.status not in statuses:
        raise refuse(Say.DRAFT_STATE, status=DraftStatus(draft.status).label)
    if draft.version != seen:
        raise refuse(Say.DRAFT_CHANGED)
    return draft


def save_draft(session: Session, actor: Actor, draft_id: int, seen: int, sheets: Sheets) -> int:
    """Keep the cells as they are typed now; gives the new version. Equal cells change nothing."""
    actor.require(Act.WRITE_PLAN)
    draft = _held(session, actor, draft_id, seen, DraftStatus.DRAFT)
    kept = tidied(sheets)
    if kept == draft.sheets:
        return draft.version
    session.add(PlanDraftVersion(draft_id=draft.id, number=draft.version, sheets=draft.sheets))
    session.execute(
        delete(PlanDraftVersion).where(
            col(PlanDraftVersion.draft_id) == draft.id, col(PlanDraftVersion.number) <= draft.version - MOST_UNDONE
        )
    )
    draft.sheets = kept
    _changed(draft, actor)
    return draft.version


def _changed(draft: PlanDraft, actor: Actor) -> None:
    draft.version += 1
    draft.changed_by, draft.changed_at = actor.id, clock.now()


def undo_draft(session: Session, actor: Actor, draft_id: int, seen: int) -> int:
    """Take the last change of the cells back; gives the new version."""
    actor.require(Act.WRITE_PLAN)
    draft = _held(session, actor, draft_id, seen, DraftStatus.DRAFT)
    former = _former(session, draft)
    if former is None:
        raise refuse(Say.NOTHING_TO_UNDO)
    draft.sheets = former.sheets
    session.delete(former)
    _changed(draft, actor)
    return draft.version


def submit_draft(session: Session, actor: Actor, draft_id: int, seen: int) -> None:
    """Hand the draft to the leaders. Raises Refused with every problem while something forbids to issue it."""
    actor.require(Act.WRITE_PLAN)
    draft = _held(session, actor, draft_id, seen, DraftStatus.DRAFT)
    if problems := check(session, draft).problems:
        raise Refused(problems)
    _step(session, actor, draft, DraftStatus.SUBMITTED, "submit_plan_draft")


def take_back_draft(session: Session, actor: Actor, draft_id: int, seen: int) -> None:
    """Open a submitted draft for changes again."""
    actor.require(Act.WRITE_PLAN)
    draft = _held(session, actor, draft_id, seen, DraftStatus.SUBMITTED)
    _step(session, actor, draft, DraftStatus.DRAFT, "take_back_plan_draft")


def discard_draft(session: Session, actor: Actor, draft_id: int, seen: int) -> None:
    """Throw a draft away. It stays in the database and in the journal."""
    actor.require(Act.WRITE_PLAN)
    draft = _held(session, actor, draft_id, seen, DraftStatus.DRAFT, DraftStatus.SUBMITTED)
    _step(session, actor, draft, DraftStatus.DISCARDED, "discard_plan_draft")


def _step(session: Session, actor: Actor, draft: PlanDraft, status: DraftStatus, act: str) -> None:
    before = draft.status
    draft.status = status.value
    # A step is no change of cells: what could be undone before it is not undone into another state.
    session.execute(delete(PlanDraftVersion).where(col(PlanDraftVersion.draft_id) == draft.id))
    _changed(draft, actor)
    journal.note(session, actor, act, "plan_draft", draft.id, before={"status": before}, after={"status": status.value})


def issue(
    session: Session, actor: Actor, draft_id: int, seen: int, number: str, day: date | None, sure: bool = False
) -> int:
    """Put a submitted draft in force as the document of that number and day says; gives the plan's id.

    A leader's act. Raises Refused with what is missing ("number", "day"), with what forbids it (at its cell), with the
    doubts unless the leader is `sure` of them, and for a code that another plan has.
    """
    actor.require(Act.ISSUE_PLAN)
    draft = _held(session, actor, draft_id, seen, DraftStatus.SUBMITTED)
    number = " ".join(nfc(number).split())
    problems = list(_document_problems(number, day))
    if problems:
        raise Refused(problems)
    found = check(session, draft)
    if found.problems or found.content is None:
        raise Refused(found.problems)
    if found.doubts and not sure:
        raise Refused(found.doubts)
    content = _as_issued(found.content, number, day)
    if session.exec(select(Plan.id).where(Plan.code == content.code)).first() is not None:
        raise refuse(Say.PLAN_CODE_TAKEN, "plan.0.code", code=content.code)
    plan = write_plan(session, actor, content).plan
    draft.plan_id = plan.id
    _step(session, actor, draft, DraftStatus.ISSUED, "issue_plan_draft")
    told = {"code": plan.code, "number": number, "date": day.isoformat() if day else None, "revision": plan.revision}
    journal.note(session, actor, "issue_plan", "plan", plan.id, after=told | {"draft": draft.id})
    return plan.id


def _document_problems(number: str, day: date | None) -> Iterator[Problem]:
    if not number:
        yield Problem("number", Say.REQUIRED)
    elif len(number) > 80:
        yield Problem("number", Say.TOO_LONG, {"most": 80, "length": len(number)})
    if day is None:
        yield Problem("day", Say.REQUIRED)
    elif day > clock.today():
        yield Problem("day", Say.DATE_IN_FUTURE, {"today": clock.today()})


def _as_issued(content: PlanContent, number: str, day: date | None) -> PlanContent:
    return replace(content, document=content.document | {"number": number, "date": day.isoformat() if day else None})


def close_plan(session: Session, actor: Actor, plan_id: int, reason: str) -> None:
    """Close a plan: it takes no more records, and stays to be read. A leader's act, with a word why."""
    actor.require(Act.ISSUE_PLAN)
    _set_closed(session, actor, plan_id, reason, True)


def reopen_plan(session: Session, actor: Actor, plan_id: int, reason: str) -> None:
    """Let a closed plan take records again."""
    actor.require(Act.ISSUE_PLAN)
    _set_closed(session, actor, plan_id, reason, False)


def _set_closed(session: Session, actor: Actor, plan_id: int, reason: str, closed: bool) -> None:
    reason = nfc(reason)
    if not reason:
        raise refuse(Say.REASON_MISSING, "reason")
    if len(reason) > 1000:
        raise refuse(Say.TOO_LONG, "reason", most=1000, length=len(reason))
    plan = session.get(Plan, plan_id, with_for_update=True, populate_existing=True)
    if plan is None or plan.example:
        raise refuse(Say.NOT_FOUND)
    if (plan.closed_at is not None) == closed:
        return
    plan = revise(session, plan_id)
    plan.closed_at = clock.now() if closed else None
    journal.note(
        session,
        actor,
        "close_plan" if closed else "reopen_plan",
        "plan",
        plan_id,
        after={"reason": reason, "revision": plan.revision},
    )


def take_over_example(session: Session, actor: Actor, plan_id: int) -> None:
    """Make an example plan the office's own: from now on it counts and takes records. A leader's act."""
    actor.require(Act.ISSUE_PLAN)
    plan = session.get(Plan, plan_id, with_for_update=True, populate_existing=True)
    if plan is None or not plan.example:
        raise refuse(Say.NOT_FOUND)
    plan = revise(session, plan_id)
    plan.example = False
    journal.note(session, actor, "take_over_example", "plan", plan_id, after={"revision": plan.revision})


def attach_document(session: Session, actor: Actor, draft_id: int, name: str, content: bytes) -> int:
    """Keep the document itself (PDF or Word) beside a draft; gives its id. Raises Refused for anything else."""
    actor.require(Act.WRITE_PLAN)
    draft = _seen(actor, session.get(PlanDraft, draft_id, with_for_update=True, populate_existing=True))
    name = visible(name)[:140]
    if len(content) > MOST_DOCUMENT_BYTES:
        raise refuse(Say.EVIDENCE_TOO_LARGE, "document", name=name, most=MOST_DOCUMENT_BYTES // 1_000_000)
    media_type = read_file(content, name)
    if media_type not in (PDF, DOCX):
        raise refuse(Say.DOCUMENT_KIND, "document", name=name)
    count = select(func.count()).where(PlanDocument.draft_id == draft.id, col(PlanDocument.removed_at).is_(None))
    if session.exec(count).one() >= MOST_DOCUMENTS:
        raise refuse(Say.TOO_MANY_ROWS, "document", most=MOST_DOCUMENTS)
    document = PlanDocument(
        draft_id=draft.id,
        name=name,
        media_type=media_type,
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        added_by=actor.id,
        added_at=clock.now(),
    )
    session.add(document)
    session.flush()
    session.add(PlanDocumentBytes(document_id=document.id, content=content))
    journal.note(
        session,
        actor,
        "attach_document",
        "plan_draft",
        draft.id,
        after={"name": name, "size": document.size, "digest": document.digest},
    )
    return document.id


def remove_document(session: Session, actor: Actor, document_id: int) -> None:
    """Take a document away from its draft; an issued plan keeps its own."""
    actor.require(Act.WRITE_PLAN)
    document = session.get(PlanDocument, document_id, with_for_update=True, populate_existing=True)
    if document is None or document.removed_at is not None:
        raise refuse(Say.NOT_FOUND)
    draft = _seen(actor, session.get(PlanDraft, document.draft_id))
    if draft.status not in (DraftStatus.DRAFT, DraftStatus.SUBMITTED):
        raise refuse(Say.DRAFT_STATE, status=DraftStatus(draft.status).label)
    document.removed_at = clock.now()
    told = {"name": document.name, "digest": document.digest}
    journal.note(session, actor, "remove_document", "plan_draft", draft.id, before=told)


def documents(session: Session, actor: Actor, draft_id: int) -> list[DocumentHead]:
    """The documents beside a draft that the account may see, oldest first."""
    actor.require(Act.READ_PLAN_DRAFTS)
    _seen(actor, session.get(PlanDraft, draft_id))
    found = session.exec(
        select(PlanDocument)
        .where(PlanDocument.draft_id == draft_id, col(PlanDocument.removed_at).is_(None))
        .order_by(col(PlanDocument.id))
    )
    return [DocumentHead(d.id, d.name, d.media_type, d.size, d.added_at) for d in found]


def open_document(session: Session, actor: Actor, document_id: int) -> tuple[DocumentHead, bytes]:
    """A document with its bytes, which are compared with their checksum. Raises Refused."""
    actor.require(Act.READ_PLAN_DRAFTS)
    document = session.get(PlanDocument, document_id)
    kept = session.get(PlanDocumentBytes, document_id)
    if document is None or kept is None or document.removed_at is not None:
        raise refuse(Say.NOT_FOUND)
    _seen(actor, session.get(PlanDraft, document.draft_id))
    if hashlib.sha256(kept.content).hexdigest() != document.digest:
        raise refuse(Say.EVIDENCE_HARMED, name=document.name)
    head = DocumentHead(document.id, document.name, document.media_type, document.size, document.added_at)
    return head, kept.content


def draft_of(session: Session, actor: Actor, plan_id: int) -> int | None:
    """The draft that a plan was issued from, beside which its documents are kept; None for one of the data files."""
    actor.require(Act.READ_PLAN_DRAFTS)
    return session.exec(select(PlanDraft.id).where(PlanDraft.plan_id == plan_id)).first()
