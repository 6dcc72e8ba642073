"""Verdict words: why a file is not used, or what is notable about it. Programs may rely on the words."""

from __future__ import annotations

import os
from dataclasses import dataclass

from bridge.errors import BadInput, FileRefused, PathRefused
from bridge.files.naming import spoken

VERDICTS: dict[str, str] = {
    "missing": "There is no such file (any more).",
    "outside": "The path leads out of the allowed folders.",
    "link": "A symbolic link lies on the way.",
    "special_file": "A folder, pipe, socket or device, not a regular file.",
    "unreadable": "The system does not let us read it.",
    "empty": "No bytes, or no frames.",
    "not_audio": "The content is no known sound format, whatever the name says.",
    "unsupported": "A sound format, but not one that the bridge reads.",
    "truncated": "Bytes that the header promises are not there.",
    "still_recording": "The header does not yet say how long the sound is.",
    "damaged": "The container or the coded sound is broken inside.",
    "absurd_rate": "A sample rate out of 8 to 768 kHz.",
    "too_many_channels": "More than 32 channels.",
    "too_large": "Longer, or larger when decoded, than the limits.",
    "not_finite": "A sample that is not a number, or infinite.",
    "silent": "A note, not a refusal: every sample is zero.",
    "too_short": "A note, not a refusal: fewer frames than one 10 ms look of a meter.",
}
"""Every word with what it means; `silent` and `too_short` are notes, all others refuse the file."""

PATH_VERDICTS = frozenset({"missing", "outside", "link", "special_file"})


@dataclass(frozen=True)
class Note:
    """Something worth saying of a file that is used all the same. word: one of VERDICTS."""

    word: str
    sentence: str


def refusal(path: str | os.PathLike[str], word: str, why: str) -> BadInput:
    """The error for a file with a verdict; `why` goes on from the file's name: "is a named pipe"."""
    assert word in VERDICTS, word
    sentence = f"{spoken(path)} {why}"
    return PathRefused(sentence, word) if word in PATH_VERDICTS else FileRefused(sentence, word)


def verdict_of(error: BadInput) -> str:
    """The word of a refusal; `unreadable` for an error that carries none."""
    return str(getattr(error, "verdict", "unreadable"))
