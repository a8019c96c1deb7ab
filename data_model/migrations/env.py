"""Run the migrations on the connection that `Database.migrate` hands over."""

from alembic import context
from sqlmodel import SQLModel

from data_model import report_settings, snapshots
from data_model.deadlines import round_reports, working_days
from data_model.evidence import attachments
from data_model.records import recommendations, writing
from data_model.periods import lock
from data_model.plans import view
from data_model.accounts import administration, single_sign_on
from data_model.units import units
from data_model.core import journal

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
connection.commit()
