"""Field records: writing them through one door, listing, versions, recommendations, review and duplicates."""
