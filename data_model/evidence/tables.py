"""The tables of evidence: what is known of a photo or a file, and its bytes."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, Index, LargeBinary, Uuid
from sqlmodel import Field, SQLModel

from data_model.core.database import UtcTime


class Evidence(SQLModel, table=True):
    """What is known of a photo or a file, without its bytes.

    `size` counts the bytes as they are kept; `digest` is the SHA-256 of the bytes as they came, `kept_digest` and
    `thumbnail_digest` of those that are kept: they are compared whenever the bytes are read. `taken_at` and the
    position are the photo's own, read from its metadata; None where that told nothing that could be true.
    """

    __table_args__ = (Index("ix_evidence_record", "record_id", "removed_at", "medium", "added_at"),)

    id: uuid.UUID = Field(primary_key=True, sa_type=Uuid)
    record_id: uuid.UUID = Field(foreign_key="field_record.id", sa_type=Uuid)
    medium: str = Field(max_length=8)
    name: str = Field(max_length=140)
    media_type: str = Field(max_length=100)
    size: int = Field(sa_type=BigInteger)
    digest: str = Field(max_length=64)
    kept_digest: str | None = Field(default=None, max_length=64)
    thumbnail_digest: str | None = Field(default=None, max_length=64)
    width: int | None = None
    height: int | None = None
    taken_at: datetime | None = Field(default=None, sa_type=UtcTime, nullable=True)
    latitude: float | None = None
    longitude: float | None = None
    added_by: int = Field(foreign_key="account.id")
    added_at: datetime = Field(sa_type=UtcTime)
    removed_by: int | None = Field(default=None, foreign_key="account.id")
    removed_at: datetime | None = Field(default=None, sa_type=UtcTime, nullable=True)


class EvidenceBytes(SQLModel, table=True):
    """The bytes of a piece of evidence. The thumbnail stands first: SQLite reads a row from its beginning."""

    __tablename__ = "evidence_bytes"

    evidence_id: uuid.UUID = Field(primary_key=True, foreign_key="evidence.id", sa_type=Uuid)
    thumbnail: bytes | None = Field(default=None, sa_type=LargeBinary)
    content: bytes = Field(sa_type=LargeBinary)


class EvidenceUpload(SQLModel, table=True):
    """A file under way: how many bytes it has and which SHA-256 they give, as announced; how many came."""

    __tablename__ = "evidence_upload"

    evidence_id: uuid.UUID = Field(primary_key=True, sa_type=Uuid)
    account_id: int = Field(foreign_key="account.id", index=True)
    size: int
    digest: str = Field(max_length=64)
    received: int = 0
    changed_at: object = Field(sa_type=UtcTime, index=True)


class EvidencePart(SQLModel, table=True):
    """The bytes of an upload from `start` on."""

    __tablename__ = "evidence_part"

    evidence_id: uuid.UUID = Field(primary_key=True, foreign_key="evidence_upload.evidence_id", sa_type=Uuid)
    start: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    content: bytes = Field(sa_type=LargeBinary)


class ExpectedEvidence(SQLModel, table=True):
    """A piece that the author had attached when the record was sent, and that has not come yet."""

    __tablename__ = "expected_evidence"

    evidence_id: uuid.UUID = Field(primary_key=True, sa_type=Uuid)
    record_id: uuid.UUID = Field(foreign_key="field_record.id", index=True, sa_type=Uuid)
    account_id: int = Field(foreign_key="account.id")
    named_at: datetime = Field(sa_type=UtcTime)
