"""A DAW in memory that is as strict as a real one: addresses are positions that shift, what is out of range is refused
without a word, and an unknown track or device gets no answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bridge.daws.link import Device, Parameter, Track
from bridge.errors import Unavailable


@dataclass
class Knob:
    """curve: what is displayed at a raw value."""

    value: float
    low: float
    high: float
    curve: Callable[[float], str] = "{:g}".format
    deaf: int = 0
    "How many writes it loses."


@dataclass
class Strip:
    name: str
    kind: str = "audio"
    chain: list[tuple[str, dict[str, Knob]]] = field(default_factory=list)


def mixer() -> tuple[str, dict[str, Knob]]:
    return "mixer", {"gain": Knob(0.0, -193.0, 6.0), "pan": Knob(0.0, -100.0, 100.0)}


def compressor() -> tuple[str, dict[str, Knob]]:
    return "Squeeze", {
        "active": Knob(1.0, 0.0, 1.0),
        "Threshold": Knob(0.0, -60.0, 0.0),
        "Ratio": Knob(4.0, 1.0, 20.0),
        "Attack": Knob(0.2, 0.0, 1.0, lambda raw: f"{10 ** (3 * raw - 1):.2f} ms"),
    }


class MemoryDaw:
    """before_write: called between the look and the write, to change the session under the bridge's hands."""

    daw = "memory"

    def __init__(
        self, *strips: Strip, insertable: dict[str, Callable[[], tuple[str, dict[str, Knob]]]]
    ) -> None:
        self.strips = list(strips)
        self.insertable = insertable
        self.writes: list[tuple[str, str, str, float]] = []
        self.before_write: Callable[[], None] = lambda: None
        self.running = True

    def _alive(self) -> None:
        if not self.running:
            raise Unavailable("memory does not answer. Is it running?")

    def tracks(self) -> tuple[Track, ...]:
        self._alive()
        return tuple(Track(f"{s.kind}:{s.name}", s.name, s.kind, at) for at, s in enumerate(self.strips))  # type: ignore[arg-type]

    def devices(self, track: Track) -> tuple[Device, ...]:
        self._alive()
        seen: dict[str, int] = {}
        found = []
        for at, (name, _) in enumerate(self._strip(track).chain):
            seen[name] = seen.get(name, 0) + 1
            found.append(Device(name, seen[name], at))
        return tuple(found)

    def parameters(self, track: Track, device: Device) -> tuple[Parameter, ...]:
        self._alive()
        _, knobs = self._strip(track).chain[device.at]
        return tuple(
            Parameter(name, k.value, k.low, k.high, tolerance=1e-6, shown=k.curve(k.value), at=name)
            for name, k in knobs.items()
        )

    def write(self, track: Track, device: Device, values: Sequence[tuple[Parameter, float]]) -> None:
        self._alive()
        act, self.before_write = self.before_write, lambda: None
        act()
        strip = self._strip(track)
        name, knobs = strip.chain[device.at]
        for parameter, value in values:
            knob = knobs[parameter.at]
            self.writes.append((strip.name, name, parameter.name, value))
            if knob.deaf:
                knob.deaf -= 1
            elif knob.low <= value <= knob.high:
                knob.value = value

    def show(self, track: Track, device: Device, parameter: Parameter, value: float) -> str:
        return self._strip(track).chain[device.at][1][parameter.at].curve(value)

    def insert(self, track: Track, what: str) -> None:
        self._alive()
        if what not in self.insertable:
            raise Unavailable(f"memory has no {what}.")
        self._strip(track).chain.append(self.insertable[what]())

    def close(self) -> None:
        self.running = False

    def _strip(self, track: Track) -> Strip:
        if track.at >= len(self.strips):
            raise Unavailable("no answer")
        return self.strips[track.at]
