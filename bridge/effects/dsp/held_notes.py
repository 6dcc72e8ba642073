"""Pitch track -> held notes, and by how much each is moved to lie on the scale."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bridge.effects.dsp.pitch_track import HOP_S, PitchTrack

VOICED = 0.25
"""Aperiodicity below which a frame is a tone."""

_FAINT = 1e-5
"""Power against the loudest frame (-50 dB) below which nothing is a note."""

_SHORTEST_S = 0.03
_CORE_S = 0.03
"""Left out at both ends of a note, where it still glides."""

_LEAVING = 6.0
"""Cost of changing the note: as much as 30 ms at a whole step's distance, so that vibrato stays within one note."""

Row = NDArray[np.float64]


@dataclass(frozen=True)
class Note:
    """first, end: hops. cents: its centre, target: its place on the scale, both above A = 440 Hz."""

    first: int
    end: int
    cents: float
    target: float


def cents_of(hz: Row) -> Row:
    return np.asarray(1200 * np.log2(np.maximum(hz, 1.0) / 440.0), np.float64)


def voiced(track: PitchTrack) -> NDArray[np.bool_]:
    """Which hops are a tone [shape=(hops,)]."""
    loud = track.power > _FAINT * np.max(track.power, initial=0.0)
    return np.asarray((track.aperiodic < VOICED) & loud & (track.power > 1e-10), np.bool_)


def stretches(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and end hop of each run that is long enough for a tone."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    least = round(_SHORTEST_S / HOP_S)
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= least]


def held_notes(track: PitchTrack, classes: tuple[int, ...], tuning_cents: float) -> list[Note]:
    """classes: pitch classes that the scale allows, 0 = A. tuning_cents: of its A against 440 Hz."""
    cents = cents_of(track.hz)
    notes: list[Note] = []
    for first, end in stretches(voiced(track)):
        notes += _in_stretch(cents[first:end], first, classes, tuning_cents)
    return notes


def _in_stretch(cents: Row, start: int, classes: tuple[int, ...], tuning_cents: float) -> list[Note]:
    low, high = int(np.floor(cents.min() / 100)) - 2, int(np.ceil(cents.max() / 100)) + 2
    scale = [100.0 * step + tuning_cents for step in range(low, high + 1) if step % 12 in classes]
    if not scale:
        return []
    places = np.array(scale)
    path = _path(np.minimum(np.abs(cents[:, None] - places) / 100, 2.0))
    cuts = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist(), path.size]
    core = round(_CORE_S / HOP_S)
    notes = []
    for first, end in pairwise(cuts):
        inner = cents[first + core : end - core] if end - first > 4 * core else cents[first:end]
        notes.append(Note(start + first, start + end, _centre(inner), float(places[path[first]])))
    return notes


def _centre(cents: Row) -> float:
    """Where a note lies: the mean of what is within a semitone of its median, least at its ends, so that half a wave
    of vibrato more or less does not move it."""
    median = float(np.median(cents))
    weight = np.hanning(cents.size + 2)[1:-1] * (np.abs(cents - median) < 100)
    total = float(np.sum(weight))
    return float(np.sum(weight * cents)) / total if total > 0 else median


def _path(cost: Row) -> NDArray[np.intp]:
    """The cheapest way through [shape=(hops, notes)] where each change of note costs _LEAVING (Viterbi)."""
    hops, _ = cost.shape
    came = np.zeros(cost.shape, np.intp)
    total = cost[0].copy()
    stay = np.arange(cost.shape[1])
    for hop in range(1, hops):
        best = int(np.argmin(total))
        changes = total > total[best] + _LEAVING
        came[hop] = np.where(changes, best, stay)
        total = np.where(changes, total[best] + _LEAVING, total) + cost[hop]
    path = np.empty(hops, np.intp)
    path[-1] = int(np.argmin(total))
    for hop in range(hops - 1, 0, -1):
        path[hop - 1] = came[hop, path[hop]]
    return path


def correction(notes: list[Note], hops: int, strength: float, retune_ms: float) -> Row:
    """Cents by which each hop is moved [shape=(hops,)]: one value a note, gliding from note to note."""
    out = np.zeros(hops)
    for note in notes:
        out[note.first : note.end] = strength * (note.target - note.cents)
    wide = round(retune_ms / 1000 / HOP_S)
    if wide < 2:
        return out
    window = np.hanning(wide + 2)[1:-1]
    smooth = out.copy()
    for first, end in _runs(notes):
        padded = np.pad(out[first:end], (wide // 2, wide - 1 - wide // 2), mode="edge")
        smooth[first:end] = np.convolve(padded, window / window.sum(), mode="valid")
    return smooth


def _runs(notes: list[Note]) -> list[tuple[int, int]]:
    """Notes that follow each other without a break."""
    runs: list[tuple[int, int]] = []
    for note in notes:
        if runs and runs[-1][1] == note.first:
            runs[-1] = (runs[-1][0], note.end)
        else:
            runs.append((note.first, note.end))
    return runs
