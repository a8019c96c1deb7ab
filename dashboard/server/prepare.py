"""What happens once when the app starts: tables, plans, and the link for the first administrator."""

from data_model.accounts import one_time_links
from data_model.core.database import Database
from seed.load import load_everything


def prepare(database: Database) -> str | None:
    """Make the database ready; gives the path of the first administrator's one-time link, None when accounts exist."""
    database.migrate()
    with database.writing() as session:
        load_everything(session)
        token = one_time_links.first_link(session)
    return f"/link/{token}" if token else None
