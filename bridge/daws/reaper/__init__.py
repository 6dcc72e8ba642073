"""REAPER: orders that a ReaScript carries out inside of it. Never run in REAPER itself; see docs/reaper.md."""
