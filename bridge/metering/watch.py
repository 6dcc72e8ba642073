"""Watch: what cannot wait for a meter. Looks at each block as it comes, and says when it passes full scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bridge.audio import LARGEST
from bridge.metering.ring import Ring
from bridge.units import db_from_gain, gain_from_db

OVER_DBFS = -0.01
"""Samples that stand so near full scale were cut there, or will be."""
_OVER = gain_from_db(OVER_DBFS)


@dataclass(frozen=True)
class Peak:
    """The highest sample of a block, and how many samples of it stand at full scale or over it."""

    peak_dbfs: float
    overs: int


class Watch:
    """A reader of its own, from the ring's first frame on: a busy meter does not hold it up."""

    def __init__(self, ring: Ring) -> None:
        self._reader = ring.reader(0)

    def turn(self) -> Peak | None:
        """Of what has come since the last time; None for nothing or silence. Samples that are no sound do not count."""
        block = np.abs(self._reader.read())
        if not block.size:
            return None
        highest = float(block.max())
        if not highest <= LARGEST:
            block = np.where(block <= LARGEST, block, np.float32(0))
            highest = float(block.max())
        peak = db_from_gain(highest)
        if peak is None:
            return None
        return Peak(peak, int(np.count_nonzero(block >= _OVER)) if highest >= _OVER else 0)
