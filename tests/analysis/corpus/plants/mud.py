"""Too much between bass and voice: the low mids of a close microphone or a crowded arrangement."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio
from tests.analysis.corpus.standing import raised
from tests.analysis.corpus.tone import bell


def plant(audio: Audio, generator: np.random.Generator) -> Audio:
    """A bell of 7 to 12 dB at 220 to 320 Hz, q 0.7 to 1.2; 3 dB is what engineers cut there as a matter of course.

    The region stands at least 3 dB over the usual tone then (`standing`).
    """
    return raised(
        audio,
        lambda: bell(generator.uniform(220, 320), generator.uniform(7, 12), generator.uniform(0.7, 1.2)),
        200,
        315,
    )
