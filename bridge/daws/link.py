"""Link: what the bridge asks of every DAW, and the nouns it speaks in. One folder beside this file fulfils it for each.

A DAW addresses its tracks by numbers that change when somebody inserts one. So a track has two names here: `id`, which
stays (a GUID where the DAW has one, else kind and name), and `at`, which is good for this instant only. Nothing keeps
an `at`: whoever writes asks for the tracks anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

TrackKind = Literal["audio", "midi", "bus", "master", "other"]
ParameterKind = Literal["continuous", "integer", "toggle", "choice"]

MIXER = "mixer"
"""Name of the device that every track has: its own gain, pan and mute."""
GAIN, PAN, MUTE = "gain", "pan", "mute"
"""Parameters of the mixer: dB; -100 (left) to 100 (right) %; 0 or 1."""
ACTIVE = "active"
"""Toggle of every other device: 0 where it is bypassed."""


@dataclass(frozen=True)
class Track:
    """id: what it is known by over time. at: how the DAW addresses it now, never to be kept."""

    id: str
    name: str
    kind: TrackKind
    at: Any


@dataclass(frozen=True)
class Device:
    """One device in a track's chain. nth: 1 for the first of that name, counted along the chain."""

    name: str
    nth: int = 1
    at: Any = None


@dataclass(frozen=True)
class Parameter:
    """One parameter as the DAW describes it, in the DAW's own units, with its present value.

    tolerance: difference that is still the same value when it is read back. shown: what the DAW displays.
    choices: what its values are called.
    """

    name: str
    value: float
    low: float
    high: float
    unit: str = ""
    kind: ParameterKind = "continuous"
    tolerance: float = 0.0
    shown: str = ""
    choices: tuple[tuple[str, float], ...] = ()
    at: Any = None

    def nearest(self, value: float) -> float:
        """The value that it can take and that comes nearest. Raises ValueError for NaN and infinity."""
        if value != value or value in (float("inf"), float("-inf")):
            raise ValueError(f"{self.name} cannot be {value}")
        if self.kind == "choice" and self.choices:
            return min((number for _, number in self.choices), key=lambda number: abs(number - value))
        held = min(max(value, self.low), self.high)
        return held if self.kind == "continuous" else float(round(held))

    def same(self, one: float, other: float) -> bool:
        return abs(one - other) <= max(self.tolerance, 1e-6 * max(abs(one), abs(other)))


class Link(Protocol):
    """A running DAW. Every method raises Unavailable, with what to do next, where it does not answer in time."""

    @property
    def daw(self) -> str:
        """Its name in `DAWS`."""
        ...

    def tracks(self) -> tuple[Track, ...]:
        """As they are now, in the order of the DAW's mixer, the master among them."""
        ...

    def devices(self, track: Track) -> tuple[Device, ...]:
        """The mixer and the chain, as they are now."""
        ...

    def parameters(self, track: Track, device: Device) -> tuple[Parameter, ...]:
        """Read now, hidden ones left out; every device but the mixer begins with ACTIVE."""
        ...

    def write(
        self, track: Track, device: Device, values: Sequence[tuple[Parameter, float]]
    ) -> Mapping[str, str] | None:
        """Sends, as fast as the DAW can take it. Proves nothing: the caller reads back. What the DAW said of those
        that it refused, by the parameter's name, where it says so."""
        ...

    def show(self, track: Track, device: Device, parameter: Parameter, value: float) -> str:
        """What the DAW would display at that value. Raises Unavailable where it tells only what is set."""
        ...

    def insert(self, track: Track, what: str) -> None:
        """Puts a device behind the others. Raises Unavailable where this DAW cannot."""
        ...

    def close(self) -> None: ...
