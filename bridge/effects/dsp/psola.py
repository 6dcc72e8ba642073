"""Pitch-synchronous overlap-add: the periods of a voice put closer together or further apart.

E. Moulines and F. Charpentier, "Pitch-synchronous waveform processing techniques for text-to-speech synthesis using
diphones", Speech Communication 9 (1990), 453-467. Formants stay, because each period keeps its shape. Own form: between
two marks the sound fades from itself moved by one amount to itself moved by the next, so that where nothing is moved
the samples come through untouched, and several channels move together.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples
from bridge.effects.dsp.held_notes import stretches
from bridge.effects.dsp.overlap import Overlapped
from bridge.effects.dsp.pitch_track import HOP_S, LOWEST_HZ, PitchTrack

_TAPS, _PHASES = 24, 1024
_CHUNK = 32768

Row = NDArray[np.float64]


@dataclass(frozen=True)
class Marks:
    """at: frames of the result, in order; moved: how many frames further in the source each is taken from."""

    at: Row
    moved: Row


def marks_of(track: PitchTrack, cents: Row, rate: int, frames: int) -> Marks:
    """One mark a period where the pitch moves; where it stays nothing is marked, and nothing moves.

    cents [shape=(hops,)]: by how much.
    """
    at: list[Row] = [np.array([-1.0])]
    moved: list[Row] = [np.zeros(1)]
    for first, end in stretches(np.abs(cents) > 1e-6):
        places, shifts = _stretch(track.hz[first:end], cents[first:end], first * HOP_S * rate, rate)
        at.append(places)
        moved.append(shifts)
    at.append(np.array([float(frames) + 1.0]))
    moved.append(np.zeros(1))
    return Marks(np.concatenate(at), np.concatenate(moved))


def _stretch(hz: Row, cents: Row, start: float, rate: int) -> tuple[Row, Row]:
    """Marks of one stretch, whose first and last are not moved."""
    hop = HOP_S * rate
    cycles = np.concatenate([[0.0], np.cumsum(0.5 * (hz[1:] + hz[:-1]) * HOP_S)])
    faster = hz * 2 ** (cents / 1200)
    turns = np.concatenate([[0.0], np.cumsum(0.5 * (faster[1:] + faster[:-1]) * HOP_S)])
    place = start + hop * np.arange(hz.size)
    source = np.interp(np.arange(0, int(cycles[-1]) + 1), cycles, place)
    made = np.interp(np.arange(0, int(turns[-1]) + 1), turns, place)
    near = np.clip(np.searchsorted(source, made), 1, max(source.size - 1, 1))
    if source.size < 2:
        return np.zeros(0), np.zeros(0)
    nearest = np.where(made - source[near - 1] < source[near] - made, source[near - 1], source[near])
    gap = 0.005 * rate
    at = np.concatenate([[made[0] - gap], made, [made[-1] + gap]])
    return at, np.concatenate([[0.0], nearest - made, [0.0]])


class Psola(Overlapped):
    """Moves the sound as its marks say; as many frames come out as go in."""

    def __init__(self, marks: Marks, channels: int, rate: int) -> None:
        self._marks = marks
        self._position = 0
        self._reach = round(rate / LOWEST_HZ) + _TAPS
        self.warnings: tuple[str, ...] = ()
        self.unreached = ""
        super().__init__(self._moved, channels, self._reach, _CHUNK, self._reach)

    def _moved(self, window: Samples) -> Samples:
        """The chunk in the middle of the window."""
        start, self._position = self._position, self._position + _CHUNK
        marks = self._marks
        out = window[:, self._reach : self._reach + _CHUNK].copy()
        at = np.arange(start, start + _CHUNK)
        behind = np.clip(np.searchsorted(marks.at, at, side="right"), 1, marks.at.size - 1)
        before = behind - 1
        one, two = marks.moved[before], marks.moved[behind]
        busy = np.flatnonzero((one != 0) | (two != 0))
        if not busy.size:
            return out
        before, behind, at = before[busy], behind[busy], at[busy]
        part = (at - marks.at[before]) / (marks.at[behind] - marks.at[before])
        rise = 0.5 - 0.5 * np.cos(np.pi * part)
        here = self._reach + busy
        mixed = (1 - rise) * _between(window, here + one[busy]) + rise * _between(window, here + two[busy])
        out[:, busy] = mixed
        return out


def _between(window: Samples, at: Row) -> Row:
    """Samples between the samples [shape=(channels, places)], by a windowed sinc."""
    whole = np.floor(at).astype(np.intp)
    phase = np.round((at - whole) * _PHASES).astype(np.intp)
    kernels = _kernels()
    taps = whole[:, None] + np.arange(1 - _TAPS // 2, 1 + _TAPS // 2)
    taps = np.clip(taps, 0, window.shape[1] - 1)
    weights = kernels[phase]
    return np.stack([np.einsum("nt,nt->n", row[taps], weights) for row in window.astype(np.float64)])


@cache
def _kernels() -> Row:
    """[shape=(_PHASES + 1, _TAPS)]; the first and the last one move by whole samples only."""
    offset = np.arange(1 - _TAPS // 2, 1 + _TAPS // 2) - (np.arange(_PHASES + 1) / _PHASES)[:, None]
    window = np.i0(9.0 * np.sqrt(np.maximum(0.0, 1 - (offset / (_TAPS / 2)) ** 2))) / np.i0(9.0)
    kernels = np.sinc(offset) * window
    return np.asarray(kernels / kernels.sum(axis=1, keepdims=True), np.float64)
