"""The live meter shows what the analysis of a file would."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.analysis.meter import Meter
from tests.analysis.standard_signals import measured, steps
from tests.signals import music_like, silence


@pytest.mark.parametrize("block", [64, 512, 5000, 100_000])
def test_live_and_offline_agree(block):
    audio = music_like(8)
    audio = type(audio)(audio.samples[:, : audio.frames // 4096 * 4096], audio.rate)
    meter = Meter(audio.rate, audio.channels)
    for piece in audio.blocks(block):
        meter.push(piece)
    shown, analysis = meter.snapshot(), measured(audio)
    assert shown.integrated_lufs == analysis.number("integrated_loudness")
    assert shown.sample_peak_dbfs == analysis.number("sample_peak")
    assert shown.true_peak_dbtp == pytest.approx(analysis.number("true_peak"), abs=0.01)


def test_a_steady_tone_shows_its_level_at_once():
    meter = Meter(48000, 2)
    meter.push(steps([(4, -23.0)]).samples)
    shown = meter.snapshot()
    assert shown.momentary_lufs == pytest.approx(-23.0, abs=0.1)
    assert shown.short_term_lufs == pytest.approx(-23.0, abs=0.1)
    assert shown.level_dbfs == pytest.approx(-26.01, abs=0.01)
    assert shown.correlation == pytest.approx(1.0)
    assert shown.unstable_range


def test_momentary_falls_back_and_maxima_hold_until_reset():
    meter = Meter(48000, 2)
    meter.push(steps([(2, -6.0), (2, -40.0)]).samples)
    shown = meter.snapshot()
    assert shown.momentary_lufs == pytest.approx(-40.0, abs=0.1)
    assert shown.true_peak_dbtp == pytest.approx(-6.0, abs=0.05)
    meter.reset()
    meter.push(steps([(1, -40.0)]).samples)
    assert meter.snapshot().true_peak_dbtp == pytest.approx(-40.0, abs=0.05)


def test_silence_and_the_first_moment_show_nothing():
    meter = Meter(48000, 2)
    assert meter.snapshot().momentary_lufs is None
    meter.push(silence(4).samples)
    shown = meter.snapshot()
    assert (shown.momentary_lufs, shown.true_peak_dbtp, shown.correlation) == (None, None, None)


def test_what_is_not_finite_is_counted_and_the_meter_goes_on():
    meter = Meter(48000, 2)
    samples = steps([(2, -20.0)]).samples.copy()
    samples[0, 100:103] = np.nan
    meter.push(samples)
    assert meter.not_finite == 3
    assert meter.snapshot().momentary_lufs == pytest.approx(-20.0, abs=0.1)
