"""Install and remove: the changes that were told, made one whole file at a time. What is the user's is never lost."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bridge.daws.scripts import manifest
from bridge.daws.scripts.changes import Change, changes
from bridge.daws.scripts.layout import LAYOUTS
from bridge.daws.scripts.manifest import Manifest
from bridge.daws.scripts.places import places, system_of
from bridge.daws.scripts.shipped import digest
from bridge.errors import BadInput, Unavailable
from bridge.files import atomic

A_LINK = "link"
NO_FILE = "not a file"
"""Instead of hashes: what we would never have put there, and so is the user's."""


@dataclass(frozen=True)
class Installing:
    """What is to be done below one root. were: what we put there before."""

    daw: str
    root: Path
    contents: Mapping[str, bytes]
    were: Manifest
    changes: tuple[Change, ...]

    @property
    def does_something(self) -> bool:
        return any(change.kind != "same" for change in self.changes)


def found_root(daw: str, to: Path | None = None) -> Path:
    """The folder that is meant, or the one that the DAW has on this machine. Raises Unavailable with what to say."""
    layout = LAYOUTS[daw]
    if to is not None:
        return Path(layout.settled(to.expanduser().absolute()))
    likely = places(daw, system_of(sys.platform), Path.home(), os.environ)
    for place in likely:
        if Path(place.sign).is_dir():
            return Path(place.root)
    where = f" (looked at {likely[0].sign})" if likely else " on this system"
    raise Unavailable(
        f"{layout.title} was not found{where}. Start it once, or name {layout.looked_for} with --to DIR."
    )


def planned(daw: str, root: Path, contents: Mapping[str, bytes]) -> Installing:
    """contents: by path below the root; empty to remove all that is ours. Raises BadInput where a link or a file lies
    in the place of one of our folders, before anything is changed."""
    were = manifest.read(root, daw)
    paths = sorted({*contents, *were.files})
    _passable(root, paths)
    there = {path: now for path in paths if (now := lying_there(root / path)) is not None}
    ours = {path: digest(content) for path, content in contents.items()}
    told = changes(ours, were.files, there, time.strftime("%Y%m%d"))
    free = tuple(_with_a_free_name(root, change) for change in told)
    return Installing(daw, root, contents, were, free)


def carry_out(doing: Installing, version: str) -> None:
    """Raises OutputFailed; what was done until then stands, and the next run goes on from there."""
    for change in doing.changes:
        _make(doing, change)
    if doing.contents:
        files = {path: digest(content) for path, content in doing.contents.items()}
        if doing.does_something or doing.were != Manifest(version, files):
            manifest.write(doing.root, doing.daw, Manifest(version, files))
        return
    atomic.discard(manifest.path(doing.root, doing.daw))
    _tidied(doing.root, doing.were.files)


def _make(doing: Installing, change: Change) -> None:
    path = doing.root / change.path
    try:
        if change.yours:
            path.rename(path.with_name(change.yours))
        if change.kind == "removed":
            path.unlink()
            _without_bytecode(path)
        elif change.kind in ("new", "replaced", "kept"):
            path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise atomic.output_failed(path, error) from error
    if change.kind in ("new", "replaced", "kept"):
        atomic.write_bytes(path, doing.contents[change.path])


def lying_there(path: Path) -> str | None:
    """Hash of what lies there; None where nothing does."""
    if path.is_symlink():
        return A_LINK
    if not path.exists():
        return None
    try:
        return digest(path.read_bytes()) if path.is_file() else NO_FILE
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}; mend its permissions.") from None


def _passable(root: Path, paths: Iterable[str]) -> None:
    """The root itself may be a link: people keep libraries on other disks. Ours below it may not: somebody's checkout
    lies behind such a link, and would be written over."""
    folders = {root / folder for path in paths for folder in PurePosixPath(path).parents}
    for folder in sorted({*folders, *root.parents, root}):
        if folder != root and folder not in root.parents and folder.is_symlink():
            raise BadInput(
                f"{folder} is a link to {os.path.realpath(folder)}; nothing is written through it. Remove the link, or "
                "name another folder with --to DIR."
            )
        if folder.exists() and not folder.is_dir():
            raise BadInput(f"{folder} is a file, and a folder is needed there; move it away.")
    nearest = next(folder for folder in (root, *root.parents) if folder.exists())
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise BadInput(f"{nearest} may not be written by this user; change its permissions, or use --to DIR.")


def _with_a_free_name(root: Path, change: Change) -> Change:
    """Nothing that was kept before is written over: "send.lua.yours-20261122-2"."""
    name, number = change.yours, 2
    while name and os.path.lexists((root / change.path).with_name(name)):
        name, number = f"{change.yours}-{number}", number + 1
    return Change(change.kind, change.path, name)


def _without_bytecode(path: Path) -> None:
    """What a DAW's Python made of a module goes with it."""
    for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
        atomic.discard(compiled)


def _tidied(root: Path, paths: Iterable[str]) -> None:
    """Folders of ours that are empty now; REAPER's own Scripts and OSC stay where anything is in them."""
    folders = {root / folder for path in paths for folder in PurePosixPath(path).parents if folder.name}
    for folder in sorted(folders, key=lambda one: len(one.parts), reverse=True):
        for empty in (folder / "__pycache__", folder):
            with contextlib.suppress(OSError):
                empty.rmdir()
