"""The ratio of a compressor with which a sound comes to a wanted loudness range, found on the sound itself."""

from __future__ import annotations

from collections.abc import Callable

from bridge.analysis.unmeasurable import Unmeasurable
from bridge.effects.dsp.loudness_meter import LoudnessMeter
from bridge.effects.processor import Processor, Sound

NEAR_LU = 0.2
"""As near as the search goes; what is promised is 0.5."""

_LEAST_RATIO, _MOST_RATIO = 1.0, 20.0
_MOST_PASSES = 8


class _RangeMeter(LoudnessMeter):
    """Loudness range (EBU Tech 3342) of a stream."""

    def range_lu(self) -> float | None:
        """Ends the stream. None where it is undefined: silence, under 3 s."""
        if self.integrated_lufs() is None:
            return None
        try:
            return self._pass.range_lu()
        except Unmeasurable:
            return None


def loudness_range_lu(sound: Sound, processor: Processor | None = None) -> float | None:
    """Of a sound, or of what a processor makes of it; None where it is undefined."""
    meter = _RangeMeter(sound.rate, sound.channels)
    for block in sound.blocks():
        meter.push(processor.process(block) if processor else block)
    if processor:
        meter.push(processor.flush())
    return meter.range_lu()


def ratio_for(
    sound: Sound, wanted_lu: float, made: Callable[[float], Processor]
) -> tuple[float, float | None]:
    """The ratio at which `made(ratio)` leaves the wanted range, and the range that it leaves; 1 where that is narrow
    enough already or undefined. The most ratio that there is where none is enough.

    The range falls steadily as the ratio grows: false position on 1 - 1/ratio, the share that is taken of every dB,
    kept between two ratios that enclose it (Illinois rule, Dowell and Jarratt, BIT 11 (1971)).
    """
    before = loudness_range_lu(sound)
    if before is None or before <= wanted_lu:
        return _LEAST_RATIO, before
    low, high = 0.0, 1.0 - 1.0 / _MOST_RATIO
    over, under = before - wanted_lu, -wanted_lu
    share, got, side = 1.0 - wanted_lu / before, before, 0
    for _ in range(_MOST_PASSES):
        share = min(high, max(low, share))
        found = loudness_range_lu(sound, made(1.0 / (1.0 - share)))
        got = before if found is None else found
        off = got - wanted_lu
        if abs(off) <= NEAR_LU or (share >= high and off > 0):
            break
        if off > 0:
            low, over, under, side = share, off, under / 2 if side > 0 else under, 1
        else:
            high, under, over, side = share, off, over / 2 if side < 0 else over, -1
        share = (low * under - high * over) / (under - over)
    return round(1.0 / (1.0 - share), 3), got
