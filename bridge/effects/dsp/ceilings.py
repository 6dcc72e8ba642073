"""The ceilings that a whole sound was clipped at, told from how often its tops end at one and the same level.

Drums clipped lightly leave tops of a single sample: no plateau tells them. But no clean sound comes back to its highest
level again and again, to the last bit and from different sides. A sound may have several ceilings (parts clipped apart,
then turned down). The rule is our own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples
from bridge.effects.dsp.autoregression import Wave, solved, weights_of
from bridge.effects.processor import Sound

NEAR = 2e-5
"""Of a level, within which tops count as equal: less than a step of 16 bits at full scale."""

FAINTEST = 0.05
_SEGMENT_S = 0.01
_FEWEST = 6
_BESIDE, _SHARE = 0.02, 0.25
"""Of the tops up to 2 % below it, a ceiling holds this share at least: clipping gathers what would have gone over it
at one level; on a grid of 16 bits chance gathers a thirtieth at the faintest."""

_MOST = 8
"""Levels of one channel; more of them are a coarse grid (8 bits), on which all tops are equal to others."""

_ASKED = 48
_ORDER, _CONTEXT, _TOP = 100, 1536, 24
_RISE = 1.01
"""A limiter sets tops to one level too, but leaves them tops: what lies around foretells no more than they have."""


@dataclass(frozen=True)
class _Tops:
    """The highest sample of each segment: its level, where it stands in frames, and the two beside it
    [shapes=(channels, segments), the last (channels, segments, 2)]."""

    levels: NDArray[np.float32]
    at: NDArray[np.int64]
    beside: NDArray[np.float32]


def ceilings(sound: Sound) -> tuple[tuple[float, ...], ...]:
    """Of each channel the levels it was cut at, the highest first; read twice where there may be some, else once."""
    tops = _tops(sound)
    maybe = [_gathered(levels, beside) for levels, beside in zip(tops.levels, tops.beside, strict=True)]
    if not any(maybe):
        return tuple(() for _ in maybe)
    asked = [
        (channel, level, int(at))
        for channel, found in enumerate(maybe)
        for level in found
        for at in _some(tops.at[channel][np.abs(tops.levels[channel] - level) <= NEAR * level])
    ]
    rises: dict[tuple[int, float], list[float]] = {}
    for channel, level, rise in _foretold(sound, asked):
        rises.setdefault((channel, level), []).append(rise)
    return tuple(
        tuple(level for level in found if np.median(rises.get((channel, level), [0.0])) >= _RISE)
        for channel, found in enumerate(maybe)
    )


def _tops(sound: Sound) -> _Tops:
    segment = max(8, round(_SEGMENT_S * sound.rate))
    parts: list[tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.float32]]] = []
    held, start = np.zeros((sound.channels, 0), np.float32), 0
    for block in sound.blocks():
        held = np.concatenate([held, block], axis=1)
        whole = held.shape[1] // segment * segment
        parts.append(_of(held[:, :whole], segment, start))
        held, start = held[:, whole:], start + whole
    missing = -held.shape[1] % segment
    parts.append(_of(np.pad(held, ((0, 0), (0, missing))), segment, start))
    return _Tops(*(np.concatenate(each, axis=1) for each in zip(*parts, strict=True)))


def _of(
    wave: Samples, segment: int, start: int
) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.float32]]:
    cut = np.abs(wave).reshape(wave.shape[0], -1, segment)
    at = cut.argmax(axis=2)[:, :, None]
    levels = np.take_along_axis(cut, at, axis=2)[:, :, 0]
    beside = [np.take_along_axis(cut, np.clip(at + way, 0, segment - 1), axis=2) for way in (-1, 1)]
    place = start + at[:, :, 0].astype(np.int64) + segment * np.arange(cut.shape[1])
    return levels, place, np.concatenate(beside, axis=2)


def _gathered(levels: NDArray[np.float32], beside: NDArray[np.float32]) -> tuple[float, ...]:
    """Levels that many tops share while few lie a little lower; tops that a loop repeats count once."""
    order = np.argsort(levels)
    sorted_levels, sorted_beside = levels[order].astype(np.float64), beside[order]
    found: list[float] = []
    first = int(np.searchsorted(sorted_levels, FAINTEST))
    while first < sorted_levels.size:
        level = sorted_levels[first]
        last = int(np.searchsorted(sorted_levels, level * (1 + NEAR), "right"))
        if last - first >= _FEWEST:
            lower = first - int(np.searchsorted(sorted_levels, level * (1 - _BESIDE)))
            distinct = np.unique(sorted_beside[first:last], axis=0).shape[0]
            if distinct >= _FEWEST and distinct >= _SHARE * (distinct + lower):
                found.append(float(sorted_levels[last - 1]))
        first = last
    return tuple(reversed(found)) if len(found) <= _MOST else ()


def _some(places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of many places, some from all over the sound."""
    chosen: NDArray[np.int64] = places[np.linspace(0, places.size - 1, min(_ASKED, places.size)).astype(int)]
    return chosen


def _foretold(sound: Sound, asked: list[tuple[int, float, int]]) -> Iterator[tuple[int, float, float]]:
    """How far over their level the tops of (channel, level, frame) are foretold, as a factor."""
    waiting = sorted(asked, key=lambda each: each[2])
    held, start = np.zeros((sound.channels, _CONTEXT), np.float32), -_CONTEXT
    for block in chain(sound.blocks(), [np.zeros((sound.channels, _CONTEXT), np.float32)]):
        held = np.concatenate([held, block], axis=1)
        end, done = start + held.shape[1], 0
        for channel, level, at in waiting:
            if at + _CONTEXT > end:
                break
            around = held[channel, at - _CONTEXT - start : at + _CONTEXT - start]
            yield channel, level, _rise(around.astype(np.float64), level)
            done += 1
        waiting = waiting[done:]
        keep = min(held.shape[1], 2 * _CONTEXT)
        held, start = held[:, held.shape[1] - keep :], end - keep


def _rise(wave: Wave, level: float) -> float:
    lost = np.abs(wave) >= level * (1 - NEAR)
    lost[: _CONTEXT - _TOP] = lost[_CONTEXT + _TOP :] = False
    at = np.flatnonzero(lost)
    found = solved(wave, at, weights_of(wave, _ORDER)) * np.sign(wave[at])
    return float(np.max(found, initial=0.0) / level)
