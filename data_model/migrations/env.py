"""Run the migrations on the connection that `Database.migrate` hands over."""

from alembic import context
from sqlmodel import SQLModel

from data_model import accounts, journal, plans, records, units  # noqa: F401  the tables

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
connection.commit()
