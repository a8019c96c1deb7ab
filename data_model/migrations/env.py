"""Run the migrations on the connection that `Database.migrate` hands over."""

from alembic import context
from sqlmodel import SQLModel

from data_model import (  # noqa: F401  the tables
    accounts, evidence, journal, late_entries, plans, recommendations, records, report_settings, round_reports, single_sign_on, snapshots, units, working_days,
)

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
connection.commit()
