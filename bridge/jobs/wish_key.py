"""What makes two wishes the same: words, kind, options, and the files that are named beside the sound."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from bridge.jobs.job import FileStamp, NewJob


def wish_key(new: NewJob) -> str:
    """Another take of a stem or a song, another reference or another impulse response under a name makes another
    job; see `NewJob.key` for the rest."""
    named = list(_named_files(new))
    if not named:
        return new.key
    stamps = [(name, FileStamp.at(path)) for name, path in named]
    return hashlib.sha256(f"{new.key}{stamps}".encode()).hexdigest()[:32]


def _named_files(new: NewJob) -> Iterator[tuple[str, str]]:
    """Each under a name that is its own among them."""
    yield from sorted((str(name), str(path)) for name, path in _by_name(new).items())
    for text in new.options.get("references") or ():
        yield f"reference {text}", _without_weight(str(text))
    if new.options.get("impulse"):
        yield "impulse", str(new.options["impulse"])
    in_words = _impulse_in(new.request) if "." in new.request else None
    if in_words is not None:
        yield "impulse in words", str(Path(new.path).parent / Path(in_words).expanduser())


def _by_name(new: NewJob) -> dict[str, object]:
    return dict(new.options.get("stems") or new.options.get("album") or {})


def _without_weight(reference: str) -> str:
    from bridge.errors import BadInput
    from bridge.planning.matching.reference import weighted

    try:
        return weighted(reference)[0]
    except BadInput:
        return reference  # the job says what is wrong with it


@lru_cache(maxsize=256)
def _impulse_in(words: str) -> str | None:
    """The impulse response that words name. Words come by thousands and are mostly the same."""
    from bridge.planning.own_impulse import named_impulse
    from bridge.presets import load_lexicon

    found = named_impulse(words, load_lexicon("en"))
    return found[0] if found is not None else None
