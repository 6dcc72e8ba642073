"""Link to Live through AbletonOSC: tracks by index, devices by index, and no identity but the name."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from bridge.daws.ableton.conversation import Asked, Conversation, Refused
from bridge.daws.ableton.native import NATIVE, chain, parameter
from bridge.daws.ableton.shown import Shown
from bridge.daws.ableton.volume import HIGHEST_DB, LOWEST_DB, decibels, fader
from bridge.daws.link import ACTIVE, GAIN, MIXER, MUTE, PAN, Device, Parameter, Track, TrackKind
from bridge.daws.setting import Gone
from bridge.errors import Unavailable

_SOME = 40
"""Questions in one bundle: its bytes stay in one datagram everywhere."""

_PROBES = 32
"""Values that are displayed in one bundle; each is set, so no more than two or three bundles need."""

_TRACK = ("track.name", "track.is_foldable", "track.has_midi_input")


class OscLink:
    """host, port: of AbletonOSC. reply_port: where it answers to; 0: any free one."""

    daw = "ableton"

    def __init__(self, host: str, port: int, reply_port: int) -> None:
        self._live = Conversation(host, port, reply_port)
        self.reply_port = self._live.reply_port
        self._shown: dict[tuple[str, str, int, str], Shown] = {}

    def tracks(self) -> tuple[Track, ...]:
        """Without return tracks and the main track, which AbletonOSC does not reach."""
        try:
            ((_, row),) = self._live.ask([("/live/song/get/track_data", (0, -1, *_TRACK))], "its tracks", 1)
        except Gone as error:
            raise Unavailable(f"The tracks of this Live cannot be read: {error}") from None
        rows = [row[at : at + 3] for at in range(0, len(row) - 2, 3)]
        return tuple(
            _track(str(name), bool(group), bool(midi), at) for at, (name, group, midi) in enumerate(rows)
        )

    def devices(self, track: Track) -> tuple[Device, ...]:
        names, classes = self._of_track(track, ("devices/name", "devices/class_name"))
        found = [
            (str(name), str(kind), (at, name))
            for at, (name, kind) in enumerate(zip(names, classes, strict=True))
        ]
        return (Device(MIXER), *chain(found))

    def parameters(self, track: Track, device: Device) -> tuple[Parameter, ...]:
        self._shown.clear()
        return self._mixer(track) if device.name == MIXER else self._device(track, device)

    def _mixer(self, track: Track) -> tuple[Parameter, ...]:
        (volume,), (panning,), (mute,) = self._of_track(track, ("volume", "panning", "mute"))
        found = [
            Parameter(PAN, 100 * float(panning), -100.0, 100.0, "%", tolerance=0.1, at="panning"),
            Parameter(MUTE, float(mute), 0.0, 1.0, kind="toggle", at="mute"),
        ]
        gain_db = decibels(float(volume))
        if gain_db is not None:
            found.insert(
                0, Parameter(GAIN, gain_db, LOWEST_DB, HIGHEST_DB, "dB", tolerance=0.01, at="volume")
            )
        return tuple(found)

    def _device(self, track: Track, device: Device) -> tuple[Parameter, ...]:
        lists = ("name", "value", "min", "max", "is_quantized")
        asked: list[Asked] = [(f"/live/device/get/parameters/{each}", _here(track, device)) for each in lists]
        told = self._rows(track, device, asked)
        rows = list(zip(*(row[2:] for row in told), strict=True))
        texts = self._texts(track, device, len(rows)) if device.name in NATIVE.values() else [""] * len(rows)
        return tuple(
            parameter(at, str(name), float(value), float(low), float(high), bool(steps), shown=text)
            for at, ((name, value, low, high, steps), text) in enumerate(zip(rows, texts, strict=True))
        )

    def _texts(self, track: Track, device: Device, count: int) -> list[str]:
        found: list[str] = []
        for first in range(0, count, _SOME):
            asked: list[Asked] = [
                ("/live/device/get/parameter/value_string", (*_here(track, device), at))
                for at in range(first, min(first + _SOME, count))
            ]
            found += [str(row[3]) for row in self._rows(track, device, asked)]
        return found

    def _of_track(self, track: Track, what: Sequence[str]) -> list[list[Any]]:
        asked: list[Asked] = [(f"/live/track/get/{each}", (int(track.at),)) for each in what]
        return [row[1:] for row in self._rows(track, Device(MIXER), asked)]

    def _rows(self, track: Track, device: Device, asked: Sequence[Asked]) -> list[list[Any]]:
        """One answer each. Raises Gone where something else has come into that place."""
        rows, there = self._asked(track, device, asked, len(asked))
        if not there:
            raise Gone(f"{device.name} on {track.name!r} is not where it was")
        return rows

    def _asked(
        self, track: Track, device: Device, asked: Sequence[Asked], answers: int
    ) -> tuple[list[list[Any]], bool]:
        """Their answers, and whether what is meant stands in that place: asked in the same bundle, before them."""
        guard: list[Asked] = [("/live/track/get/name", (int(track.at),))]
        stands: list[Any] = [[track.at, track.name]]
        if device.name != MIXER:
            guard.append(("/live/device/get/name", _here(track, device)))
            stands.append([*_here(track, device), device.at[1]])
        told = self._live.ask([*guard, *asked], f"{device.name} on {track.name}", len(guard) + answers)
        rows = [row for _, row in told]
        return rows[len(guard) :], rows[: len(guard)] == stands

    def write(
        self, track: Track, device: Device, values: Sequence[tuple[Parameter, float]]
    ) -> Mapping[str, str]:
        """All in one bundle; where Live refuses one of them, one by one. What it refused is told by name."""
        self._shown.clear()
        try:
            self._write(track, device, values)
        except Refused:
            refused = {}
            for each in values:
                try:
                    self._write(track, device, [each])
                except Refused as error:
                    refused[each[0].name] = str(error)
            return refused
        return {}

    def _write(self, track: Track, device: Device, values: Sequence[tuple[Parameter, float]]) -> None:
        """What another track had, which has come into that place since, is put back at once."""
        before = [_get(track, device, parameter) for parameter, _ in values]
        sets = [_set(track, device, parameter, value) for parameter, value in values]
        rows, there = self._asked(track, device, [*before, *sets], len(before))
        if not there:
            self._put_back(sets, rows)

    def _put_back(self, sets: Sequence[Asked], before: Sequence[Sequence[Any]]) -> None:
        back = [
            (address, (*arguments[:-1], _plain(row[-1])))
            for (address, arguments), row in zip(sets, before, strict=True)
        ]
        self._live.ask(back, "what it had before", 0)

    def show(self, track: Track, device: Device, parameter: Parameter, value: float) -> str:
        """AbletonOSC displays what is set, no more. So the value is set, displayed and put back within one bundle,
        which Live works off in one go, before it plays on."""
        if device.name == MIXER:
            raise Unavailable("AbletonOSC displays no fader.")
        key = (track.id, device.name, device.nth, parameter.name)
        if key not in self._shown:
            self._shown[key] = Shown(
                lambda some: self._probed(track, device, parameter, some),
                parameter.low,
                parameter.high,
                _PROBES,
            )
        return self._shown[key].at(value)

    def _probed(
        self, track: Track, device: Device, parameter: Parameter, values: Sequence[float]
    ) -> list[str]:
        here = (*_here(track, device), int(parameter.at))
        asked = [_get(track, device, parameter)]
        for value in values:
            asked.append(("/live/device/set/parameter/value", (*here, float(value))))
            asked.append(("/live/device/get/parameter/value_string", here))
        back: Asked = ("/live/device/set/parameter/value", (*here, float(parameter.value)))
        rows, there = self._asked(track, device, [*asked, back], 1 + len(values))
        if not there:
            self._put_back([back], rows[:1])
            raise Gone(f"{device.name} on {track.name!r} is not where it was")
        return [str(row[3]) for row in rows[1:]]

    def insert(self, track: Track, what: str) -> None:
        raise Unavailable(
            f"AbletonOSC inserts no {what}; dawbridge's own script does, in Live 12.3 and later "
            "(dawbridge install-script ableton)."
        )

    def close(self) -> None:
        self._live.close()


def _track(name: str, group: bool, midi: bool, at: int) -> Track:
    kind: TrackKind = "bus" if group else "midi" if midi else "audio"
    return Track(f"name:{name}", name, kind, at)


def _here(track: Track, device: Device) -> tuple[int, int]:
    return int(track.at), int(device.at[0])


def _get(track: Track, device: Device, parameter: Parameter) -> Asked:
    if device.name == MIXER:
        return f"/live/track/get/{parameter.at}", (int(track.at),)
    return "/live/device/get/parameter/value", (*_here(track, device), int(parameter.at))


def _set(track: Track, device: Device, parameter: Parameter, value: float) -> Asked:
    if device.name == MIXER:
        raw: float | int = value / 100
        if parameter.name == GAIN:
            raw = fader(value)
        elif parameter.name == MUTE:
            raw = int(value)
        return f"/live/track/set/{parameter.at}", (int(track.at), raw)
    if parameter.kind != "continuous" or parameter.name == ACTIVE:
        value = math.floor(value + 0.5)
    return (
        "/live/device/set/parameter/value",
        (*_here(track, device), int(parameter.at), float(value)),
    )


def _plain(value: Any) -> float | int:
    """As it can travel."""
    return int(value) if isinstance(value, bool) else value
