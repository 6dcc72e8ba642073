"""Meter: the same passes on sound that goes on, with readings of this moment, hold and reset.

What it integrates and what it holds are forgotten apart: `reset` begins anew, `release` lets go of the maxima only.

The thread that meters pushes blocks of any size; a snapshot ten times a second costs little however long it runs,
since momentary and short-term loudness need the last hops only, and integrated loudness and range little more than the
windows of the last second (EBU Tech 3341, 2.2: S at 10 Hz, I at 1 Hz or more).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bridge.analysis.analyzer import measurable
from bridge.analysis.gated_windows import GatedWindows
from bridge.analysis.passes import Passes
from bridge.analysis.passes.loudness import loudness_of
from bridge.analysis.passes.true_peak import TruePeak
from bridge.analysis.stream import Chunk, Stream
from bridge.analysis.unmeasurable import Unmeasurable
from bridge.audio import LARGEST, Samples
from bridge.units import db_from_gain

_PASSES = ("levels", "loudness")
_MOMENTARY, _SHORT_TERM = 40, 300
_RECENT_S = 0.4


@dataclass(frozen=True)
class Snapshot:
    """Readings of one moment; None where there is nothing to read (silence, too early).

    seconds: heard since the last reset. Loudness in LUFS, LU; peaks in dBTP and dBFS and the maxima of momentary and
    short-term loudness, held since the last reset or release; `level_dbfs` RMS and `correlation` of the last 0.4 s.
    unstable_range: loudness range in its first 60 s (EBU Tech 3342).
    """

    seconds: float
    momentary_lufs: float | None
    short_term_lufs: float | None
    integrated_lufs: float | None
    loudness_range_lu: float | None
    unstable_range: bool
    true_peak_dbtp: float | None
    sample_peak_dbfs: float | None
    level_dbfs: float | None
    correlation: float | None
    momentary_max_lufs: float | None
    short_term_max_lufs: float | None


class Meter:
    """rate in Hz, channels. Samples that are not finite are taken as silence and counted in `not_finite`.

    Raises BadInput for a rate below 1 Hz or above HIGHEST_RATE, and for a channel count below 1, as Analyzer does.
    """

    def __init__(self, rate: int, channels: int) -> None:
        measurable(rate, channels)
        self.stream = Stream(rate, channels)
        self._pending = np.empty((channels, self.stream.frame), np.float32)
        self.reset()

    def reset(self) -> None:
        """Forgets everything: maxima, integration, range."""
        self._passes = Passes(self.stream, _PASSES)
        self._fill = 0
        self._start = 0
        self.not_finite = 0
        self.release()
        self._whole = {hops: GatedWindows(self._passes.loudness, hops) for hops in (_MOMENTARY, _SHORT_TERM)}
        self._integrated_at = -1
        self._integrated: float | None = None
        self._range: float | None = None

    def release(self) -> None:
        """Lets go of the maxima that are held; integrated loudness and range go on."""
        self._true_peak = TruePeak(self.stream)
        self._sample_peak = 0.0
        self._held = {_MOMENTARY: 0.0, _SHORT_TERM: 0.0}
        self._held_to = len(self._passes.loudness.energies)

    @property
    def frames(self) -> int:
        """Frames measured since the last reset: whole ones of 85 ms, so a snapshot is up to 85 ms late."""
        return self._start

    def push(self, block: Samples) -> None:
        """The next block [shape=(channels, any number of frames)]; measured in frames of 85 ms."""
        finite = np.abs(block) <= LARGEST
        if not finite.all():
            self.not_finite += int(block.size - finite.sum())
            block = np.where(finite, block, np.float32(0))
        while block.shape[1]:
            taken = block[:, : self.stream.frame - self._fill]
            self._pending[:, self._fill : self._fill + taken.shape[1]] = taken
            self._fill += taken.shape[1]
            block = block[:, taken.shape[1] :]
            if self._fill == self.stream.frame:
                self._measure(Chunk(self.stream, self._pending, self._start, self._fill))
                self._start += self._fill
                self._fill = 0

    def _measure(self, chunk: Chunk) -> None:
        self._passes.push(chunk)
        self._true_peak.push(chunk)
        self._sample_peak = max(self._sample_peak, float(chunk.segment_peak.max()))

    def snapshot(self, final: bool = False) -> Snapshot:
        """What the meters show now. final: integrated loudness and range up to now, not to the last whole second."""
        passes = self._passes
        self._integrate(final)
        self._hold()
        return Snapshot(
            passes.seconds,
            _or_none(lambda: _lufs(passes.loudness.latest(_MOMENTARY))),
            _or_none(lambda: _lufs(passes.loudness.latest(_SHORT_TERM))),
            self._integrated,
            self._range,
            passes.seconds < 60,
            db_from_gain(self._true_peak.held()),
            db_from_gain(self._sample_peak),
            _or_none(lambda: db_from_gain(passes.levels.recent_power(_RECENT_S) ** 0.5)),
            _or_none(lambda: passes.levels.recent_correlation(_RECENT_S)),
            _lufs(self._held[_MOMENTARY]),
            _lufs(self._held[_SHORT_TERM]),
        )

    def _hold(self) -> None:
        """Every window of 10 ms counts, however seldom somebody looks (Tech 3341, cases 13 and 14)."""
        loudness = self._passes.loudness
        for hops, held in self._held.items():
            self._held[hops] = max(held, loudness.highest(hops, self._held_to))
        self._held_to = len(loudness.energies)

    def _integrate(self, final: bool) -> None:
        """Integrated loudness and range once a second; the last time to the bit as a file's, over everything again."""
        second = int(self._passes.seconds)
        if final:
            self._integrated = _or_none(self._passes.loudness.integrated)
            self._range = _or_none(self._passes.loudness.range_lu)
        elif second != self._integrated_at:
            self._integrated_at = second
            self._integrated = self._whole[_MOMENTARY].integrated()
            self._range = self._whole[_SHORT_TERM].range_lu()


def _lufs(power: float) -> float | None:
    return float(loudness_of(np.array([power]))[0]) if power > 0 else None


def _or_none(read: Callable[[], float | None]) -> float | None:
    try:
        return read()
    except Unmeasurable:
        return None
