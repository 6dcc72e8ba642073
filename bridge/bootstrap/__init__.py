"""The one wiring place: library, workers and daemon get their ports here."""
