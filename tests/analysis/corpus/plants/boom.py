"""A bass that booms: a room mode, a kick and a bass guitar on the same note."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio
from tests.analysis.corpus.standing import raised
from tests.analysis.corpus.tone import bell


def plant(audio: Audio, generator: np.random.Generator) -> Audio:
    """A bell of 8 to 14 dB at 80 to 125 Hz, q 1 to 2; room modes raise 10 dB and more.

    The region stands at least 3 dB over the usual tone then (`standing`).
    """
    return raised(
        audio,
        lambda: bell(generator.uniform(80, 125), generator.uniform(8, 14), generator.uniform(1.0, 2.0)),
        80,
        125,
    )
