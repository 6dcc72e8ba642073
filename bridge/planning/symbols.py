"""Symbols of units, which people of all languages write alike."""

from __future__ import annotations

UNITS = {
    "hz": "hz", "khz": "khz", "k": "khz", "db": "db", "dbfs": "dbfs", "dbtp": "dbtp", "lufs": "lufs", "lkfs": "lufs",
    "lu": "lu", "ms": "ms", "s": "s", "min": "min", "%": "%", "x": "x", "bpm": "bpm",
}  # fmt: skip
"""Symbols of units, which no language owns."""
