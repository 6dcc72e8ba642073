"""Unmask: a few gentle cuts on what hides a stem, where it hides it, found by trying them on the measured bands.

Masking is judged as in `bridge.analysis.together.masking`, on the same Bark powers; a bell changes these as its
response says. Own search: one cut after the other, each the one that gives the hidden stem most for the least loudness.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.bark import BARK_BANDS, BARK_EDGES_HZ
from bridge.analysis.k_weighting import coefficients
from bridge.analysis.together.masking import masking
from bridge.analysis.together.stems import Power
from bridge.effects.equalizer import Band, sections

MOST_CUTS = 3
MOST_CUT_DB = 4.0
"""A deeper or further cut would be heard on the masker itself."""

MOST_LOSS_LU = 1.5
_ENOUGH = 0.5
"""Half of what was hidden is heard again: more cuts take more from the maskers than they give."""

_LEAST_GAIN = 0.01
"""A cut that brings back less than this share of the stem's loudness is not worth its place."""

_QS = (0.7, 1.4)
_FRAMES = 1500
"""As many moments are tried, evenly spread: two minutes have as many frames of 85 ms."""

_POINTS = 5
_K_RATE = 48000


@dataclass(frozen=True)
class Unmasked:
    """before, after: share of the stem's loudness that is hidden while all sound, 0..1, as predicted.

    cuts: bands by masker, where it gets any. loss_lu: how much quieter each of these gets.
    """

    before: float
    after: float
    cuts: Mapping[str, tuple[Band, ...]] = field(default_factory=dict)
    loss_lu: Mapping[str, float] = field(default_factory=dict)


def unmask(protected: Power, maskers: Mapping[str, Power], frame_s: float, rate: int) -> Unmasked:
    """protected, maskers: Bark powers on one time line [shape=(24, frames)]; rate: of the stems in Hz."""
    step = max(1, protected.shape[1] // _FRAMES)
    own = protected[:, ::step]
    search = _Search(
        own, {name: power[:, ::step].astype(np.float64) for name, power in maskers.items()}, frame_s, rate
    )
    search.run()
    return search.result()


class _Search:
    def __init__(
        self, own: Power, maskers: dict[str, NDArray[np.float64]], frame_s: float, rate: int
    ) -> None:
        self._own, self._frame_s, self._rate = own, frame_s, rate
        self._whole = maskers
        self._now = dict(maskers)
        self._cuts: dict[str, list[Band]] = {name: [] for name in maskers}
        self._candidates = _candidates(rate)
        self._before = self._hidden = self._lost(self._now)

    def run(self) -> None:
        while self._hidden > (1 - _ENOUGH) * self._before:
            best = max(self._tried(), key=lambda tried: tried[0], default=None)
            if best is None or best[0] < _LEAST_GAIN:
                return
            won, name, band, factors = best
            self._cuts[name].append(band)
            self._now[name] = self._now[name] * factors[:, None]
            self._hidden -= won

    def _tried(self) -> list[tuple[float, str, Band, NDArray[np.float64]]]:
        found = []
        for name, power in self._now.items():
            if len(self._cuts[name]) == MOST_CUTS:
                continue
            for band, factors in self._candidates:
                cut = power * factors[:, None]
                if _loss_lu(self._whole[name], cut) > MOST_LOSS_LU or self._near(name, band):
                    continue
                found.append((self._hidden - self._lost({**self._now, name: cut}), name, band, factors))
        return found

    def _near(self, name: str, band: Band) -> bool:
        """Two cuts within two thirds of an octave would be one deep one."""
        return any(abs(np.log2(band.frequency_hz / other.frequency_hz)) < 2 / 3 for other in self._cuts[name])

    def _lost(self, maskers: Mapping[str, NDArray[np.float64]]) -> float:
        total = np.asarray(sum(maskers.values()), np.float32)
        return masking(("", self._own), ("", total), self._frame_s).lost

    def result(self) -> Unmasked:
        cuts = {
            name: tuple(sorted(bands, key=lambda band: band.frequency_hz))
            for name, bands in self._cuts.items()
            if bands
        }
        loss = {name: round(_loss_lu(self._whole[name], self._now[name]), 2) for name in cuts}
        return Unmasked(self._before, self._hidden, cuts, loss)


def _loss_lu(before: NDArray[np.float64], after: NDArray[np.float64]) -> float:
    """How much quieter, each band weighted as BS.1770-4 weights its middle; without gating."""
    weights = _k_weights()[:, None]
    whole, left = float((weights * before).sum()), float((weights * after).sum())
    return float(10 * np.log10(whole / left)) if left > 0 and whole > 0 else 0.0


@lru_cache(maxsize=1)
def _k_weights() -> NDArray[np.float64]:
    """Power response of the K filter at the middle of each Bark band [shape=(24,)]."""
    from scipy.signal import freqz

    edges = np.maximum(np.array(BARK_EDGES_HZ), 20.0)
    middles = np.sqrt(edges[:-1] * edges[1:])
    weights = np.ones(BARK_BANDS)
    for b0, b1, b2, a1, a2 in coefficients(_K_RATE):
        _, response = freqz([b0, b1, b2], [1.0, a1, a2], worN=middles, fs=_K_RATE)
        weights *= np.abs(response) ** 2
    return weights


@lru_cache(maxsize=8)
def _candidates(rate: int) -> tuple[tuple[Band, NDArray[np.float64]], ...]:
    """Bells at the middles of the Bark bands with what they do to the power of each band [shape=(24,)]."""
    found = []
    for index in range(1, BARK_BANDS):
        low, high = BARK_EDGES_HZ[index], BARK_EDGES_HZ[index + 1]
        centre = float(f"{np.sqrt(low * high):.2g}")
        if high > 0.45 * rate:
            break
        for q in _QS:
            band = Band(kind="bell", frequency_hz=centre, gain_db=-MOST_CUT_DB, q=q)
            found.append((band, _factors(band, rate)))
    return tuple(found)


def _factors(band: Band, rate: int) -> NDArray[np.float64]:
    """Mean power response within each Bark band."""
    from scipy.signal import sosfreqz

    edges = np.maximum(np.array(BARK_EDGES_HZ), 20.0)
    at = np.stack([np.geomspace(low, high, _POINTS) for low, high in pairwise(edges)])
    _, response = sosfreqz(sections(band, rate), worN=np.minimum(at.ravel(), 0.49 * rate), fs=rate)
    return np.asarray(np.mean(np.abs(response.reshape(at.shape)) ** 2, axis=1))
