"""Frozen periods, exceptions from their lock, the texts around a report"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

SEALED = (
    "id",
    "plan_id",
    "period",
    "starts_on",
    "ends_on",
    "version",
    "replaces_id",
    "content_hash",
    "cut_off",
    "made_by",
    "made_at",
)
"""Columns of a snapshot that stay as they were written."""


def upgrade() -> None:
    op.create_table(
        "snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=6), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("cut_off", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("texts_hash", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("returned_reason", sa.String(), nullable=True),
        sa.Column("submitted_by", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issued_by", sa.Integer(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        *(
            sa.ForeignKeyConstraint([name], ["account.id"], name=op.f(f"fk_snapshot_{name}"))
            for name in ("made_by", "submitted_by", "approved_by", "issued_by")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_snapshot_plan_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["snapshot.id"], name=op.f("fk_snapshot_replaces_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
        sa.UniqueConstraint("plan_id", "period", "version", name=op.f("uq_snapshot_plan_id_period_version")),
    )
    op.create_index(op.f("ix_snapshot_plan_id"), "snapshot", ["plan_id"])
    op.create_index(op.f("ix_snapshot_status"), "snapshot", ["status"])
    op.create_table(
        "snapshot_body",
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name=op.f("fk_snapshot_body_snapshot_id")),
        sa.PrimaryKeyConstraint("snapshot_id", name=op.f("pk_snapshot_body")),
    )
    op.create_table(
        "lock_exception",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_lock_exception_account_id")),
        sa.ForeignKeyConstraint(["given_by"], ["account.id"], name=op.f("fk_lock_exception_given_by")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_lock_exception_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lock_exception")),
    )
    op.create_index(op.f("ix_lock_exception_plan_id"), "lock_exception", ["plan_id"])
    op.create_table(
        "report_heading",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_report_heading_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_report_heading")),
    )
    # Written by hand: SQLite would otherwise copy the whole table, and drop the old one under rows that point to it.
    op.execute(
        "ALTER TABLE field_record ADD COLUMN late_for INTEGER CONSTRAINT fk_field_record_late_for REFERENCES snapshot"
        " (id)"
    )
    _seal()


def _seal() -> None:
    """The database itself refuses to alter what was frozen, and to delete any of it."""
    if op.get_bind().dialect.name == "sqlite":
        for name, table, act in (
            ("snapshot_stays_sealed", "snapshot", f"UPDATE OF {', '.join(SEALED)}"),
            ("snapshot_never_deleted", "snapshot", "DELETE"),
            ("snapshot_body_stays", "snapshot_body", "UPDATE"),
            ("snapshot_body_never_deleted", "snapshot_body", "DELETE"),
        ):
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, 'a snapshot is never"
                " altered'); END"
            )
        # INSERT OR REPLACE deletes without asking the triggers of DELETE.
        for table, same in (
            ("snapshot", "id = NEW.id OR (plan_id, period, version) = (NEW.plan_id, NEW.period, NEW.version)"),
            ("snapshot_body", "snapshot_id = NEW.snapshot_id"),
        ):
            op.execute(
                f"CREATE TRIGGER {table}_never_replaced BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table}"
                f" WHERE {same}) BEGIN SELECT RAISE(ABORT, 'a snapshot is never altered'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_snapshot_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'a snapshot is never altered'; END $$"
    )
    for name, table, act in (
        ("snapshot_stays_sealed", "snapshot", f"UPDATE OF {', '.join(SEALED)}"),
        ("snapshot_never_deleted", "snapshot", "DELETE OR TRUNCATE"),
        ("snapshot_body_stays", "snapshot_body", "UPDATE OR DELETE OR TRUNCATE"),
    ):
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION"
            " refuse_snapshot_change()"
        )


def downgrade() -> None:
    raise RuntimeError("the tables hold records; restore a backup instead of going back")
