"""The auto tools on a real recording through the running daemon: dropped with words, and over OSC."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bridge.osc.client import new_id
from bridge.osc.messages import Process
from tests.daemon.living import living
from tests.effects import auto_figures as figures
from tests.effects.judges import true_peak_dbtp

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    with living(tmp_path_factory.mktemp("auto")) as found:
        yield found


@pytest.fixture(scope="module")
def dropped(daemon):
    """A dull loop, dropped with the words of three tools beside it."""
    path = daemon.inbox / "loop.wav"
    path.with_name("loop.wav.txt").write_text("auto eq for rock, auto enhancer, autogain", encoding="utf-8")
    audio = figures.dulled(figures.loop("loop_compus"))
    soundfile.write(path, audio.samples.T, audio.rate, subtype="FLOAT")
    return daemon.result_of(path)


def test_a_dropped_file_is_judged_by_the_tools_that_are_asked_for(dropped):
    steps = {step["effect"]: step for step in dropped["plan"]["steps"]}
    assert dropped["status"] == "done" and {"equalizer", "enhancer"} <= set(steps)
    assert "the curve of Rock" in steps["equalizer"]["reason"] and steps["enhancer"]["evidence"]


def test_over_osc_the_same_file_is_staged_by_one_word(daemon, dropped):
    asked = Process(new_id(), dropped["source"]["path"], "autogain")
    with daemon.client() as client:
        client.request(asked)
        answer = client.wait(asked, timeout_s=60)
    result = json.loads(Path(answer.path).read_text())
    assert [step["effect"] for step in result["plan"]["steps"]] == ["gain"]
    out, _ = soundfile.read(result["output"], dtype="float32", always_2d=True)
    missed = (
        20 * np.log10(np.sqrt(np.mean(out.astype(np.float64) ** 2))) + 18.0,
        true_peak_dbtp(out.T) + 6.0,
    )
    assert min(abs(each) for each in missed) <= 0.1 and missed[1] <= 0.05
