"""What may leave the machine, and what may stand in a message: no folders, no keys."""

from __future__ import annotations

import re

_PATH = re.compile(
    r"(?<![\w/\\])(?:[A-Za-z]:[\\/]|~?/|\\\\)(?:[^\s\"'<>|,;]*[\\/])+(?P<name>[^\s\"'<>|,;\\/]*)"
)
_LONGEST_MESSAGE = 240


def without_paths(text: str) -> str:
    """Absolute paths cut down to the name of their file."""
    return _PATH.sub(lambda match: match.group("name") or "(path)", text)


def without_key(text: str, key: str | None) -> str:
    """One line that may be shown and logged: the key masked, the length bounded, no control characters."""
    plain = text.replace(key, "********") if key else text
    plain = " ".join("".join(char if char.isprintable() else " " for char in plain).split())
    return plain if len(plain) <= _LONGEST_MESSAGE else plain[:_LONGEST_MESSAGE] + "..."
