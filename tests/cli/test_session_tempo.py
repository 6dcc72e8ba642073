"""The session's tempo decides what a note is, before what is measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.mark.parametrize(("bpm", "time_ms"), [("120", 375.0), ("90", 500.0)])
def test_a_dotted_eighth_is_of_the_tempo_that_is_given(
    run_here: Run, vocal: Path, bpm: str, time_ms: float
) -> None:
    ran = run_here("plan", str(vocal), "dotted eighth delay", "--tempo", bpm, "--json")
    (delay,) = ran.json["plan"]["steps"]
    assert delay["parameters"]["time_ms"] == time_ms and delay["parameters"]["tempo_bpm"] == float(bpm)
    assert not delay["evidence"]


def test_a_tempo_that_is_said_goes_before_the_sessions(run_here: Run, vocal: Path) -> None:
    ran = run_here("plan", str(vocal), "dotted eighth delay at 60 bpm", "--json", BRIDGE_TEMPO_BPM="120")
    assert ran.json["plan"]["steps"][0]["parameters"]["time_ms"] == 750.0


def test_the_setting_reaches_a_job_too(run_here: Run, vocal: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "out.wav")
    ran = run_here("process", str(vocal), "quarter note delay", "-o", out, "--json", BRIDGE_TEMPO_BPM="150")
    assert ran.json["plan"]["steps"][0]["parameters"]["time_ms"] == 400.0


@pytest.mark.parametrize("said", ["fast", "0", "nan", "1000"])
def test_what_is_no_tempo_is_bad_input(run_here: Run, vocal: Path, said: str) -> None:
    ran = run_here("plan", str(vocal), "dotted eighth delay", "--tempo", said)
    assert ran.code == 2 and "no tempo" in ran.err
