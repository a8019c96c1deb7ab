"""The one database of this process."""

from functools import cache

from data_model.core.database import Database


@cache
def database() -> Database:
    """The database that the settings name."""
    return Database()
