"""Every request and the start: middleware, compression, the live connection, JSON calls, the process's database."""
