"""How much a dynamics step turned down: said to people, and drawn from the result."""

import pytest
import soundfile

from tests import signals
from tests.cli.conftest import Run


@pytest.fixture
def run(run_here: Run) -> Run:
    return run_here


def test_process_says_how_much_was_turned_down_and_the_result_holds_the_curve(run, tmp_path):
    music = signals.music_like(20.0)
    soundfile.write(tmp_path / "a.wav", music.samples.T, music.rate, subtype="FLOAT")
    words = ("process", str(tmp_path / "a.wav"), "compress 4:1 at -30 dB")
    said = run(*words, "--output", str(tmp_path / "b.wav"))
    assert "gain reduction: " in said.out and "dB on average" in said.out
    told = run(*words, "--output", str(tmp_path / "c.wav"), "--json").json
    curve = told["reductions"]["compressor-1"]
    assert curve["bands"] == ["all"] and 100 < len(curve["reduction_db"][0]) <= 1200
    assert max(curve["reduction_db"][0]) == curve["most_db"] > 3.0
