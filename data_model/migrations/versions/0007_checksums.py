"""Checksums of the evidence that is kept; one first link for all processes that start"""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

BYTES = sa.table(
    "evidence_bytes",
    sa.column("evidence_id", sa.Uuid()),
    sa.column("content", sa.LargeBinary()),
    sa.column("thumbnail", sa.LargeBinary()),
)
EVIDENCE = sa.table(
    "evidence",
    sa.column("id", sa.Uuid()),
    sa.column("kept_digest", sa.String()),
    sa.column("thumbnail_digest", sa.String()),
)


def upgrade() -> None:
    op.add_column("evidence", sa.Column("kept_digest", sa.String(length=64), nullable=True))
    op.add_column("evidence", sa.Column("thumbnail_digest", sa.String(length=64), nullable=True))
    op.add_column("one_time_link", sa.Column("printed", sa.String(length=64), nullable=True))
    connection = op.get_bind()
    # One at a time: all of them together may be larger than the memory.
    for (evidence_id,) in connection.execute(sa.select(BYTES.c.evidence_id)).all():
        content, thumbnail = connection.execute(
            sa.select(BYTES.c.content, BYTES.c.thumbnail).where(BYTES.c.evidence_id == evidence_id)
        ).one()
        digests = {
            "kept_digest": hashlib.sha256(content).hexdigest(),
            "thumbnail_digest": None if thumbnail is None else hashlib.sha256(thumbnail).hexdigest(),
        }
        connection.execute(sa.update(EVIDENCE).where(EVIDENCE.c.id == evidence_id).values(digests))


def downgrade() -> None:
    raise RuntimeError("the tables hold records; restore a backup instead of going back")
