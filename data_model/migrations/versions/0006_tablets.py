"""Photos that come after their record and in parts, and the tablets that send"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "expected_evidence",
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_expected_evidence_account_id")),
        sa.ForeignKeyConstraint(["record_id"], ["field_record.id"], name=op.f("fk_expected_evidence_record_id")),
        sa.PrimaryKeyConstraint("evidence_id", name=op.f("pk_expected_evidence")),
    )
    op.create_index(op.f("ix_expected_evidence_record_id"), "expected_evidence", ["record_id"], unique=False)
    op.create_table(
        "evidence_upload",
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_evidence_upload_account_id")),
        sa.PrimaryKeyConstraint("evidence_id", name=op.f("pk_evidence_upload")),
    )
    op.create_index(op.f("ix_evidence_upload_account_id"), "evidence_upload", ["account_id"], unique=False)
    op.create_index(op.f("ix_evidence_upload_changed_at"), "evidence_upload", ["changed_at"], unique=False)
    op.create_table(
        "evidence_part",
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence_upload.evidence_id"], name=op.f("fk_evidence_part_evidence_id")
        ),
        sa.PrimaryKeyConstraint("evidence_id", "start", name=op.f("pk_evidence_part")),
    )
    op.create_table(
        "tablet",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(length=120), nullable=False),
        sa.Column("page_version", sa.String(length=20), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_tablet_account_id")),
        sa.PrimaryKeyConstraint("id", "account_id", name=op.f("pk_tablet")),
    )


def downgrade() -> None:
    raise RuntimeError("the tables hold records; restore a backup instead of going back")
