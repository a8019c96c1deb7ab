"""What every page stands on: its frame, its address, choices, lists, tables, the look of a status, long work."""
