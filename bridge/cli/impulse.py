"""`--impulse`, and the impulse response that words name: which file it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from bridge.cli.given import followed
from bridge.errors import BadInput

Command = TypeVar("Command", bound=Callable[..., Any])

WORDS = "convolution reverb"
"""What is wished where an impulse response is given and no words."""


def impulse_option(command: Command) -> Command:
    """The option that `plan` and `process` share."""
    return click.option(
        "--impulse", metavar="FILE", help="Impulse response of a room or device to convolve with."
    )(command)


def own_impulse(given: str | None, words: str | None) -> Path | None:
    """The file, given or named in the words, as the folder here has it. None where none is given, and where the words
    name one that is not here: then it is looked for beside the sound. Raises BadInput where the given one is not there.
    """
    if given is not None:
        path = followed(given)
        if not path.exists():
            raise BadInput(f"There is no impulse response {given}.")
        return path
    named = _named(words or "")
    return followed(named) if named is not None and named.exists() else None


def _named(words: str) -> Path | None:
    from bridge.planning.own_impulse import named_impulse
    from bridge.presets import load_lexicon

    if "." not in words:
        return None
    found = named_impulse(words, load_lexicon("en"))
    return Path(found[0]).expanduser() if found is not None else None
