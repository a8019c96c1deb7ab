"""Everything a person or a device touches: pages, forms, the map, charts, files, sign-in."""
