"""pedalboard's Rubber Band, held to time: the pace and the delay that it really keeps, measured on clicks.

Rubber Band 2 counts its hops in whole samples, so that a stretch asked for at 0.9 runs at 0.8980: 35 ms off after 20 s
of drums, 0.4 s after a song (measured with pedalboard 0.9.26; the length is made right by cutting or padding the end).
The ratio may change in the course of a sound, though. So it runs between two ratios close by, a little faster and a
little slower, in the share that comes out exact, as a one-bit converter does with levels; what it makes of each of the
two, and its delay, is measured on a train of clicks.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples

_STEP = 2048
"""Frames at one ratio; Rubber Band takes no notice of changes within 1024."""

_APART = (0.006, 0.02, 0.05)
"""How far the two ratios lie from the one that is wanted; wider where those do not enclose it."""

_PROBE_S, _CLICKS_S, _SETTLED_S = 5.0, 0.2, 0.6
_WIDTH_S = 0.085
"""How far from its place a click is looked for: delays reach 60 ms at half speed; the next click is 160 ms away."""

SHORT_S = 2.0
"""So short a sound is not worth the clicks: it is 5 ms off at its end at most."""

_EXACT = 2e-4
"""A ratio that is kept as well as that is left alone: its hits are sharper. The ends of 45 s are 4.5 ms off at most."""

LEAD_S, SHORT_LEAD_S = 0.5, 0.1
"""Silence before and behind the sound, in which it settles; before a short one."""

Row = NDArray[np.float64]


@dataclass(frozen=True)
class Pace:
    """How a speed is kept at a rate and a pitch: two ratios, the share of the first, and what the result lags behind.

    delay: in output frames. scatter_s: the clicks' spread around the line, in s, for tests. drift: output
    frames too many for each input frame.
    """

    slow: float
    fast: float
    share: float
    delay: float
    scatter_s: float
    drift: float = 0.0

    def ratios(self, frames: int) -> Row:
        """For each input frame [shape=(frames,)]."""
        steps = np.arange(frames // _STEP + 1)
        slow = np.floor((steps + 1) * self.share + 0.5) > np.floor(steps * self.share + 0.5)
        return np.asarray(np.repeat(np.where(slow, self.slow, self.fast), _STEP)[:frames], np.float64)


def stretched(samples: Samples, rate: int, speed: float, semitones: float, formants: bool) -> Samples:
    """The sound at another speed and pitch [shape=(channels, round(frames / speed))], in time to a millisecond.

    samples [shape=(channels, frames)]. formants: kept where the pitch moves. All channels go through at once, in phase.
    """
    wanted = round(samples.shape[1] / speed)
    if speed == 1.0 and semitones == 0.0:
        return samples.copy()
    if not np.any(samples):
        return np.zeros((samples.shape[0], wanted), np.float32)
    short = samples.shape[1] <= SHORT_S * rate
    pace = Pace(speed, speed, 1.0, 0.0, 0.0) if short else pace_of(rate, speed, semitones)
    lead = round(SHORT_LEAD_S * rate) if short else _lead(rate)
    made = _run(np.pad(samples, ((0, 0), (lead, lead))), rate, pace, semitones, formants)
    middle = lead + samples.shape[1] / 2  # where what drifts is in time, so that both ends are off by half
    first = round(lead / speed + pace.delay + pace.drift * middle)
    made = made[:, first : first + wanted]
    return np.pad(made, ((0, 0), (0, wanted - made.shape[1])))


def _lead(rate: int) -> int:
    """Whole steps, so that the sound always begins at the same place of the pattern."""
    return -(-round(LEAD_S * rate) // _STEP) * _STEP


def _run(
    samples: Samples, rate: int, pace: Pace, semitones: float, formants: bool, measuring: bool = False
) -> Samples:
    """A short sound goes through at one ratio: then Rubber Band makes up for its delay itself, nearly."""
    from pedalboard import time_stretch

    one = pace.slow == pace.fast
    made = time_stretch(
        np.ascontiguousarray(samples, np.float32),
        float(rate),
        stretch_factor=pace.slow if one and not measuring else pace.ratios(samples.shape[1]),
        pitch_shift_in_semitones=semitones,
        high_quality=True,
        preserve_formants=formants,
    )
    return np.asarray(made, np.float32)


@cache
def pace_of(rate: int, speed: float, semitones: float) -> Pace:
    """Measured once for each speed and pitch; takes about as long as 10 s of sound."""
    stretch, delay, scatter_s = _measured(rate, semitones, Pace(speed, speed, 1.0, 0.0, 0.0), plain=True)
    if abs(stretch * speed - 1) < _EXACT:
        return Pace(speed, speed, 1.0, delay, scatter_s, stretch - 1 / speed)
    for apart in _APART:
        slow, fast = speed * (1 - apart), speed * (1 + apart)
        pair = [_measured(rate, semitones, Pace(ratio, ratio, 1.0, 0.0, 0.0)) for ratio in (slow, fast)]
        lengths = [line[0] for line in pair]
        share = (1 / speed - lengths[1]) / (lengths[0] - lengths[1])
        if 0.0 <= share <= 1.0:
            break
    share = min(max(share, 0.0), 1.0)
    stretch, delay, scatter_s = _measured(rate, semitones, Pace(slow, fast, share, 0.0, 0.0))
    share = min(max(share + (1 / speed - stretch) / (lengths[0] - lengths[1]), 0.0), 1.0)
    return Pace(slow, fast, share, delay, scatter_s)


def _measured(rate: int, semitones: float, pace: Pace, plain: bool = False) -> tuple[float, float, float]:
    """What really happens: output frames per input frame, output frames of delay, scatter in s. plain: at one ratio."""
    clicks, at = _clicks(rate, max(1.0, pace.fast))
    lead = _lead(rate)
    padded = np.pad(clicks, ((0, 0), (lead, lead)))
    made = _run(padded, rate, pace, semitones, False, measuring=not plain)[0]
    guess = 1.0 / (pace.share * pace.slow + (1 - pace.share) * pace.fast)
    width = round(_WIDTH_S * rate * max(1.0, 0.5 * guess))
    heard = _centres(np.square(made.astype(np.float64)), (lead + at) * guess, width, round(0.001 * rate))
    line = np.polyfit(at, heard, 1)
    scatter = heard - np.polyval(line, at)
    kept = np.abs(scatter) <= 3 * np.std(scatter) + 1
    line = np.polyfit(at[kept], heard[kept], 1)
    return float(line[0]), float(line[1] - lead * line[0]), float(np.std(scatter[kept]) / rate)


def _clicks(rate: int, slower: float) -> tuple[Samples, Row]:
    """Bursts of 1 ms and when they are, in frames: what an onset is to the ear. slower: factor of the times."""
    at = np.arange(_SETTLED_S, _PROBE_S, _CLICKS_S) * rate * slower
    generator = np.random.default_rng(5)
    at = np.round(at + generator.uniform(-0.01, 0.01, at.size) * rate)
    clicks = np.zeros((1, round((_PROBE_S * slower + 0.1) * rate)), np.float32)
    length = max(2, rate // 1000)
    for frame in at.astype(int):
        clicks[0, frame : frame + length] += generator.standard_normal(length).astype(np.float32) * 0.3
    return clicks, at


def _centres(power: Row, near: Row, width: int, window: int) -> Row:
    """Where the power rises most within `width` frames of each place, over `window` frames [shape=(places,)]."""
    total = np.concatenate([[0.0], np.cumsum(power)])
    window = max(4, window)
    found = []
    for place in near:
        at = np.arange(max(window, round(place) - width), min(power.size - window, round(place) + width))
        if at.size == 0:
            found.append(place)
            continue
        behind, before = total[at + window] - total[at], total[at] - total[at - window]
        found.append(float(at[np.argmax(np.log(behind + 1e-9) - np.log(before + 1e-9))]))
    return np.asarray(found)
