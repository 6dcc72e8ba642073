"""A plan applied to a sound, in blocks, and what came out held against what was promised."""

SPOOL_PREFIX = ".spool-"
"""How the names of spool files begin, where the system gives them names at all; named here, where nothing heavy is
imported, for those who take away what a killed worker left."""
