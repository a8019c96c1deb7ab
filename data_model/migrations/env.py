"""Run the migrations on the connection that `Database.migrate` hands over."""

import pkgutil
from importlib import import_module

from alembic import context
from sqlmodel import SQLModel

import data_model

for found in pkgutil.walk_packages(data_model.__path__, "data_model."):
    if found.name.endswith(".tables"):
        import_module(found.name)

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
connection.commit()
