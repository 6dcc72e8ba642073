"""A blanket over the loudspeakers."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio
from tests.analysis.corpus.tone import low_pass, shaped, within


def plant(audio: Audio, generator: np.random.Generator) -> Audio:
    """A low-pass at 1.5 to 3 kHz of 12 to 24 dB an octave."""
    curve = low_pass(generator.uniform(1500, 3000), int(generator.integers(2, 5)))
    return within(shaped(audio, curve))
