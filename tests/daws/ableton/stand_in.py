"""AbletonOSC's protocol on the fake object model, strictly: what it does with bundles, errors and unknown addresses is
what AbletonOSC at commit 0ca6821 does, by its published source; written anew, and only what the bridge uses.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

from pythonosc.osc_bundle import OscBundle
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from tests.daws.ableton.model import Song, Track
from tests.daws.ableton.ticking import Ticking

Answer = tuple[Any, ...] | None


class AbletonOsc:
    """Listens on a free port of the loopback. reply_port: the one that it answers to there; 11001 in AbletonOSC.
    on: called on Live's thread before each message is worked off, to change the session under the bridge's hands."""

    def __init__(self, song: Song, ticking: Ticking) -> None:
        self._song, self._ticking, self.reply_port = song, ticking, 0
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.port: int = self._socket.getsockname()[1]
        self.asked: list[str] = []
        self.on: Callable[[str], None] = lambda address: None
        self._verbs = self._handlers()
        ticking.schedule(0, self._tick)

    def close(self) -> None:
        self._socket.close()

    def _tick(self) -> None:
        if self._socket.fileno() < 0:
            return
        self._work()
        self._ticking.schedule(1, self._tick)

    def _work(self) -> None:
        """Until nothing is left; an error of a handler ends this tick's work, and with it its bundle."""
        try:
            while self._socket.fileno() >= 0:
                data, _ = self._socket.recvfrom(65_536)
                self._each(data)
        except BlockingIOError:
            return
        except Exception as error:  # noqa: BLE001
            self._send("/live/error", (f"Error handling OSC message: {error}",))

    def _each(self, data: bytes) -> None:
        if OscBundle.dgram_is_bundle(data):
            for part in OscBundle(data):
                self._handle(OscMessage(part.dgram))
        else:
            self._handle(OscMessage(data))

    def _handle(self, message: OscMessage) -> None:
        self.asked.append(message.address)
        self.on(message.address)
        handler = self._verbs.get(message.address)
        if handler is None:
            self._send("/live/error", (f"Unknown OSC address: {message.address}",))
            return
        answer = handler(list(message.params))
        if answer is not None:
            self._send(message.address, answer)

    def _send(self, address: str, values: tuple[Any, ...]) -> None:
        builder = OscMessageBuilder(address)
        for value in values:
            builder.add_arg(value)
        self._socket.sendto(builder.build().dgram, ("127.0.0.1", self.reply_port))

    def _handlers(self) -> dict[str, Callable[[list[Any]], Answer]]:
        return {
            "/live/test": lambda given: ("ok",),
            "/live/song/get/tempo": lambda given: (self._song.tempo, *given),
            "/live/song/get/num_tracks": lambda given: (len(self._song.tracks),),
            "/live/song/get/track_data": self._track_data,
            **{f"/live/track/get/{name}": self._of_track(get) for name, get in _TRACK_GET.items()},
            **{f"/live/track/set/{name}": self._of_track(put) for name, put in _TRACK_SET.items()},
            **{f"/live/device/get/{name}": self._of_device(get) for name, get in _DEVICE.items()},
            "/live/device/set/parameter/value": self._of_device(_set_parameter),
        }

    def _track_data(self, given: list[Any]) -> Answer:
        first, last, *names = given
        tracks = self._song.tracks[int(first) : len(self._song.tracks) if int(last) == -1 else int(last)]
        return tuple(getattr(track, name.split(".")[1]) for track in tracks for name in names)

    def _of_track(self, act: Callable[[Track, list[Any]], Answer]) -> Callable[[list[Any]], Answer]:
        def handle(given: list[Any]) -> Answer:
            at = int(given[0])
            answer = act(self._song.tracks[at], given[1:])
            return None if answer is None else (at, *answer)

        return handle

    def _of_device(self, act: Callable[[Any, list[Any]], Answer]) -> Callable[[list[Any]], Answer]:
        def handle(given: list[Any]) -> Answer:
            track, at = int(given[0]), int(given[1])
            answer = act(self._song.tracks[track].devices[at], given[2:])
            return None if answer is None else (track, at, *answer)

        return handle


def _set_volume(track: Track, given: list[Any]) -> None:
    track.mixer_device.volume.value = given[0]


def _set_panning(track: Track, given: list[Any]) -> None:
    track.mixer_device.panning.value = given[0]


def _set_mute(track: Track, given: list[Any]) -> None:
    track.mute = given[0]


def _set_parameter(device: Any, given: list[Any]) -> None:
    device.parameters[int(given[0])].value = given[1]


def _text(device: Any, given: list[Any]) -> Answer:
    parameter = device.parameters[int(given[0])]
    return int(given[0]), parameter.str_for_value(parameter.value)


_TRACK_GET: dict[str, Callable[[Track, list[Any]], Answer]] = {
    "name": lambda track, given: (track.name,),
    "mute": lambda track, given: (track.mute,),
    "volume": lambda track, given: (track.mixer_device.volume.value,),
    "panning": lambda track, given: (track.mixer_device.panning.value,),
    "devices/name": lambda track, given: tuple(device.name for device in track.devices),
    "devices/class_name": lambda track, given: tuple(device.class_name for device in track.devices),
}
_TRACK_SET: dict[str, Callable[[Track, list[Any]], Answer]] = {
    "volume": _set_volume, "panning": _set_panning, "mute": _set_mute,
}  # fmt: skip
_DEVICE: dict[str, Callable[[Any, list[Any]], Answer]] = {
    "name": lambda device, given: (device.name,),
    "class_name": lambda device, given: (device.class_name,),
    "parameters/name": lambda device, given: tuple(p.name for p in device.parameters),
    "parameters/value": lambda device, given: tuple(p.value for p in device.parameters),
    "parameters/min": lambda device, given: tuple(float(p.min) for p in device.parameters),
    "parameters/max": lambda device, given: tuple(float(p.max) for p in device.parameters),
    "parameters/is_quantized": lambda device, given: tuple(p.is_quantized for p in device.parameters),
    "parameter/value": lambda device, given: (int(given[0]), device.parameters[int(given[0])].value),
    "parameter/value_string": _text,
}
