"""Frozen periods: gathered, sealed, proved, approved, compared."""
