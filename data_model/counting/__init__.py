"""The rules of counting, on plain values: no database, no clock."""
