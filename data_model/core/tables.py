"""The table of the journal."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from data_model.core.database import UtcTime


class JournalEntry(SQLModel, table=True):
    """One act. `before` and `after` hold what changed, as JSON."""

    __tablename__ = "journal"
    __table_args__ = (Index("ix_journal_day", "at", "id", "account_id", "subject", "act"),)

    id: int = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcTime)
    account_id: int | None = Field(default=None, foreign_key="account.id")
    door: str = Field(max_length=20)
    act: str = Field(max_length=40)
    subject: str = Field(max_length=40)
    subject_id: str = Field(max_length=40, index=True)
    before: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    after: dict[str, Any] | None = Field(default=None, sa_type=JSON)
