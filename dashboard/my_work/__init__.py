"""The page Việc của tôi: what is left to do in one's own communes."""
