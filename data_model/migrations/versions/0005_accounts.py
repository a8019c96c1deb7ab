"""Accounts from an organisation"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'


def upgrade() -> None:
    pass


def downgrade() -> None:
    raise RuntimeError("the tables hold records; restore a backup instead of going back")
