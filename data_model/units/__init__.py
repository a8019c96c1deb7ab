"""Administrative units, their outlines, and distances on the ground."""
