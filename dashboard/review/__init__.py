"""The page Duyệt: what came in, to be verified or returned."""
