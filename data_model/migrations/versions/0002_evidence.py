"""Photos and files of records"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("medium", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=140), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_by", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["added_by"], ["account.id"], name=op.f("fk_evidence_added_by")),
        sa.ForeignKeyConstraint(["record_id"], ["field_record.id"], name=op.f("fk_evidence_record_id")),
        sa.ForeignKeyConstraint(["removed_by"], ["account.id"], name=op.f("fk_evidence_removed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index("ix_evidence_record", ["record_id", "removed_at", "medium", "added_at"], unique=False)
    op.create_table(
        "evidence_bytes",
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("thumbnail", sa.LargeBinary(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_bytes_evidence_id")),
        sa.PrimaryKeyConstraint("evidence_id", name=op.f("pk_evidence_bytes")),
    )

    op.create_index(
        "ix_field_record_queue",
        "field_record",
        ["plan_id", "status", "sent_at", "id", "author_id", "unit_id", "activity_id", "reviewed_at"],
    )
    op.create_index(
        "ix_field_record_similar", "field_record", ["activity_id", "unit_id", "happened_on", "status", "id"]
    )
    op.create_index("ix_journal_day", "journal", ["at", "id", "account_id", "subject", "act"])


def downgrade() -> None:
    raise RuntimeError("the tables hold records; restore a backup instead of going back")
