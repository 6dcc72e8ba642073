"""ReaStream's packets, byte by byte as its makers have published them."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.metering.packet import NotSound, packets, read_packet


def raw(
    magic=b"MRSR", size=None, name=b"default", channels=2, rate=48000, told=None, sound=b"\0" * 16
) -> bytes:
    """A packet whose every field may lie."""
    told = len(sound) if told is None else told
    size = 47 + len(sound) if size is None else size
    return (
        magic
        + struct.pack("<I", size)
        + name.ljust(32, b"\0")
        + bytes([channels])
        + struct.pack("<IH", rate, told)
        + sound
    )


def test_a_packet_written_by_hand_reads_channel_after_channel():
    left, right = [0.25, -0.5, 1.5], [0.0, 0.125, -1.0]
    packet = read_packet(raw(name=b"drums", rate=44100, sound=struct.pack("<6f", *left, *right)))
    assert (packet.identifier, packet.rate) == ("drums", 44100)
    assert packet.samples.tolist() == [left, right]


def test_a_block_of_512_stereo_frames_travels_in_packets_of_at_most_1200_bytes_of_sound():
    block = np.arange(1024, dtype=np.float32).reshape(2, 512)
    sent = packets("default", 48000, block)
    assert [len(each) - 47 for each in sent] == [1200, 1200, 1200, 496]
    assert np.array_equal(np.concatenate([read_packet(each).samples for each in sent], axis=1), block)


@pytest.mark.parametrize(
    ("packet", "why"),
    [
        (b"", "no ReaStream packet"),
        (b"MRSR", "no ReaStream packet"),
        (raw(magic=b"RIFF"), "no ReaStream packet"),
        (raw(magic=b"mRSR"), "MIDI"),
        (raw(size=48), "lies about its length"),
        (raw(size=2**32 - 1), "lies about its length"),
        (raw(told=12), "lies about its length"),
        (raw(told=65535), "lies about its length"),
        (raw()[:-1], "lies about its length"),
        (raw() + b"\0", "lies about its length"),
        (raw(sound=b"\0" * 1208), "longer than ReaStream's"),
        (raw(channels=0), "number of channels"),
        (raw(channels=65), "number of channels"),
        (raw(channels=255), "number of channels"),
        (raw(rate=0), "impossible rate"),
        (raw(rate=2**32 - 1), "impossible rate"),
        (raw(channels=3), "does not fit its channels"),
        (raw(sound=b""), "does not fit its channels"),
    ],
)
def test_a_packet_that_lies_is_refused_by_name(packet, why):
    with pytest.raises(NotSound, match=why):
        read_packet(packet)


@given(st.binary(max_size=1300))
def test_no_datagram_does_more_than_be_refused(data):
    for each in (data, b"MRSR" + data, raw()[:40] + data):
        try:
            assert read_packet(each).samples.size
        except NotSound as why:
            assert len(str(why)) < 60


def test_an_identifier_from_the_network_cannot_steer_a_terminal():
    assert read_packet(raw(name=b"a\x1b[2Jb\0junk")).identifier == "a?[2Jb"
    assert read_packet(raw(name=b"\xff" * 32)).identifier.strip("\ufffd") == ""
