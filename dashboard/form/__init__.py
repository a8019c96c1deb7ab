"""The page Ghi: a record's form in the browser, its routes, and the tablet's outbox."""
