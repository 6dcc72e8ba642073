"""When the maxima stand."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.analysis import analyze
from bridge.audio import Audio
from tests.signals import silence, sine

SLOW = ("tempo", "key")


def test_maxima_have_their_times():
    """A tone of 20 s that is 12 dB louder from 8 s to 12 s, with one sample of full scale at 15 s."""
    samples = sine(997, -30, 20).samples.copy()
    samples[:, 8 * 48000 : 12 * 48000] *= 4.0
    samples[:, 15 * 48000] = 1.0
    peaks = analyze(Audio(samples.astype(np.float32), 48000), SLOW).curves["peaks"]
    assert peaks["true_peak_s"] == pytest.approx(15.0, abs=0.02)
    assert 9.4 <= peaks["short_term_max_s"] <= 10.6


def test_silence_has_no_times_of_maxima():
    assert "true_peak_s" not in analyze(silence(4), SLOW).curves.get("peaks", {})


def test_the_band_of_20_khz_is_told_at_44_1_khz():
    noise = np.random.default_rng(440).normal(0, 0.1, (2, 44100 * 3)).astype(np.float32)
    centres = analyze(Audio(noise, 44100), SLOW).curves["spectrum"]["centre_hz"]
    assert centres[-1] == pytest.approx(19952.6, abs=1)
