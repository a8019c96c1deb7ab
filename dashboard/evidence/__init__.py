"""The gallery of photos and files, and their routes."""
