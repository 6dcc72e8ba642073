"""The end of the sound by words and by option: which of them counts, and what comes out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import soundfile

from tests import signals
from tests.cli.conftest import Run


@pytest.fixture
def run(run_here: Run) -> Run:
    return run_here


@pytest.fixture(scope="module")
def vocal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second and a half, for nothing here depends on the length."""
    audio = signals.music_like(1.5, level_dbfs_peak=-20.0)
    path = tmp_path_factory.mktemp("sounds") / "short.wav"
    soundfile.write(path, audio.samples.T, audio.rate, subtype="PCM_24")
    return path


def test_words_about_the_end_win_over_the_option_and_that_is_said(
    run: Run, vocal: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.wav"
    ran = run("process", str(vocal), "add reverb, cut the tail", "--tail", "keep", "-o", str(out), "--json")
    assert ran.json["plan"]["tail"]["policy"] == "trim"
    assert (
        "The words ask for tail = trim; they hold, and the option tail = keep does not."
        in ran.json["warnings"]
    )
    assert soundfile.info(out).frames == soundfile.info(vocal).frames


def test_the_option_counts_where_the_words_say_nothing(run: Run, vocal: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.wav"
    ran = run("process", str(vocal), "add reverb", "--tail", "trim", "-o", str(out), "--json")
    assert ran.json["plan"]["tail"]["policy"] == "trim" and ran.json["warnings"] == []
    assert soundfile.info(out).frames == soundfile.info(vocal).frames


def test_a_tail_that_rings_out_makes_the_file_longer(run: Run, vocal: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.wav"
    assert run("process", str(vocal), "add reverb, let it ring out", "-o", str(out), "--json").code == 0
    assert soundfile.info(out).frames > soundfile.info(vocal).frames


def test_a_fade_in_words_is_in_the_plan_and_in_the_difference_to_the_one_before(
    run: Run, vocal: Path, tmp_path: Path
) -> None:
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    first.write_text(json.dumps(run("plan", str(vocal), "add reverb", "--json").json["plan"]))
    words = ("fade the tail over 2 s", "--previous", str(first))
    second.write_text(json.dumps(run("plan", str(vocal), *words, "--json").json["plan"]))
    (change,) = run("diff", str(first), str(second), "--json").json["changes"]
    assert (change["step"], change["old"], change["new"]) == ("tail", "", "fade over the last 2 s")
    assert run("diff", str(first), str(second)).out.strip() == "tail: as usual -> fade over the last 2 s"
    out = tmp_path / "out.wav"
    done = run("process", str(vocal), *words, "--tail", "keep", "-o", str(out), "--json").json
    assert done["plan"]["tail"] == {"policy": "fade", "fade_ms": 2000.0}
