"""Where a result goes: beside its source under a name that is free, or where the user says; never over the original."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridge.errors import BadInput

if TYPE_CHECKING:
    from bridge.files import SoundFormat


_RESULT = re.compile(r"(?P<source>.+)-(?:bridge|preview)(?:-\d+)?")
"""How `named` and `free_name` call a result."""


@dataclass(frozen=True)
class Place:
    """stem: the name was ours to choose; others made of it follow where it is taken meanwhile. None: the user's."""

    path: Path
    stem: str | None = None

    def put(self, temporary: Path) -> Path:
        """Moves a whole file there; the name that it got. Raises OutputFailed."""
        from bridge.files import atomic

        if self.stem is None:
            atomic.replace(temporary, self.path)
            return self.path
        path = self.path
        while not atomic.place(temporary, path):
            path = free_name(path.parent, self.stem, path.suffix)
        return path


def choose(source: Path, format: SoundFormat, output: str | None, mark: str = "bridge") -> Place:
    """Where the file will be written. format: of the result as it is rendered.

    Raises BadInput for the original itself, a missing folder, and endings that no result can have.
    """
    from bridge.files import result_name

    beside = Path(result_name(source, format))
    place = source.parent if output is None else Path(output).absolute()
    if place.is_dir():
        return named(place, beside.stem, beside.suffix, mark)
    if place.exists() and place.samefile(source):
        raise BadInput(f"{output} is the original, which is never overwritten; name another file.")
    if not place.parent.is_dir():
        raise BadInput(f"There is no folder {place.parent}; make it first.")
    converted(place, format)
    return Place(place)


def named(folder: Path, name: str, suffix: str, mark: str = "bridge") -> Place:
    """NAME-bridge.EXT in a folder, or the first such name that is free."""
    stem = f"{name}-{mark}"
    return Place(free_name(folder, stem, suffix), stem)


def without_results(files: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """The sound files of a folder, and apart from them those that only lie there because a result goes beside its
    source: NAME-bridge.wav, NAME-bridge-2.wav, NAME-preview.wav where NAME.* is there too."""
    files = list(files)
    there = {path.stem for path in files}
    results = [path for path in files if any(source in there for source in _sources(path.stem))]
    return [path for path in files if path not in results], results


def _sources(stem: str) -> Iterator[str]:
    """What a file of this name may be a result of: of "vocal-bridge-bridge-2" "vocal-bridge" and "vocal"."""
    while made := _RESULT.fullmatch(stem):
        stem = made["source"]
        yield stem


def free_name(folder: Path, stem: str, suffix: str) -> Path:
    """NAME-bridge.wav, NAME-bridge-2.wav, ...: the first that is not there."""
    names = (f"{stem}{f'-{number}' if number > 1 else ''}{suffix}" for number in count(1))
    return next(folder / name for name in names if not os.path.lexists(folder / name))


def converted(place: Path, format: SoundFormat) -> SoundFormat:
    """The format that the name asks for. Raises BadInput for lossy ones: the checks would not hold for them."""
    from bridge.files import format_of_name

    if place.suffix.lower() in format.suffixes:
        return format
    wanted = format_of_name(place, format)
    if not wanted.lossless:
        raise BadInput(
            f"{place.name}: results are lossless, so that what was checked is what you get; use .wav or .flac."
        )
    return wanted


def deliver(rendered: Path, place: Place) -> tuple[Path, list[str]]:
    """Moves the rendered file to its place, whole or not at all; the name it got, and warnings. Raises OutputFailed."""
    from bridge.files import SoundWriter, atomic, open_sound

    name = place.path.name
    with open_sound(rendered) as sound:
        format = converted(place.path, sound.format)
        if format == sound.format:
            return place.put(rendered), []
        warnings = []
        if format.subtype != sound.format.subtype:
            warnings = [f"{name} was converted from {sound.format} to {format} after the checks."]
        temporary = atomic.temporary(place.path)
        with SoundWriter(
            temporary, sound.rate, sound.channels, format, sound, _seed(format, sound.format)
        ) as writer:
            for block in sound.blocks():
                writer.write(block)
    try:
        return place.put(temporary), [*warnings, *writer.warnings]
    except BaseException:
        atomic.discard(temporary)
        raise


def _seed(to: SoundFormat, of: SoundFormat) -> int | None:
    """No dither where the samples already have that depth."""
    return None if to.bits and of.bits and to.bits >= of.bits else 0


def told(result: dict[str, Any], place: Path | None, warnings: list[str]) -> dict[str, Any]:
    """The result with the file's own place in it."""
    output = str(place) if place is not None and result["output"] else None
    return {**result, "output": output, "warnings": [*result["warnings"], *warnings]}
