"""MIDI: controllers and their messages, maps from our parameters to them, and a clock heard from a DAW."""
