"""Plans in a real Ardour: set, read back, heard in what it exports, and put back."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pytest
import soundfile

from bridge.daws.applying import apply
from bridge.daws.ardour import DAW
from bridge.daws.ardour.link import ArdourLink
from bridge.daws.journal import Journal, Kept
from bridge.daws.reverting import revert
from bridge.planning.plan import Plan, Step
from tests.daws.ardour.real import RATE, RealArdour

pytestmark = pytest.mark.real

SECONDS = 4.0
TONES_HZ = {"Drums": 1000.0, "Vocal": 220.0, "Bass": 55.0}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealArdour]:
    folder = tmp_path_factory.mktemp("ardour")
    sounds = {}
    for name, hz in TONES_HZ.items():
        tone = 0.1 * np.sin(2 * np.pi * hz * np.arange(int(SECONDS * RATE)) / RATE)
        sounds[name] = folder / f"{name.lower()}.wav"
        soundfile.write(sounds[name], tone if name == "Vocal" else np.stack([tone, tone], 1), RATE, "FLOAT")
    with RealArdour(folder / "real", sounds) as ardour:
        yield ardour


@pytest.fixture
def link(running: RealArdour) -> Iterator[ArdourLink]:
    made = ArdourLink("127.0.0.1", running.port)
    yield made
    made.close()


def saved(running: RealArdour, link: ArdourLink) -> np.ndarray:
    """What the running session sounds like: saved by itself, exported from disk."""
    before = running.file.stat().st_mtime_ns
    link._surface.send("/save_state")
    deadline = time.monotonic() + 60
    while running.file.stat().st_mtime_ns == before:
        assert time.monotonic() < deadline, "the session is not saved"
        time.sleep(0.02)
    return running.export()


def level_db(sound: np.ndarray, hz: float) -> float:
    """Level of one tone, from the middle second, against full scale."""
    part = sound[int(1.5 * RATE) : int(2.5 * RATE), 0]
    at = np.exp(-2j * np.pi * hz * np.arange(len(part)) / RATE)
    return float(20 * np.log10(2 * abs(np.mean(part * at))))


def test_strips_plugins_and_parameters_as_ardour_has_them(link):
    tracks = {track.name: track for track in link.tracks()}
    assert {name: track.kind for name, track in tracks.items()} == {
        "Drums": "audio", "Vocal": "audio", "Bass": "audio", "Master": "master"
    }  # fmt: skip
    assert [device.name for device in link.devices(tracks["Vocal"])] == ["mixer", "ACE Compressor", "ACE EQ"]
    compressor = link.parameters(tracks["Vocal"], link.devices(tracks["Vocal"])[1])
    ratio = next(each for each in compressor if each.name == "Ratio")
    assert (ratio.low, ratio.high, ratio.value) == (1.0, 20.0, 4.0)


def test_a_plan_is_heard_in_the_export_and_nothing_else_has_changed(running, link, tmp_path):
    before = running.export()  # nothing has been touched: Ardour saves only what has
    bell = {"kind": "bell", "frequency_hz": 220.0, "gain_db": -12.0, "q": 1.0}
    plan = Plan(
        steps=(
            Step(id="eq", effect="equalizer", where="Vocal", parameters={"bands": [bell]}),
            Step(id="gain", effect="gain", where="Bass", parameters={"gain_db": -6.0}),
        )
    ).with_id()
    done = apply(plan, link, DAW.table, Journal(tmp_path, "one", "ardour", plan.id))
    assert {one.verdict for one in done.written} == {"applied"}, done
    after = saved(running, link)
    change = {name: level_db(after, hz) - level_db(before, hz) for name, hz in TONES_HZ.items()}
    assert change["Bass"] == pytest.approx(-6.0, abs=0.05)
    assert change["Vocal"] == pytest.approx(-12.0, abs=0.2)
    assert change["Drums"] == pytest.approx(0.0, abs=0.005)
    back = revert(Kept(tmp_path, "one"), link, Journal(tmp_path, "back", "ardour", plan.id, "one"))
    assert back.ok, back
    again = saved(running, link)
    assert level_db(again, 220.0) == pytest.approx(level_db(before, 220.0), abs=0.01)
    assert level_db(again, 55.0) == pytest.approx(level_db(before, 55.0), abs=0.02)
