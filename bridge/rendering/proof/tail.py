"""How loud the sound goes on behind its hits, in the result against the source: what room, echoes and gates change."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from bridge.effects.processor import Sound

_EDGES_HZ = (250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0)
"""Octaves, each by itself, so that an equalizer, which turns hit and tail alike, does not count."""
_HOP_S, _BACK_S = 0.0116, 0.4
_FALLEN_DB, _HIT_DB = 10.0, 3.0
"""Behind a hit is what lies so far under the loudest of the 0.4 s before, a hit what comes so near to it."""
_DEEPEST_DB, _FAINT_DB = 60.0, 40.0
_LEAST_PART = 0.05

Levels = NDArray[np.float64]


def tail_db(source: Sound, result: Sound) -> float | None:
    """By how many dB what is behind the hits rose against the hits, over the time of the source; None where less than
    a twentieth of the time lies behind hits: sustained sound. Both begin at the same moment. Own measure after the
    early-to-late ratio of ISO 3382-1:2009 (clarity), with the source's own hits in place of an impulse."""
    one, two = _levels(source), _levels(result)
    frames = min(one.shape[1], two.shape[1])
    one, two = one[:, :frames], two[:, :frames]
    if not frames or not np.isfinite(one).any():
        return None
    moved = [_moved(before, after) for before, after in zip(one, two, strict=True) if _heard(before, one)]
    known = [each for each in moved if each is not None]
    return float(np.mean(known)) if known else None


def _heard(band: Levels, all_bands: Levels) -> bool:
    return bool(band.max() > all_bands.max() - _FAINT_DB)


def _moved(before: Levels, after: Levels) -> float | None:
    top = before.max()
    floor = top - _DEEPEST_DB
    back = max(1, round(_BACK_S / _HOP_S))
    padded = np.concatenate([np.full(back, -np.inf), before])
    loudest = sliding_window_view(padded, back + 1).max(axis=1)
    behind = (before < loudest - _FALLEN_DB) & (loudest > floor + _FALLEN_DB)
    hits = (before > loudest - _HIT_DB) & (before > top - _FAINT_DB)
    if behind.mean() < _LEAST_PART or not hits.any():
        return None
    level = float(np.mean(after[hits] - before[hits]))
    one, two = np.maximum(before[behind], floor), np.maximum(after[behind] - level, floor)
    return float(np.mean(two - one))


def _levels(sound: Sound) -> Levels:
    """Level of each octave in each frame in dB [shape=(octaves, frames)]; -inf is silence."""
    hop = max(1, round(_HOP_S * sound.rate))
    size = 2 * hop
    window = np.hanning(size)
    hz = np.fft.rfftfreq(size, 1 / sound.rate)
    inside = [(hz >= low) & (hz < high) for low, high in pairwise(_EDGES_HZ)]
    held, parts = np.zeros((sound.channels, 0)), []
    for block in sound.blocks():
        held = np.concatenate([held, block.astype(np.float64)], axis=1)
        count = (held.shape[1] - size) // hop + 1
        if count < 1:
            continue
        frames = sliding_window_view(held, size, axis=1)[:, : count * hop : hop]
        power = (np.abs(np.fft.rfft(frames * window)) ** 2).sum(axis=0)
        parts.append(np.array([power[:, at].sum(axis=1) for at in inside]))
        held = held[:, count * hop :]
    whole = np.concatenate(parts, axis=1) if parts else np.zeros((len(inside), 0))
    with np.errstate(divide="ignore"):
        return np.asarray(10 * np.log10(whole))
