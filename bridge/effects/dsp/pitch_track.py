"""Pitch of one voice over time: YIN.

A. de Cheveigné and H. Kawahara, "YIN, a fundamental frequency estimator for speech and music", JASA 111 (2002),
1917-1930: difference function (6), cumulative mean normalised difference (8), absolute threshold, parabola. Own
addition: the period is read off at its highest multiple within reach, up to the fourth, which divides the error.
librosa's YIN gives no measure of how periodic a frame is, which is needed to tell notes from consonants and chords.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bridge.effects.processor import Sound

LOWEST_HZ, HIGHEST_HZ = 50.0, 1500.0
HOP_S = 0.005
_WINDOW_S = 0.025
_ENOUGH_HZ = 22050
"""A voice is told from less; higher rates are halved until they are near it."""

_DIP = 0.15
"""Threshold of the paper (0.1) for recordings, which are noisier."""

_AT_ONCE_S = 2.0

Row = NDArray[np.float64]


@dataclass(frozen=True)
class PitchTrack:
    """One value every HOP_S, of the moment around it [shape=(hops,)].

    hz: the pitch, if any. aperiodic: 0 for what repeats exactly, 1 for noise. power: mean square.
    partials: share of the power at partials that one voice has; next to nothing where several notes share a period.
    """

    hz: Row
    aperiodic: Row
    power: Row
    partials: Row


def pitch_track(sound: Sound) -> PitchTrack:
    """Of the sum of the channels. Memory grows by 32 bytes a hop, 23 MB an hour."""
    halved = 1
    while sound.rate / (2 * halved) >= _ENOUGH_HZ * 0.99:
        halved *= 2
    parts = [_frames_track(part, sound.rate / halved) for part in _parts(sound, halved)]
    columns = zip(*parts, strict=True) if parts else ((np.zeros(0),) for _ in range(4))
    return PitchTrack(*(np.concatenate(column) for column in columns))


def _parts(sound: Sound, halved: int) -> Iterator[tuple[Row, Row]]:
    """(samples at the lower rate, starts of its frames), a few seconds at a time."""
    from scipy.signal import resample_poly

    rate = sound.rate
    margin = 64 * halved
    reach = round((_WINDOW_S + 1 / LOWEST_HZ) * rate / 2) + margin
    step = round(_AT_ONCE_S / HOP_S)
    held = np.zeros(reach)
    held_from, hop, hops = -reach, 0, round(sound.frames / rate / HOP_S)

    def ready(last: int) -> tuple[Row, Row]:
        low = resample_poly(held, 1, halved) if halved > 1 else held
        starts = (np.arange(hop, last) * HOP_S * rate - held_from) / halved
        return low, starts - (_WINDOW_S + 1 / LOWEST_HZ) * rate / halved / 2

    for block in sound.blocks():
        held = np.concatenate([held, block.astype(np.float64).mean(axis=0)])
        while held_from + held.size >= (hop + step) * HOP_S * rate + reach:
            yield ready(hop + step)
            hop += step
            keep = round(hop * HOP_S * rate) - reach
            keep -= (keep - held_from) % halved
            held, held_from = held[keep - held_from :], keep
    if hop < hops:
        held = np.concatenate([held, np.zeros(2 * reach)])
        yield ready(hops)


def _frames_track(part: tuple[Row, Row], rate: float) -> tuple[Row, Row, Row, Row]:
    samples, starts = part
    window, lags = round(_WINDOW_S * rate), round(rate / LOWEST_HZ)
    first = np.clip(np.round(starts).astype(int), 0, max(samples.size - window - lags - 1, 0))
    frames = samples[first[:, None] + np.arange(window + lags)]
    difference = _difference(frames, window, lags)
    normal = _normalised(difference)
    lag = _dips(normal, max(2, int(rate / HIGHEST_HZ)))
    at = np.arange(lag.size)
    period = _refined(difference, lag)
    power = np.mean(frames**2, axis=1)
    hz = rate / period
    return hz, normal[at, lag], power, _whole(frames, hz / rate, power)


def _difference(frames: Row, window: int, lags: int) -> Row:
    """Equation 6, by FFT [shape=(frames, lags)]."""
    size = 1 << int(np.ceil(np.log2(2 * window + lags)))
    head = np.fft.rfft(frames[:, :window], size)
    whole = np.fft.rfft(frames, size)
    alike = np.fft.irfft(np.conj(head) * whole, size)[:, :lags]
    energy = np.cumsum(np.pad(frames**2, ((0, 0), (1, 0))), axis=1)
    moving = energy[:, window : window + lags] - energy[:, :lags]
    return np.asarray(np.maximum(moving[:, :1] + moving - 2 * alike, 0.0), np.float64)


def _normalised(difference: Row) -> Row:
    """Equation 8: 1 at lag 0, then each lag against the mean of those before it."""
    out = np.ones_like(difference)
    lag = np.arange(1, difference.shape[1])
    total = np.cumsum(difference[:, 1:], axis=1)
    np.divide(difference[:, 1:] * lag, total, out=out[:, 1:], where=total > 1e-20)
    return out


def _dips(normal: Row, shortest: int) -> NDArray[np.intp]:
    """The first dip below the threshold, or the deepest [shape=(frames,)]."""
    inner = normal[:, 1:-1]
    dip = (inner <= normal[:, :-2]) & (inner <= normal[:, 2:]) & (inner < _DIP)
    dip[:, : shortest - 1] = False
    deepest = np.argmin(normal[:, shortest:-1], axis=1) + shortest
    return np.asarray(np.where(dip.any(axis=1), dip.argmax(axis=1) + 1, deepest), np.intp)


def _refined(difference: Row, lag: NDArray[np.intp]) -> Row:
    """Periods in samples between the lags, read at the highest multiple up to the fourth."""
    period = _parabola(difference, lag)
    for times in (2, 3, 4):
        near = np.round(times * period).astype(int)
        fits = near < difference.shape[1] - 2
        near = np.where(fits, near, lag)
        best = near + np.argmin(
            np.stack([difference[np.arange(near.size), near + step] for step in (-1, 0, 1)]), axis=0
        ) - 1  # fmt: skip
        finer = _parabola(difference, np.maximum(best, 1)) / times
        close = fits & (np.abs(finer - period) < 0.5 / times + 0.02 * period)
        period = np.where(close, finer, period)
    return period


def _parabola(difference: Row, lag: NDArray[np.intp]) -> Row:
    at = np.arange(lag.size)
    lag = np.clip(lag, 1, difference.shape[1] - 2)
    left, here, right = difference[at, lag - 1], difference[at, lag], difference[at, lag + 1]
    bend = left - 2 * here + right
    shift = np.divide(0.5 * (left - right), bend, out=np.zeros_like(here), where=bend > 1e-20)
    return np.asarray(lag + np.clip(shift, -1.0, 1.0), np.float64)


_SEEN_EVERY = 4
_SETS = ((1, 2, 3), (1, 5, 7, 11), (1, 2, 7, 11))
"""Partials of which one voice has some. The common period of 4:5:6 has none of the first, that of 2:3 none of the
second, that of 3:4:5 none of the third (own definition)."""


def _whole(frames: Row, cycles: Row, power: Row) -> Row:
    """Share of the power at the partials of the emptier set [shape=(frames,)], by a Hann window over the frame."""
    some = slice(None, None, _SEEN_EVERY)
    window = np.hanning(frames.shape[1])
    heard = frames[some] * window
    shares = {
        times: _share(heard, times * cycles[some], power[some], float(window.sum()))
        for times in sorted({each for group in _SETS for each in group})
    }
    emptier = np.min(np.stack([np.sum([shares[n] for n in group], axis=0) for group in _SETS]), axis=0)
    return np.asarray(np.repeat(emptier, _SEEN_EVERY)[: cycles.size], np.float64)


def _share(heard: Row, cycles: Row, power: Row, weight: float) -> Row:
    """Of the power, how much lies at a frequency in cycles a sample; none above half the rate."""
    turn = np.exp(-2j * np.pi * cycles[:, None] * np.arange(heard.shape[1]))
    amplitude = 2 * np.abs(np.einsum("nt,nt->n", heard, turn)) / weight
    return np.where(cycles < 0.5, 0.5 * amplitude**2 / np.maximum(power, 1e-20), 0.0)
