"""When a dropped file is complete: nothing changed for long enough, and the container agrees.

A copy shows its name long before its last byte, so neither an event nor one look at the size means anything. Products
that took one equal size for the end have shipped half-copied files; three looks over the settle time is what
their mends came to. Times are seconds of the monotonic clock: setting the clock changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass
from pathlib import PurePath

from bridge.hotfolder.candidate import taken_whole

LOOKS = 3
SIZELESS = frozenset({".flac", ".ogg", ".oga", ".opus", ".mp3"})
"""Containers that do not say how many bytes they have: only the quiet tells that they have ended."""


@dataclass(frozen=True)
class Patience:
    """How long to wait, in seconds.

    settle_s: without a change, before the container is asked.
    truncated_s: since the last change, before bytes that the header promises are given up.
    recording_s: since the last change, before a header without a length is given up (recorders write it last).
    stems_s: without a change, before a folder of stems or songs is taken: DAWs export one stem after the other.
    """

    settle_s: float = 1.5
    truncated_s: float = 10.0
    recording_s: float = 60.0
    stems_s: float = 10.0

    def settle_time(self, path: str) -> float:
        if taken_whole(PurePath(path).name):
            return max(self.stems_s, self.settle_s)
        return self.settle_s * (2.0 if PurePath(path).suffix.lower() in SIZELESS else 1.0)

    def before_verdict(self, state: str) -> float:
        """How long after the last change a file whose container is in this state is judged."""
        if state == "still_recording":
            return max(self.recording_s, self.settle_s)
        return max(self.truncated_s, self.settle_s)


@dataclass(slots=True)
class _Quiet:
    mark: Hashable
    since: float
    looks: int = 1


class Settling:
    """Files that are being watched for quiet, by path."""

    def __init__(self, patience: Patience) -> None:
        self.patience = patience
        self._quiet: dict[str, _Quiet] = {}

    def __len__(self) -> int:
        return len(self._quiet)

    def __contains__(self, path: str) -> bool:
        return path in self._quiet

    def look(self, path: str, mark: Hashable, now: float) -> bool:
        """Notes one look; True once enough equal ones span the settle time."""
        quiet = self._quiet.get(path)
        if quiet is None or quiet.mark != mark:
            self._quiet[path] = _Quiet(mark, now)
            return False
        quiet.looks += 1
        return quiet.looks >= LOOKS and now - quiet.since >= self.patience.settle_time(path)

    def quiet_since(self, path: str) -> float:
        """When the last change of a watched file was first seen."""
        return self._quiet[path].since

    def forget(self, path: str) -> None:
        self._quiet.pop(path, None)

    def keep_only(self, paths: Collection[str]) -> None:
        """Forgets what is not there any more."""
        for path in [path for path in self._quiet if path not in paths]:
            del self._quiet[path]
