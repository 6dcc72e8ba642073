"""ReaStream's packets: little endian, 47 bytes of header, then up to 1,200 bytes of float32, channel after channel.

Layout as published by the makers of ReaStream (reastream.txt): "MRSR", the packet's size as 4 bytes, an identifier of
32 bytes padded with zeros, the number of channels as 1 byte (1 to 64), the rate as 4 bytes, the size of the sound as 2
bytes. Packets "mRSR" carry MIDI. There is no running number, so a packet that the network loses leaves no trace.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np

from bridge.audio import Samples

SOUND, MIDI = b"MRSR", b"mRSR"
PORT = 58710
HEADER = struct.Struct("<4sI32sBIH")
LARGEST_BYTES = 1200
"""Of sound in one packet; a sender cuts what is longer."""
MOST_CHANNELS = 64
RATES_HZ = (8_000, 768_000)
_SAMPLE_BYTES = 4


class NotSound(Exception):
    """A datagram that is no packet of sound; the text says why in a few fixed words, so that they can be counted."""


@dataclass(frozen=True)
class Packet:
    """samples [shape=(channels, frames), float32, full scale 1.0], as they came: they may be no numbers."""

    identifier: str
    rate: int
    samples: Samples


def read_packet(data: bytes) -> Packet:
    """Raises NotSound: MIDI, another protocol, or a header that does not tell the truth."""
    if data[:4] == MIDI:
        raise NotSound("MIDI, which is not listened to")
    if len(data) < HEADER.size or data[:4] != SOUND:
        raise NotSound("no ReaStream packet")
    _, size, name, channels, rate, sound_bytes = HEADER.unpack_from(data)
    if size != len(data) or HEADER.size + sound_bytes != size:
        raise NotSound("packet that lies about its length")
    if sound_bytes > LARGEST_BYTES:
        raise NotSound("packet longer than ReaStream's")
    if not 1 <= channels <= MOST_CHANNELS:
        raise NotSound("impossible number of channels")
    if not RATES_HZ[0] <= rate <= RATES_HZ[1]:
        raise NotSound("impossible rate")
    if sound_bytes == 0 or sound_bytes % (channels * _SAMPLE_BYTES):
        raise NotSound("sound that does not fit its channels")
    samples = np.frombuffer(data, "<f4", offset=HEADER.size).reshape(channels, -1)
    return Packet(_text(name), rate, samples.astype(np.float32, copy=False))


def packets(identifier: str, rate: int, samples: Samples) -> list[bytes]:
    """What a sender sends for a block [shape=(channels, frames)], cut as ReaStream cuts it."""
    channels = samples.shape[0]
    most = max(1, LARGEST_BYTES // (_SAMPLE_BYTES * channels))
    name = identifier.encode("utf-8")[:31]
    made = []
    for start in range(0, samples.shape[1], most):
        sound = np.ascontiguousarray(samples[:, start : start + most], "<f4").tobytes()
        made.append(HEADER.pack(SOUND, HEADER.size + len(sound), name, channels, rate, len(sound)) + sound)
    return made


def _text(name: bytes) -> str:
    """The identifier, printable: it comes from the network and is shown on a terminal."""
    text = name.split(b"\0", 1)[0].decode("utf-8", "replace")
    return "".join(char if char.isprintable() else "?" for char in text)
