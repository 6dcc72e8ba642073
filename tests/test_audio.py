"""Audio refuses what is no planar float32 sound, and says what to do instead."""

from __future__ import annotations

import numpy as np
import pytest

from bridge import Audio
from bridge.errors import BadInput

STEREO = np.zeros((2, 4), np.float32)


@pytest.mark.parametrize(
    ("samples", "said"),
    [
        (np.zeros(4, np.float32), "float32 of shape \\(4,\\)"),
        (np.zeros((2, 4)), "float64 of shape \\(2, 4\\)"),
        ([[0.0]], "a list"),
    ],
)
def test_other_samples_are_refused_with_what_they_are(samples, said):
    with pytest.raises(BadInput, match=said):
        Audio(samples, 48000)


@pytest.mark.parametrize("rate", [0, -1, 44100.5, "48000"])
def test_a_rate_is_a_whole_number_of_hertz_above_0(rate):
    with pytest.raises(BadInput, match="whole Hz"):
        Audio(STEREO, rate)


def test_blocks_come_in_order_and_the_last_may_be_short():
    audio = Audio(np.arange(10, dtype=np.float32).reshape(1, 10), 10)
    assert [block[0].tolist() for block in audio.blocks(4)] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert audio.seconds == 1.0
