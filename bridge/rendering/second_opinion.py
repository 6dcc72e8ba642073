"""A second opinion on the loudness of a result: pyloudnorm, which shares no code with the engine.

It is an independent reading of BS.1770 with De Man's filters. It wants the whole sound in several float64 copies, so
its filters are run here over the stream, and the powers behind them are gated as it gates them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples
from bridge.compiled import put_off, sosfilt
from bridge.effects.processor import Sound

LONGEST_S = 600.0
"""Longer results are not judged: an hour would cost half a minute."""

TOLERANCE_LU = 0.1
"""What BS.2217 allows a meter."""

GATE_LUFS = -70.0
_OFFSET_LU = -0.691
_LOWEST_RATE = 4000

_WEIGHTS: dict[int, tuple[float, ...]] = {
    1: (1.0,),
    2: (1.0, 1.0),
    3: (1.0, 1.0, 1.0),
    4: (1.0, 1.0, 1.41, 1.41),
    5: (1.0, 1.0, 1.0, 1.41, 1.41),
    6: (1.0, 1.0, 1.0, 0.0, 1.41, 1.41),
}
"""By channel count, what each channel counts (L R C Ls Rs); the LFE counts nothing. The engine knows weights for eight
channels too; pyloudnorm does not."""

_STEPS_PER_S, _STEPS = 10, 4
"""Blocks of 400 ms, 100 ms apart: four steps each."""

_DENORMAL = 1e-150


class SecondOpinion:
    """A sound that is judged while somebody else reads it: hand it to the analysis, then ask for `lufs`.

    asked: False where there is no second opinion: beyond 10 minutes, for channels or rates that have no loudness.
    """

    def __init__(self, sound: Sound) -> None:
        self._sound = sound
        self.rate, self.channels, self.frames = sound.rate, sound.channels, sound.frames
        self.asked = (
            self.frames <= LONGEST_S * self.rate and self.channels in _WEIGHTS and self.rate >= _LOWEST_RATE
        )

    def blocks(self, frames: int = 65536) -> Iterator[Samples]:
        """The sound's own blocks [shape=(channels, <=frames)], each heard by the judge too."""
        if not self.asked:
            yield from self._sound.blocks(frames)
            return
        self._judge = _Judge(self.rate, _WEIGHTS[self.channels])
        for block in self._sound.blocks(frames):
            self._judge.push(block)
            yield block

    def lufs(self) -> float | None:
        """Integrated loudness; None below the gate, for less than 400 ms, and for samples that are no numbers."""
        return self._judge.lufs(self.frames) if self.asked else None


class _Judge:
    """The power of a stream behind pyloudnorm's filters, in steps of 100 ms.

    Its two filters run as one pass in float64: within 1e-5 LU of what pyloudnorm itself reads, at a fifth of the cost.
    """

    def __init__(self, rate: int, weights: tuple[float, ...]) -> None:
        self._rate = rate
        self._heard = [index for index, weight in enumerate(weights) if weight]
        self._weights = np.array([weight for weight in weights if weight])
        self._sections = _filters(rate)
        self._state = np.zeros((len(self._heard), len(self._sections), 2))
        self._frame, self._open = 0, 0.0
        self._steps: list[float] = []

    def push(self, block: Samples) -> None:
        frames = block.shape[1]
        if not frames:
            return
        with np.errstate(all="ignore"):  # what is no number makes the whole reading none
            sound = block[self._heard].astype(np.float64, order="C")
            sosfilt(self._sections, sound, self._state)
            self._state[np.abs(self._state) < _DENORMAL] = 0.0
            powers = self._weights @ np.square(sound, out=sound)
            self._add(powers)
        self._frame += frames

    def _add(self, powers: NDArray[np.float64]) -> None:
        end = self._frame + len(powers)
        ends = (
            np.arange(len(self._steps) + 1, _STEPS_PER_S * end // self._rate + 2) * self._rate // _STEPS_PER_S
        )
        cuts = np.array([0, *(ends[ends <= end] - self._frame)])
        sums = np.zeros(len(cuts))
        inside = cuts < len(powers)  # a step that ends with the block leaves nothing for the next
        sums[inside] = np.add.reduceat(powers, cuts[inside])
        sums[0] += self._open
        self._steps += sums[:-1].tolist()
        self._open = float(sums[-1])

    def lufs(self, frames: int) -> float | None:
        """BS.1770-5 Annex 1: whole blocks only, gates at -70 LUFS and 10 LU below the mean of what that leaves."""
        blocks = max(0, frames * _STEPS_PER_S // self._rate - _STEPS + 1)
        powers = np.array(self._steps[: blocks + _STEPS - 1] if blocks else [])
        with np.errstate(all="ignore"):
            means = np.convolve(powers, np.ones(_STEPS), "valid") if blocks else powers
            return _gated(means * _STEPS_PER_S / (_STEPS * self._rate))


def _filters(rate: int) -> NDArray[np.float64]:
    """pyloudnorm's filters, one behind the other [shape=(2, 6)]."""
    with put_off("scipy.signal"):  # half a second, and only its own filtering would use it
        from pyloudnorm import Meter

    meter: Any = Meter(rate, filter_class="DeMan")
    stages = meter._filters.values()  # its only way to them; the tests hold the sum to its own reading
    return np.array(
        [[*(stage.passband_gain * stage.b / stage.a[0]), *(stage.a / stage.a[0])] for stage in stages]
    )


def _gated(powers: NDArray[np.float64]) -> float | None:
    if np.isnan(powers).any():
        return None
    loud = powers[powers >= 10.0 ** ((GATE_LUFS - _OFFSET_LU) / 10.0)]
    if not loud.size:
        return None
    return float(_OFFSET_LU + 10.0 * np.log10(loud[loud > loud.mean() / 10.0].mean()))
