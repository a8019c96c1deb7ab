"""Money of a plan by source of funds"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("budget", sa.Column("by_source", sa.JSON(), nullable=True))


def downgrade() -> None:
    raise RuntimeError("the tables hold records; restore a backup instead of going back")
