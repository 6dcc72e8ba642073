"""What breaks a waveform at a place: flat tops and clicks, looked for in segments of about 10 ms.

Everything is screened by one number a segment, so that clean sound costs next to nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.series import Series
from bridge.analysis.stream import Chunk, Stream, energy

_NEAR_PEAK = 10 ** (-0.1 / 20)
_EDGE = 1e-4
"""A clipped wave meets its ceiling at an angle. The top of a low tone on a 16-bit grid is flat too, but rounded:
one step of 3e-5 on either side."""

_CLICK = 14.0
"""Times the RMS of the bend: for Gaussian noise 1e-44 a sample, for the attack of a drum 5 to 8."""

_FAINTEST = 1e-3


class Blemishes:
    """flat: whether a segment's extreme is a plateau of three samples or more [shape=(channels, segments)].
    bend_peak: largest second difference of the front pair's sum where it is an impulse, else 0; bend_power: its mean
    square [shape=(segments,)]."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.frames = 0
        self.flat = Series(stream.channels, dtype=np.bool_)
        self.bend_peak = Series(dtype=np.float32)
        self.bend_power = Series(dtype=np.float32)
        self._loudest = np.float32(0)

    def push(self, chunk: Chunk) -> None:
        self.frames += chunk.valid
        self._push_flat(chunk)
        self._push_bend(chunk)

    def _push_flat(self, chunk: Chunk) -> None:
        peaks = chunk.segment_peak
        running = np.maximum.accumulate(np.append(self._loudest, peaks.max(axis=0)))
        self._loudest = running[-1]
        flat = np.zeros(peaks.shape, np.bool_)
        near = (peaks >= running[1:] * np.float32(_NEAR_PEAK)) & (peaks > _FAINTEST)
        segments = chunk.samples.reshape(peaks.shape[0], -1, self.stream.segment)
        held = np.abs(segments[near]) == peaks[near][:, None]
        flat[near] = (held[:, 2:] & held[:, 1:-1] & held[:, :-2]).any(axis=1)
        for channel, index in zip(*np.nonzero(flat), strict=True):
            flat[channel, index] = _angular(segments[channel, index], peaks[channel, index])
        self.flat.append(flat)

    def _push_bend(self, chunk: Chunk) -> None:
        bend = _of_pair(chunk.bends).reshape(-1, self.stream.segment)[:, 2:]
        peak = np.maximum(bend.max(axis=1), -bend.min(axis=1))
        power = energy(bend) / np.float32(self.stream.segment)
        alone = (peak > _FAINTEST) & (peak**2 > _CLICK**2 * _rest(peak, power, self.stream.segment))
        for index in np.flatnonzero(alone):
            alone[index] = _impulse(bend[index])
        self.bend_power.append(power)
        self.bend_peak.append(np.where(alone, peak, 0))

    def clipped(self, peaks: NDArray[np.float32]) -> NDArray[np.intp]:
        """Segments in which a channel stands flat within 0.1 dB of the sound's `peaks` [shape=(channels, segments)]."""
        return np.flatnonzero((self.flat.values & (peaks >= peaks.max() * _NEAR_PEAK)).any(axis=0))

    def clicks(self) -> NDArray[np.intp]:
        """Segments with one bend far sharper than the rest of the segment and of those around it."""
        whole = self.frames // self.stream.segment
        return np.flatnonzero(_lonely(self.bend_peak.values[:whole], self.bend_power.values[:whole]))


def _of_pair(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    total: NDArray[np.float32] = samples[0] + samples[1] if len(samples) > 1 else samples[0]
    return total


def _angular(samples: NDArray[np.float32], peak: np.float32) -> bool:
    """Whether a plateau of three samples or more is left at an angle, on its steepest side."""
    held = np.flatnonzero(np.abs(samples) == peak)
    steps = np.abs(np.diff(samples, prepend=samples[:1], append=samples[-1:]))
    return bool(max(steps[held].max(), steps[held + 1].max()) > _EDGE * peak)


def _impulse(bend: NDArray[np.float32]) -> bool:
    """One sample out of line bends the wave by 1, -2, 1; the attack or the hard end of a note by 1, or by 1, -1.

    Both neighbours must lie in the segment: what lies on its edge (one in 250) is passed over.
    """
    at = int(np.abs(bend).argmax())
    if not 1 <= at < bend.size - 1:
        return False
    sides = bend[[at - 1, at + 1]] / bend[at]
    return bool((sides < -0.3).all() and (sides > -0.7).all())


def _rest(peak: NDArray[np.float32], power: NDArray[np.float32], length: int) -> NDArray[np.float32]:
    """Mean square of the bend without that of one impulse."""
    rest: NDArray[np.float32] = np.maximum(power - np.float32(1.5 / length) * peak**2, np.float32(0))
    return rest


def _lonely(peak: NDArray[np.float32], power: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Each impulse is held against both neighbours too: a drum's attack is followed by more of it."""
    if peak.size < 3:
        return np.zeros(peak.size, np.bool_)
    found: NDArray[np.bool_] = (peak > 0) & (peak**2 > _CLICK**2 * np.append(power[1:], power[-1]))
    found &= peak**2 > _CLICK**2 * np.append(power[0], power[:-1])
    found[[0, -1]] = False
    return found
