"""The domain: units, plans, records, counting, accounts, journal. Knows no screen and no HTTP."""
