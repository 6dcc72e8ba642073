"""A sender of ReaStream, and a wait for what another thread does."""

from __future__ import annotations

import socket
import time

import numpy as np

from bridge.metering.packet import packets

PATIENCE_S = 60.0


def until(ready, what: str = ""):
    deadline = time.monotonic() + PATIENCE_S
    while not (got := ready()):
        assert time.monotonic() < deadline, f"not within {PATIENCE_S} s: {what or ready}"
        time.sleep(0.005)
    return got


def tone(seconds: float, level: float = 0.1, hz: float = 1000.0, rate: int = 48000, channels: int = 2):
    wave = level * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate)) / rate)
    return np.tile(wave.astype(np.float32), (channels, 1))


class Sender:
    """One that plays: a socket of its own, as each ReaStream has."""

    def __init__(self, port: int, identifier: str = "default", rate: int = 48000) -> None:
        self.identifier, self.rate = identifier, rate
        self._to = ("127.0.0.1", port)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    def raw(self, data: bytes) -> None:
        self._socket.sendto(data, self._to)

    def play(self, sound: np.ndarray, pace=lambda sent: None) -> int:
        """How many packets it was; pace: called after each block of 512 with the frames that are out."""
        count = 0
        for start in range(0, sound.shape[1], 512):
            for packet in packets(self.identifier, self.rate, sound[:, start : start + 512]):
                self.raw(packet)
                count += 1
            pace(start + 512)
        return count
