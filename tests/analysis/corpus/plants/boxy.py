"""A cardboard box: a small room, a close microphone on a drum or a cabinet."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio
from tests.analysis.corpus.standing import raised
from tests.analysis.corpus.tone import bell


def plant(audio: Audio, generator: np.random.Generator) -> Audio:
    """A bell of 8 to 14 dB at 400 to 630 Hz, q 0.8 to 1.6.

    The region stands at least 3 dB over the usual tone then (`standing`).
    """
    return raised(
        audio,
        lambda: bell(generator.uniform(400, 630), generator.uniform(8, 14), generator.uniform(0.8, 1.6)),
        400,
        630,
    )
