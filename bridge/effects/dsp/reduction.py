"""What a dynamics processor did to the gain, over time: small enough to keep, drawn by others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

STEP_S = 0.01
MOST_POINTS = 6000
"""Of one curve: a minute at full resolution, an hour in steps of 0.64 s."""

DRAWN = 1200
"""Points of a curve in a result: more than a screen is wide tells nobody anything."""

Curve = NDArray[np.float64]


@dataclass(frozen=True)
class ReductionCurve:
    """Gain reduction over time. step_s: distance of the points, the first of which covers the start of the sound.

    bands: their names, low to high; one, "all", where the effect works on all frequencies alike. reduction_db: per
    band, in each step the change of gain that is farthest from 0, above 0 where it was turned down. most_db, mean_db:
    farthest from 0 and mean over all bands and the whole time, the mean of magnitudes.
    """

    step_s: float
    bands: tuple[str, ...]
    reduction_db: tuple[tuple[float, ...], ...]
    most_db: float
    mean_db: float

    @property
    def sentence(self) -> str:
        """ "gain reduction: 3.2 dB at most, 1.1 dB on average"; "gain raised: ..." where it raised further."""
        if self.most_db < 0:
            return f"gain raised: {-self.most_db:.1f} dB at most, {self.mean_db:.1f} dB on average"
        return f"gain reduction: {self.most_db:.1f} dB at most, {self.mean_db:.1f} dB on average"

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """What `to_json` made, with as many points as that kept."""
        lines = tuple(tuple(map(float, band)) for band in data["reduction_db"])
        return cls(data["step_s"], tuple(data["bands"]), lines, data["most_db"], data["mean_db"])

    def to_json(self) -> dict[str, Any]:
        """With at most DRAWN points a band: of neighbours the one farthest from 0."""
        group = -(-max(map(len, self.reduction_db), default=0) // DRAWN) or 1
        return {
            "step_s": round(self.step_s * group, 6),
            "bands": list(self.bands),
            "reduction_db": [
                [max(band[at : at + group], key=abs) for at in range(0, len(band), group)]
                for band in self.reduction_db
            ],
            "most_db": self.most_db,
            "mean_db": self.mean_db,
            "sentence": self.sentence,
        }


class Reduction:
    """Keeps the largest change of gain in each 10 ms, and once there are too many, of each pair of neighbours."""

    def __init__(self, rate: float, bands: tuple[str, ...] = ("all",), late: int = 0) -> None:
        """late: frames that pass before the first one counts (a look-ahead delays the sound against its gain).

        `frames`, where a processor sets it, is where the sound ends: what is pushed beyond does not count.
        """
        self._bands = bands
        self._cell = max(1, round(STEP_S * rate))
        self._rate = rate
        self._merged = 1
        self._skip = late
        self._low = np.zeros((len(bands), 0))
        self._high = np.zeros((len(bands), 0))
        self._open = np.zeros((len(bands), 0))
        self._sum = 0.0
        self._pushed = 0
        self.frames = 0

    def push(self, reduction_db: NDArray[np.floating]) -> None:
        """The next frames, above 0 where the sound is turned down [shape=(frames,) or (bands, frames)]."""
        now = np.atleast_2d(reduction_db)[:, self._skip :]
        self._skip -= min(self._skip, np.shape(reduction_db)[-1])
        self._sum += float(np.abs(now).sum())
        self._pushed += now.shape[1]
        held = np.concatenate([self._open, now], axis=1)
        while held.shape[1] >= self._size:
            held = self._taken(held)
        self._open = held.copy()

    @property
    def _size(self) -> int:
        """Frames of a cell as they are now."""
        return self._cell * self._merged

    def _taken(self, held: NDArray[np.floating]) -> NDArray[np.floating]:
        """Whole cells of what is held, as many as there is room for; what is left of it."""
        count = min(held.shape[1] // self._size, MOST_POINTS - self._low.shape[1])
        end = count * self._size
        cells = held[:, :end].reshape(len(self._bands), count, self._size)
        self._low = np.concatenate([self._low, cells.min(axis=2)], axis=1)
        self._high = np.concatenate([self._high, cells.max(axis=2)], axis=1)
        if self._low.shape[1] == MOST_POINTS:
            pairs = (len(self._bands), MOST_POINTS // 2, 2)
            self._low, self._high = (
                self._low.reshape(pairs).min(axis=2),
                self._high.reshape(pairs).max(axis=2),
            )
            self._merged *= 2
        return held[:, end:]

    def skip(self, frames: int) -> None:
        """So many frames in which nothing was changed."""
        self.push(np.zeros((len(self._bands), frames)))

    def curve(self) -> ReductionCurve:
        """What was done so far."""
        low, high = self._low, self._high
        if self._open.shape[1]:
            low = np.concatenate([low, self._open.min(axis=1, keepdims=True)], axis=1)
            high = np.concatenate([high, self._open.max(axis=1, keepdims=True)], axis=1)
        points = -(-self.frames // self._size) if self.frames else low.shape[1]
        farthest = np.where(np.abs(low) > np.abs(high), low, high)[:, :points]
        most = float(farthest.flat[np.abs(farthest).argmax()]) if farthest.size else 0.0
        mean = self._sum / max(1, (self.frames or self._pushed) * len(self._bands))
        return ReductionCurve(
            round(self._size / self._rate, 6),
            self._bands,
            tuple(tuple(round(float(value), 2) + 0.0 for value in band) for band in farthest),
            round(most, 2),
            round(mean, 2),
        )


@dataclass(frozen=True)
class Both:
    """Two processors in series: their reductions one after the other are one."""

    first: Reduction
    second: Reduction
    frames: int

    def curve(self) -> ReductionCurve:
        """Most is of the sum as the points have it, so at most 10 ms apart the two may be added that never met."""
        self.first.frames = self.second.frames = self.frames
        one, two = self.first.curve(), self.second.curve()
        pairs = zip(one.reduction_db[0], two.reduction_db[0], strict=False)
        line = tuple(round(a + b, 2) for a, b in pairs)
        most = max(line, key=abs, default=0.0)
        return ReductionCurve(one.step_s, one.bands, (line,), most, round(one.mean_db + two.mean_db, 2))


def of_gain(factor: NDArray[np.floating]) -> Curve:
    """Amplitude factors as reduction in dB; what is closed altogether counts as 200 dB."""
    return np.asarray(-20.0 * np.log10(np.maximum(factor, 1e-10)), np.float64)
