"""Tempo and beats from onset strength: a period by autocorrelation, refined over many repetitions; then which of its
multiples is the beat (`pulse`), and where the beats lie (`beats`)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.beats import beats_of
from bridge.analysis.pulse import RATIOS, chances
from bridge.analysis.tempo_course import course_of
from bridge.analysis.unmeasurable import Unmeasurable

Row = NDArray[np.float64]

SLOWEST_BPM, FASTEST_BPM = 40.0, 240.0
_CENTRE_BPM = 118.0
_SPREAD_OCTAVES = 1.1
"""People tap near 2 Hz; the preference falls off log-normally (D. Moelants, ICMPC 2002; D. Ellis, JNMR 2007)."""

_LEAST = 0.08
"""Autocorrelation that the beat must reach to be called one."""


_STEADY = 0.45
"""Autocorrelation of a steady beat; a piece that gets faster by a third in 40 s stays below 0.3."""

_LEAST_NEARBY = 0.2
"""Of short stretches, to follow a tempo that changes: chance alone reaches 0.08, with noise and with hits at random
times; players reach 0.25 and more."""

_CHANGE = 0.04


@dataclass(frozen=True)
class Tempo:
    """bpm: of a variable tempo the mean; candidates: what else the pulse may be felt as, with the probability of each;
    confidence 0..1: the probability of the first of them, times how clearly the onsets repeat; variable: whether
    stretches of the sound differ by more than 2 %; beats_s: when the beats are, in order."""

    bpm: float
    confidence: float
    candidates: tuple[tuple[float, float], ...]
    variable: bool
    beats_s: tuple[float, ...]

    @property
    def first_beat_s(self) -> float:
        return self.beats_s[0]


@dataclass(frozen=True)
class Pulse:
    """What repeats, before it is decided which of its multiples is the beat.

    envelope [shape=(steps,)]: onset strength; periods: of the pulse, in steps, at each step; height: their
    autocorrelation, 0..1; variable as in `Tempo`. accents [shape=(3, steps)]: on a clock on which the tempo does not
    change; bpm: what may be the beat.
    """

    envelope: Row
    periods: Row
    height: float
    variable: bool
    accents: Row
    bpm: Row


def pulse_of(strength: Row, accents: Row, steps_per_s: float) -> Pulse:
    """strength [shape=(steps,)], accents [shape=(3, steps)]: as in `Onsets`.

    Raises Unmeasurable where nothing repeats.
    """
    envelope = _levelled(strength, steps_per_s)
    accented = _levelled(accents.sum(axis=0), steps_per_s)
    periods, height, variable = _periods(envelope, accented, steps_per_s)
    clock = np.cumsum(1.0 / periods)
    bpm = 60.0 * steps_per_s * (clock[-1] - clock[0]) / (clock.size - 1) * np.array(RATIOS)
    if variable:
        even = np.linspace(clock[0], clock[-1], clock.size)
        accents = np.stack([np.interp(even, clock, row) for row in accents])
    possible = bpm[(bpm >= SLOWEST_BPM) & (bpm <= FASTEST_BPM)]
    return Pulse(envelope, periods, height, variable, _softened(accents), possible)


def _periods(envelope: Row, accented: Row, steps_per_s: float) -> tuple[Row, float, bool]:
    """The pulse's period at each step, how clearly it repeats, and whether it changes."""
    correlation = _autocorrelation(envelope)
    lags, salience = _salience(correlation, _autocorrelation(accented), steps_per_s)
    best = int(salience.argmax())
    height = _height(correlation, lags[best])
    period = _refined(correlation, lags[best])
    changes = height >= _LEAST and _is_variable(envelope, period, steps_per_s)
    if changes or height < _STEADY:
        course = course_of(envelope, accented, steps_per_s, lags[-1], lags[0])
        if course.height >= _LEAST_NEARBY and (changes or course.spread > _CHANGE):
            return course.periods, course.height, True
    if height < _LEAST:
        raise Unmeasurable("no beat")
    return np.full(envelope.size, period), height, False


def tempo_of(strength: Row, accents: Row, steps_per_s: float, delay_steps: float = 0.0) -> Tempo:
    """Of the same; delay_steps: by how much strength comes after the sound. Raises Unmeasurable likewise."""
    pulse = pulse_of(strength, accents, steps_per_s)
    low = accents[0].copy()
    del accents  # those of twenty minutes take 3 MB
    likely = chances(pulse.accents, steps_per_s, pulse.bpm)
    order = np.argsort(-likely)
    candidates = tuple((float(pulse.bpm[k]), float(likely[k])) for k in order)
    mean = 60.0 * steps_per_s * float(np.mean(1.0 / pulse.periods))
    lowered = _with_low(pulse.envelope, low, steps_per_s)
    beats = _on_kicks(beats_of(lowered, pulse.periods * mean / candidates[0][0]), low) - delay_steps
    beats_s = beats[beats >= 0] / steps_per_s
    if not beats_s.size:
        raise Unmeasurable("no beat")
    confidence = candidates[0][1] * min(1.0, pulse.height / _STEADY)
    return Tempo(candidates[0][0], confidence, candidates, pulse.variable, tuple(beats_s.tolist()))


def _with_low(envelope: Row, low: Row, steps_per_s: float) -> Row:
    """Onset strength in which kick and bass count by half once more: they are on the beat where hats and chords are
    between; deviation 1."""
    strength = envelope / envelope.std()
    if low.any():
        bottom = _levelled(low, steps_per_s)
        strength = strength + 0.5 * bottom / max(float(bottom.std()), 1e-12)
    even: Row = strength / strength.std()
    return even


def _on_kicks(beats: NDArray[np.int64], low: Row) -> Row:
    """The beats, or the middles between them where kick and bass are twice as strong there: chords and snare may both
    be louder off the beat."""
    on: Row = beats.astype(np.float64)
    between: Row = 0.5 * (on[:-1] + on[1:])
    if between.size and _strength_at(low, between) > 2.0 * _strength_at(low, on):
        return between
    return on


def _strength_at(low: Row, places: Row) -> float:
    """Mean of what begins up to two steps away."""
    near = np.rint(places).astype(np.int64)[:, None] + np.arange(-2, 3)
    return float(low[near.clip(0, low.size - 1)].mean())


def _softened(accents: Row) -> Row:
    """Compressed, so that a few loud hits do not decide, and a little blurred, as no player is exact."""
    soft = np.empty_like(accents)
    for into, row in zip(soft, accents, strict=True):
        into[:] = np.convolve(np.sqrt(row), (0.25, 0.5, 1.0, 0.5, 0.25), "same")
    return soft


def _levelled(strength: Row, steps_per_s: float) -> Row:
    """Without its slow course, mean 0; compressed, so that a few loud hits do not decide."""
    width = max(3, round(steps_per_s))
    smooth = np.convolve(strength, np.ones(width) / width, "same")
    sharp = np.sqrt(np.maximum(strength - smooth, 0.0))
    if not sharp.any():
        raise Unmeasurable("no onsets")
    levelled: Row = sharp - sharp.mean()
    return levelled


def _autocorrelation(envelope: Row) -> Row:
    """Unbiased, 1 at lag 0; up to 3/4 of the length."""
    from scipy.fft import next_fast_len

    lags = envelope.size * 3 // 4
    size = next_fast_len(envelope.size + lags, real=True)
    # By numpy: scipy would keep its plans, 4 MB for twenty minutes.
    spectrum = np.fft.rfft(envelope, size)
    power = spectrum.real**2
    power += spectrum.imag**2
    del spectrum
    raw: Row = np.fft.irfft(power, size)[:lags].copy()
    raw /= np.arange(envelope.size, envelope.size - lags, -1)
    raw /= raw[0]
    return raw


def _height(correlation: Row, lag: float) -> float:
    """Autocorrelation near a lag that is no whole number of steps: the best within one step."""
    low = int(lag)
    return float(correlation[max(low - 1, 0) : low + 3].max()) if low + 1 < correlation.size else 0.0


def _salience(correlation: Row, accented: Row, steps_per_s: float) -> tuple[Row, Row]:
    """How well each lag explains the pulse, times the prior: both autocorrelations at 1, 2, 4 times the lag.

    Accents count most, and count against a lag whose half they mark just as well: the beat is the fastest pulse
    that kick, snare and bass keep, not the eighths of the hi-hat and not the bar.
    """
    bpm = np.geomspace(SLOWEST_BPM, FASTEST_BPM, 400)
    lags = 60.0 * steps_per_s / bpm
    comb = _comb(correlation, lags) + 4.0 * (_comb(accented, lags) - 0.5 * _at(accented, 0.5 * lags))
    prior = np.exp(-0.5 * (np.log2(bpm / _CENTRE_BPM) / _SPREAD_OCTAVES) ** 2)
    return lags, np.maximum(comb, 0.0) * prior


def _comb(correlation: Row, lags: Row) -> Row:
    total = np.zeros(lags.size)
    for multiple, weight in ((1, 0.7), (2, 0.2), (4, 0.1)):
        total += weight * _at(correlation, multiple * lags)
    return total


def _at(correlation: Row, lags: Row) -> Row:
    """Autocorrelation at lags between steps, the best within a step to each side."""
    wide = correlation.copy()
    np.maximum(wide[1:], correlation[:-1], out=wide[1:])
    np.maximum(wide[:-1], correlation[1:], out=wide[:-1])
    found: Row = np.maximum(np.interp(lags, np.arange(correlation.size), wide, right=0.0), 0.0)
    return found


def _peak_near(correlation: Row, lag: float, within: float) -> float | None:
    """The local maximum nearest the top within `within` steps of `lag`, to a fraction of a step (parabola)."""
    low, high = int(np.floor(lag - within)), int(np.ceil(lag + within)) + 1
    if low < 1 or high + 1 >= correlation.size:
        return None
    at = low + int(correlation[low:high].argmax())
    left, middle, right = correlation[at - 1 : at + 2]
    bend = 2 * middle - left - right
    if middle < _LEAST / 2 or bend <= 0:
        return None
    return at + float(np.clip((right - left) / (2 * bend), -0.5, 0.5))


def _refined(correlation: Row, lag: float) -> float:
    """The period from ever later repetitions: k beats away the same error of a step weighs 1/k."""
    period, multiple = float(lag), 1
    while multiple * period < min(correlation.size - 4, 90 * period):
        found = _peak_near(correlation, multiple * period, max(2.0, 0.02 * period))
        if found is not None and abs(found / multiple / period - 1) < 0.03 / multiple**0.5:
            period = found / multiple
        multiple = multiple + 1 if multiple < 4 else round(multiple * 1.5)
    return period


def _is_variable(envelope: Row, period: float, steps_per_s: float) -> bool:
    """Whether the period of any third of the stretches of 20 s lies more than 2 % off the whole."""
    width = round(20 * steps_per_s)
    periods = []
    for start in range(0, envelope.size - width + 1, width):
        correlation = _autocorrelation(envelope[start : start + width])
        found = _peak_near(correlation, 4 * period, 0.4 * period)
        if found is not None:
            periods.append(found / 4)
    off = [abs(one / period - 1) > 0.02 for one in periods]
    return len(off) >= 2 and sum(off) * 3 > len(off)
