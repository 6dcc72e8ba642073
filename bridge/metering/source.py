"""Source: where sound comes from in real time. One Protocol for sound cards and for ReaStream; each brings rings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bridge.metering.ring import Ring

MOST_SAMPLES = 1 << 26
"""In one ring: 256 MB, or 12 minutes of stereo at 48 kHz."""
REMEMBERED_S = 60.0
"""How much of the past a ring keeps where nobody asks for more."""


@dataclass(frozen=True)
class Stream:
    """Sound of one sender, one rate and one channel count, for as long as these stay. name: who plays it."""

    name: str
    ring: Ring

    @property
    def told(self) -> str:
        channels = {1: "mono", 2: "stereo"}.get(self.ring.channels, f"{self.ring.channels} channels")
        return f"{self.name}, {channels} at {self.ring.rate} Hz"


def ring_for(rate: int, channels: int, seconds: float) -> Ring:
    """A ring of that many seconds, or of fewer where many channels at a high rate would fill the memory."""
    return Ring(rate, channels, min(seconds, MOST_SAMPLES / (rate * channels)))


@dataclass(frozen=True)
class Arrived:
    """What has come since the source was opened.

    blocks: packets or buffers that were taken; frames: of sound in them. dropped: blocks that are known to have been
    lost before they could be taken. faults: everything else that was wrong, by what it was ("no ReaStream packet",
    "input overflow"), and how often.
    """

    blocks: int = 0
    frames: int = 0
    dropped: int = 0
    faults: Mapping[str, int] = field(default_factory=dict)


Begun = Callable[[Stream], None]
"""Told of each new stream, on the source's thread: the first, and one after every change of rate or channels."""


class Source(Protocol):
    """Opened once, closed once; never raises while it is open: what happens stands in `state` and `arrived`."""

    def open(self, begun: Begun) -> None:
        """Raises Unavailable, with what to do, where there can be no sound at all; one that only waits does not."""
        ...

    @property
    def state(self) -> str:
        """One line for people: who is heard, or what is waited for and why."""
        ...

    @property
    def arrived(self) -> Arrived: ...

    def close(self) -> None: ...
