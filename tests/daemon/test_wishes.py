"""Which words a dropped file gets: its sidecar's, its folder's, the default; and what words do that come later."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.daemon.living import living, until

DEFAULT = "gain staging to -18 dBFS RMS with true peak at most -6 dBTP"


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    with living(tmp_path_factory.mktemp("wishes")) as daemon:
        yield daemon


def tone(path: Path) -> Path:
    """Half a second of 997 Hz at -26 dBFS peak."""
    path.parent.mkdir(exist_ok=True)
    soundfile.write(path, 0.05 * np.sin(2 * np.pi * 997 * np.arange(24000) / 48000), 48000, "PCM_24")
    return path


def test_a_file_alone_and_one_in_any_other_folder_take_the_default(daemon):
    for name in ("alone.wav", "takes of tuesday/deep.wav"):
        result = daemon.result_of(tone(daemon.inbox / name))
        assert (result["request"], result["status"], result["ok"]) == (DEFAULT, "done", True)
        assert result["after"]["rms"]["value"] == pytest.approx(-18.0, abs=0.1)


@pytest.mark.parametrize("folder", ["podcast", "Podcast", "Lead Vocal", "lead_vocal"])
def test_a_folder_named_after_a_preset_takes_it_however_it_is_spelt(daemon, folder):
    result = daemon.result_of(tone(daemon.inbox / folder / f"{folder}.wav"))
    assert result["status"] == "done", result["reason"]
    assert result["request"] != DEFAULT
    assert len(result["plan"]["steps"]) > 1


def test_a_sidecar_overrides_its_folder(daemon):
    path = daemon.inbox / "podcast" / "own.wav"
    path.parent.mkdir(exist_ok=True)
    path.with_name("own.wav.request.json").write_text('{"request": "-20 LUFS", "id": "own-1"}')
    result = daemon.result_of(tone(path))
    assert result["request"] == "-20 LUFS"
    assert result["after"]["integrated_loudness"]["value"] == pytest.approx(-20.0, abs=0.1)


def test_words_that_come_after_the_start_are_a_new_job_and_the_same_words_none(daemon):
    path = tone(daemon.inbox / "later.wav")
    first = daemon.result_of(path)
    path.with_name("later.wav.txt").write_text("-20 LUFS", encoding="utf-8")
    both = until(lambda: len(found := daemon.results_of(path)) == 2 and found, what="a second job")
    assert {result["request"] for result in both} == {DEFAULT, "-20 LUFS"}
    assert len({result["job"] for result in both}) == 2
    path.with_name("later.wav.txt").write_text("-20 LUFS\n", encoding="utf-8")  # touched, and says the same
    daemon.result_of(tone(daemon.inbox / "after.wav"))
    assert len(daemon.results_of(path)) == 2
    assert Path(first["output"]).is_file()
