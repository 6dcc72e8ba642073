"""Which way into Live is taken, and the commands from end to end."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner, Result

from bridge.config import Settings
from bridge.daws.ableton import DAW
from bridge.daws.ableton.osc_link import OscLink
from bridge.daws.ableton.script_link import ScriptLink
from bridge.errors import Unavailable
from tests.daws.ableton.model import Clip
from tests.daws.ableton.plans import display, plan, squeeze, track

NOBODY = "127.0.0.1:1"
FREE = 0


def to(script: str = NOBODY, osc: str = NOBODY) -> Settings:
    """Answers to any free port: a test may not take 11001 from another."""
    return Settings().model_copy(
        update={"ableton_script": script, "ableton_osc": osc, "ableton_reply_port": FREE}
    )


def test_the_script_is_taken_where_it_answers(surface, abletonosc):
    link = DAW.connect(to(f"127.0.0.1:{surface._door.port}", f"127.0.0.1:{abletonosc.port}"))
    assert isinstance(link, ScriptLink)
    link.close()


def test_without_the_script_abletonosc_is_taken(abletonosc, monkeypatch):
    real = OscLink.__init__

    def answered(self: OscLink, *given: Any) -> None:
        real(self, *given)
        abletonosc.reply_port = self.reply_port

    monkeypatch.setattr(OscLink, "__init__", answered)
    link = DAW.connect(to(osc=f"127.0.0.1:{abletonosc.port}"))
    assert isinstance(link, OscLink)
    link.close()


def test_with_neither_both_are_named():
    with pytest.raises(
        Unavailable, match=r"AbletonOSC chosen as a control surface.*Nor does dawbridge's own script"
    ):
        DAW.connect(to())


@pytest.fixture
def run(surface, tmp_path, monkeypatch) -> Callable[..., Result]:
    from bridge.cli.daw import command

    monkeypatch.setenv("BRIDGE_ABLETON_SCRIPT", f"127.0.0.1:{surface._door.port}")
    monkeypatch.setenv("BRIDGE_STATE", str(tmp_path / "state"))

    def go(*arguments: str) -> Result:
        return CliRunner().invoke(command, arguments, catch_exceptions=False, standalone_mode=False)

    return go


def test_a_plan_is_listed_applied_and_put_back_from_the_command_line(run, song, tmp_path):
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(plan(squeeze()).to_json()))
    assert "Ratio: 4.00 : 1" in run("list", "--daw", "ableton", "--track", "Vocal").output
    done = run("apply", str(file), "--daw", "ableton", "--id", "one", "--json")
    assert json.loads(done.output)["ok"]
    assert display(song, "Vocal", "Compressor2", "Ratio") == "3.00 : 1"
    assert json.loads(run("revert", "one", "--json").output)["ok"]
    assert display(song, "Vocal", "Compressor2", "Ratio") == "4.00 : 1"


def test_the_selected_clip_goes_out_and_comes_back_beside_itself(run, song, tmp_path):
    sound = tmp_path / "take.wav"
    soundfile.write(sound, 0.1 * np.sin(2 * np.pi * 220 * np.arange(48_000) / 48_000), 48_000, "PCM_24")
    vocal = track(song, "Vocal")
    song.view.detail_clip = Clip("take 3", str(sound), 16.0)
    vocal.arrangement_clips = (song.view.detail_clip,)
    assert f"{sound} (Vocal: take 3, arrangement, beat 16)" in run("clip").output
    told = json.loads(run("clip", "gain -3 dB", "--json").output)
    assert told["brought"] == {"where": "arrangement", "track": "Vocal"}
    back = vocal.arrangement_clips[-1]
    assert (back.start_time, Path(back.file_path).parent) == (16.0, tmp_path)
    before, after = (np.abs(soundfile.read(path)[0]).max() for path in (sound, back.file_path))
    assert 20 * np.log10(after / before) == pytest.approx(-3.0, abs=0.01)
