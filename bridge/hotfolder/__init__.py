"""The hot folder: which files are complete, which words belong to them; looking is the truth, events are hints."""
