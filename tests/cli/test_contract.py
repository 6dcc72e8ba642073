"""What scripts rely on: shapes of the JSON, exit codes, and which stream says what."""

from __future__ import annotations

import json
import math
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.cli.conftest import Ran, Run, run_in

READINGS = {
    "integrated_loudness", "momentary_max", "short_term_max", "loudness_range", "true_peak", "sample_peak", "rms",
    "crest_factor", "plr", "psr", "dc_offset", "correlation", "side_to_mid", "spectral_centroid", "spectral_tilt",
    "tempo", "key", "band_sub", "band_low", "band_low_mid", "band_mid", "band_high_mid", "band_high", "band_air",
}  # fmt: skip
RESULT = {
    "schema", "job", "status", "request", "source", "output", "outcome", "plan", "planner", "before", "after",
    "checks", "warnings", "seconds", "versions",
}  # fmt: skip
WORDS = "high-pass at 80 Hz, -23 LUFS"


@pytest.fixture(scope="module")
def processed(tmp_path_factory: pytest.TempPathFactory, vocal: Path) -> tuple[Ran, Path]:
    folder = tmp_path_factory.mktemp("processed")
    path = Path(shutil.copy(vocal, folder / "vocal.wav"))
    return run_in(folder / "home", "process", str(path), WORDS, "--json"), path


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory, vocal: Path) -> tuple[Ran, Path]:
    folder = tmp_path_factory.mktemp("planned")
    ran = run_in(folder / "home", "plan", str(vocal), "cut 3 dB at 250 Hz Q 2", "--json")
    path = folder / "plan.json"
    path.write_text(ran.out, encoding="utf-8")
    return ran, path


# -- analyze -------------------------------------------------------------------------------------------------------


def test_analyze_answers_one_entry_an_argument_in_order(run: Run, vocal: Path, tmp_path: Path) -> None:
    text = tmp_path / "notes.wav"
    text.write_text("this is text", encoding="utf-8")
    ran = run(
        "analyze", str(vocal), str(tmp_path / "none.wav"), str(text), "--without", "tempo,key", "--json"
    )
    entries = ran.json["files"]
    assert [entry["path"] for entry in entries] == [str(vocal), str(tmp_path / "none.wav"), str(text)]
    assert ["error" in entry for entry in entries] == [False, True, True]
    assert "none.wav" in entries[1]["error"] and "notes.wav" in entries[2]["error"]
    assert ran.code == 2


def test_analyze_has_the_contracts_shape(run: Run, vocal: Path) -> None:
    entry = run("analyze", str(vocal), "--json").json["files"][0]
    assert set(entry) >= {"path", "rate", "channels", "frames", "seconds", "readings", "curves", "findings"}
    assert (entry["rate"], entry["channels"], entry["frames"], entry["seconds"]) == (48000, 2, 8 * 48000, 8.0)
    assert set(entry["readings"]) >= READINGS
    assert entry["readings"]["integrated_loudness"]["unit"] == "LUFS"
    assert all("reason" in reading for reading in entry["readings"].values() if reading["value"] is None)
    for finding in entry["findings"]:
        assert set(finding) >= {"metric", "value", "expected", "severity", "sentence", "remedy"}


def test_a_full_scale_sine_reads_minus_3_dbfs_rms(run: Run, tmp_path: Path) -> None:
    """1 kHz at full scale: RMS is 20 log10(1/sqrt 2) = -3.01 dBFS; BS.1770 reads -3.01 LUFS for one such channel."""
    frames = np.arange(10 * 48000)
    path = tmp_path / "sine.wav"
    soundfile.write(path, np.sin(2 * math.pi * 997 * frames / 48000), 48000, subtype="FLOAT")
    readings = run("analyze", str(path), "--without", "tempo,key", "--json").json["files"][0]["readings"]
    assert readings["rms"]["value"] == pytest.approx(-3.01, abs=0.01)
    assert readings["integrated_loudness"]["value"] == pytest.approx(-3.01, abs=0.02)


def test_a_metric_that_is_not_there_is_bad_usage(run: Run, vocal: Path) -> None:
    ran = run("analyze", str(vocal), "--without", "warmth", "--json")
    assert ran.code == 2 and "warmth" in ran.json["error"]["message"]


def test_a_target_that_is_not_there_is_bad_input_with_the_ones_there_are(run: Run, vocal: Path) -> None:
    ran = run("analyze", str(vocal), "--target", "spotfy")
    assert ran.code == 2 and ran.out == "" and "spotify" in ran.err


# -- plan ----------------------------------------------------------------------------------------------------------


def test_plan_has_the_contracts_shape(planned: tuple[Ran, Path]) -> None:
    data = planned[0].json
    assert planned[0].code == 0
    assert set(data) == {
        "schema", "outcome", "plan", "question", "choices", "answer", "unsupported", "warnings", "explanation",
    }  # fmt: skip
    assert data["outcome"] == "plan"
    assert set(data["plan"]) >= {"id", "request", "planner", "steps"}
    step = data["plan"]["steps"][0]
    assert set(step) >= {
        "id", "effect", "where", "parameters", "region", "enabled", "wet", "reason", "evidence",
    }  # fmt: skip
    assert (step["effect"], step["where"], step["region"], step["enabled"], step["wet"]) == (
        "equalizer", "input", None, True, 1.0,
    )  # fmt: skip
    band = step["parameters"]["bands"][0]
    assert (band["kind"], band["frequency_hz"], band["gain_db"], band["q"]) == ("bell", 250, -3, 2)
    assert step["reason"]


def test_words_about_something_else_need_an_answer(run: Run, vocal: Path) -> None:
    ran = run("plan", str(vocal), "what is the weather like tomorrow", "--json")
    assert ran.code == 3
    assert ran.json["outcome"] in ("off_topic", "clarify", "unsupported") and ran.json["plan"] is None


def test_the_same_words_give_the_same_plan(run: Run, vocal: Path, planned: tuple[Ran, Path]) -> None:
    again = run("plan", str(vocal), "cut 3 dB at 250 Hz Q 2", "--json")
    assert again.json["plan"]["id"] == planned[0].json["plan"]["id"]


# -- process -------------------------------------------------------------------------------------------------------


def test_process_prints_the_result_and_every_check_holds(processed: tuple[Ran, Path]) -> None:
    ran, _ = processed
    result = ran.json
    assert ran.code == 0, ran.out
    assert set(result) >= RESULT
    assert (result["status"], result["outcome"], result["request"]) == ("done", "plan", WORDS)
    assert set(result["source"]) >= {"path", "sha256", "rate", "channels", "frames", "format"}
    for check in result["checks"]:
        assert set(check) >= {"name", "asked", "got", "unit", "ok"} and check["ok"], check
    assert {"integrated_loudness", "finite", "length", "not_silent"} <= {
        check["name"] for check in result["checks"]
    }


def test_process_writes_beside_the_original_and_leaves_it_alone(
    processed: tuple[Ran, Path], vocal: Path
) -> None:
    ran, path = processed
    result = ran.json
    assert result["output"] == str(path.with_name("vocal-bridge.wav"))
    assert path.read_bytes() == vocal.read_bytes()
    assert sorted(item.name for item in path.parent.iterdir()) == ["home", "vocal-bridge.wav", "vocal.wav"]
    info = soundfile.info(result["output"])
    assert (info.format, info.subtype, info.samplerate, info.frames) == ("WAV", "PCM_24", 48000, 8 * 48000)


def test_another_librarys_meter_agrees_about_the_result(processed: tuple[Ran, Path]) -> None:
    import pyloudnorm

    samples, rate = soundfile.read(processed[0].json["output"])
    assert pyloudnorm.Meter(rate).integrated_loudness(samples) == pytest.approx(-23.0, abs=0.2)


def test_two_commands_on_one_file_at_once_leave_two_results_under_free_names(
    run: Run, vocal: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(vocal, tmp_path / "a.wav"))
    (tmp_path / "a-bridge.wav").write_bytes(b"mine")
    with ThreadPoolExecutor() as pool:
        both = [pool.submit(run, "process", str(path), words, "--json") for words in ("-23 LUFS", "-30 LUFS")]
        outputs = {Path(each.result().json["output"]) for each in both}
    assert outputs == {tmp_path / "a-bridge-2.wav", tmp_path / "a-bridge-3.wav"}
    assert len({output.read_bytes() for output in outputs}) == 2
    assert (tmp_path / "a-bridge.wav").read_bytes() == b"mine"


def test_a_plan_that_was_kept_renders_without_words(
    run: Run, planned: tuple[Ran, Path], vocal: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(vocal, tmp_path / "a.wav"))
    ran = run("process", str(path), "--plan", str(planned[1]), "-o", str(tmp_path / "out.flac"), "--json")
    assert ran.code == 0, ran.out
    assert ran.json["plan"]["id"] == planned[0].json["plan"]["id"]
    assert soundfile.info(tmp_path / "out.flac").subtype == "PCM_24"


def test_a_preview_is_the_loudest_15_seconds(run: Run, tmp_path: Path) -> None:
    """40 s of noise, 20 dB louder from second 20 to 35: the preview must come from there."""
    rate = 8000
    noise = np.random.default_rng(440).normal(0, 0.01, 40 * rate)
    noise[20 * rate : 35 * rate] *= 10
    soundfile.write(tmp_path / "long.wav", noise, rate)
    ran = run("process", str(tmp_path / "long.wav"), "-20 LUFS", "--preview", "--json")
    assert ran.json["preview"] == pytest.approx({"start_s": 20.0, "end_s": 35.0}, abs=0.11)
    assert ran.json["output"] == str(tmp_path / "long-preview.wav")
    assert soundfile.info(ran.json["output"]).duration == pytest.approx(15.0, abs=0.001)


def test_a_promise_that_cannot_be_kept_is_delivered_and_marked(run: Run, tmp_path: Path) -> None:
    """-5 LUFS under a ceiling of -12 dBTP: music whose crest is above 7 dB cannot get there unharmed."""
    from tests.signals import music_like

    audio = music_like(6.0, level_dbfs_peak=-20.0)
    soundfile.write(tmp_path / "a.wav", audio.samples.T, audio.rate)
    ran = run("process", str(tmp_path / "a.wav"), "-5 LUFS, ceiling -12 dBTP", "--json")
    missed = [check for check in ran.json["checks"] if not check["ok"]]
    assert ran.code == 1
    assert ran.json["status"] == "done" and Path(ran.json["output"]).exists()
    assert missed and all(check["reason"] for check in missed)


def test_words_that_need_an_answer_write_nothing(run: Run, vocal: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(vocal, tmp_path / "a.wav"))
    ran = run("process", str(path), "what is the weather like tomorrow", "--json")
    assert (ran.code, ran.json["status"], ran.json["output"]) == (3, "refused", None)
    assert sorted(item.name for item in tmp_path.iterdir()) == ["a.wav", "home"]


@pytest.mark.parametrize(
    ("output", "words"),
    [("a.wav", "never overwritten"), ("none/x.wav", "no folder"), ("x.mp3", "lossless"), ("x.doc", "format")],
)
def test_an_output_that_cannot_be_is_refused_before_anything_is_done(
    output: str, words: str, run: Run, vocal: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(vocal, tmp_path / "a.wav"))
    ran = run("process", str(path), "warmer", "-o", str(tmp_path / output), "--json")
    assert ran.code == 2 and words in ran.json["error"]["message"]
    assert path.read_bytes() == vocal.read_bytes()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_a_newline_in_a_name_stays_one_line(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a\nb.wav"
    path.write_text("no sound", encoding="utf-8")
    ran = run("process", str(path), "warmer")
    assert ran.code == 2 and ran.out == "" and len(ran.err.splitlines()) == 1, ran.err


# -- diff ----------------------------------------------------------------------------------------------------------


def test_diff_names_the_value_that_changed(run: Run, planned: tuple[Ran, Path], tmp_path: Path) -> None:
    data = planned[0].json
    data["plan"]["steps"][0]["parameters"]["bands"][0]["gain_db"] = -4.5
    (tmp_path / "b.json").write_text(json.dumps(data), encoding="utf-8")
    ran = run("diff", str(planned[1]), str(tmp_path / "b.json"), "--json")
    changes = ran.json["changes"]
    assert ran.code == 0 and not ran.json["equal"]
    assert [(c["path"], c["old"], c["new"]) for c in changes] == [("parameters.bands.0.gain_db", -3, -4.5)]
    assert run("diff", str(planned[1]), str(planned[1]), "--json").json["equal"]


@pytest.mark.parametrize(
    "content", ["no json", "[]", '{"steps": [{"effect": "warmth"}]}', '{"plan": null, "outcome": "clarify"}']
)
def test_a_file_without_a_plan_is_bad_input(content: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(content, encoding="utf-8")
    ran = run("diff", str(tmp_path / "a.json"), str(tmp_path / "a.json"))
    assert ran.code == 2 and "a.json" in ran.err and len(ran.err.splitlines()) == 1


# -- usage ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("proces", "a.wav"), "Did you mean process?"),
        (("analyze",), "FILE"),
        (("analyze", "--nonsense", "a.wav"), "--nonsense"),
        (("process", "a.wav"), "WORDS or --plan"),
        (("serve", "--osc", "9190"), "HOST:PORT"),
        (("plan", "a.wav", "warmer", "--stem", "drums"), "NAME=FILE"),
        (("jobs", "show"), "JOB"),
    ],
)
def test_bad_usage_is_code_2_and_one_line(arguments: tuple[str, ...], words: str, run: Run) -> None:
    plain, as_json = run(*arguments), run(*arguments, "--json")
    assert plain.code == as_json.code == 2
    assert plain.out == "" and words in plain.err and len(plain.err.splitlines()) == 1, plain.err
    assert words in as_json.json["error"]["message"]


def test_a_broken_pipe_is_no_traceback(home: Path) -> None:
    import subprocess
    import sys

    from tests.cli.conftest import environment

    home.mkdir()
    command = [sys.executable, "-m", "bridge.cli", "metrics", "--json"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(home)
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()
