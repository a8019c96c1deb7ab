"""Follow-up of recommendations and holidays"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'


def upgrade() -> None:
    pass


def downgrade() -> None:
    raise RuntimeError("the tables hold records; restore a backup instead of going back")
