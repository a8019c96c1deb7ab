"""The first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("display_name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_sign_in", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("name", name=op.f("uq_account_name")),
    )
    op.create_table(
        "failed_try",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_try")),
    )
    with op.batch_alter_table("failed_try", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_failed_try_address"), ["address"], unique=False)
        batch_op.create_index(batch_op.f("ix_failed_try_name"), ["name"], unique=False)

    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_code"), ["code"], unique=False)
        batch_op.create_index(batch_op.f("ix_unit_place"), ["place"], unique=False)

    op.create_table(
        "account_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=True),
        sa.Column("last", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_unit_account_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_account_unit_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_unit")),
    )
    with op.batch_alter_table("account_unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_unit_account_id"), ["account_id"], unique=False)

    op.create_table(
        "journal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("door", sa.String(length=20), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_journal_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_journal_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "one_time_link",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_one_time_link_account_id")),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_one_time_link")),
    )
    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name_vi", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=True),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("slips", sa.JSON(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("quarter_rule", sa.String(length=20), nullable=False),
        sa.Column("on_track_percent", sa.Integer(), nullable=False),
        sa.Column("slow_percent", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("records_version", sa.Integer(), nullable=False),
        sa.Column("seed_digest", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["unit.id"], name=op.f("fk_plan_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("code", name=op.f("uq_plan_code")),
    )
    op.create_table(
        "sign_in",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_account_id")),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_sign_in")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_account_id"), ["account_id"], unique=False)

    op.create_table(
        "unit_boundary",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("geometry", sa.String(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_boundary_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_unit_boundary")),
    )
    op.create_table(
        "unit_lineage",
        sa.Column("old_id", sa.Integer(), nullable=False),
        sa.Column("new_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["new_id"], ["unit.id"], name=op.f("fk_unit_lineage_new_id")),
        sa.ForeignKeyConstraint(["old_id"], ["unit.id"], name=op.f("fk_unit_lineage_old_id")),
        sa.PrimaryKeyConstraint("old_id", "new_id", name=op.f("pk_unit_lineage")),
    )
    op.create_table(
        "component",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name_vi", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("section", sa.String(), nullable=True),
        sa.Column("not_carried_out", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["component.id"], name=op.f("fk_component_parent_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_component_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_component")),
    )
    with op.batch_alter_table("component", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_component_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "plan_unit",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_unit_plan_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_plan_unit_unit_id")),
        sa.PrimaryKeyConstraint("plan_id", "unit_id", name=op.f("pk_plan_unit")),
    )
    with op.batch_alter_table("plan_unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_unit_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("component_id", sa.Integer(), nullable=False),
        sa.Column("part_of_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name_vi", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("measure", sa.String(length=40), nullable=True),
        sa.Column("lead", sa.String(), nullable=True),
        sa.Column("coordinating", sa.JSON(), nullable=False),
        sa.Column("source_note", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["component_id"], ["component.id"], name=op.f("fk_activity_component_id")),
        sa.ForeignKeyConstraint(["part_of_id"], ["activity.id"], name=op.f("fk_activity_part_of_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_activity_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activity_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "budget",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("component_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("source_note", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["component_id"], ["component.id"], name=op.f("fk_budget_component_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget")),
        sa.UniqueConstraint("component_id", name=op.f("uq_budget_component_id")),
    )
    op.create_table(
        "monitoring_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name_vi", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_monitoring_round_activity_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monitoring_round")),
    )
    with op.batch_alter_table("monitoring_round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_monitoring_round_activity_id"), ["activity_id"], unique=False)

    op.create_table(
        "target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Float(), nullable=True),
        sa.Column("unit_vi", sa.String(), nullable=True),
        sa.Column("unit_en", sa.String(), nullable=True),
        sa.Column("comparator", sa.String(length=20), nullable=True),
        sa.Column("scope", sa.String(length=20), nullable=False),
        sa.Column("window_from", sa.Date(), nullable=True),
        sa.Column("window_to", sa.Date(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_target_activity_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.UniqueConstraint("activity_id", name=op.f("uq_target_activity_id")),
    )
    op.create_table(
        "field_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("kind_version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("running", sa.Boolean(), nullable=False),
        sa.Column("value_over", sa.BigInteger(), nullable=True),
        sa.Column("value_under", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("unmet", sa.Integer(), nullable=False),
        sa.Column("people_total", sa.Integer(), nullable=True),
        sa.Column("people_women", sa.Integer(), nullable=True),
        sa.Column("people_poor", sa.Integer(), nullable=True),
        sa.Column("people_near_poor", sa.Integer(), nullable=True),
        sa.Column("people_newly_escaped", sa.Integer(), nullable=True),
        sa.Column("people_ethnic_minority", sa.Integer(), nullable=True),
        sa.Column("people_disabled", sa.Integer(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("accuracy_m", sa.Float(), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_field_record_activity_id")),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_field_record_author_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_field_record_plan_id")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["account.id"], name=op.f("fk_field_record_reviewer_id")),
        sa.ForeignKeyConstraint(["round_id"], ["monitoring_round.id"], name=op.f("fk_field_record_round_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_field_record_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_record")),
    )
    with op.batch_alter_table("field_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_field_record_activity_id"), ["activity_id"], unique=False)
        batch_op.create_index("ix_field_record_author_status", ["author_id", "status"], unique=False)
        batch_op.create_index(batch_op.f("ix_field_record_changed_at"), ["changed_at"], unique=False)
        batch_op.create_index(
            "ix_field_record_counting",
            [
                "plan_id",
                "status",
                "activity_id",
                "unit_id",
                "round_id",
                "happened_on",
                "quantity",
                "running",
                "unmet",
                "amount",
            ],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_field_record_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "phase",
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Float(), nullable=False),
        sa.Column("accepted_by", sa.Integer(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["accepted_by"], ["account.id"], name=op.f("fk_phase_accepted_by")),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_phase_target_id")),
        sa.PrimaryKeyConstraint("target_id", "quarter", name=op.f("pk_phase")),
    )
    op.create_table(
        "target_unit",
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_target_unit_target_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_target_unit_unit_id")),
        sa.PrimaryKeyConstraint("target_id", "unit_id", name=op.f("pk_target_unit")),
    )
    _guard_journal()


def _guard_journal() -> None:
    """The database itself refuses to alter or delete a row of the journal."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER journal_never_{act.lower()} BEFORE {act} ON journal "
                "BEGIN SELECT RAISE(ABORT, 'the journal is never altered'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_journal_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the journal is never altered'; END $$"
    )
    op.execute(
        "CREATE TRIGGER journal_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON journal "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_journal_change()"
    )


def downgrade() -> None:
    raise RuntimeError("the first tables hold the records; restore a backup instead of going back")
