"""Flat tops, as clipping leaves them, in segments of about 10 ms.

Sound may be clipped in one part and go on louder, or be clipped and turned down: a ceiling is the highest that a
channel reaches within a group of frames (1.4 s of stereo), not only in the whole sound.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.series import Series
from bridge.analysis.stream import Chunk, Stream

_NEAR_PEAK = 10 ** (-0.1 / 20)
_EDGE, _STEP = 1e-4, 2e-4
"""A clipped wave meets its ceiling at an angle. The top of a low tone on a dithered 16-bit grid is flat too, but
rounded: six steps of 3e-5 on either side at most."""

_FAINTEST = 0.05
_TOGETHER = 2
"""Below the sound's own peak one flat top alone is chance."""

_FLAT, _SHARED = 1, 2


class FlatTops:
    """kind: 0, 1 where a segment's extreme is a plateau of three samples or more, 2 where others of its group have
    the same ceiling [shape=(channels, segments)]."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.kind = Series(stream.channels, dtype=np.uint8)

    def push(self, chunk: Chunk) -> None:
        peaks = chunk.segment_peak
        near = (peaks >= peaks.max(axis=1, keepdims=True) * np.float32(_NEAR_PEAK)) & (peaks > _FAINTEST)
        kind = np.zeros(peaks.shape, np.uint8)
        for row, segments, tops, chosen in zip(kind, chunk.segments, peaks, near, strict=True):
            flat = np.flatnonzero(chosen)
            flat = flat[stands_flat(segments[flat], tops[flat])] if flat.size else flat
            row[flat] = _SHARED if flat.size >= _TOGETHER else _FLAT
        self.kind.append(kind)

    def clipped(self, peaks: NDArray[np.float32]) -> NDArray[np.intp]:
        """Segments in which a channel stands flat at a ceiling of its group, or within 0.1 dB of the sound's `peaks`
        [shape=(channels, segments)]."""
        kind = self.kind.values
        found = (kind == _SHARED) | ((kind == _FLAT) & (peaks >= peaks.max() * np.float32(_NEAR_PEAK)))
        return np.flatnonzero(found.any(axis=0))


def stands_flat(segments: NDArray[np.float32], tops: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which of the segments hold their extreme for three samples or more and leave it at an angle on the steepest side
    [shapes=(chosen, samples) and (chosen,) -> (chosen,)]."""
    held = (segments == tops[:, None]) | (segments == -tops[:, None])
    flat: NDArray[np.bool_] = (held[:, 2:] & held[:, 1:-1] & held[:, :-2]).any(axis=1)
    steps = np.abs(np.diff(segments[flat]))
    beside = held[flat]
    steps[~(beside[:, 1:] | beside[:, :-1])] = 0
    flat[flat] = steps.max(axis=1, initial=0) > np.maximum(_EDGE * tops[flat], _STEP)
    return flat
