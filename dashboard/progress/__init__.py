"""The page Tiến độ: a plan's targets as tables and charts."""
