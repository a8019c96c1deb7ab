"""Drafts of plans, documents beside them, and plans that are examples or closed"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("plan", sa.Column("example", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("plan", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    # A plan of the program's own files in which nobody ever recorded anything is an example, and no office's plan.
    op.execute(
        sa.text(
            "UPDATE plan SET example = :yes WHERE seed_digest IS NOT NULL"
            " AND NOT EXISTS (SELECT 1 FROM field_record WHERE field_record.plan_id = plan.id)"
            " AND NOT EXISTS (SELECT 1 FROM snapshot WHERE snapshot.plan_id = plan.id)"
            " AND NOT EXISTS (SELECT 1 FROM account_unit JOIN plan_unit ON plan_unit.unit_id = account_unit.unit_id"
            " WHERE plan_unit.plan_id = plan.id)"
        ).bindparams(sa.bindparam("yes", True, type_=sa.Boolean()))
    )
    op.create_table(
        "plan_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("sheets", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("based_on_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_draft_plan_id")),
        sa.ForeignKeyConstraint(["based_on_id"], ["plan.id"], name=op.f("fk_plan_draft_based_on_id")),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_plan_draft_author_id")),
        sa.ForeignKeyConstraint(["changed_by"], ["account.id"], name=op.f("fk_plan_draft_changed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_draft")),
    )
    op.create_index(op.f("ix_plan_draft_status"), "plan_draft", ["status"], unique=False)
    op.create_table(
        "plan_draft_version",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("sheets", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["plan_draft.id"], name=op.f("fk_plan_draft_version_draft_id")),
        sa.PrimaryKeyConstraint("draft_id", "number", name=op.f("pk_plan_draft_version")),
    )
    op.create_table(
        "plan_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=140), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["draft_id"], ["plan_draft.id"], name=op.f("fk_plan_document_draft_id")),
        sa.ForeignKeyConstraint(["added_by"], ["account.id"], name=op.f("fk_plan_document_added_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_document")),
    )
    op.create_index(op.f("ix_plan_document_draft_id"), "plan_document", ["draft_id"], unique=False)
    op.create_table(
        "plan_document_bytes",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["plan_document.id"], name=op.f("fk_plan_document_bytes_document_id")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_plan_document_bytes")),
    )


def downgrade() -> None:
    raise RuntimeError("the tables hold records; restore a backup instead of going back")
