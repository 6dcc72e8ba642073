"""The outline of a waveform: the extremes of whole stretches of sound, however long it is."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.analysis.outline import Outline
from tests.analysis.standard_signals import measured
from tests.signals import music_like


@pytest.mark.parametrize("segments", [1, 16_384, 16_385, 70_001])
def test_each_cell_holds_the_extremes_of_its_segments(segments):
    generator = np.random.default_rng(segments)
    high = generator.random(segments, dtype=np.float32)
    outline, start = Outline(), 0
    while start < segments:
        size = int(generator.integers(1, 300))
        outline.add(high[start : start + size], -high[start : start + size])
        start += size
    starts = np.arange(0, segments, outline.each)
    assert starts.size <= 16_384
    assert np.array_equal(outline.highest, np.maximum.reduceat(high, starts))
    assert np.array_equal(outline.lowest, -outline.highest)


def test_the_waveform_ends_with_the_sound_and_reaches_its_peak():
    audio = music_like(3.21)
    wave = measured(audio).curves["waveform"]
    assert max(wave["highest"] + [-x for x in wave["lowest"]]) == pytest.approx(
        float(np.abs(audio.samples).max()), abs=5e-5
    )
    assert len(wave["highest"]) == len(wave["lowest"]) == -(-audio.seconds // wave["step_s"])
