"""`analyze` beside a reference, against a target, and over an album; `targets`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.cli.conftest import Run
from tests.signals import pink

QUICK = ("--without", "tempo,key")


@pytest.fixture(scope="module")
def tracks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Four pieces of pink noise; "hot" is 6 dB louder than the others."""
    folder = tmp_path_factory.mktemp("tracks")
    made = {}
    for seed, name in enumerate(("one", "two", "three", "hot")):
        gain = np.float32(2.0 if name == "hot" else 1.0)
        made[name] = folder / f"{name}.wav"
        soundfile.write(made[name], (pink(-26, 4, seed=seed).samples * gain).T, 48000, subtype="FLOAT")
    return made


def test_a_file_6_db_louder_than_its_reference_says_so_everywhere(run: Run, tracks: dict[str, Path]) -> None:
    ran = run("analyze", str(tracks["hot"]), "--reference", str(tracks["one"]), *QUICK, "--json")
    entry = ran.json["files"][0]
    assert ran.code == 0 and entry["reference"]["name"] == "one.wav"
    loudness = entry["reference"]["readings"]["integrated_loudness"]
    assert set(loudness) == {"this", "reference", "difference", "unit"}
    assert loudness["difference"] == pytest.approx(6.02, abs=0.1) and loudness["unit"] == "LUFS"
    assert all(abs(db) < 0.5 for db in entry["reference"]["bands_db"].values())
    found = [finding for finding in entry["findings"] if finding["code"].startswith("reference_")]
    assert [finding["metric"] for finding in found] == ["integrated_loudness"]


def test_people_read_this_beside_the_reference_and_the_bands(run: Run, tracks: dict[str, Path]) -> None:
    out = run("analyze", str(tracks["hot"]), "--reference", str(tracks["one"]), *QUICK).out
    row = next(line for line in out.splitlines() if line.startswith("integrated loudness") and "+6.0" in line)
    assert row.count("LUFS") == 2
    assert "Spectrum with levels aligned" in out and "2000 to 5000 Hz" in out


def test_a_reference_that_cannot_be_read_is_bad_input_before_anything_is_measured(
    run: Run, tracks: dict[str, Path], tmp_path: Path
) -> None:
    ran = run("analyze", str(tracks["one"]), "--reference", str(tmp_path / "none.wav"), "--json")
    assert ran.code == 2 and "none.wav" in ran.json["error"]["message"] and "files" not in ran.json


def test_several_files_end_with_the_odd_one(run: Run, tracks: dict[str, Path]) -> None:
    files = [str(path) for path in tracks.values()]
    album = run("analyze", *files, *QUICK, "--json").json["album"]
    assert album["names"] == ["one.wav", "two.wav", "three.wav", "hot.wav"]
    loud = [outlier for outlier in album["outliers"] if outlier["metric"] == "integrated_loudness"]
    assert [outlier["name"] for outlier in loud] == ["hot.wav"]
    assert loud[0]["difference"] == pytest.approx(6.0, abs=0.2)


def test_people_read_one_row_a_file_and_the_odd_one(run: Run, tracks: dict[str, Path]) -> None:
    out = run("analyze", *(str(path) for path in tracks.values()), *QUICK).out
    last = out[out.index("LUFS |") :]
    named = ("one", "two", "three", "hot.", "median")
    rows = [line.split()[0] for line in last.splitlines() if line.startswith(named)]
    assert rows == ["one.wav", "two.wav", "three.wav", "hot.wav", "median"]
    assert "note: hot.wav is 6.0 LU louder than the median" in last


def test_one_file_is_no_album(run: Run, tracks: dict[str, Path]) -> None:
    assert "album" not in run("analyze", str(tracks["one"]), *QUICK, "--json").json


def test_a_genre_is_a_target_by_its_name_or_a_word(run: Run, tracks: dict[str, Path]) -> None:
    for name in ("drum_and_bass", "dnb"):
        entry = run("analyze", str(tracks["one"]), "--target", name, *QUICK, "--json").json["files"][0]
        codes = {finding["code"]: finding for finding in entry["findings"]}
        assert codes["target_integrated_loudness"]["severity"] == "note"
        assert "Drum and bass" in codes["target_integrated_loudness"]["sentence"]


def test_targets_lists_all_with_the_source_of_each_number(run: Run) -> None:
    listed = run("targets", "--json").json["targets"]
    assert {"spotify", "ebu_r128", "jazz"} <= {target["name"] for target in listed}
    for target in listed:
        assert all(span["source"] and span["date"] for span in target["expects"].values())
    one = run("targets", "EBU", "--json").json["targets"]
    assert [target["name"] for target in one] == ["ebu_r128"]
    assert one[0]["expects"]["integrated_loudness"]["aim"] == -23.0


def test_targets_tells_people_of_one_who_says_so(run: Run) -> None:
    out = run("targets", "pop").out
    assert "Elowsson" in out and "2017-05" in out
    assert run("targets", "popp").code == 2
