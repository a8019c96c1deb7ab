"""Verifying several records in one act, and samples of verified records for a second look"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "review_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_review_batch_account_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_review_batch_plan_id")),
        sa.ForeignKeyConstraint(["undone_by"], ["account.id"], name=op.f("fk_review_batch_undone_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_batch")),
    )
    op.create_index("ix_review_batch_latest", "review_batch", ["account_id", "plan_id", "at"], unique=False)
    op.create_table(
        "review_batch_record",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reviewer_before", sa.Integer(), nullable=True),
        sa.Column("reviewed_before", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["review_batch.id"], name=op.f("fk_review_batch_record_batch_id")),
        sa.ForeignKeyConstraint(["record_id"], ["field_record.id"], name=op.f("fk_review_batch_record_record_id")),
        sa.ForeignKeyConstraint(
            ["reviewer_before"], ["account.id"], name=op.f("fk_review_batch_record_reviewer_before")
        ),
        sa.PrimaryKeyConstraint("batch_id", "record_id", name=op.f("pk_review_batch_record")),
    )
    op.create_table(
        "second_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("out_of", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("lot_hash", sa.String(length=64), nullable=False),
        sa.Column("drawn_by", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["drawn_by"], ["account.id"], name=op.f("fk_second_look_drawn_by")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_second_look_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_look")),
    )
    op.create_index(op.f("ix_second_look_plan_id"), "second_look", ["plan_id"], unique=False)
    op.create_table(
        "second_look_record",
        sa.Column("look_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("verified_by", sa.Integer(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("looked_by", sa.Integer(), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["look_id"], ["second_look.id"], name=op.f("fk_second_look_record_look_id")),
        sa.ForeignKeyConstraint(["looked_by"], ["account.id"], name=op.f("fk_second_look_record_looked_by")),
        sa.ForeignKeyConstraint(["record_id"], ["field_record.id"], name=op.f("fk_second_look_record_record_id")),
        sa.ForeignKeyConstraint(["verified_by"], ["account.id"], name=op.f("fk_second_look_record_verified_by")),
        sa.PrimaryKeyConstraint("look_id", "record_id", name=op.f("pk_second_look_record")),
    )


def downgrade() -> None:
    raise RuntimeError("the tables hold records; restore a backup instead of going back")
