"""One conversation about one piece of sound: turns, versions, undo."""
