"""The tables of acts over several records, and of samples drawn for a second look."""

import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, Index, Uuid
from sqlmodel import Field, SQLModel

from data_model.core.database import UtcTime


class ReviewBatch(SQLModel, table=True):
    """One act over several records of a plan. Its id stands in the journal's entry of each of them."""

    __tablename__ = "review_batch"
    __table_args__ = (Index("ix_review_batch_latest", "account_id", "plan_id", "at"),)

    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True, sa_type=Uuid)
    plan_id: int = Field(foreign_key="plan.id")
    account_id: int = Field(foreign_key="account.id")
    at: datetime = Field(sa_type=UtcTime)
    undone_at: datetime | None = Field(default=None, sa_type=UtcTime, nullable=True)
    undone_by: int | None = Field(default=None, foreign_key="account.id")


class ReviewBatchRecord(SQLModel, table=True):
    """A record of the act: the version that it made, and who had decided on the record before, and when."""

    __tablename__ = "review_batch_record"

    batch_id: uuid.UUID = Field(primary_key=True, foreign_key="review_batch.id", sa_type=Uuid)
    record_id: uuid.UUID = Field(primary_key=True, foreign_key="field_record.id", sa_type=Uuid)
    version: int
    reviewer_before: int | None = Field(default=None, foreign_key="account.id")
    reviewed_before: datetime | None = Field(default=None, sa_type=UtcTime, nullable=True)


class SecondLook(SQLModel, table=True):
    """One drawn sample. `out_of`: how many records were in the lot; `lot_hash`: SHA-256 of their sorted ids."""

    __tablename__ = "second_look"

    id: int = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id", index=True)
    first: date
    last: date
    asked: int
    out_of: int
    seed: int = Field(sa_type=BigInteger)
    lot_hash: str = Field(max_length=64)
    drawn_by: int = Field(foreign_key="account.id")
    drawn_at: datetime = Field(sa_type=UtcTime)


class SecondLookRecord(SQLModel, table=True):
    """A record of a sample at the version that had been verified; `rank` counts them from 0 in the order drawn,
    `agreed` is None until somebody has looked at it again.
    """

    __tablename__ = "second_look_record"

    look_id: int = Field(primary_key=True, foreign_key="second_look.id")
    record_id: uuid.UUID = Field(primary_key=True, foreign_key="field_record.id", sa_type=Uuid)
    rank: int = Field(sa_column_kwargs={"name": "place"})
    version: int
    verified_by: int = Field(foreign_key="account.id")
    agreed: bool | None = None
    reason: str | None = None
    looked_by: int | None = Field(default=None, foreign_key="account.id")
    looked_at: datetime | None = Field(default=None, sa_type=UtcTime, nullable=True)
