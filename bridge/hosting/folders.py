"""Where plugins live on each system, which bundles lie there, and what tells that one has changed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from bridge.errors import PathRefused

ENVIRONMENT = "VST3_PATH"
"""Folders, separated as in PATH, that stand in for the system's own; tests and odd installations use it."""

ENDINGS = (".vst3", ".component") if sys.platform == "darwin" else (".vst3",)

Stamp = tuple[int, int, int]
"""Newest modification (ns), total bytes and number of the files that are the plugin's code."""


def plugin_folders(further: Iterable[Path] = ()) -> tuple[Path, ...]:
    """The system's plugin folders and the user's further ones, existing or not, each once."""
    named = os.environ.get(ENVIRONMENT)
    own = [Path(part) for part in named.split(os.pathsep) if part] if named else _of_the_system()
    return tuple(dict.fromkeys(path.expanduser().absolute() for path in (*own, *further)))


def _of_the_system() -> list[Path]:
    """VST 3 Locations / Format of the SDK's documentation; Audio Units of Apple's."""
    home = Path.home()
    if sys.platform == "darwin":
        kinds = ("VST3", "Components")
        return [base / "Library/Audio/Plug-Ins" / kind for base in (home, Path("/")) for kind in kinds]
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA", str(home / "AppData/Local"))
        program = os.environ.get("COMMONPROGRAMFILES", r"C:\Program Files\Common Files")
        return [Path(local) / "Programs/Common/VST3", Path(program) / "VST3"]
    return [home / ".vst3", Path("/usr/lib/vst3"), Path("/usr/local/lib/vst3")]


def bundles(folders: Iterable[Path]) -> list[Path]:
    """Every bundle below the folders, sorted by name; nothing inside of a bundle is looked at."""
    found = (path for folder in folders for path in _below(folder, 3))
    return sorted(dict.fromkeys(found), key=lambda path: (path.name.lower(), str(path)))


def _below(folder: Path, depth: int) -> Iterator[Path]:
    try:
        entries = list(os.scandir(folder))
    except OSError:  # not there, or not ours to read
        return
    for entry in entries:
        if entry.name.lower().endswith(ENDINGS):
            yield Path(entry.path)
        elif depth > 1 and entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
            yield from _below(Path(entry.path), depth - 1)


def stamp(bundle: Path) -> Stamp | None:
    """Changes when the plugin does; None where nothing is there."""
    try:
        if bundle.is_file():
            return _of([bundle])
        return _of(_code(bundle))
    except OSError:
        return None


def no_plugin(bundle: Path) -> str | None:
    """Why nothing is to be loaded from there, or None. Opening a named pipe or a device would wait for ever."""
    try:
        if not os.access(bundle, os.R_OK | (os.X_OK if bundle.is_dir() else 0)):
            return "it may not be read" if bundle.exists() else "it leads to nothing"
        files = _code(bundle) if bundle.is_dir() else [bundle]
        if not _is_text(bundle):
            return "its name is no text"
        special = [path for path in files if not path.is_file()]
        if special:
            return f"{special[0].name} is no file"
        return None if files else "it holds no code"
    except OSError as error:
        return f"it cannot be looked into ({error.strerror})"


def _is_text(path: Path) -> bool:
    """Whether the name is UTF-8: no plugin host takes another."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _code(bundle: Path) -> list[Path]:
    """The files that are code: everything in the folders of Contents but the resources."""
    found: list[Path] = []
    for entry in os.scandir(bundle / "Contents"):
        if entry.is_dir() and entry.name != "Resources":
            found += [Path(item.path) for item in os.scandir(entry.path) if not item.is_dir()]
        elif not entry.is_dir():
            found.append(Path(entry.path))
    return found


def _of(files: list[Path]) -> Stamp:
    stats = [file.stat() for file in files]
    return (
        max((item.st_mtime_ns for item in stats), default=0),
        sum(item.st_size for item in stats),
        len(stats),
    )


def admitted(file: str, folders: Iterable[Path]) -> Path:
    """`file` as it is on disk, if it is a bundle in one of the folders; loading any other would run foreign code.

    A bundle may be a link that the user has laid there; a folder on the way that is one leads out and is refused, as
    the scanner does not follow it either. Raises PathRefused.
    """
    wanted = Path(file)
    if "\0" in file or not wanted.is_absolute() or not wanted.name.lower().endswith(ENDINGS):
        raise PathRefused(
            f"{file[:200]!r} is no path of a plugin bundle ({' or '.join(ENDINGS)}).", "outside"
        )
    real = Path(os.path.realpath(wanted.parent)) / wanted.name
    roots = [Path(os.path.realpath(folder)) for folder in folders]
    if not any(root in real.parents for root in roots):
        raise PathRefused(
            f"{file[:200]!r} lies in none of the plugin folders; add its folder to plugin_folders.", "outside"
        )
    return wanted
