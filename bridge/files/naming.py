"""How a file is named in a sentence: one printable line, whatever its bytes are."""

from __future__ import annotations

import os
from pathlib import Path

LONGEST = 120


def spoken(path: str | bytes | os.PathLike[str]) -> str:
    """The file's own name for messages: newlines, control characters and bytes that are no UTF-8 as escapes.

    Cut in the middle to 120 characters, so that a sentence stays one readable line.
    """
    text = os.fsdecode(path)
    name = Path(text).name or text
    line = "".join(_printable(character) for character in name)
    if len(line) <= LONGEST:
        return line
    return f"{line[: LONGEST - 30]}...{line[-27:]}"


def _printable(character: str) -> str:
    if character.isprintable():
        return character
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")
