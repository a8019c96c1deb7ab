"""Quantities of plans as they are written, and what a revision took out of a plan"""

from decimal import Decimal
from fractions import Fraction

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

TABLES = {"target": ("id",), "phase": ("target_id", "quarter")}


def upgrade() -> None:
    for table, key in TABLES.items():
        _as_written(table, key)
    with op.batch_alter_table("phase") as batch_op:
        batch_op.alter_column("quantity", existing_type=sa.String(length=80), nullable=False)
    for table in ("activity", "monitoring_round", "plan_unit"):
        op.add_column(table, sa.Column("withdrawn_in", sa.Integer(), nullable=True))


def _as_written(table: str, key: tuple[str, ...]) -> None:
    """Turn the column `quantity` from a floating-point number into the text that it was written as."""
    # The table itself stays: other tables refer to `target`, and SQLite would not let a copy take its place.
    op.add_column(table, sa.Column("written", sa.String(length=80), nullable=True))
    kept = sa.table(table, *(sa.column(name) for name in (*key, "quantity", "written")))
    rows = op.get_bind().execute(sa.select(kept).where(kept.c.quantity.is_not(None))).mappings().all()
    for row in rows:
        here = sa.and_(*(kept.c[name] == row[name] for name in key))
        op.execute(sa.update(kept).where(here).values(written=as_written(row["quantity"])))
    op.drop_column(table, "quantity")
    op.execute(sa.text(f"ALTER TABLE {table} RENAME COLUMN written TO quantity"))


def as_written(quantity: float) -> str:
    """The shortest decimal that is this number; "1/3" where no decimal is, and the program read that fraction."""
    shortest = Decimal(repr(float(quantity)))
    near = Fraction(quantity).limit_denominator(10_000)
    # More digits than anybody types: a computed number, a breath beside the fraction that it was meant as.
    if len(shortest.as_tuple().digits) > 15 and abs(near - Fraction(quantity)) <= abs(Fraction(quantity)) / 10**12:
        return str(near)
    return str(int(shortest)) if shortest == shortest.to_integral_value() else format(shortest, "f")


def downgrade() -> None:
    raise RuntimeError("the tables hold records; restore a backup instead of going back")
