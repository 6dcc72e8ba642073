"""The state folder: one lock, one SQLite database that survives a kill at any instant."""
