"""`analyze` beside a reference, against a target, and over an album; `targets`."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bridge.analysis import analyze
from bridge.audio import Audio
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


def test_several_files_begin_with_the_odd_one(run: Run, tracks: dict[str, Path]) -> None:
    files = [str(path) for path in tracks.values()]
    album = run("analyze", *files, *QUICK, "--json").json["album"]
    assert album["names"] == ["one.wav", "two.wav", "three.wav", "hot.wav"]
    loud = [outlier for outlier in album["outliers"] if outlier["metric"] == "integrated_loudness"]
    assert [outlier["name"] for outlier in loud] == ["hot.wav"]
    assert loud[0]["difference"] == pytest.approx(6.0, abs=0.2)


def test_people_read_one_row_a_file_and_the_odd_one(run: Run, tracks: dict[str, Path]) -> None:
    out = run("analyze", *(str(path) for path in tracks.values()), *QUICK).out
    named = ("one", "two", "three", "hot", "median", "spread")
    rows = [line.split()[0] for line in out.splitlines() if line.startswith(named)]
    assert rows == ["one.wav", "two.wav", "three.wav", "hot.wav", "median", "spread"]
    assert "note: hot.wav is 6.0 LU louder than the median" in out
    assert re.search(
        r"^warning: Loudness differs by [56]\.\d LU between tracks: loudest is hot\.wav", out, re.M
    )
    assert out.index("median") < out.index(f"{tracks['one']}: ") and "crest" not in out


def test_what_was_asked_comes_before_the_readings_and_all_of_them_only_when_asked(
    run: Run, tracks: dict[str, Path]
) -> None:
    asked = ("analyze", str(tracks["hot"]), *QUICK, "--target", "ebu_r128", "--target", "tidal")
    out = run(*asked).out
    assert (
        out.splitlines()[0]
        == f"{tracks['hot']}: misses European broadcast (EBU R 128); misses TIDAL; 2 warnings"
    )
    assert out.index("missed") < out.index("warning: ") < out.index("crest factor")
    assert out[out.index("reading ") :].count("\n") < 20 and "clicks" not in out
    full = run(*asked, "--all").out
    assert "clicks" in full and "true peak, strict (16x, judged)" in full


def test_a_target_that_is_met_says_so_and_what_the_platform_will_do(run: Run, tmp_path: Path) -> None:
    """Pink noise that is made to read -13.5 LUFS is half a LU over the -14 LUFS that TIDAL plays at."""
    path = tmp_path / "loud.wav"
    noise = pink(-26, 4, seed=7).samples
    read = analyze(Audio(noise, 48000), ("tempo", "key")).number("integrated_loudness")
    assert read is not None
    louder = noise * np.float32(10 ** ((-13.5 - read) / 20))
    soundfile.write(path, (louder * np.minimum(1.0, 0.85 / np.abs(louder).max())).T, 48000, subtype="FLOAT")
    ran = run("analyze", str(path), "--target", "tidal", *QUICK)
    target = run("analyze", str(path), "--target", "tidal", *QUICK, "--json").json["files"][0]["target"]
    assert set(target) >= {"name", "title", "met", "rows"} and target["name"] == "tidal"
    assert [row["metric"] for row in target["rows"]] == ["integrated_loudness", "true_peak"]
    assert target["met"] is True and all(row["met"] for row in target["rows"])
    assert "meets TIDAL" in ran.out and "TIDAL will turn it down by 0.5 dB, to -14 LUFS." in ran.out


def test_a_folder_is_an_album_of_the_sounds_in_it(run: Run, tracks: dict[str, Path], tmp_path: Path) -> None:
    folder = next(iter(tracks.values())).parent
    (folder / "notes.txt").write_text("no sound", encoding="utf-8")
    table = tmp_path / "album.csv"
    ran = run("analyze", str(folder), "--csv", str(table), *QUICK, "--json")
    assert ran.json["album"]["names"] == ["hot.wav", "one.wav", "three.wav", "two.wav"]
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    loudness = [float(row["integrated_loudness (LUFS)"]) for row in rows]
    assert loudness[0] - loudness[1] == pytest.approx(6.0, abs=0.2)
    (tmp_path / "empty").mkdir()
    assert run("analyze", str(tmp_path / "empty")).code == 2
    assert run("analyze", str(folder), "--csv", str(tracks["one"])).code == 2


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


def test_metrics_are_filtered_by_words_of_their_names(run: Run) -> None:
    names = [metric["name"] for metric in run("metrics", "peak", "--json").json["metrics"]]
    assert names == ["true_peak", "true_peak_strict", "sample_peak"]
    assert run("metrics", "warmth").code == 2


def test_a_table_does_not_replace_the_reference(run: Run, tracks: dict[str, Path], tmp_path: Path) -> None:
    table = tmp_path / "reference.csv"
    table.write_bytes(tracks["one"].read_bytes())
    ran = run("analyze", str(tracks["two"]), "--reference", str(table), "--csv", str(table), *QUICK)
    assert ran.code == 2 and "one of the files to be read" in ran.err
    assert table.read_bytes() == tracks["one"].read_bytes()
