"""Dynamics in bands: for each band its level, its static curve and its ballistics."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bridge.effects.dsp.ballistics import AttackRelease
from bridge.effects.dsp.detector import linked_level_db
from bridge.effects.dsp.dynamics import linear
from bridge.effects.dsp.reduction import of_gain
from bridge.effects.dsp.transfer import compression_db
from bridge.units import gain_from_db

Wave = NDArray[np.float64]


@dataclass(frozen=True)
class Setting:
    """Of one band: thresholds in dBFS, times as time constants."""

    threshold_db: float
    ratio: float
    knee_db: float
    attack_ms: float
    release_ms: float
    makeup_db: float = 0.0


class BandCompressor:
    """Gains of a multiband compressor; one detector a band for all channels."""

    def __init__(self, settings: list[Setting], rate: int, mix: float = 1.0, makeup_db: float = 0.0) -> None:
        """makeup_db: behind all of it."""
        self._settings = settings
        self._ballistics = [AttackRelease(item.attack_ms, item.release_ms, rate) for item in settings]
        self._mix = mix
        self._makeup = gain_from_db(makeup_db)

    def gains(self, bands: list[Wave]) -> tuple[Wave, Wave]:
        """Bands of the next frames, [shape=(channels, frames)] each -> amplitude factors, and reduction in dB without
        make-up [shape=(bands, frames)]."""
        turned = np.array([self._turned_down(k, band) for k, band in enumerate(bands)])
        wet = linear(np.array([[item.makeup_db] for item in self._settings]) - turned)
        if self._mix == 1.0:
            return wet * self._makeup, turned
        dry = 1.0 - self._mix
        return (dry + self._mix * wet) * self._makeup, of_gain(dry + self._mix * linear(-turned))

    def _turned_down(self, k: int, band: Wave) -> Wave:
        """dB, at least 0, of the band with that number."""
        item = self._settings[k]
        asked = compression_db(linked_level_db(band), item.threshold_db, item.ratio, item.knee_db)
        return self._ballistics[k].run(asked)
