"""Stems through the running daemon: a dropped folder, and a request over OSC."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
import soundfile

from bridge.osc.client import Rejected, new_id
from bridge.osc.messages import Process
from tests import signals
from tests.daemon.living import living, until


def dropped(folder: Path) -> dict[str, str]:
    folder.mkdir(parents=True)
    for name, audio in (("bass", signals.sine(80, -12, 1.0)), ("keys", signals.pink(-24, 1.5))):
        soundfile.write(folder / f"{name}.wav", audio.samples.T, audio.rate, subtype="PCM_24")
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


@pytest.fixture
def daemon(tmp_path):
    with living(tmp_path, stems_settle_s=1.0) as found:
        yield found


def test_a_dropped_folder_comes_back_as_one_result_with_a_file_for_each_stem(daemon):
    (daemon.home / "inbox" / "song.stems.txt").write_text("bass 2 dB quieter, keys 1 dB quieter, -20 LUFS")
    before = dropped(daemon.home / "inbox" / "song.stems")
    until(lambda: daemon.results(), 60, "a result")
    (result,) = daemon.results()
    assert result["status"] == "done" and result["ok"], result
    assert {name: Path(stem["output"]).name for name, stem in result["stems"].items()} == {
        "bass": "bass.wav", "keys": "keys.wav", "mix": "mix.wav",
    }  # fmt: skip
    assert all(Path(stem["output"]).is_file() for stem in result["stems"].values())
    folder = daemon.home / "inbox" / "song.stems"
    assert {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()} == before


def test_stems_over_osc_come_back_and_are_held_to_the_allowed_folders(daemon, tmp_path):
    project = daemon.aside / "project.stems"
    with daemon.client() as client:
        stray = Process(
            new_id(), str(project / "bass.wav"), "warmer", json.dumps({"stems": {"x": "/etc/passwd"}})
        )
        dropped(project)
        with pytest.raises(Rejected, match="passwd"):
            client.request(stray)
        stems = {name: str(project / f"{name}.wav") for name in ("bass", "keys")}
        options = json.dumps({"stems": stems, "starts": {"keys": 0.5}})
        asked = Process(new_id(), stems["bass"], "keys 3 dB quieter, mix 1 dB quieter", options)
        client.request(asked)
        answer = client.wait(asked, timeout_s=60)
    result = json.loads(Path(answer.path).read_text())
    assert result["ok"] and result["stems"]["keys"]["start_s"] == 0.5
    assert soundfile.info(result["stems"]["mix"]["output"]).frames == 2.0 * 48000
    assert soundfile.info(result["stems"]["keys"]["output"]).frames == 1.5 * 48000
