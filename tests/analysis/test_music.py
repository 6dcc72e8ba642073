"""Tempo and key of pieces whose truth is known because they were made so."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.analysis import analyze
from bridge.audio import Audio
from tests.analysis.pieces import NAMES, groove, progression
from tests.signals import pink, white

BPM = tuple(60.37 + 5 * step for step in range(25))


@pytest.fixture(scope="module")
def tempi() -> list[tuple[float, float]]:
    """(true, read) of 50 grooves from 60 to 180 BPM, a fifth of them swung."""
    pairs = []
    for index, bpm in enumerate(BPM * 2):
        audio = groove(bpm, seed=9000 + index, swing=0.12 if index % 5 == 0 else 0.0)
        pairs.append((bpm, analyze(audio, without=("key",)).number("tempo") or 0.0))
    return pairs


def test_nine_tempi_of_ten_are_within_half_a_percent_allowing_octaves(tempi):
    ratios = [min(abs(read / bpm / octave - 1) for octave in (0.5, 1, 2)) for bpm, read in tempi]
    assert np.mean(np.array(ratios) < 0.005) >= 0.9


def test_between_80_and_140_bpm_the_octave_is_right(tempi):
    """Outside, half or double is what many people would tap too; the candidates name both."""
    right = [abs(read / bpm - 1) < 0.04 for bpm, read in tempi if 80 < bpm < 140]
    assert np.mean(right) >= 0.85


def test_half_or_double_stand_among_the_candidates():
    analysis = analyze(groove(172.0, 5), without=("key",))
    candidates = [item["bpm"] for item in analysis.curves["tempo"]["candidates"]]
    assert any(abs(bpm / 172.0 - 1) < 0.01 for bpm in candidates)


def test_the_grid_starts_on_a_beat():
    bpm = 100.0
    audio = groove(bpm, 3)
    start = np.random.default_rng(3)
    start.standard_normal(44100), start.standard_normal(44101), start.integers(3), start.integers(0, 12, 8)
    first = start.uniform(0, 1) % 0.6
    got = analyze(audio, without=("key",)).curves["tempo"]["first_beat_s"] % 0.6
    assert min(abs(got - first), 0.6 - abs(got - first)) < 0.03


def test_a_steady_groove_is_not_variable_and_a_change_is_seen():
    steady = groove(110, 1, 60)
    changed = Audio(np.concatenate([groove(110, 1, 30).samples, groove(117, 1, 30).samples], axis=1), 44100)
    assert analyze(steady, without=("key",)).curves["tempo"]["variable"] is False
    assert analyze(changed, without=("key",)).curves["tempo"]["variable"] is True


@pytest.mark.parametrize("noise", [white, pink])
def test_noise_has_no_beat_or_says_that_it_is_doubtful(noise):
    analysis = analyze(noise(-20, 20, 44100), without=("key",))
    confidence = analysis.number("tempo_confidence")
    assert confidence is None or confidence < 0.2


@pytest.fixture(scope="module")
def keys() -> list[tuple[str, str]]:
    pairs = []
    for index in range(24):
        tonic, mode = index % 12, "major" if index < 12 else "minor"
        analysis = analyze(progression(tonic, mode, seed=700 + index), without=("tempo",))
        pairs.append((f"{NAMES[tonic]} {mode}", str(analysis["key"].value)))
    return pairs


def test_keys_of_progressions_in_all_24(keys):
    assert np.mean([want == got for want, got in keys]) >= 0.85


@pytest.mark.parametrize("cents", [-30.0, 0.0, 25.0])
def test_tuning_is_read_in_cents_and_leaves_the_key(cents):
    analysis = analyze(progression(2, "major", 11, 440.0 * 2 ** (cents / 1200)), without=("tempo",))
    assert analysis.number("tuning") == pytest.approx(cents, abs=4)
    assert analysis["key"].value == "D major"


def test_leaving_out_tempo_and_key_leaves_out_what_belongs_to_them():
    analysis = analyze(white(-20, 1), without=("tempo", "key"))
    assert not {"tempo", "tempo_confidence", "key", "key_confidence", "tuning"} & set(analysis.readings)
