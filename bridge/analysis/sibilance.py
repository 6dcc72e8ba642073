"""Sibilance: s and sh that burst out of a voice.

Judged frame by frame (85 ms) in Bark bands, not on average: an s is a short burst from 5 to 9.5 kHz over which the
voice itself falls silent. Cymbals and hats reach into the air above 12 kHz as strongly, sound most of the time or come
as regularly as the beat; an s does not. Source: own definition.

What cannot be told: a snare or a shaker without any air in it, played irregularly, sounds like an s; behind cymbals
that sound throughout no s is seen; and below a rate of 32 kHz there is no air to tell them by.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.read_once import read_once
from bridge.analysis.unmeasurable import SILENCE, Unmeasurable

if TYPE_CHECKING:
    from bridge.analysis.passes import Passes

_VOICE, _HISS, _AIR = slice(2, 17), slice(19, 22), 23
"""Bark bands: 200 to 3700 Hz, 5.3 to 9.5 kHz, 12 to 15.5 kHz."""

FAINTEST_DB = -40.0
LEAST_RATE = 32000
LIMIT_DB = 2.0
"""An s as loud as the vowels is sharp: spoken words of a plain recording stay several dB below."""

_ACTIVE_DB = 35.0
_OVER_AIR_DB = 8.0
_OVER_USUAL_DB = 8.0
_FEWEST, _FRAMES_EACH, _MOST_PART = 2, 240, 0.35
"""At least two bursts, and one in every 20 s; in no more than a third of the time."""
_DARK_DB = -8.0
_UNEVEN = 0.15
"""Standard deviation of the gaps over their mean; that of a machine's hats is below 0.1."""


@dataclass(frozen=True)
class Sibilance:
    """strength_db: the bursts against the loud frames of the voice; FAINTEST_DB where there are none. frames: where."""

    strength_db: float
    frames: NDArray[np.intp]


_NONE = Sibilance(FAINTEST_DB, np.zeros(0, np.intp))


def sibilance(bark: NDArray[np.float32]) -> Sibilance:
    """bark: power in Bark bands [shape=(24, frames)]. Raises Unmeasurable for silence."""
    total = bark.sum(axis=0)
    if not total.size or not total.max() > 0.0:
        raise Unmeasurable(SILENCE)
    active = total > total.max() * 10 ** (-_ACTIVE_DB / 10)
    voice, hiss, air = (
        _db(part, total) for part in (bark[_VOICE].sum(axis=0), bark[_HISS].sum(axis=0), bark[_AIR])
    )
    if float(np.median((hiss - voice)[active])) > _DARK_DB:
        return _NONE
    usual = float(np.median(hiss[active]))
    burst = active & (hiss > voice) & (hiss > air + _OVER_AIR_DB) & (hiss > usual + _OVER_USUAL_DB)
    starts = np.flatnonzero(burst & ~np.concatenate([[False], burst[:-1]]))
    fewest = max(_FEWEST, int(active.sum()) // _FRAMES_EACH)
    if starts.size < fewest or burst.sum() > _MOST_PART * active.sum() or not _uneven(starts):
        return _NONE
    strength = float(np.quantile(hiss[burst], 0.75) - np.quantile(voice[active], 0.75))
    return Sibilance(max(strength, FAINTEST_DB), starts)


def _db(power: NDArray[np.float32], total: NDArray[np.float32]) -> NDArray[np.float32]:
    level: NDArray[np.float32] = 10.0 * np.log10(np.maximum(power, total.max() * 1e-12))
    return level


def _uneven(starts: NDArray[np.intp]) -> bool:
    """Whether bursts come as speech does; a hat comes with the beat, once or twice or half as often."""
    gaps = np.diff(starts)
    return starts.size < 4 or bool(gaps.std() > _UNEVEN * gaps.mean())


@read_once
def heard(passes: Passes) -> Sibilance:
    """Raises Unmeasurable for silence and for a rate below 32 kHz."""
    if passes.stream.rate < LEAST_RATE:
        raise Unmeasurable(f"a rate of {passes.stream.rate} Hz holds too little of the top")
    return sibilance(passes.spectrum.bark.values)


def places(passes: Passes) -> list[float]:
    """Seconds at which bursts begin, to 85 ms; none where they are as soft as a voice has them."""
    found = heard(passes)
    if found.strength_db <= LIMIT_DB:
        return []
    return [float(frame * passes.stream.frame / passes.stream.rate) for frame in found.frames]
