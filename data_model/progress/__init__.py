"""A plan's figures, read from the database and counted."""
