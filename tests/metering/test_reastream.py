"""A ReaStream receiver on a real socket, and a sender of our own."""

from __future__ import annotations

import socket
import sys

import numpy as np
import pytest

from bridge.errors import Unavailable
from bridge.metering.inputs import source_called
from bridge.metering.listening import Listening
from bridge.metering.packet import packets
from bridge.metering.reastream import SILENT_S, ReaStream
from tests.metering.sending import Sender, tone, until


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def source(clock):
    """On a port of its own, with the streams that it has begun."""
    made = ReaStream(port=0, clock=clock)
    made.streams = []
    made.open(made.streams.append)
    yield made
    made.close()


def heard(source, blocks: int) -> None:
    until(lambda: source.arrived.blocks >= blocks, f"{blocks} blocks; {source.arrived}")


def test_every_sample_arrives_in_its_place(source):
    sound = np.random.default_rng(5).uniform(-1, 1, (2, 5000)).astype(np.float32)
    with Sender(source.port, "drums") as sender:
        heard(source, sender.play(sound))
    stream = source.streams[0]
    assert stream.name == 'ReaStream "drums"' and len(source.streams) == 1
    assert np.array_equal(stream.ring.last(10).samples, sound)
    assert source.arrived.frames == 5000 and source.arrived.dropped == 0 and not source.arrived.faults


@pytest.mark.parametrize("level", [-6.0, -23.0])
def test_a_tone_of_known_level_reads_that_level(level):
    """BS.1770: a stereo sine of 997 Hz reads its level in dBFS; EBU Tech 3341 case 1 wants it within 0.1 LU."""
    with Listening(ReaStream(port=0), moment_s=0) as listening, Sender(listening.source.port) as sender:
        sound = tone(4.0, 10 ** (level / 20), 997.0)
        sent = 0
        for start in range(0, sound.shape[1], 4800):
            sent += sender.play(sound[:, start : start + 4800])
            heard(listening.source, sent)
    shot = listening.snapshot
    assert shot.integrated_lufs == pytest.approx(level, abs=0.1)
    assert shot.short_term_max_lufs == pytest.approx(level, abs=0.1)
    assert shot.true_peak_dbtp == pytest.approx(level, abs=0.1)
    assert shot.correlation == pytest.approx(1.0)
    assert shot.seconds == pytest.approx(4.0, abs=0.1)
    assert listening.losses.lost == 0 and listening.losses.arrived.frames == sound.shape[1]


def test_what_is_no_sound_is_counted_and_the_sound_goes_on(source):
    whole = packets("default", 48000, tone(0.01))[0]
    lies = {
        "no ReaStream packet": [b"", b"hello", b"RIFF" + whole[4:]],
        "packet that lies about its length": [
            whole[:-1],
            whole + b"\0",
            whole[:45] + b"\xff\xff" + whole[47:],
        ],
        "impossible number of channels": [whole[:40] + b"\0" + whole[41:]],
        "impossible rate": [whole[:41] + b"\0\0\0\0" + whole[45:]],
        "MIDI, which is not listened to": [b"mRSR" + whole[4:]],
    }
    with Sender(source.port) as sender:
        for each in lies.values():
            for data in each:
                sender.raw(data)
        heard(source, sender.play(tone(0.1)))
    assert source.arrived.faults == {why: len(each) for why, each in lies.items()}


def test_samples_that_are_no_numbers_are_counted_and_measured_as_silence():
    sound = tone(1.0, 0.5)
    sound[0, 1000:1010], sound[1, 2000] = np.nan, np.inf
    with Listening(ReaStream(port=0), moment_s=0) as listening, Sender(listening.source.port) as sender:
        heard(listening.source, sender.play(sound))
    assert listening.losses.not_finite == 11
    assert listening.losses.arrived.faults["packet with samples that are no sound"] == 2
    assert listening.snapshot.sample_peak_dbfs == pytest.approx(-6.02, abs=0.01)


def test_of_two_senders_the_first_is_heard_and_the_second_is_counted(source, clock):
    first, second = tone(0.2, 0.1), tone(0.2, 0.7)
    with Sender(source.port, "drums") as drums, Sender(source.port, "bass") as bass:
        played = drums.play(first)
        heard(source, played)
        beside = bass.play(second)
        until(lambda: sum(source.arrived.faults.values()) == beside)
        assert [stream.name for stream in source.streams] == ['ReaStream "drums"']
        assert np.abs(source.streams[0].ring.last(1).samples).max() < 0.2
        assert "bass" in source.state
        clock.now += SILENT_S + 0.1
        heard(source, played + bass.play(second))
        assert [stream.name for stream in source.streams] == ['ReaStream "drums"', 'ReaStream "bass"']


def test_two_senders_with_one_identifier_are_not_mixed(source):
    with Sender(source.port) as one, Sender(source.port) as other:
        heard(source, one.play(tone(0.1, 0.1)))
        beside = other.play(tone(0.1, 0.9))
        until(lambda: source.arrived.faults.get("second sender, while the first is heard") == beside)
    assert np.abs(source.streams[0].ring.last(1).samples).max() < 0.2


def test_a_sender_that_was_asked_for_by_name_is_the_one_that_is_heard():
    source = source_called("reastream:vocal@127.0.0.1:0")
    streams = []
    source.open(streams.append)
    try:
        with Sender(source.port, "drums") as drums, Sender(source.port, "vocal") as vocal:
            wrong = drums.play(tone(0.1))
            heard(source, vocal.play(tone(0.1)))
        assert [stream.name for stream in streams] == ['ReaStream "vocal"']
        assert source.arrived.faults == {"sender that was not asked for": wrong}
    finally:
        source.close()


def test_another_rate_and_other_channels_are_another_stream(source, clock):
    with Sender(source.port) as sender:
        played = sender.play(tone(0.1))
        heard(source, played)
        clock.now += 1
        sender.rate = 96000
        played += sender.play(tone(0.1, rate=96000))
        heard(source, played)
        clock.now += 1
        heard(source, played + sender.play(tone(0.1, channels=1, rate=96000)))
    forms = [(stream.ring.rate, stream.ring.channels) for stream in source.streams]
    assert forms == [(48000, 2), (96000, 2), (96000, 1)]


def test_a_stream_whose_form_changes_with_every_packet_makes_no_ring_for_each(source):
    with Sender(source.port) as sender:
        for index in range(50):
            sender.rate = 48000 + index
            sender.play(tone(0.001))
        until(lambda: source.arrived.faults.get("rate or channels that change too often") == 49)
    assert len(source.streams) == 1


def test_meters_follow_a_change_of_rate_and_go_on():
    clock = Clock()
    source = ReaStream(port=0, clock=clock)
    with Listening(source, moment_s=0) as listening, Sender(source.port) as sender:
        played = sender.play(tone(1.0, 0.5))
        heard(source, played)
        until(lambda: listening.stream is not None)
        clock.now += 1
        sender.rate = 44100
        heard(source, played + sender.play(tone(2.0, 0.1, rate=44100)))
        until(lambda: listening.ring.rate == 44100)
    assert listening.snapshot.sample_peak_dbfs == pytest.approx(-20.0, abs=0.05)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what its sockets throw away")
def test_what_the_system_threw_away_is_counted_to_the_packet(monkeypatch):
    """Nobody reads while too much comes: what arrived and what was dropped make up what was sent."""
    monkeypatch.setattr("bridge.metering.reastream._BUFFER_BYTES", 20_000)
    source = ReaStream(port=0)
    streams = []
    monkeypatch.setattr(source, "_run", lambda: None)
    source.open(streams.append)
    try:
        with Sender(source.port) as sender:
            sent = sender.play(tone(2.0))
            while source._receive(source._socket):
                pass
            sent += sender.play(tone(0.01))  # drops are told with the packet that comes after them
            while source._receive(source._socket):
                pass
        assert 0 < source.arrived.dropped < sent
        assert source.arrived.blocks + source.arrived.dropped == sent
    finally:
        source.close()


def test_a_port_that_is_taken_is_told_with_what_to_do():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(Unavailable, match="another program has it"):
            ReaStream(port=taken.getsockname()[1]).open(lambda stream: None)


def test_a_source_that_waits_says_where(source):
    assert source.state == f"waiting for ReaStream on UDP 127.0.0.1:{source.port}"
