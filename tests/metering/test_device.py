"""A sound device that comes, goes and changes: PortAudio as it behaves, without a sound card."""

from __future__ import annotations

import builtins
import threading

import numpy as np
import pytest

from bridge.errors import Unavailable
from bridge.metering.device import DeviceInput, devices, found, portaudio
from bridge.metering.listening import Listening
from tests.metering.sending import tone, until


class Flags:
    """Of a callback: true where one is set."""

    def __init__(self, **flags: bool) -> None:
        self.__dict__.update(flags)

    def __bool__(self) -> bool:
        return any(self.__dict__.values())


class PortAudio:
    """sounddevice as far as we use it. What is plugged in is seen only when it is initialized, as with the real one."""

    class PortAudioError(Exception):
        pass

    def __init__(self, *plugged) -> None:
        self.plugged = [*plugged]
        self.streams: list[Stream] = []
        self.refuses = ""
        self._initialize()

    def _terminate(self) -> None:
        assert all(not each.open for each in self.streams), "PortAudio would end the streams that are open"
        self._seen = []

    def _initialize(self) -> None:
        self._seen = [*self.plugged]

    def query_hostapis(self):
        return ({"name": "JACK Audio Connection Kit"},)

    def query_devices(self):
        return [
            {"name": name, "hostapi": 0, "max_input_channels": channels, "default_samplerate": rate}
            for name, channels, rate in self._seen
        ]

    def InputStream(self, **asked):
        if self.refuses:
            raise self.PortAudioError(self.refuses)
        self.streams.append(Stream(asked))
        return self.streams[-1]


class Stream:
    def __init__(self, asked) -> None:
        self.asked, self.open, self.active = asked, True, False

    def start(self) -> None:
        self.active = True

    def close(self, ignore_errors: bool = True) -> None:
        self.open = self.active = False

    def play(self, sound: np.ndarray, **flags: bool) -> None:
        """In the device's own buffers."""
        for start in range(0, sound.shape[1], 128):
            block = np.ascontiguousarray(sound[:, start : start + 128].T)
            self.asked["callback"](block, len(block), None, Flags(**flags))


def opened(library, called="interface", **options):
    source = DeviceInput(called, library=library, **options)
    source.streams = []
    source.open(source.streams.append)
    return source


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr("bridge.metering.device._LOOK_S", 0.005)
    monkeypatch.setattr("bridge.metering.device._FIRST_WAIT_S", 0.005)


INTERFACE = ("USB interface", 8, 48000.0)


def test_the_device_decides_the_size_of_a_block_and_two_channels_are_heard():
    library = PortAudio(("speakers", 0, 44100.0), INTERFACE)
    source = opened(library)
    try:
        asked = library.streams[0].asked
        assert {name: asked[name] for name in ("device", "samplerate", "channels", "dtype", "blocksize")} == {
            "device": 1, "samplerate": 48000, "channels": 2, "dtype": "float32", "blocksize": 0
        }  # fmt: skip
        sound = tone(0.1)
        library.streams[0].play(sound)
        assert np.array_equal(source.streams[0].ring.last(1).samples, sound)
        assert source.arrived.frames == 4800 and not source.arrived.faults
        assert source.state == "USB interface, stereo at 48000 Hz"
    finally:
        source.close()
    assert not library.streams[0].open


def test_what_portaudio_flags_is_counted():
    library = PortAudio(INTERFACE)
    source = opened(library)
    library.streams[0].play(tone(128 / 48000))
    library.streams[0].play(tone(2 * 128 / 48000), input_overflow=True)
    library.streams[0].play(tone(128 / 48000), output_underflow=True)
    source.close()
    assert source.arrived.blocks == 4 and source.arrived.dropped == 2
    assert source.arrived.faults == {"input overflow": 2, "output underflow": 1}


def test_a_device_that_is_pulled_out_is_told_looked_for_and_heard_again():
    library = PortAudio(INTERFACE)
    with Listening(DeviceInput("usb", library=library), moment_s=0) as listening:
        library.streams[0].play(tone(1.0, 0.1))
        until(lambda: listening.ring is not None)
        ring = listening.ring
        library.plugged.clear()
        library.streams[0].active = False
        until(lambda: "is not there; looking for it" in listening.source.state)
        library.plugged.append(INTERFACE)
        until(lambda: len(library.streams) == 2)
        until(lambda: listening.source.state == "USB interface, stereo at 48000 Hz")
        library.streams[1].play(tone(1.0, 0.5))
    assert listening.ring is ring, "the same sound goes on"
    assert listening.source.arrived.faults == {"device lost": 1, "device back": 1}
    assert listening.snapshot.seconds == pytest.approx(2.0, abs=0.1)


def test_a_device_that_comes_back_at_another_rate_is_another_stream():
    library = PortAudio(INTERFACE)
    source = opened(library)
    try:
        library.plugged[:] = [("USB interface", 1, 96000.0)]
        library.streams[0].active = False
        until(lambda: len(source.streams) == 2)
        assert [(s.ring.rate, s.ring.channels) for s in source.streams] == [(48000, 2), (96000, 1)]
    finally:
        source.close()


def test_a_device_that_says_it_runs_and_calls_no_more_has_gone():
    class Clock:
        now = 0.0

        def __call__(self):
            return self.now

    clock, library = Clock(), PortAudio(INTERFACE)
    source = opened(library, clock=clock)

    def looked_for_later() -> bool:
        clock.now += 0.5
        return len(library.streams) > 1

    try:
        library.streams[0].play(tone(0.1))
        until(looked_for_later)
        assert not library.streams[0].open
    finally:
        source.close()


def test_a_device_that_refuses_after_coming_back_does_not_end_the_search():
    library = PortAudio(INTERFACE)
    source = opened(library)
    try:
        library.refuses = "Device unavailable"
        library.streams[0].active = False
        until(lambda: "Device unavailable" in source.state)
        library.refuses = ""
        until(lambda: len(library.streams) == 2)
    finally:
        source.close()


def test_a_portaudio_that_never_lets_go_of_a_device_holds_up_nothing(monkeypatch):
    """As it is when a JACK server ends: closing the stream never returns."""
    monkeypatch.setattr("bridge.metering.device._CLOSED_S", 0.05)
    library, never = PortAudio(INTERFACE), threading.Event()
    source = opened(library)
    library.streams[0].close = lambda ignore_errors=True: never.wait()
    library.streams[0].active = False
    until(lambda: "start dawbridge again" in source.state)
    source.close()
    never.set()
    assert len(library.streams) == 1


def test_devices_are_found_by_number_name_and_part_of_a_name():
    there = devices(
        PortAudio(("Monitor", 2, 48000.0), ("Monitor 2", 2, 48000.0), ("none", 0, 1.0), ("Mic", 1, 44100.0))
    )
    assert [each.name for each in there] == ["Monitor", "Monitor 2", "Mic"]
    assert found("3", there).name == "Mic"
    assert found("monitor", there).name == "Monitor", "the whole name goes before a part"
    assert found("MIC", there).channels == 1
    with pytest.raises(Unavailable, match="several inputs match"):
        found("moni", there)
    with pytest.raises(Unavailable, match=r"no input\. Inputs: 0 Monitor, 1 Monitor 2, 3 Mic"):
        found("ardour", there)
    with pytest.raises(Unavailable, match="is JACK or the sound card running"):
        found("0", ())


def test_a_missing_portaudio_is_told_with_the_package_that_brings_it(monkeypatch):
    real = builtins.__import__

    def without(name, *rest, **more):
        if name == "sounddevice":
            raise OSError("PortAudio library not found")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(Unavailable, match="libportaudio2"):
        portaudio()
