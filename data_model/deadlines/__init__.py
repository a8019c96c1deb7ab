"""Working days, reports that follow a round, and what is due soon."""
