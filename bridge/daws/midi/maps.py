"""The maps there are: ours in `presets/midi`, and the user's own, which come first."""

from __future__ import annotations

import tomllib
from pathlib import Path

from bridge.errors import BadInput
from bridge.files.small import read_small
from bridge.midi.mapping import MidiMap, map_of
from bridge.presets.data import data_folder

MOST_BYTES = 64 * 1024
USUAL = "any"


def files(own: Path) -> dict[str, Path]:
    """By name. own: the user's folder of presets."""
    folders = (data_folder() / "midi", own / "midi")
    return {file.stem: file for folder in folders for file in sorted(folder.glob("*.toml"))}


def map_called(name: str, own: Path) -> MidiMap:
    """By name, or a TOML file by its path. Raises BadInput naming the file and what is wrong with it."""
    if name.endswith(".toml"):
        return read(Path(name).expanduser())
    known = files(own)
    if name not in known:
        raise BadInput(
            f"There is no MIDI map {name!r}; there is {', '.join(known)}. Your own lie in {own / 'midi'}."
        )
    return read(known[name])


def read(file: Path) -> MidiMap:
    try:
        content = read_small(file, MOST_BYTES)
    except OSError as error:
        raise BadInput(f"MIDI map {file} cannot be read: {error.strerror}.") from None
    if len(content) > MOST_BYTES:
        raise BadInput(f"MIDI map {file} is larger than {MOST_BYTES // 1024} KiB, which no map is.")
    try:
        data = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"MIDI map {file} is no TOML: {error}.") from None
    except (ValueError, RecursionError):  # a number of 10,000 digits; arrays in arrays without end
        raise BadInput(f"MIDI map {file}: nobody can read its TOML.") from None
    return map_of(file.stem, data)
