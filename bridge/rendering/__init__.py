"""A plan applied to a sound, in blocks, and what came out held against what was promised."""
