"""The page Nhật ký: who did what, when."""
