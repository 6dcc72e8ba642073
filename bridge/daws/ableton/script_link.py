"""Link to Live through dawbridge's own script: tracks and devices by ids that stay, returns and the main track too."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

from bridge.daws.ableton.native import DEVICE_ON, chain, parameter
from bridge.daws.ableton.script import Script
from bridge.daws.ableton.shown import Shown
from bridge.daws.display import number_shown, raw_value
from bridge.daws.link import ACTIVE, GAIN, MIXER, MUTE, PAN, Device, Parameter, Track
from bridge.errors import Unavailable

SILENT_DB = -70.0
"""What a fader at the bottom counts as; Live displays nothing lower but "-inf dB"."""
_POINTS = 128
"""Values that are displayed for one question: two or three questions find any."""
_AS_SHOWN_DB = 0.06
"""Faders are displayed with one decimal."""


class ScriptLink:
    """host, port: of the script."""

    daw = "ableton"

    def __init__(self, host: str, port: int) -> None:
        self._script = Script(host, port)
        self._shown: dict[tuple[str, str, Any], Shown] = {}
        self._wrote = False

    def hello(self) -> dict[str, Any]:
        """Version of the script, and what this version of Live can: `insert_device`, `create_audio_clip`."""
        told: dict[str, Any] = self._script.ask("hello", "itself")
        return told

    def tracks(self) -> tuple[Track, ...]:
        rows = self._script.ask("tracks", "its tracks")
        return tuple(Track(str(id), str(name), kind, str(id)) for id, name, kind in rows)

    def devices(self, track: Track) -> tuple[Device, ...]:
        rows = self._script.ask("devices", track.name, track=track.id)
        return (Device(MIXER), *chain([(str(name), str(kind), str(id)) for id, name, kind in rows]))

    def parameters(self, track: Track, device: Device) -> tuple[Parameter, ...]:
        self._shown.clear()
        rows = self._script.ask("parameters", f"{device.name} on {track.name}", **_spot(track, device))
        if device.name == MIXER:
            return tuple(self._of_mixer(track, row) for row in rows)
        return tuple(
            parameter(at, str(name), float(value), float(low), float(high), bool(steps), items, str(shown))
            for at, name, value, low, high, steps, items, shown in rows
        )

    def _of_mixer(self, track: Track, row: Sequence[Any]) -> Parameter:
        """Its fader in dB, as it is displayed."""
        at, name, value, low, high, _, _, shown = row
        if at == "panning":
            return Parameter(
                PAN, 100 * float(value), -100.0, 100.0, "%", tolerance=0.1, shown=shown, at=(at, name)
            )
        if at == "mute":
            return Parameter(MUTE, float(value), 0.0, 1.0, kind="toggle", at=(at, name))
        top = number_shown(self._fader(track, name, low, high).at(high))
        here = number_shown(shown)
        gain_db = max(SILENT_DB, here) if here is not None else SILENT_DB
        return Parameter(
            GAIN,
            gain_db,
            SILENT_DB,
            top or 6.0,
            "dB",
            tolerance=_AS_SHOWN_DB,
            shown=shown,
            at=(at, name, low, high),
        )

    def _fader(self, track: Track, name: str, low: float, high: float) -> Shown:
        return self._known(track, Device(MIXER), "volume", name, low, high)

    def _known(self, track: Track, device: Device, at: Any, name: str, low: float, high: float) -> Shown:
        key = (track.id, str(device.at), at)
        if key not in self._shown:
            self._shown[key] = Shown(
                lambda some: self._texts(track, device, at, name, some), low, high, _POINTS
            )
        return self._shown[key]

    def _texts(self, track: Track, device: Device, at: Any, name: str, values: Sequence[float]) -> list[str]:
        what = f"{name} of {device.name} on {track.name}"
        spot = _spot(track, device)
        told = self._script.ask("show", what, **spot, parameter=at, name=name, values=list(values))
        return [str(text) for text in told]

    def show(self, track: Track, device: Device, parameter: Parameter, value: float) -> str:
        """Live displays any value without setting it."""
        name = _name(parameter)
        return self._known(track, device, parameter.at, name, parameter.low, parameter.high).at(value)

    def write(
        self, track: Track, device: Device, values: Sequence[tuple[Parameter, float]]
    ) -> Mapping[str, str]:
        """Everything that one link writes is one step of Live's undo."""
        told = self._script.ask(
            "set",
            f"{device.name} on {track.name}",
            **_spot(track, device),
            values=[self._raw(track, device, parameter, value) for parameter, value in values],
        )
        self._wrote = True
        names = {_name(parameter): parameter.name for parameter, _ in values}
        return {names.get(name, name): f"Live says: {text}" for name, text in told.items()}

    def _raw(self, track: Track, device: Device, parameter: Parameter, value: float) -> list[Any]:
        if device.name != MIXER:
            return [parameter.at, _name(parameter), value]
        at, name = parameter.at[:2]
        if parameter.name == GAIN:
            low, high = parameter.at[2:]
            shown = self._fader(track, name, low, high)
            found = low if value <= SILENT_DB else raw_value(shown.at, low, high, value)
            return [at, name, low if found is None else found]
        return [at, name, value / 100 if parameter.name == PAN else value]

    def insert(self, track: Track, what: str) -> None:
        self._script.ask("insert", f"a new {what} on {track.name}", track=track.id, name=what)
        self._wrote = True

    def selected_clip(self) -> dict[str, Any]:
        """{name, path, track (id), track_name, start_beats (None in the session view), warped} of the audio clip that
        the user has selected. Raises Unavailable with what to do where there is none."""
        told: dict[str, Any] = self._script.ask("clip", "the selected clip")
        return told

    def bring(self, path: str, name: str, track: str = "", at_beats: float | None = None) -> dict[str, Any]:
        """A sound file into the set, as one step of its undo: {where: arrangement or session, track}. track: id; where
        it takes no audio, or is empty, a new track is made."""
        told: dict[str, Any] = self._script.ask(
            "bring", path, path=path, name=name, track=track, at_beats=at_beats
        )
        return told

    def close(self) -> None:
        """The undo step ends; where Live has gone there is none, and where it is silent the script ends it itself."""
        with contextlib.suppress(Unavailable):
            if self._wrote:
                self._script.ask("end", "the end of its undo step")
        self._script.close()


def _name(parameter: Parameter) -> str:
    """What Live calls it."""
    return DEVICE_ON if parameter.name == ACTIVE else parameter.name


def _spot(track: Track, device: Device) -> dict[str, str]:
    return {"track": track.id, "device": MIXER if device.name == MIXER else str(device.at)}
