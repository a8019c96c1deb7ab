"""The page Kiến nghị: recommendations and where they stand."""
