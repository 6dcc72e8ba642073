"""From words to a changed track in a real Ardour and back: by the command line, by OSC and by mailbox."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from bridge.effects.equalizer import Equalizer
from bridge.osc.client import new_id
from bridge.osc.messages import Apply
from tests.cli.conftest import run_in
from tests.daemon.living import living, until
from tests.daws.ardour.lanes import lanes
from tests.daws.ardour.real import RealArdour
from tests.daws.ardour.session_file import RATE, Lane

pytestmark = pytest.mark.real


@pytest.fixture
def vocal(running: RealArdour, tmp_path: Path) -> Lane:
    """The track Voice and the file that is on it."""
    return next(lane for lane in lanes(tmp_path / "sounds") if lane.name == "Voice")


def ask(home: Path, running: RealArdour, *arguments: str) -> dict[str, Any]:
    ran = run_in(home, *arguments, "--json", BRIDGE_ARDOUR_OSC=running.osc)
    assert ran.code == 0, ran.out + ran.err
    return ran.json


def parameters(home: Path, running: RealArdour, track: str) -> dict[str, float]:
    listed = ask(home, running, "daw", "list", "--daw", "ardour", "--track", track)
    return {
        f"{device['name']}/{each['name']}": each["value"]
        for device in listed["tracks"][0]["devices"]
        for each in device["parameters"]
    }


def band_db(sound: np.ndarray, low_hz: float, high_hz: float) -> float:
    power = np.abs(np.fft.rfft(sound)) ** 2
    hz = np.fft.rfftfreq(len(sound), 1 / RATE)
    return float(10 * np.log10(np.sum(power[(hz >= low_hz) & (hz < high_hz)])))


def warmth_and_boom_db(sound: np.ndarray) -> tuple[float, float]:
    """What the two words promise: 100 to 400 Hz against 2.5 to 16 kHz; 80 to 180 Hz against all."""
    return (
        band_db(sound, 100, 400) - band_db(sound, 2500, 16_000),
        band_db(sound, 80, 180) - band_db(sound, 20, 20_000),
    )


def test_warmer_and_less_boomy_becomes_settings_that_are_heard_and_put_back(running, vocal, tmp_path):
    home = tmp_path / "home"
    start, frames = round(vocal.at_s * RATE), soundfile.info(vocal.sound).frames
    before = running.export()[start : start + frames, 0]
    untouched = parameters(home, running, "Voice")
    home.mkdir(exist_ok=True)
    (home / "plan.json").write_text(
        json.dumps(ask(home, running, "plan", str(vocal.sound), "warmer, less boomy"))
    )
    done = ask(home, running, "daw", "apply", "plan.json", "--daw", "ardour", "--track", "Voice")
    assert done["ok"]
    assert {one["verdict"] for one in done["written"]} == {"applied"}
    assert {one["track"] for one in done["written"]} == {"Voice"}
    assert {one["device"] for one in done["written"]} == {"x42-eq - Parametric Equalizer Stereo"}
    running.save()
    after = running.export()[start : start + frames, 0]
    steps = json.loads((home / "plan.json").read_text())["plan"]["steps"]
    equalizer = next(step for step in steps if step["effect"] == "equalizer")
    ours = Equalizer.model_validate(equalizer["parameters"]).processor(RATE, 1)
    expected = warmth_and_boom_db(ours.process(before[None].astype(np.float32))[0])
    assert warmth_and_boom_db(after) == pytest.approx(expected, abs=0.05)
    assert expected[1] < warmth_and_boom_db(before)[1] - 0.3
    assert ask(home, running, "daw", "revert", "--daw", "ardour")["ok"]
    assert parameters(home, running, "Voice") == pytest.approx(untouched, abs=1e-3)
    running.save()


def test_a_daemon_applies_over_osc_and_puts_back_by_mailbox(running, link, tmp_path):
    step = {
        "id": "compressor-1", "effect": "compressor", "where": "Vocal",
        "parameters": {"threshold_db": -23.0, "ratio": 2.5, "attack_ms": 7.0, "release_ms": 60.0},
    }  # fmt: skip

    def threshold() -> float:
        track = next(each for each in link.tracks() if each.name == "Vocal")
        found = link.parameters(track, link.devices(track)[1])
        return next(each.value for each in found if each.name == "Threshold")

    before = threshold()
    with living(tmp_path / "home", ardour_osc=running.osc) as daemon:
        path = daemon.aside / "plan.json"
        path.write_text(json.dumps({"schema": 1, "id": "p1", "steps": [step]}))
        with daemon.client() as client:
            asked = Apply(new_id(), str(path), "", json.dumps({"daw": "ardour"}))
            assert client.request(asked).verdict == "accepted"
            answer = client.wait(asked, timeout_s=60)
        told = json.loads(Path(answer.path).read_text())
        assert (answer.status, {one["verdict"] for one in told["written"]}) == ("done", {"applied"}), told
        assert threshold() == pytest.approx(-23.0)
        box = daemon.state / "mailbox"
        request = {"message": "revert", "id": "back-1", "path": asked.id}
        (box / "requests" / ".back-1").write_text(json.dumps(request))
        (box / "requests" / ".back-1").rename(box / "requests" / "back-1.json")

        def result() -> dict[str, Any] | None:
            read = [json.loads(each.read_text()) for each in (box / "replies").glob("back-1.*.json")]
            return next((each for each in read if each["message"] == "result"), None)

        assert until(result, what=f"a reply; the log: {daemon.log[-2000:]}")["status"] == "done"
    assert threshold() == pytest.approx(before)
