"""The watcher: wakes the scan up early. What it says is never taken for true, and its silence means nothing.

inotify's queue overflows at 16,384 events and what was in it is never told again; network shares tell nothing at all.
"""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent
    from watchdog.observers.api import BaseObserver

log = logging.getLogger("bridge.hotfolder")

NETWORK = (
    "nfs",
    "cifs",
    "smb",
    "afp",
    "webdav",
    "davfs",
    "9p",
    "sshfs",
    "fuse.",
    "afs",
    "ncpfs",
    "glusterfs",
)
CHANGES = frozenset(
    {"created", "moved", "modified", "deleted", "closed"}
)  # not "opened": that is us, reading


def file_system_of(folder: str) -> str:
    """Type of the file system that holds the folder ("ext4", "cifs"); "" where the system does not say."""
    import psutil

    real = os.path.realpath(folder)
    found, longest = "", -1
    with contextlib.suppress(OSError, psutil.Error):
        for mount in psutil.disk_partitions(all=True):
            inside = real == mount.mountpoint or real.startswith(mount.mountpoint.rstrip(os.sep) + os.sep)
            if inside and len(mount.mountpoint) >= longest:
                found, longest = mount.fstype, len(mount.mountpoint)
    return found


def is_network(folder: str) -> bool:
    """Whether the folder lies on a share, where events of other machines do not arrive."""
    return file_system_of(folder).lower().startswith(NETWORK)


def needs_polling(folder: str, setting: Literal["auto", "on", "off"]) -> bool:
    return is_network(folder) if setting == "auto" else setting == "on"


class Watch:
    """Calls `wake`, on a thread of its own, when something changes below `folder`."""

    def __init__(self, folder: str, wake: Callable[[], None]) -> None:
        self._folder = folder
        self._wake = wake
        self._observer: BaseObserver | None = None

    def start(self) -> bool:
        """False where the system cannot watch (no watches left, for example); then the scan polls."""
        from watchdog.observers import Observer

        observer = Observer()
        try:
            observer.schedule(self, self._folder, recursive=True)  # type: ignore[arg-type]
            observer.start()
        except OSError as error:
            log.warning(
                "watcher not available", extra={"facts": {"folder": self._folder, "reason": str(error)}}
            )
            return False
        self._observer = observer
        return True

    def dispatch(self, event: FileSystemEvent) -> None:
        """Called by watchdog for every event; thinks nothing."""
        if event.event_type in CHANGES:
            self._wake()

    def stop(self) -> None:
        if self._observer is not None:
            self._observer.stop()
            self._observer.join(5)
            self._observer = None
