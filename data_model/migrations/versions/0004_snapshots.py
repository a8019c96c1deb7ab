"""Frozen quarters"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'


def upgrade() -> None:
    pass


def downgrade() -> None:
    raise RuntimeError("the tables hold records; restore a backup instead of going back")
