"""A 5.1 mix whose channels stand in another program's order."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio
from tests.analysis.corpus.tone import low_pass, shaped, within

ORDERS = {
    "film": (0, 2, 1, 4, 5, 3),
    "AAC": (2, 0, 1, 4, 5, 3),
    "DTS": (0, 1, 4, 5, 2, 3),
}
"""Which of L R C LFE Ls Rs stands in each place: L C R Ls Rs LFE, C L R Ls Rs LFE and L R Ls Rs C LFE."""


def plant(audio: Audio, generator: np.random.Generator) -> Audio:
    """The mix spread over 5.1, in one of three orders that are in use."""
    order = list(ORDERS.values())[int(generator.integers(len(ORDERS)))]
    return within(Audio(np.ascontiguousarray(spread(audio, generator).samples[list(order)]), audio.rate))


def spread(audio: Audio, generator: np.random.Generator) -> Audio:
    """L R C LFE Ls Rs: what both sides share sounds from the centre too, its bass (below 80 to 120 Hz) from the LFE.

    The surrounds are 3 to 9 dB softer, 10 to 20 ms late and without bass, as rooms are mixed.
    """
    sides, middle = audio.samples, audio.samples.mean(axis=0)
    centre = generator.uniform(0.3, 0.7) * middle
    corner_hz = generator.uniform(80.0, 120.0)
    low = shaped(Audio(middle[None], audio.rate), low_pass(corner_hz, 4)).samples[0]
    late = round(generator.uniform(0.010, 0.020) * audio.rate)
    behind = np.zeros_like(sides)
    behind[:, late:] = 10 ** (-generator.uniform(3.0, 9.0) / 20) * sides[:, :-late]
    no_bass = low_pass(1.0, 2)  # of 200 Hz over the frequency: a high-pass
    behind = shaped(Audio(behind, audio.rate), lambda hz: no_bass(200.0 / np.maximum(hz, 1.0))).samples
    return Audio(np.concatenate([sides, centre[None], low[None], behind]).astype(np.float32), audio.rate)
