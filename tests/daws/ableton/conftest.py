"""A running fake Live with a session, and the ways into it."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from tests.daws.ableton.devices import compressor, eq_eight, utility
from tests.daws.ableton.model import NewTrack, Song
from tests.daws.ableton.stand_in import AbletonOsc
from tests.daws.ableton.ticking import Ticking

TICK_S = 0.02
"""Five times as fast as Live, so that tests are quick; a test of its own runs at Live's pace."""


@pytest.fixture
def song() -> Song:
    return Song(
        NewTrack("Drums", compressor(), eq_eight()),
        NewTrack("Vocal", compressor(), eq_eight("My EQ"), utility()),
        NewTrack("Keys", kind="midi"),
        NewTrack("Bass"),
        returns=(NewTrack("A-Reverb", kind="return"),),
    )


@pytest.fixture
def ticking() -> Iterator[Ticking]:
    with Ticking(TICK_S) as running:
        yield running


@pytest.fixture
def reply_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def abletonosc(song: Song, ticking: Ticking, reply_port: int) -> Iterator[AbletonOsc]:
    running = AbletonOsc(song, ticking, reply_port)
    yield running
    ticking.quit()
    running.close()
