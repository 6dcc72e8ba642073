"""`dawbridge process` and `plan` with a folder of stems, or with --stem."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests import signals
from tests.cli.conftest import Run


@pytest.fixture
def run(run_here: Run) -> Run:
    return run_here


@pytest.fixture
def song(tmp_path: Path) -> Path:
    folder = tmp_path / "song"
    folder.mkdir()
    for name, audio in (("bass", signals.sine(80, -12, 2.0)), ("keys", signals.pink(-24, 2.0))):
        soundfile.write(folder / f"{name}.wav", audio.samples.T, audio.rate, subtype="PCM_24")
    (folder / "notes.txt").write_text("not a sound")
    return folder


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def peak_dbfs(path: str) -> float:
    samples, _ = soundfile.read(path)
    return float(20 * np.log10(np.abs(samples).max()))


def test_a_folder_gives_each_stem_back_beside_it_and_stays_as_it_is(run: Run, song: Path) -> None:
    before = digests(song)
    ran = run("process", str(song), "bass 3 dB quieter, -18 LUFS", "--json")
    assert ran.code == 0, ran.err
    stems = ran.json["stems"]
    assert stems["keys"]["output"] is None
    assert Path(stems["bass"]["output"]) == song.parent / "song-bridge" / "bass-bridge.wav"
    assert peak_dbfs(stems["bass"]["output"]) == pytest.approx(-15.0, abs=0.01)
    assert ran.json["output"] == stems["mix"]["output"] == str(song.parent / "song-bridge" / "mix-bridge.wav")
    assert digests(song) == before


def test_stems_that_are_named_one_by_one_go_beside_their_files(run: Run, song: Path) -> None:
    bass, low = str(song / "bass.wav"), f"low={song / 'keys.wav'}"
    ran = run("process", bass, "low 2 dB louder", "--stem", low, "--json")
    assert ran.code == 0, ran.err
    assert ran.json["output"] == str(song / "keys-bridge.wav")


def test_a_plan_names_the_stems_and_measures_their_mix(run: Run, song: Path) -> None:
    ran = run("plan", str(song), "-18 LUFS, brighter keys", "--json")
    assert ran.code == 0, ran.err
    steps = ran.json["plan"]["steps"]
    assert {step["where"] for step in steps} == {"keys", "mix"}
    loudness = next(step for step in steps if step["effect"] == "loudness")
    assert loudness["evidence"][0]["metric"] == "integrated_loudness"


def test_a_preview_is_the_loudest_part_of_the_mix_in_every_stem(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "long"
    folder.mkdir()
    quiet, loud = signals.pink(-50, 10.0), signals.pink(-20, 16.0)
    late = np.concatenate([quiet.samples, loud.samples], axis=1)
    soundfile.write(folder / "late.wav", late.T, 48000)
    soundfile.write(folder / "early.wav", signals.pink(-40, 12.0).samples.T, 48000)
    ran = run("process", str(folder), "late 3 dB quieter, early 1 dB louder", "--preview", "--json")
    assert ran.code == 0, ran.err
    assert ran.json["preview"]["start_s"] >= 9.9
    late_out = ran.json["stems"]["late"]["output"]
    assert late_out == str(tmp_path / "long-bridge" / "late-preview.wav")
    assert soundfile.info(late_out).duration == pytest.approx(15.0, abs=0.1)
    assert soundfile.info(ran.json["stems"]["early"]["output"]).duration < 2.2
    assert ran.json["stems"]["late"]["source"]["path"] == str(folder / "late.wav")


def test_a_bus_goes_where_o_says(run: Run, song: Path) -> None:
    for name in ("kick", "snare"):
        soundfile.write(song / f"{name}.wav", signals.pink(-30, 2.0).samples.T, 48000)
    ran = run("process", str(song), "compress the drums", "-o", str(song / "out"), "--json")
    assert ran.code == 0, ran.err
    assert Path(ran.json["output"]) == song / "out" / "drums-bridge.wav"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("{song}", "warmer", "-o", "{song}/bass.wav"), "is a file; name a folder"),
        (("{song}", "warmer", "--plot", "{song}/x.gif"), "pictures are written as .png or .svg"),
        (("{song}", "warmer", "--stem", "bass={song}/keys.wav"), "two stems called bass"),
        (("{song}/bass.wav", "warmer", "--stem", "mix={song}/keys.wav"), "No stem can be called mix"),
        (("{empty}", "warmer"), "There is no sound file in"),
    ],
)
def test_what_cannot_be_is_said_with_code_2(
    run: Run, song: Path, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    (tmp_path / "empty").mkdir()
    filled = [each.format(song=song, empty=tmp_path / "empty") for each in arguments]
    ran = run("process", *filled)
    assert ran.code == 2 and said in " ".join(ran.err.split()), ran.err


def test_a_result_beside_its_stem_is_no_stem(run: Run, song: Path) -> None:
    for name in ("bass-bridge.wav", "bass-bridge-2.wav", "bass-preview.wav"):
        (song / name).write_bytes((song / "bass.wav").read_bytes())
    ran = run("plan", str(song), "bass 3 dB quieter", "--json")
    assert ran.code == 0 and [step["where"] for step in ran.json["plan"]["steps"]] == ["bass"]
    assert "bass-bridge.wav, bass-preview.wav" in ran.err.replace("bass-bridge-2.wav, ", "")
    named = run(
        "plan", str(song), "bass2 3 dB quieter", "--stem", f"bass2={song / 'bass-bridge.wav'}", "--json"
    )
    assert [step["where"] for step in named.json["plan"]["steps"]] == ["bass2"]
