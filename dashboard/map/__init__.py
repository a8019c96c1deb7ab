"""The page Bản đồ: communes coloured by how they stand, and one commune's panel."""
