"""Seals of the journal's entries and of the steps of snapshots, and the guards that were missing"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from data_model.core.stored_rows import chained, plain_row, raw_columns, read_row

revision = "0008"
down_revision = "0007"

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
    "reason",
)
"""Columns of a snapshot that stay as they were written."""
BACK = ("submitted>draft", "approved>draft")
WAYS = (
    "draft>draft",
    "draft>submitted",
    "draft>discarded",
    "submitted>approved",
    "approved>issued",
    "issued>superseded",
    *BACK,
)
"""Every change of a snapshot's status that there is."""
CHANGES = {
    "texts": ("draft>draft",),
    "texts_hash": ("draft>submitted", "draft>discarded", *BACK),
    "returned_reason": ("draft>submitted", *BACK),
    "submitted_by": ("draft>submitted",),
    "submitted_at": ("draft>submitted",),
    "approved_by": ("submitted>approved", *BACK),
    "approved_at": ("submitted>approved", *BACK),
    "issued_by": ("approved>issued",),
    "issued_at": ("approved>issued",),
}
"""At which of them another column may change."""
CHUNK = 5_000


def upgrade() -> None:
    op.create_table(
        "journal_seal",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["journal.id"], name=op.f("fk_journal_seal_entry_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_journal_seal")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_journal_seal_entry_id")),
    )
    op.create_table(
        "snapshot_step",
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_snapshot_step_account_id")),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name=op.f("fk_snapshot_step_snapshot_id")),
        sa.PrimaryKeyConstraint("snapshot_id", "number", name=op.f("pk_snapshot_step")),
    )
    op.create_table(
        "journal_stamp",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("response", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["journal_seal.number"], name=op.f("fk_journal_stamp_number")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_journal_stamp")),
    )
    connection = op.get_bind()
    # As they are at this step: with every column that they have by now.
    table = {
        name: sa.Table(name, sa.MetaData(), autoload_with=connection, resolve_fks=False)
        for name in ("journal", "journal_seal", "snapshot", "snapshot_step")
    }
    _seal_snapshots(connection, table["snapshot"], table["snapshot_step"], table["journal"])
    _seal_journal(connection, table["journal"], table["journal_seal"])
    if connection.dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def _seal_snapshots(connection: sa.Connection, snapshot: sa.Table, step: sa.Table, journal: sa.Table) -> None:
    """Each as it stands, in a first step of the program's own, with its entry in the journal."""
    now = datetime.now(UTC)
    found = (
        connection.execute(
            sa.select(*raw_columns(snapshot, connection.dialect.name)).select_from(snapshot).order_by(snapshot.c.id)
        )
        .mappings()
        .all()
    )
    for state in (read_row(snapshot, raw) for raw in found):
        number = state["row_version"] if isinstance(state["row_version"], int) else 1
        values = {
            "snapshot_id": state["id"],
            "number": number,
            "act": "snapshot_taken_over",
            "account_id": None,
            "at": now,
            "state": state,
        }
        seal = chained("", plain_row(step, values))
        connection.execute(step.insert(), [values | {"hash": seal}])
        connection.execute(
            journal.insert(),
            [
                {
                    "at": now,
                    "account_id": None,
                    "door": "seed",
                    "act": "snapshot_taken_over",
                    "subject": "snapshot",
                    "subject_id": str(state["id"]),
                    "before": None,
                    "after": {"status": state["status"], "seal": seal},
                }
            ],
        )


def _seal_journal(connection: sa.Connection, journal: sa.Table, seals: sa.Table) -> None:
    """Every entry, in the order of their ids."""
    columns = raw_columns(journal, connection.dialect.name)
    number, former, last = 0, "", None
    while True:
        query = sa.select(*columns).select_from(journal).order_by(journal.c.id).limit(CHUNK)
        entries = [
            read_row(journal, raw)
            for raw in connection.execute(query if last is None else query.where(journal.c.id > last)).mappings()
        ]
        if not entries:
            return
        made = []
        for entry in entries:
            number, last = number + 1, entry["id"]
            former = chained(former, {"number": number, "entry": entry})
            made.append({"number": number, "entry_id": last, "hash": former})
        connection.execute(seals.insert(), made)


def _allowed(same: str) -> str:
    """What a change of a snapshot must fulfil: a step for it is there, and it changes no more than that step does."""
    ways = {way: way.split(">") for way in WAYS}

    def goes(*which: str) -> str:
        return (
            "("
            + " OR ".join(f"(OLD.status = '{ways[way][0]}' AND NEW.status = '{ways[way][1]}')" for way in which)
            + ")"
        )

    return " AND ".join(
        (
            "NEW.row_version = OLD.row_version + 1",
            "EXISTS (SELECT 1 FROM snapshot_step WHERE snapshot_id = NEW.id AND number = NEW.row_version)",
            goes(*WAYS),
            *(f"({same.format(name)} OR {goes(*which)})" for name, which in CHANGES.items()),
        )
    )


def _guard_sqlite() -> None:
    snapshots, entries = (
        "SELECT RAISE(ABORT, 'a snapshot is never altered')",
        "SELECT RAISE(ABORT, 'the journal is never altered')",
    )
    op.execute("DROP TRIGGER snapshot_stays_sealed")
    for name, table, when, refused in (
        ("snapshot_stays_sealed", "snapshot", f"UPDATE OF {', '.join(SEALED)}", snapshots),
        ("snapshot_step_stays", "snapshot_step", "UPDATE", snapshots),
        ("snapshot_step_never_deleted", "snapshot_step", "DELETE", snapshots),
        ("journal_seal_stays", "journal_seal", "UPDATE", entries),
        ("journal_seal_never_deleted", "journal_seal", "DELETE", entries),
        ("journal_stamp_stays", "journal_stamp", "UPDATE", entries),
        ("journal_stamp_never_deleted", "journal_stamp", "DELETE", entries),
    ):
        op.execute(f"CREATE TRIGGER {name} BEFORE {when} ON {table} BEGIN {refused}; END")
    op.execute(
        "CREATE TRIGGER snapshot_changes_by_steps BEFORE UPDATE ON snapshot WHEN NOT"
        f" ({_allowed('NEW.{0} IS OLD.{0}')}) BEGIN {snapshots}; END"
    )
    # INSERT OR REPLACE deletes without asking the triggers of DELETE.
    for table, same, refused in (
        ("journal", "id = NEW.id", entries),
        ("journal_seal", "number = NEW.number OR entry_id = NEW.entry_id", entries),
        ("journal_stamp", "number = NEW.number", entries),
        ("snapshot_step", "snapshot_id = NEW.snapshot_id AND number = NEW.number", snapshots),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_never_replaced BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE"
            f" {same}) BEGIN {refused}; END"
        )


def _guard_postgresql() -> None:
    op.execute("DROP TRIGGER snapshot_stays_sealed ON snapshot")
    for name, table, when, refuse in (
        ("snapshot_stays_sealed", "snapshot", f"UPDATE OF {', '.join(SEALED)}", "refuse_snapshot_change"),
        ("snapshot_step_stays", "snapshot_step", "UPDATE OR DELETE OR TRUNCATE", "refuse_snapshot_change"),
        ("journal_seal_stays", "journal_seal", "UPDATE OR DELETE OR TRUNCATE", "refuse_journal_change"),
        ("journal_stamp_stays", "journal_stamp", "UPDATE OR DELETE OR TRUNCATE", "refuse_journal_change"),
    ):
        op.execute(f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {refuse}()")
    op.execute(
        "CREATE FUNCTION refuse_snapshot_change_without_step() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT"
        f" ({_allowed('NEW.{0}::text IS NOT DISTINCT FROM OLD.{0}::text')}) THEN RAISE EXCEPTION 'a snapshot is never"
        " altered'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER snapshot_changes_by_steps BEFORE UPDATE ON snapshot FOR EACH ROW EXECUTE FUNCTION"
        " refuse_snapshot_change_without_step()"
    )


def downgrade() -> None:
    raise RuntimeError("the tables hold records; restore a backup instead of going back")
