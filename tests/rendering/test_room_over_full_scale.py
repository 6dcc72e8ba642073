"""A room on a sound that is nearly at full scale: what the plan adds keeps the result under it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import resample_poly

import bridge


def squares() -> bridge.Audio:
    """Two held notes of flat tops at -0.3 dBFS: whatever rings on beside them comes on top."""
    t = np.arange(3 * 48000) / 48000
    tops = np.tanh(20 * np.sin(2 * np.pi * 110 * t)) + np.tanh(20 * np.sin(2 * np.pi * 165 * t))
    return bridge.Audio(np.stack([tops, tops]).astype(np.float32) / 2 * 0.966, 48000)


@pytest.mark.parametrize("words", ["a lot of reverb", "a lot of convolution reverb"])
def test_a_room_lifts_no_sample_over_full_scale(words):
    hot = squares()
    plan = bridge.plan(words, bridge.analyze(hot)).plan
    assert [step.effect for step in plan.steps][-1] == "limiter"
    samples = bridge.render(hot, plan).audio.samples
    assert np.abs(resample_poly(samples, 4, 1, axis=1)).max() <= 1.0
    bare = plan.model_copy(update={"steps": plan.steps[:-1]})
    assert np.abs(bridge.render(hot, bare).audio.samples).max() > 1.0, "else there was nothing to keep"
