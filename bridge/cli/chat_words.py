"""Words that steer a conversation itself: save, help, quit; as words of the lexicon, or behind a slash."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from bridge.planning.lexicon import Lexicon
    from bridge.planning.version import VersionWish

Steering = Literal["save", "help", "quit"]
_SLASHED = {
    "/help": "help", "/?": "help", "/quit": "quit", "/exit": "quit", "/q": "quit", "/save": "save",
}  # fmt: skip
SLASHES = {"/undo": "undo", "/redo": "redo", "/compare": "compare", "/versions": "versions", "/why": "why?"}
"""What a slash and a word say, in the words that are understood anyway."""


@dataclass(frozen=True)
class Steer:
    """place: where to save, as the user named it; "" is beside the sound."""

    what: Steering
    place: str = ""


def steering(line: str) -> Steer | None:
    """What a line asks of the conversation itself; None for words about the sound."""
    first, _, rest = line.strip().partition(" ")
    if first.lower() in _SLASHED:
        what = _SLASHED[first.lower()]
        return Steer(what, rest.strip().strip("\"'"))  # type: ignore[arg-type]
    for lexicon in _lexicons():
        for what in ("quit", "help", "save"):
            found = _said(line, lexicon.chat.get(what, ()))
            if found is not None and (not found or (what == "save" and _is_place(found))):
                return Steer(what, found)  # type: ignore[arg-type]
    return None


def versions_said(line: str, names: tuple[str, ...]) -> VersionWish | None:
    """What a line asks of the versions, in whichever language."""
    from bridge.planning.hearing.version import version_wish

    wishes = (version_wish(line, lexicon, names) for lexicon in _lexicons())
    return next((wish for wish in wishes if wish is not None), None)


def _said(line: str, phrases: tuple[str, ...]) -> str | None:
    """What follows the longest of the phrases at the start of the line, as it was written."""
    said = " ".join(line.split()).lstrip("¡¿")
    said = said.rstrip(".!?") or said
    for phrase in sorted(phrases, key=len, reverse=True):
        if re.match(rf"{re.escape(phrase)}(?=\s|$)", said, re.IGNORECASE):
            return said[len(phrase) :].strip().strip("\"'")
    return None


def _is_place(text: str) -> bool:
    """A path, and no wish: "save the highs" is about the sound."""
    from bridge.files import AUDIO_SUFFIXES

    path = Path(text)
    named = text.startswith(("/", "~", ".", "\\")) or "/" in text or path.suffix.lower() in AUDIO_SUFFIXES
    return named or ("\0" not in text and path.is_dir())


@cache
def _lexicons() -> tuple[Lexicon, ...]:
    return tuple(_loaded())


def _loaded() -> Iterator[Lexicon]:
    from bridge.presets import languages, load_lexicon

    yield load_lexicon("en")
    yield from (load_lexicon(name) for name in languages() if name != "en")
