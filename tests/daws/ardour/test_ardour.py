"""Plans in a real Ardour: set, read back, heard in what it exports, and put back."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.daws.applying import apply
from bridge.daws.ardour import DAW
from bridge.daws.journal import Journal, Kept
from bridge.daws.reverting import revert
from bridge.planning.plan import Plan, Step
from tests.daws.ardour.lanes import TONES_HZ
from tests.daws.ardour.session_file import RATE

pytestmark = pytest.mark.real


def level_db(sound: np.ndarray, hz: float) -> float:
    """Level of one tone, from the middle second, against full scale."""
    part = sound[RATE : 2 * RATE, 0]
    at = np.exp(-2j * np.pi * hz * np.arange(len(part)) / RATE)
    return float(20 * np.log10(2 * abs(np.mean(part * at))))


def test_strips_plugins_and_parameters_as_ardour_has_them(link):
    tracks = {track.name: track for track in link.tracks()}
    assert {tracks[name].kind for name in TONES_HZ} == {"audio"}
    assert tracks["Master"].kind == "master"
    assert [device.name for device in link.devices(tracks["Vocal"])] == ["mixer", "ACE Compressor", "ACE EQ"]
    assert [(device.name, device.nth) for device in link.devices(tracks["Twins"])][1:] == [
        ("ACE Compressor (stereo)", 1), ("ACE Compressor (stereo)", 2)
    ]  # fmt: skip
    compressor = link.parameters(tracks["Vocal"], link.devices(tracks["Vocal"])[1])
    ratio = next(each for each in compressor if each.name == "Ratio")
    assert (ratio.low, ratio.high, ratio.value) == (1.0, 20.0, 4.0)


def test_a_plan_is_heard_in_the_export_and_nothing_else_has_changed(running, link, tmp_path):
    before = running.export()  # what is on disk: a session that nobody has changed since it was saved
    bell = {"kind": "bell", "frequency_hz": 220.0, "gain_db": -12.0, "q": 1.0}
    plan = Plan(
        steps=(
            Step(id="eq", effect="equalizer", where="Vocal", parameters={"bands": [bell]}),
            Step(id="gain", effect="gain", where="Bass", parameters={"gain_db": -6.0}),
        )
    ).with_id()
    done = apply(plan, link, DAW.table, Journal(tmp_path, "one", "ardour", plan.id))
    assert {one.verdict for one in done.written} == {"applied"}, done
    running.save()
    after = running.export()
    change = {name: level_db(after, hz) - level_db(before, hz) for name, hz in TONES_HZ.items()}
    assert change["Bass"] == pytest.approx(-6.0, abs=0.05)
    assert change["Vocal"] == pytest.approx(-12.0, abs=0.2)
    assert change["Drums"] == pytest.approx(0.0, abs=0.005)
    back = revert(Kept(tmp_path, "one"), link, Journal(tmp_path, "back", "ardour", plan.id, "one"))
    assert back.ok, back
    running.save()
    again = running.export()
    assert level_db(again, 220.0) == pytest.approx(level_db(before, 220.0), abs=0.01)
    assert level_db(again, 55.0) == pytest.approx(level_db(before, 55.0), abs=0.02)
