"""The tables of plans that are being made: drafts with their versions, and the documents kept beside a plan."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, LargeBinary
from sqlmodel import Field, SQLModel

from data_model.core.database import UtcTime
from data_model.core.label import LabelledEnum


class DraftStatus(LabelledEnum):
    """How far a draft is. Only `DRAFT` is changed; an issued one is the plan from then on."""

    DRAFT = "draft", "nháp", "draft"
    SUBMITTED = "submitted", "trình ban hành", "submitted"
    ISSUED = "issued", "đã ban hành", "issued"
    DISCARDED = "discarded", "đã bỏ", "discarded"


class PlanDraft(SQLModel, table=True):
    """A plan being written: cells as they were typed. It stands in no table of plans, so it counts nowhere.

    `plan_id` is the plan that it became; `based_on_id` the plan whose numbers it took over as proposals. `version`
    rises with every change.
    """

    __tablename__ = "plan_draft"

    id: int = Field(default=None, primary_key=True)
    status: str = Field(default=DraftStatus.DRAFT.value, max_length=20, index=True)
    sheets: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    version: int = 1
    plan_id: int | None = Field(default=None, foreign_key="plan.id")
    based_on_id: int | None = Field(default=None, foreign_key="plan.id")
    author_id: int = Field(foreign_key="account.id")
    created_at: datetime = Field(sa_type=UtcTime)
    changed_by: int = Field(foreign_key="account.id")
    changed_at: datetime = Field(sa_type=UtcTime)


class PlanDraftVersion(SQLModel, table=True):
    """The cells of a draft as they stood before a change, so that the change can be undone."""

    __tablename__ = "plan_draft_version"

    draft_id: int = Field(primary_key=True, foreign_key="plan_draft.id")
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    sheets: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class PlanDocument(SQLModel, table=True):
    """A document kept beside a draft and the plan that it becomes; its bytes stand apart, so that lists do not read
    them. `digest` is their SHA-256.
    """

    __tablename__ = "plan_document"

    id: int = Field(default=None, primary_key=True)
    draft_id: int = Field(foreign_key="plan_draft.id", index=True)
    name: str = Field(max_length=140)
    media_type: str = Field(max_length=100)
    size: int
    digest: str = Field(max_length=64)
    added_by: int = Field(foreign_key="account.id")
    added_at: datetime = Field(sa_type=UtcTime)
    removed_at: datetime | None = Field(default=None, sa_type=UtcTime, nullable=True)


class PlanDocumentBytes(SQLModel, table=True):
    """The bytes of a document."""

    __tablename__ = "plan_document_bytes"

    document_id: int = Field(primary_key=True, foreign_key="plan_document.id")
    content: bytes = Field(sa_type=LargeBinary)
