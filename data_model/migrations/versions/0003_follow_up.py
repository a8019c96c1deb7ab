"""Follow-up of recommendations and holidays"""

import uuid
from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "holiday",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("basis", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_holiday")),
    )
    op.create_table(
        "round_report",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("number", sa.String(length=80), nullable=True),
        sa.Column("changed_by", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["account.id"], name=op.f("fk_round_report_changed_by")),
        sa.ForeignKeyConstraint(["round_id"], ["monitoring_round.id"], name=op.f("fk_round_report_round_id")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_round_report")),
    )
    recommendation = op.create_table(
        "recommendation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("responsible", sa.String(), nullable=False),
        sa.Column("fix_by", sa.Date(), nullable=False),
        sa.Column("weight", sa.String(length=12), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("in_record", sa.Boolean(), nullable=False),
        sa.Column("before_removal", sa.String(length=12), nullable=True),
        sa.Column("reported_by", sa.Integer(), nullable=True),
        sa.Column("proof_id", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_recommendation_plan_id")),
        sa.ForeignKeyConstraint(["proof_id"], ["field_record.id"], name=op.f("fk_recommendation_proof_id")),
        sa.ForeignKeyConstraint(["record_id"], ["field_record.id"], name=op.f("fk_recommendation_record_id")),
        sa.ForeignKeyConstraint(["reported_by"], ["account.id"], name=op.f("fk_recommendation_reported_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_recommendation_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation")),
    )
    with op.batch_alter_table("recommendation", schema=None) as batch_op:
        batch_op.create_index("ix_recommendation_list", ["plan_id", "state", "fix_by", "record_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recommendation_record_id"), ["record_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recommendation_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "follow_up_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("from_state", sa.String(length=12), nullable=False),
        sa.Column("to_state", sa.String(length=12), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=True),
        sa.Column("asked", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_follow_up_step_account_id")),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name=op.f("fk_follow_up_step_recommendation_id")
        ),
        sa.ForeignKeyConstraint(["record_id"], ["field_record.id"], name=op.f("fk_follow_up_step_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_step")),
    )
    with op.batch_alter_table("follow_up_step", schema=None) as batch_op:
        batch_op.create_index("ix_follow_up_step_past", ["recommendation_id", "on_day"], unique=False)

    _take_in(recommendation)


def _take_in(recommendation: sa.Table) -> None:
    """Recommendations of the visits that were sent before there was a follow-up become open ones."""
    record = sa.table(
        "field_record",
        sa.column("id", sa.Uuid()),
        sa.column("plan_id"),
        sa.column("unit_id"),
        sa.column("kind"),
        sa.column("happened_on", sa.Date()),
        sa.column("answers", sa.JSON()),
        sa.column("sent_at"),
    )
    sent = sa.select(record).where(
        record.c.kind == "monitoring_visit", record.c.sent_at.is_not(None), record.c.happened_on.is_not(None)
    )
    found = [
        {
            "id": uuid.uuid4(),
            "plan_id": visit.plan_id,
            "unit_id": visit.unit_id,
            "record_id": visit.id,
            "position": position,
            "what": row["what"],
            "responsible": row["responsible"],
            "fix_by": date.fromisoformat(row["fix_by"]),
            "since": visit.happened_on,
            "state": "open",
            "version": 1,
            "in_record": True,
            "changed_at": datetime.now(UTC),
        }
        for visit in op.get_bind().execute(sent)
        for position, row in enumerate(visit.answers.get("recommendations", []))
        if row.get("what") and row.get("responsible") and row.get("fix_by")
    ]
    if found:
        op.bulk_insert(recommendation, found)


def downgrade() -> None:
    raise RuntimeError("the tables hold records; restore a backup instead of going back")
