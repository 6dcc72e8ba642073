"""Steady noise between the notes: what the quietest moments have in common, told from music that never pauses.

Noise stands still: its level in a critical band, taken over 85 ms, varies by less than 1 dB (a band of 200 Hz has 30
degrees of freedom). Notes that die away fall by more from one moment to the next, and a held chord stands out of
some bands only while the loud moments do not rise over it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.bark import BARK_EDGES_HZ
from bridge.analysis.stream import Stream
from bridge.analysis.unmeasurable import SILENCE, Unmeasurable
from bridge.analysis.windows import HANN_POWER

LOWEST_BAND = 5
LOWEST_HZ = BARK_EDGES_HZ[LOWEST_BAND]
"""Below stand hum, rumble and what rooms do; hiss is heard above."""

_SHARE = 0.02
_FEWEST = 4
_LOUD = 90.0


@dataclass(frozen=True)
class SteadyNoise:
    """level_dbfs: RMS above 510 Hz in the quietest moments. unrest_db: how much each band varies over them.
    rise_db: by how much one moment in ten stands over the quietest in a band, median of the bands."""

    level_dbfs: float
    unrest_db: float
    rise_db: float


def steady_noise(bark: NDArray[np.float32], stream: Stream) -> SteadyNoise:
    """From the quietest 2 % of the frames (four at least), digital silence left out.

    bark: power in the Bark bands in each whole frame of `stream` [shape=(24, frames)].
    Raises Unmeasurable for silence, for less than eight frames that sound, and where the rate is too low.
    """
    bands = bark[LOWEST_BAND:]
    total = bands.sum(axis=0, dtype=np.float64)
    order = np.argsort(total, kind="stable")
    order = order[total[order] > 0.0]
    if not order.size:
        raise Unmeasurable(SILENCE if stream.nyquist_hz > LOWEST_HZ else "the rate is too low")
    if order.size < 2 * _FEWEST:
        raise Unmeasurable(f"shorter than {2 * _FEWEST} frames of 85 ms")
    quiet = order[: max(_FEWEST, int(_SHARE * order.size))]
    unrest, rise = np.transpose([_spread(band, order, quiet) for band in bands if band.any()])
    scale = stream.frame**2 * HANN_POWER / 2.0 * stream.channels
    return SteadyNoise(
        float(10.0 * np.log10(total[quiet].mean() / scale)),
        float(unrest.mean()),
        float(np.median(rise)),
    )


def _spread(
    band: NDArray[np.float32], order: NDArray[np.intp], quiet: NDArray[np.intp]
) -> tuple[float, float]:
    """dB by which one band varies over the quiet moments, and by which one in ten of all stands over them; band by
    band, since all levels of an hour at once would take 30 MB."""
    level = 10.0 * np.log10(band.astype(np.float64) + 1e-30)
    return float(level[quiet].std()), float(np.percentile(level[order], _LOUD) - level[quiet].mean())
