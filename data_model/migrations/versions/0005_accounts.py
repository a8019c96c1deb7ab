"""Accounts from an organisation, and what a person sees of the own sign-ins"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("account", sa.Column("organisation_identity", sa.String(length=255), nullable=True))
    op.create_index(op.f("ix_account_organisation_identity"), "account", ["organisation_identity"], unique=True)
    op.create_table(
        "used_proof",
        sa.Column("proof_digest", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("proof_digest", name=op.f("pk_used_proof")),
    )
    # Nobody knows when and where the sessions of before began: people sign in once more, nothing else is lost.
    op.drop_table("sign_in")
    op.create_table(
        "sign_in",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_account_id")),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_sign_in")),
    )
    op.create_index(op.f("ix_sign_in_account_id"), "sign_in", ["account_id"], unique=False)


def downgrade() -> None:
    raise RuntimeError("the tables hold records; restore a backup instead of going back")
