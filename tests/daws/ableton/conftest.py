"""A running fake Live with a session, and the ways into it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bridge.daws.ableton.osc_link import OscLink
from bridge.daws.ableton.script_link import ScriptLink
from bridge.daws.journal import Journal
from tests.daws.ableton.devices import compressor, eq_eight, utility
from tests.daws.ableton.host import started
from tests.daws.ableton.model import NewTrack, Song
from tests.daws.ableton.stand_in import AbletonOsc
from tests.daws.ableton.ticking import Ticking

TICK_S = 0.01
"""Ten times as fast as Live, so that tests are quick; a test of its own runs at Live's pace."""


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
def abletonosc(song: Song, ticking: Ticking) -> Iterator[AbletonOsc]:
    running = AbletonOsc(song, ticking)
    yield running
    ticking.quit()
    running.close()


@pytest.fixture
def surface(song: Song, ticking: Ticking, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """dawbridge's own script, unmodified, on the fake Live."""
    running = started(song, ticking, monkeypatch)
    yield running
    ticking.quit()
    running.disconnect()
    assert not ticking.errors


@pytest.fixture
def osc_link(abletonosc: AbletonOsc) -> Iterator[OscLink]:
    made = OscLink("127.0.0.1", abletonosc.port, 0)
    abletonosc.reply_port = made.reply_port
    yield made
    made.close()


@pytest.fixture
def script_link(surface: Any) -> Iterator[ScriptLink]:
    made = ScriptLink("127.0.0.1", surface._door.port)
    yield made
    made.close()


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path, "one", "ableton", "")
