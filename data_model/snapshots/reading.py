"""Frozen snapshots: what is kept of them, and who may see them.

Figures are sealed when a period is frozen (`content_hash`, over the canonical bytes and what identifies the snapshot),
what people typed beside them when it is submitted (`texts_hash`), the whole row at every step (`SnapshotStep`). The
database refuses to alter or delete any of it; `proving` looks whether somebody did. A correction is a new version that
names the one it replaces.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, select

from data_model.accounts.account import names_of
from data_model.core import canonical
from data_model.core.access import Act, Actor
from data_model.core.database import columns
from data_model.core.problems import Say, refuse
from data_model.periods.periods import Period
from data_model.periods.tables import Snapshot, SnapshotBody, SnapshotStatus
from data_model.snapshots.content import SnapshotContent, TypedTexts

S = columns(Snapshot)


@dataclass(frozen=True)
class Texts:
    """What people typed beside the figures; `causes` and `measures` go by target code.

    `number` is the document's own (số ký hiệu), `send_by` the last day for sending it on.
    """

    difficulties: str = ""
    proposals: str = ""
    next_tasks: str = ""
    causes: dict[str, str] = field(default_factory=dict)
    measures: dict[str, str] = field(default_factory=dict)
    number: str = ""
    send_by: date | None = None

    def __post_init__(self) -> None:
        for name in ("causes", "measures"):
            object.__setattr__(self, name, dict(getattr(self, name) or {}))

    def stored(self) -> dict[str, Any]:
        """As JSON has it. What came later is left out where it is empty, so that seals of older texts stay what they
        are.
        """
        kept = {name: getattr(self, name) for name in ("difficulties", "proposals", "next_tasks", "causes", "measures")}
        kept |= {"number": self.number} if self.number else {}
        return kept | ({"send_by": self.send_by.isoformat()} if self.send_by else {})

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Texts":
        """What `stored` gave. Raises TypeError or ValueError for anything else."""
        day = stored.get("send_by")
        return cls(**{**stored, "send_by": date.fromisoformat(day) if day else None})


@dataclass(frozen=True)
class Head:
    """A snapshot without its figures. `made_by` and the like are display names, None where nobody did it yet."""

    id: int
    plan_id: int
    period: Period
    starts_on: date
    ends_on: date
    version: int
    replaces_id: int | None
    content_hash: str
    texts_hash: str | None
    cut_off: datetime
    made_by_id: int
    made_by: str
    made_at: datetime
    status: SnapshotStatus
    row_version: int
    reason: str
    returned_reason: str | None
    submitted_by: str | None
    submitted_at: datetime | None
    approved_by: str | None
    approved_at: datetime | None
    issued_by: str | None
    issued_at: datetime | None


@dataclass(frozen=True)
class Opened:
    """A snapshot with its figures; `content` carries the typed texts in their places."""

    head: Head
    content: SnapshotContent
    texts: Texts


def heads(session: Session, actor: Actor, plan_id: int) -> list[Head]:
    """Every snapshot of a plan, the latest first."""
    actor.require(Act.READ_SNAPSHOTS)
    rows = session.exec(select(Snapshot).where(S.plan_id == plan_id).order_by(S.id.desc())).all()
    return _heads(session, rows)


def head_of(session: Session, actor: Actor, snapshot_id: int) -> Head:
    """One snapshot without its figures. Raises Refused (NOT_FOUND)."""
    actor.require(Act.READ_SNAPSHOTS)
    return _heads(session, [_row(session, snapshot_id)])[0]


def open_snapshot(session: Session, actor: Actor, snapshot_id: int) -> Opened:
    """One snapshot, whole. Raises Refused (NOT_FOUND)."""
    head = head_of(session, actor, snapshot_id)
    row = _row(session, snapshot_id)
    texts = Texts.read(row.texts)
    return Opened(head, with_texts(SnapshotContent.read(_body(session, snapshot_id)), texts), texts)


def with_texts(content: SnapshotContent, texts: Texts) -> SnapshotContent:
    """The figures with what was typed beside them."""
    return replace(
        content,
        texts=TypedTexts(texts.difficulties, texts.proposals, texts.next_tasks, texts.number, texts.send_by),
        targets=tuple(
            replace(t, cause=texts.causes.get(t.code, ""), measure=texts.measures.get(t.code, ""))
            for t in content.targets
        ),
    )


def content_bytes(session: Session, actor: Actor, snapshot_id: int) -> bytes:
    """The canonical bytes as they are kept, for handing out."""
    actor.require(Act.READ_SNAPSHOTS)
    _row(session, snapshot_id)
    return _body(session, snapshot_id)


def seal_of(texts: Texts) -> str:
    """The hash of what was typed."""
    return canonical.sha256(canonical.to_bytes(texts.stored()))


def content_of(session: Session, row: Snapshot) -> SnapshotContent:
    """The figures of a row. The caller has checked access."""
    return SnapshotContent.read(_body(session, row.id))


def _row(session: Session, snapshot_id: int) -> Snapshot:
    row = session.get(Snapshot, snapshot_id)
    if row is None:
        raise refuse(Say.NOT_FOUND)
    return row


def _body(session: Session, snapshot_id: int) -> bytes:
    return session.exec(select(SnapshotBody.content).where(SnapshotBody.snapshot_id == snapshot_id)).one()


def _heads(session: Session, rows: Iterable[Snapshot]) -> list[Head]:
    rows = list(rows)
    people = ("made_by", "submitted_by", "approved_by", "issued_by")
    named = names_of(session, {getattr(row, one) for row in rows for one in people})

    def name_of(account_id: int | None) -> str | None:
        return None if account_id is None else named[account_id]

    return [
        Head(
            **{
                name: getattr(row, name)
                for name in (
                    "id",
                    "plan_id",
                    "starts_on",
                    "ends_on",
                    "version",
                    "replaces_id",
                    "content_hash",
                    "texts_hash",
                    "cut_off",
                    "made_at",
                    "row_version",
                    "reason",
                    "returned_reason",
                    "submitted_at",
                    "approved_at",
                    "issued_at",
                )
            },
            made_by=named[row.made_by],
            submitted_by=name_of(row.submitted_by),
            approved_by=name_of(row.approved_by),
            issued_by=name_of(row.issued_by),
            made_by_id=row.made_by,
            period=Period(row.period),
            status=SnapshotStatus(row.status),
        )
        for row in rows
    ]
