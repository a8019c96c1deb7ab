"""Field records: written through one door, listed, with their versions and recommendations."""
