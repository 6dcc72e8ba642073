"""No body: a high-pass or a low cut that was set far too high, a loudspeaker of a telephone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Audio
from tests.analysis.corpus.tone import shaped, within


def plant(audio: Audio, generator: np.random.Generator) -> Audio:
    """All below a corner of 200 to 320 Hz is 9 to 16 dB down."""
    corner_hz, down_db = generator.uniform(200, 320), generator.uniform(9, 16)

    def curve(hz: NDArray[np.float64]) -> NDArray[np.float64]:
        return -down_db / (1 + (hz / corner_hz) ** 4)

    return within(shaped(audio, curve))
