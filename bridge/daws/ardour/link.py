"""Link to a running Ardour: strips, their plugins, and both read back by descriptor."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bridge.addresses import host_and_port
from bridge.daws.ardour.surface import Answer, Surface
from bridge.daws.link import (
    ACTIVE,
    GAIN,
    MIXER,
    MUTE,
    PAN,
    Device,
    Parameter,
    ParameterKind,
    Track,
    TrackKind,
)
from bridge.errors import Unavailable

if TYPE_CHECKING:
    from bridge.config import Settings

_KINDS: dict[str, TrackKind] = {"AT": "audio", "MT": "midi", "B": "bus", "MB": "bus", "MA": "master"}
"""Strip types of /strip/list; the monitor, VCAs and foldback are others."""

_ENUM, _INTEGER, _TOGGLE, _INPUT, _HIDDEN = 1, 2, 64, 128, 256
"""Flags of a descriptor."""

BALANCE = "balance"
"""The panner of a track with two inputs: it turns down the far side, and nothing goes over. -100 to 100 %."""

_STEP = 1e-4
"""Share of a parameter's span that is the same value: floats of 32 bits on the way."""

_PACE = 64
"""Writes after which Ardour gets a moment: its receive buffer holds some hundred."""


@dataclass(frozen=True)
class Strip:
    """id: which the surface finds the number of the moment for. inputs: of audio."""

    id: str
    inputs: int


def connect(settings: Settings) -> ArdourLink:
    """Raises Unavailable, with why, where nothing answers at `ardour_osc`."""
    return ArdourLink(*host_and_port(settings.ardour_osc))


class ArdourLink:
    """host, port: of Ardour's OSC."""

    daw = "ardour"

    def __init__(self, host: str, port: int) -> None:
        self._surface = Surface(host, port)

    def tracks(self) -> tuple[Track, ...]:
        """Names are unique in a session: kind and name are the identity, the strip's number is not."""
        rows = {f"{row[0]}:{row[1]}": row for row in self._surface.strips()}
        return tuple(
            Track(id, str(row[1]), _KINDS.get(row[0], "other"), Strip(id, row[2])) for id, row in rows.items()
        )

    def devices(self, track: Track) -> tuple[Device, ...]:
        found = [Device(MIXER)]
        seen: dict[str, int] = {}
        row = self._asked("/strip/plugin/list", track.at.id, what=f"the plugins of {track.name}")
        for at in range(1, len(row) - 2, 3):
            name = str(row[at + 1])
            seen[name] = seen.get(name, 0) + 1
            found.append(Device(name, seen[name], row[at]))
        return tuple(found)

    def parameters(self, track: Track, device: Device) -> tuple[Parameter, ...]:
        return self._mixer(track) if device.name == MIXER else self._plugin(track, device)

    def _mixer(self, track: Track) -> tuple[Parameter, ...]:
        gain = float(self._asked("/strip/gain", track.at.id, what=track.name)[-1])
        mute = float(self._asked("/strip/mute", track.at.id, what=track.name)[-1])
        found = [
            # It answers by the position of its fader, so not quite what it was given.
            Parameter(GAIN, gain, -193.0, 6.0, "dB", tolerance=max(0.1, 0.005 * abs(gain))),
            Parameter(MUTE, mute, 0.0, 1.0, kind="toggle"),
        ]
        panner = {1: PAN, 2: BALANCE}.get(track.at.inputs)
        if panner is not None and track.kind in ("audio", "bus"):
            position = float(self._asked("/strip/pan_stereo_position", track.at.id, what=track.name)[-1])
            found.append(Parameter(panner, _percent(position), -100.0, 100.0, "%", tolerance=0.1))
        return tuple(found)

    def _plugin(self, track: Track, device: Device) -> tuple[Parameter, ...]:
        answers = self._surface.ask(
            "/strip/plugin/descriptor",
            track.at.id,
            device.at,
            ends=lambda answer: answer[0] == "/strip/plugin/descriptor_end",
            what=f"{device.name} on {track.name}",
            lacks=lambda got: _gaps(_descriptors(got)),
        )
        rows = [row for _, row in sorted(_descriptors(answers).items())]
        shown = [_parameter(row) for row in rows if row[4] & _INPUT and not row[4] & _HIDDEN]
        return (self._active(track, device), *shown)

    def _active(self, track: Track, device: Device) -> Parameter:
        row = self._asked("/strip/plugin/list", track.at.id, what=f"the plugins of {track.name}")
        at = next((at for at in range(1, len(row) - 2, 3) if row[at] == device.at), None)
        if at is None:
            raise Unavailable(f"{device.name} is not on {track.name} any more.")
        return Parameter(ACTIVE, float(row[at + 2]), 0.0, 1.0, kind="toggle")

    def _asked(self, address: str, strip: str, what: str) -> list[Any]:
        def of_it(answer: Answer) -> bool:
            return answer[0] == address and bool(answer[1] or address.endswith("/list"))

        return self._surface.ask(address, strip, ends=of_it, what=what)[-1][1]

    def write(self, track: Track, device: Device, values: Sequence[tuple[Parameter, float]]) -> None:
        for number, (parameter, value) in enumerate(values, 1):
            if device.name == MIXER:
                self._write_mixer(track, parameter, value)
            elif parameter.name == ACTIVE:
                self._surface.send(
                    f"/strip/plugin/{'activate' if value else 'deactivate'}", track.at.id, int(device.at)
                )
            else:
                where = (int(device.at), int(parameter.at))
                self._surface.send("/strip/plugin/parameter", track.at.id, *where, float(value))
            if number % _PACE == 0:
                time.sleep(0.005)

    def _write_mixer(self, track: Track, parameter: Parameter, value: float) -> None:
        if parameter.name in (PAN, BALANCE):
            self._surface.send("/strip/pan_stereo_position", track.at.id, (100 - value) / 200)
        elif parameter.name == MUTE:
            self._surface.send("/strip/mute", track.at.id, int(value))
        else:
            self._surface.send("/strip/gain", track.at.id, float(value))

    def show(self, track: Track, device: Device, parameter: Parameter, value: float) -> str:
        raise Unavailable("Ardour's values are in real units already; it displays none over OSC.")

    def insert(self, track: Track, what: str) -> None:
        raise Unavailable("Over OSC Ardour inserts no plugin.")

    def close(self) -> None:
        self._surface.close()


def _percent(position: float) -> float:
    """Of Ardour's pan over OSC, which is 1 on the left and 0 on the right: heard in an export."""
    return 100 - 200 * position


def _descriptors(answers: Sequence[Answer]) -> dict[int, list[Any]]:
    """Rows by the parameter's number; of one that was read twice the later."""
    return {row[2]: row for address, row in answers if address == "/strip/plugin/descriptor"}


def _gaps(rows: dict[int, list[Any]]) -> bool:
    """They are numbered from 1 on."""
    return max(rows, default=0) != len(rows)


def _parameter(row: list[Any]) -> Parameter:
    """[strip, plugin, index, label, flags, type, min, max, format, n points, (value, label) ..., value]."""
    index, label, flags, low, high, points = row[2], str(row[3]), row[4], float(row[6]), float(row[7]), row[9]
    pairs = [(str(row[10 + 2 * n + 1]), float(row[10 + 2 * n])) for n in range(points)]
    return Parameter(
        label,
        float(row[-1]),
        low,
        high,
        kind=_kind(flags, bool(pairs)),
        tolerance=_STEP * abs(high - low),
        choices=tuple(pairs),
        at=index,
    )


def _kind(flags: int, named: bool) -> ParameterKind:
    if flags & _TOGGLE:
        return "toggle"
    if flags & _ENUM and named:
        return "choice"
    return "integer" if flags & _INTEGER else "continuous"
