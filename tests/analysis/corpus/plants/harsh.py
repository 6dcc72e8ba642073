"""Harshness where the ear is keenest."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio
from tests.analysis.corpus.standing import raised
from tests.analysis.corpus.tone import bell


def plant(audio: Audio, generator: np.random.Generator) -> Audio:
    """A bell of 7 to 12 dB at 2.6 to 4.2 kHz, q 0.7 to 1.4.

    The region stands at least 3 dB over the usual tone then (`standing`).
    """
    return raised(
        audio,
        lambda: bell(generator.uniform(2600, 4200), generator.uniform(7, 12), generator.uniform(0.7, 1.4)),
        2500,
        4000,
    )
