"""The page Chốt số liệu: periods frozen, approved, compared, printed."""
