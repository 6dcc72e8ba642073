"""What was not understood, named once."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = re.compile(r"[\w%.+-]+")
_MOST_COMPARED = 100


def distinct(sentences: Iterable[str]) -> tuple[str, ...]:
    """Each once, and none that another one holds: "flurgly" beside "more flurgly" says nothing new."""
    said = list(dict.fromkeys(sentences))
    if len(said) > _MOST_COMPARED:
        return tuple(said)
    words = [f" {' '.join(_WORD.findall(text.lower()))} " for text in said]
    return tuple(
        text
        for i, text in enumerate(said)
        if not any(i != j and words[i] in words[j] for j in range(len(said)))
    )
