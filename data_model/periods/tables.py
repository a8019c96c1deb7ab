"""The tables of frozen periods and of the exceptions from their lock."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from data_model.core.database import UtcTime
from data_model.core.label import LabelledEnum


class SnapshotStatus(LabelledEnum):
    """Statuses of a snapshot; a draft that nobody wants is discarded, never deleted."""

    DRAFT = "draft", "nháp", "draft"
    SUBMITTED = "submitted", "trình duyệt", "submitted"
    APPROVED = "approved", "đã duyệt", "approved"
    ISSUED = "issued", "phát hành", "issued"
    SUPERSEDED = "superseded", "thay thế", "superseded"
    DISCARDED = "discarded", "bỏ", "discarded"


STANDING = (SnapshotStatus.DRAFT, SnapshotStatus.SUBMITTED, SnapshotStatus.APPROVED, SnapshotStatus.ISSUED)
SEALED = (SnapshotStatus.SUBMITTED, SnapshotStatus.APPROVED, SnapshotStatus.ISSUED, SnapshotStatus.SUPERSEDED)


class Snapshot(SQLModel, table=True):
    """One version of one frozen period of a plan. `row_version` rises with every step; `texts` are `Texts` as JSON."""

    __table_args__ = (UniqueConstraint("plan_id", "period", "version"),)

    id: int = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id", index=True)
    period: str = Field(max_length=6)
    starts_on: date
    ends_on: date
    version: int
    replaces_id: int | None = Field(default=None, foreign_key="snapshot.id")
    content_hash: str = Field(max_length=64)
    cut_off: datetime = Field(sa_type=UtcTime)
    made_by: int = Field(foreign_key="account.id")
    made_at: datetime = Field(sa_type=UtcTime)
    status: str = Field(max_length=12, index=True)
    row_version: int = 1
    texts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    texts_hash: str | None = Field(default=None, max_length=64)
    reason: str = ""
    returned_reason: str | None = None
    submitted_by: int | None = Field(default=None, foreign_key="account.id")
    submitted_at: datetime | None = Field(default=None, sa_type=UtcTime, nullable=True)
    approved_by: int | None = Field(default=None, foreign_key="account.id")
    approved_at: datetime | None = Field(default=None, sa_type=UtcTime, nullable=True)
    issued_by: int | None = Field(default=None, foreign_key="account.id")
    issued_at: datetime | None = Field(default=None, sa_type=UtcTime, nullable=True)


class SnapshotBody(SQLModel, table=True):
    """The canonical bytes of a snapshot's content, apart, so that lists never read them."""

    __tablename__ = "snapshot_body"

    snapshot_id: int = Field(primary_key=True, foreign_key="snapshot.id")
    content: bytes = Field(sa_type=LargeBinary)


class SnapshotStep(SQLModel, table=True):
    """A step of a snapshot, sealed over the step before. `number` is the `row_version` that it led to.

    `state` is the whole row after it, in its plain form (`stored_rows`).
    """

    __tablename__ = "snapshot_step"

    snapshot_id: int = Field(primary_key=True, foreign_key="snapshot.id")
    number: int = Field(primary_key=True)
    act: str = Field(max_length=40)
    account_id: int | None = Field(default=None, foreign_key="account.id")
    at: datetime = Field(sa_type=UtcTime)
    state: dict[str, Any] = Field(sa_type=JSON)
    hash: str = Field(max_length=64)


class LockException(SQLModel, table=True):
    """Until `ends_on` (included), what this person enters for the plan's issued periods is not marked late."""

    __tablename__ = "lock_exception"

    id: int = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id", index=True)
    account_id: int = Field(foreign_key="account.id")
    ends_on: date
    reason: str
    given_by: int = Field(foreign_key="account.id")
    given_at: datetime = Field(sa_type=UtcTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime, nullable=True)
