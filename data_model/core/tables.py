"""The tables of the journal: its entries, the seals over them, the time stamps of its head."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, LargeBinary
from sqlmodel import Field, SQLModel

from data_model.core.database import UtcTime


class JournalEntry(SQLModel, table=True):
    """One act. `before` and `after` hold what changed, as JSON."""

    __tablename__ = "journal"
    __table_args__ = (Index("ix_journal_day", "at", "id", "account_id", "subject", "act"),)

    id: int = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcTime)
    account_id: int | None = Field(default=None, foreign_key="account.id")
    channel: str = Field(max_length=20, sa_column_kwargs={"name": "door"})  # the seals hold the column by this name
    act: str = Field(max_length=40)
    subject: str = Field(max_length=40)
    subject_id: str = Field(max_length=40, index=True)
    before: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    after: dict[str, Any] | None = Field(default=None, sa_type=JSON)


class JournalSeal(SQLModel, table=True):
    """The seal of one entry. Numbers run from 1 without a gap, which the ids of entries do not on PostgreSQL."""

    __tablename__ = "journal_seal"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    entry_id: int = Field(foreign_key="journal.id", unique=True)
    hash: str = Field(max_length=64)


class JournalStamp(SQLModel, table=True):
    """What a time stamp server answered (RFC 3161, DER) for the head of that number."""

    __tablename__ = "journal_stamp"

    number: int = Field(primary_key=True, foreign_key="journal_seal.number", sa_column_kwargs={"autoincrement": False})
    response: bytes = Field(sa_type=LargeBinary)
