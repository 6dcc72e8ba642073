"""Responses of rooms that never were: noise that decays as asked, from a seed. Own models, nothing is recorded.

The decay is exact by construction: each band of the noise falls by 60 dB in its own time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Wave = NDArray[np.float64]

_ALIKE = 0.4
"""Correlation of left and right: wide, and nothing cancels in mono."""

_SHARED = 0.21
"""What makes two sides that have nothing in common as alike: 2 s / (1 + s^2) = 0.4."""

_CENTRES_HZ = (250.0, 1000.0, 2000.0, 4000.0, 8000.0, 16000.0)
_SPRING_TOP_HZ = 4500.0


@dataclass(frozen=True)
class Character:
    """build_up_s: until the tail is full. reflections: sparse ones ahead of it, within `first_s`. treble: how much of
    the damping counts."""

    build_up_s: float
    reflections: int
    first_s: float
    treble: float


CHARACTERS = {
    "room": Character(0.004, 18, 0.03, 1.0),
    "hall": Character(0.045, 14, 0.09, 1.2),
    "plate": Character(0.0, 0, 0.0, 0.35),
}
"""room: walls near by, a tail at once. hall: walls far off, the tail swells. plate: dense at once, and bright."""


@lru_cache(maxsize=4)
def made_room(kind: str, decay_s: float, damping: float, seed: int, rate: int) -> tuple[Wave, Wave]:
    """Left and right response [shape=(frames,)], of unit energy each. Below 1 kHz they fall by 60 dB in `decay_s`."""
    frames = max(64, round(1.1 * decay_s * rate))
    rng = np.random.default_rng([seed, len(kind)])
    if kind == "spring":
        sides = [_spring(frames, rate, decay_s, side) for side in (0, 1)]
    else:
        sides = _tails(frames, rate, decay_s, damping, CHARACTERS[kind], rng)
    left, right = (side / math.sqrt(float(side @ side)) for side in sides)
    if kind == "spring":  # springs have nothing in common by themselves
        left, right = left + _SHARED * right, right + _SHARED * left
        left, right = (side / math.sqrt(float(side @ side)) for side in (left, right))
    return left, right


def _tails(
    frames: int, rate: int, decay_s: float, damping: float, character: Character, rng: np.random.Generator
) -> list[Wave]:
    shared = rng.standard_normal(frames)
    made = []
    for _ in range(2):
        noise = math.sqrt(_ALIKE) * shared + math.sqrt(1 - _ALIKE) * rng.standard_normal(frames)
        noise[: _build_up(character, rate).size] *= _build_up(character, rate)[:frames]
        tail = _decaying(noise, rate, decay_s, damping * character.treble)
        made.append(tail + _reflections(frames, rate, decay_s, character, rng) * np.sqrt(np.mean(tail**2)))
    return made


def _build_up(character: Character, rate: int) -> Wave:
    rise = np.arange(1, max(1, round(character.build_up_s * rate)) + 1) / max(
        1, round(character.build_up_s * rate)
    )
    return np.asarray(rise, np.float64)


def _decaying(noise: Wave, rate: int, decay_s: float, damping: float) -> Wave:
    """Noise in bands an octave or two wide that add up to it, each with a decay of its own."""
    from scipy import fft

    spectrum = fft.rfft(noise)
    octaves = np.log2(np.maximum(fft.rfftfreq(len(noise), 1 / rate), 1.0))
    time = np.arange(len(noise)) / rate
    centres = np.log2(np.array(_CENTRES_HZ))
    out = np.zeros(len(noise))
    for index, centre_hz in enumerate(_CENTRES_HZ):
        share = np.interp(octaves, centres, np.eye(len(centres))[index])
        seconds = decay_s / (1.0 + damping * max(0.0, math.log2(centre_hz / 1000.0)))
        out += fft.irfft(spectrum * share, len(noise)) * 10.0 ** (-3.0 * time / seconds)
    return out


def _reflections(
    frames: int, rate: int, decay_s: float, character: Character, rng: np.random.Generator
) -> Wave:
    """First echoes of the walls, sparse at first and then denser, already decaying."""
    out = np.zeros(frames)
    at_s = character.first_s * np.sort(rng.random(character.reflections)) ** 0.7
    sign = rng.choice([-1.0, 1.0], character.reflections)
    size = math.sqrt(0.1 * frames / max(1, character.reflections))
    for seconds, way in zip(at_s, sign, strict=True):
        out[min(frames - 1, round(seconds * rate))] += way * size * 10.0 ** (-3.0 * seconds / decay_s)
    return out


def _spring(frames: int, rate: int, decay_s: float, side: int) -> Wave:
    """Two springs: echoes that come again and again, each time with its treble later (a chirp), below 4.5 kHz.

    In the spectrum a geometric series: z / (1 - z) with |z| what one way there and back leaves of the sound.
    """
    from scipy import fft

    size = fft.next_fast_len(2 * frames)
    at_hz = fft.rfftfreq(size, 1 / rate)
    total = np.zeros(len(at_hz), np.complex128)
    for way_s, chirp_s in ((0.0331 + 0.0023 * side, 0.011), (0.0413 - 0.0019 * side, 0.013)):
        late_s = chirp_s * (at_hz / _SPRING_TOP_HZ) ** 2  # of one way there and back
        turn = 2 * np.pi * at_hz * (way_s + late_s / 3)
        z = 10.0 ** (-3.0 * (way_s + late_s) / decay_s) * np.exp(-1j * turn)
        total += z / (1 - z)
    total /= 1 + (at_hz / _SPRING_TOP_HZ) ** 8
    total *= np.clip(at_hz / 60.0, 0.0, 1.0)
    return np.asarray(fft.irfft(total, size)[:frames], np.float64)
