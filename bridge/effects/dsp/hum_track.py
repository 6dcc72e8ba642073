"""Where mains hum runs in a sound: its frequency through time, and which of its harmonics stand out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bridge.effects.processor import Sound

Wave = NDArray[np.float64]
Turning = NDArray[np.complex128]

STEPS_A_SECOND = 100
MOST_HARMONICS = 40

_STRETCH_S = 4.0
_SHORTEST_S = 1.0
_DRIFT_HZ = np.arange(-0.3, 0.3001, 0.005)
"""Public mains is held within 0.2 Hz (EN 50160: 1 % for 99.5 % of a year; in fact far less)."""

_ASIDE_HZ = np.concatenate([np.arange(-6.0, -1.9, 0.25), np.arange(2.0, 6.1, 0.25)])
_TRACKED = 10
_STANDS = 10**0.6
_HIGHEST_OF_RATE = 0.45
_LEAST_LINES = 3
_WIDEST_GAP = 3
"""A rectifier's hum has every second harmonic; what comes after more than two missing ones is chance."""


@dataclass(frozen=True)
class HumTrack:
    """at_s, fundamental_hz: knots of its course [shape=(knots,)]. harmonics: orders that stand out, from 1 on."""

    at_s: Wave
    fundamental_hz: Wave
    harmonics: tuple[int, ...]


def turned_down(wave: NDArray[np.floating], turn: Turning, step: int) -> Turning:
    """Mean of each `step` samples against a turning phase: how strong and how early a line is there
    [shapes=(channels, n) and (n,) -> (channels, n // step)]."""
    against = wave * np.conj(turn)
    mean: Turning = against.reshape(wave.shape[0], -1, step).mean(axis=2)
    return mean


def find_hum(sound: Sound, mains_hz: float, most: int) -> HumTrack | None:
    """The hum about `mains_hz` (Hz), its first `most` harmonics at most; None where none of it stands out.

    In stretches of 4 s each harmonic is held against what turns 2 to 6 Hz beside it. Read once.
    """
    step = max(1, round(sound.rate / STEPS_A_SECOND))
    orders = np.arange(1, min(most, int(_HIGHEST_OF_RATE * sound.rate / mains_hz)) + 1)
    if not orders.size:
        return None
    stretches = _Stretches(sound.rate / step, orders)
    length = step * round(_STRETCH_S * sound.rate / step)
    held = np.zeros((sound.channels, 0), np.float32)
    turn = np.exp(2j * np.pi * mains_hz / sound.rate * np.arange(length))
    for block in sound.blocks():
        held = np.concatenate([held, block], axis=1)
        while held.shape[1] >= length:
            stretches.add(_lines(held[:, :length], turn, orders, step))
            held = held[:, length:]
    rest = held.shape[1] // step * step
    if rest >= _SHORTEST_S * sound.rate:
        stretches.add(_lines(held[:, :rest], turn[:rest], orders, step))
    return stretches.track(mains_hz, length / sound.rate)


def _lines(wave: NDArray[np.float32], turn: Turning, orders: NDArray[np.intp], step: int) -> Turning:
    """Each harmonic of each channel, turned down [shape=(harmonics, channels, steps)]."""
    out, turned = [], np.ones_like(turn)
    for _ in orders:
        turned = turned * turn
        out.append(turned_down(wave, turned, step))
    return np.array(out)


class _Stretches:
    """Power of each harmonic, at its best drift and aside, stretch after stretch."""

    def __init__(self, rate: float, orders: NDArray[np.intp]) -> None:
        self._rate, self._orders = rate, orders
        self._drift: list[float] = []
        self._clear: list[float] = []
        self._power = np.zeros(orders.size)
        self._aside = np.zeros(orders.size)

    def add(self, lines: Turning) -> None:
        """lines: of one stretch [shape=(harmonics, channels, steps)]."""
        steps = lines.shape[2]
        at_s = np.arange(steps) / self._rate
        window = np.hanning(steps + 2)[1:-1]
        window /= window.sum()
        quiet = _even(lines) * window
        aside = np.median(_powers(quiet, np.exp(-2j * np.pi * np.outer(_ASIDE_HZ, at_s))), axis=1) + 1e-20
        tracked = self._orders[:_TRACKED]
        powers = np.array(
            [
                _powers(quiet[i : i + 1], np.exp(-2j * np.pi * order * np.outer(_DRIFT_HZ, at_s)))[0]
                for i, order in enumerate(tracked)
            ]
        )
        over = powers / aside[: tracked.size, None]
        best = int(np.argmax(np.log(over + 1.0).sum(axis=0)))
        self._drift.append(float(_DRIFT_HZ[best]))
        self._clear.append(float(np.log(over[:, best] + 1.0).sum()))
        turn = np.exp(-2j * np.pi * _DRIFT_HZ[best] * np.outer(self._orders, at_s))
        self._power += (np.abs((quiet * turn[:, None]).sum(axis=2)) ** 2).sum(axis=1) / aside
        self._aside += 1.0

    def track(self, mains_hz: float, stretch_s: float) -> HumTrack | None:
        if not self._drift:
            return None
        over = self._power / self._aside
        found = _without_strays(self._orders[over >= _STANDS])
        if len(found) < min(_LEAST_LINES, self._orders.size):
            return None
        drift, clear = np.array(self._drift), np.array(self._clear)
        sure = clear >= 0.3 * np.median(clear)
        at_s = np.asarray((np.arange(drift.size) + 0.5) * stretch_s, np.float64)
        course = _median_of_three(np.interp(at_s, at_s[sure], drift[sure]))
        return HumTrack(at_s, np.asarray(mains_hz + course, np.float64), found)


def _without_strays(orders: NDArray[np.intp]) -> tuple[int, ...]:
    kept: list[int] = []
    for order in orders.tolist():
        if order - (kept[-1] if kept else 0) > _WIDEST_GAP:
            break
        kept.append(order)
    return tuple(kept)


def _even(lines: Turning) -> Turning:
    """Steps in which more sounds than usual count for less, so that rests tell more than notes do."""
    size = np.abs(lines).mean(axis=1, keepdims=True)
    usual = np.median(size, axis=2, keepdims=True) + 1e-12
    held: Turning = lines / np.maximum(size / usual, 1.0) ** 2
    return held


def _powers(lines: Turning, turns: Turning) -> Wave:
    """Power of each harmonic at each turn, channels together [shape=(harmonics, turns)]."""
    met = np.tensordot(lines, turns, axes=(2, 1))
    power: Wave = (np.abs(met) ** 2).sum(axis=1)
    return power


def _median_of_three(values: Wave) -> Wave:
    padded = np.pad(values, 1, mode="edge")
    middle: Wave = np.median([padded[:-2], padded[1:-1], padded[2:]], axis=0)
    return middle
