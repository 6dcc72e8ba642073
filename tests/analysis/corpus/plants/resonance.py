"""A narrow resonance: a room mode in the mids, a ringing stand, a bad microphone capsule."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio
from tests.analysis.corpus.tone import bell, shaped, within


def plant(audio: Audio, generator: np.random.Generator) -> Audio:
    """A bell of 10 to 15 dB with q 6 to 24, at least 30 Hz wide, from 250 Hz to 5 kHz."""
    q = 2 ** generator.uniform(np.log2(6), np.log2(24))
    centre_hz = 2 ** generator.uniform(np.log2(max(250, 30 * q)), np.log2(5000))
    return within(shaped(audio, bell(centre_hz, generator.uniform(10, 15), q)))
