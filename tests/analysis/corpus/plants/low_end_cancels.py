"""Bass that is gone in mono: a widener or a turned-over microphone on the low end."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio
from tests.analysis.corpus.tone import low_pass, shaped, within


def plant(audio: Audio, generator: np.random.Generator) -> Audio:
    """Below a corner of 130 to 200 Hz the right is 60 to 100 % of the left, turned over: 12 dB and more are lost in
    mono, where 3 dB is what unrelated sides lose. The middle and highs stay as they were."""
    low = shaped(audio, low_pass(generator.uniform(130, 200), 4)).samples
    mono = (low[0] + low[1]) / 2
    against = -generator.uniform(0.6, 1.0) * mono
    samples = audio.samples - low + np.stack([mono, against])
    return within(Audio(samples.astype(np.float32), audio.rate))
