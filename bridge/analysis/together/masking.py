"""Masking between stems: where one lies so far above another in the same critical band that the ear loses it.

Each stem's power in the 24 Bark bands, 85 ms at a time, is spread over its neighbours as the inner ear does, falling
towards 25 dB a Bark downwards and 10 dB upwards (M. Schroeder, B. Atal, J. Hall, "Optimizing digital speech coders by
exploiting masking properties of the human ear", JASA 66, 1979). Noise that stands 6 dB over a sound in its band hides
it (E. Zwicker, H. Fastl, "Psychoacoustics", 4.1; tones hide less). Masking that outlasts the masker is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.bark import BARK_BANDS, BARK_EDGES_HZ
from bridge.analysis.together.stems import Power

if TYPE_CHECKING:
    from bridge.analysis.together.spots import Spot

Mask = NDArray[np.bool_]

HIDDEN_DB = 6.0
"""The other one so far above: hidden. Less than that to either side: both fight for the band."""

_SOUNDING_DB = -25.0
"""A stem sounds where its level is within 25 dB of its own loud moments (95 % of the time it lies below them): the
tail of a drum between two beats is nothing that could be missed."""

_QUIETEST_DBFS = -60.0
_CARRYING_DB = -25.0
"""A band counts for a stem at a moment when it is within 25 dB of the stem's strongest band of that moment."""

_LOUDNESS_POWER = 0.23
"""Specific loudness grows with this power of the excitation (Zwicker and Fastl, 8.7.1)."""


@dataclass(frozen=True)
class Band:
    """One Bark band. hidden, shared: share of the time in which both sound and the band counts for the masked stem
    (`seconds` of it) that the other lies more than 6 dB above, or within 6 dB. excess_db: median of how far above
    it lies where it hides."""

    low_hz: float
    high_hz: float
    seconds: float
    hidden: float
    shared: float
    excess_db: float | None

    def to_json(self) -> dict[str, Any]:
        return {
            "low_hz": self.low_hz, "high_hz": self.high_hz, "seconds": self.seconds,
            "hidden": self.hidden, "shared": self.shared, "excess_db": self.excess_db,
        }  # fmt: skip


@dataclass(frozen=True)
class Masking:
    """What one stem loses to another, or to all others together.

    both_s: how long both sound. sounding_s: how long the masked one does. bands: the 24, from low to high.
    weights: what part of the masked stem's loudness each of them has, 1 in all [shape=(24,)].
    hidden, counted: at which frames it is, and counts [shape=(24, frames)]; empty once the spots are taken from them,
    since 30 stems of an hour would hold gigabytes of them. frame_s: seconds of a frame.
    """

    masked: str
    masker: str
    sounding_s: float
    both_s: float
    bands: tuple[Band, ...]
    weights: NDArray[np.float64]
    hidden: Mask
    counted: Mask
    frame_s: float
    found: tuple[Spot, ...] | None = None

    @property
    def lost(self) -> float:
        """Share of the masked stem's loudness that is hidden while both sound, 0..1."""
        return float(sum(weight * band.hidden for weight, band in zip(self.weights, self.bands, strict=True)))

    def to_json(self) -> dict[str, Any]:
        return {
            "masked": self.masked,
            "masker": self.masker,
            "both_s": round(self.both_s, 2),
            "lost": round(self.lost, 3),
            "bands": [band.to_json() for band in self.bands if band.seconds > 0],
        }


def masking(masked: tuple[str, Power], masker: tuple[str, Power], frame_s: float) -> Masking:
    """masked, masker: name and Bark power [shape=(24, frames)] on one time line."""
    (name, own), (other_name, other) = masked, masker
    sounds, both = sounding(own), sounding(own) & sounding(other)
    strongest = own.max(axis=0, keepdims=True)
    audible = (own >= _quiet()[:, None]) & (own >= strongest * 10 ** (_CARRYING_DB / 10))
    counted = audible & both
    with np.errstate(divide="ignore", invalid="ignore"):
        above_db = 10 * np.log10(spread(other)) - 10 * np.log10(own)
    hidden = counted & (above_db >= HIDDEN_DB)
    shared = counted & (np.abs(above_db) < HIDDEN_DB)
    bands = tuple(_band(k, counted[k], hidden[k], shared[k], above_db[k], frame_s) for k in range(BARK_BANDS))
    return Masking(
        name, other_name, float(sounds.sum()) * frame_s, float(both.sum()) * frame_s, bands,
        _weights(own, audible & sounds), hidden, counted, frame_s,
    )  # fmt: skip


def _band(
    index: int, counted: Mask, hidden: Mask, shared: Mask, above_db: NDArray[np.float64], frame_s: float
) -> Band:
    count = int(counted.sum())
    return Band(
        BARK_EDGES_HZ[index],
        BARK_EDGES_HZ[index + 1],
        round(count * frame_s, 2),
        round(float(hidden.sum()) / count, 3) if count else 0.0,
        round(float(shared.sum()) / count, 3) if count else 0.0,
        round(float(np.median(above_db[hidden])), 1) if hidden.any() else None,
    )


def sounding(bark: Power) -> Mask:
    """At which frames a stem is heard at all [shape=(frames,)]."""
    power = bark.sum(axis=0)
    if not power.size:
        return np.zeros(0, bool)
    loud = float(np.percentile(power, 95))
    heard: Mask = power >= max(loud * 10 ** (_SOUNDING_DB / 10), 10 ** (_QUIETEST_DBFS / 10))
    return heard


def spread(bark: Power | NDArray[np.float64]) -> NDArray[np.float64]:
    """Excitation: power spread over neighbouring bands [shape=(24, frames)]."""
    excitation: NDArray[np.float64] = _spreading() @ bark.astype(np.float64)
    return excitation


@lru_cache(maxsize=1)
def _spreading() -> NDArray[np.float64]:
    """What each band (column) brings to each (row), 1 for itself; Schroeder, Atal and Hall, equation of B(z)."""
    apart = np.arange(BARK_BANDS)[:, None] - np.arange(BARK_BANDS)[None, :]
    level_db = 15.81 + 7.5 * (apart + 0.474) - 17.5 * np.sqrt(1 + (apart + 0.474) ** 2)
    return np.asarray(10 ** ((level_db - np.diag(level_db).max()) / 10))


@lru_cache(maxsize=1)
def _quiet() -> NDArray[np.float64]:
    """Threshold in quiet as mean square, for a listener to whom 0 dBFS is 100 dB SPL (E. Terhardt, "Calculating
    virtual pitch", Hearing Research 1, 1979) [shape=(24,)]."""
    khz = np.sqrt(np.maximum(BARK_EDGES_HZ[:-1], 50.0) * np.array(BARK_EDGES_HZ[1:])) / 1000
    spl = 3.64 * khz**-0.8 - 6.5 * np.exp(-0.6 * (khz - 3.3) ** 2) + 1e-3 * khz**4
    return np.asarray(10 ** ((spl - 100) / 10))


def _weights(own: Power, counted: Mask) -> NDArray[np.float64]:
    """Share of each band in the stem's loudness over the time that it sounds [shape=(24,)]."""
    above_quiet = own.astype(np.float64) / _quiet()[:, None]
    loudness = np.where(counted, np.maximum(above_quiet**_LOUDNESS_POWER - 1.0, 0.0), 0.0).sum(axis=1)
    total = loudness.sum()
    return np.asarray(loudness / total if total > 0 else loudness)
