"""The journal read back: its acts, its subjects, its list."""
