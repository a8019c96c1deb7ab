"""Photos and files of records"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'


def upgrade() -> None:
    pass


def downgrade() -> None:
    raise RuntimeError("the tables hold records; restore a backup instead of going back")
