"""A look at the whole inbox. Not the watcher's events but this is what the hot folder goes by: it misses nothing."""

from __future__ import annotations

import os
import stat
import time
import zlib
from dataclasses import dataclass, field
from typing import NamedTuple

from bridge.errors import Unavailable
from bridge.files.folder import stems_in
from bridge.hotfolder.candidate import (
    SIDECARS,
    reason_against_kind,
    reason_against_name,
    sidecar_of,
    taken_whole,
)

MAXIMUM_DEPTH = 64
_HOLDS = {"stems": "stems", "album": "songs"}


class Stamp(NamedTuple):
    """A file as lstat shows it; while it is equal, nothing was written."""

    size: int
    mtime_ns: int
    inode: int


class Mark(NamedTuple):
    """A sound file with its sidecar, both as lstat shows them. sidecar: name of the one that counts."""

    stamp: Stamp
    sidecar: str | None = None
    sidecar_stamp: Stamp | None = None


@dataclass
class View:
    """What one scan saw. marks: sound files and folders of stems, by absolute path. ignored: what was passed over, and
    why.

    root: device and inode of the inbox, which change when a share is mounted in its place. cost_s: CPU it took.
    """

    root: tuple[int, int]
    cost_s: float = 0.0
    marks: dict[str, Mark] = field(default_factory=dict)
    ignored: dict[str, str] = field(default_factory=dict)


def stamp_of(status: os.stat_result) -> Stamp:
    return Stamp(status.st_size, status.st_mtime_ns, status.st_ino & (2**63 - 1))


def scan(inbox: str) -> View:
    """Walks the inbox without following links. Raises Unavailable where the inbox itself cannot be read."""
    begun = time.thread_time()
    try:
        status = os.stat(inbox)  # noqa: PTH116 - text in, text out: names that are no UTF-8 stay as they are
        view = View((status.st_dev, status.st_ino))
        waiting = [(inbox, 0)]
        waiting.extend(_look(inbox, 0, view))
    except OSError as error:
        raise Unavailable(
            f"the inbox {inbox} cannot be read ({error.strerror}); create or mount it"
        ) from None
    del waiting[0]
    while waiting:
        folder, depth = waiting.pop()
        try:
            waiting.extend(_look(folder, depth, view))
        except OSError as error:
            view.ignored[folder] = f"cannot be read ({error.strerror})"
    view.cost_s = time.thread_time() - begun
    return view


def _look(folder: str, depth: int, view: View) -> list[tuple[str, int]]:
    """Notes the entries of one folder; gives the folders below it."""
    below: list[tuple[str, int]] = []
    sounds: dict[str, Stamp] = {}
    sidecars: dict[str, Stamp] = {}
    with os.scandir(folder) as entries:
        for entry in entries:
            _sort(entry, depth, view, below, sounds, sidecars)
    for name, stamp in sounds.items():
        view.marks[os.path.join(folder, name)] = _with_sidecar(name, stamp, sidecars)  # noqa: PTH118
    return below


def _sort(
    entry: os.DirEntry[str],
    depth: int,
    view: View,
    below: list[tuple[str, int]],
    sounds: dict[str, Stamp],
    sidecars: dict[str, Stamp],
) -> None:
    reason = reason_against_name(entry.name)
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:
        return  # gone since the folder was listed
    if stat.S_ISDIR(status.st_mode):
        if entry.name.startswith("."):
            view.ignored[entry.path] = "hidden"
            return
        if taken_whole(entry.name):
            _note_stems(entry, view, sounds)
            return
        if reason is None or depth == MAXIMUM_DEPTH:
            view.ignored[entry.path] = "a folder, not a sound file" if reason is None else "nested too deep"
        if depth < MAXIMUM_DEPTH:
            below.append((entry.path, depth + 1))
        return
    if reason is not None and sidecar_of(entry.name) is not None and stat.S_ISREG(status.st_mode):
        sidecars[entry.name] = stamp_of(status)
        return
    reason = reason or reason_against_kind(status.st_mode)
    if reason is not None:
        view.ignored[entry.path] = reason
    else:
        sounds[entry.name] = stamp_of(status)


def _note_stems(entry: os.DirEntry[str], view: View, sounds: dict[str, Stamp]) -> None:
    """A folder of stems counts like one file, which changes when any of them does."""
    try:
        stamps = [(path.name, stamp_of(path.lstat())) for path in stems_in(entry.path).values()]
    except OSError as error:
        view.ignored[entry.path] = f"cannot be read ({error.strerror})"
        return
    if not stamps:
        view.ignored[entry.path] = (
            f"a folder of {_HOLDS[taken_whole(entry.name) or 'stems']} without a sound file"
        )
        return
    named = zlib.crc32(repr([(name, stamp.inode) for name, stamp in stamps]).encode("utf-8", "surrogatepass"))
    sounds[entry.name] = Stamp(
        sum(stamp.size for _, stamp in stamps), max(stamp.mtime_ns for _, stamp in stamps), named
    )


def _with_sidecar(name: str, stamp: Stamp, sidecars: dict[str, Stamp]) -> Mark:
    for ending in SIDECARS:
        found = sidecars.get(name + ending)
        if found is not None:
            return Mark(stamp, name + ending, found)
    return Mark(stamp)
