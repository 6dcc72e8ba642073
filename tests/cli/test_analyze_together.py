"""`dawbridge analyze A B --together`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bridge.audio import Audio
from bridge.files import write
from tests import signals
from tests.analysis.together.miked import RATE, late, plucked, sound
from tests.cli.conftest import Run


@pytest.fixture
def microphones(tmp_path: Path) -> list[str]:
    source = plucked(8, 4.0)
    write(tmp_path / "close.wav", sound(source))
    write(tmp_path / "room.wav", sound(-0.5 * late(source, 96.0)))
    return [str(tmp_path / "close.wav"), str(tmp_path / "room.wav")]


def test_json_has_the_pairs_beside_the_files(run: Run, microphones: list[str]) -> None:
    ran = run("analyze", *microphones, "--together", "--without", "tempo,key", "--json")
    assert ran.code == 0 and len(ran.json["files"]) == 2
    heard = ran.json["together"]
    (pair,) = heard["pairs"]
    assert heard["stems"] == pair["stems"] == ["close", "room"]
    assert (
        pair["alignment"]["delay_ms"] == pytest.approx(2.0, abs=0.01)
        and pair["alignment"]["inverted"] is True
    )
    (finding,) = heard["findings"]
    assert set(finding) >= {
        "code",
        "metric",
        "value",
        "expected",
        "severity",
        "sentence",
        "remedy",
        "stems",
        "where",
    }


def test_people_see_who_is_late(run: Run, microphones: list[str]) -> None:
    ran = run("analyze", *microphones, "--together", "--without", "tempo,key")
    assert "room +2.00 ms, inverted" in ran.out and "with opposite polarity" in ran.out


def test_without_the_option_nothing_is_said_of_pairs(run: Run, microphones: list[str]) -> None:
    assert "together" not in run("analyze", *microphones, "--without", "tempo,key", "--json").json


def test_stems_of_two_rates_are_heard_together(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "a.wav", signals.sine(440, -12, 1.0))
    write(tmp_path / "b.wav", Audio(np.zeros((1, RATE), np.float32), 44100))
    paths = [str(tmp_path / "a.wav"), str(tmp_path / "b.wav")]
    ran = run("analyze", *paths, "--together", "--without", "tempo,key", "--json")
    assert ran.code == 0 and ran.json["together"]["stems"] == ["a", "b"]
