"""Small pieces of music with known tempo or key, made from a seed."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from bridge.audio import Audio

RATE = 44100
NAMES = {
    "major": ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"),
    "minor": ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B"),
}
"""Of keys from C upwards, as they are written in scores."""

_SCALES = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}
_CHORDS = {
    "major": ((0, 3, 4, 0), (0, 4, 5, 3), (0, 5, 3, 4), (0, 1, 4, 0), (0, 3, 0, 4)),
    "minor": ((0, 3, 4, 0), (0, 5, 3, 4), (0, 6, 5, 4), (0, 3, 0, 4), (0, 5, 6, 0)),
}


def groove(bpm: float, seed: int, seconds: float = 24.0, swing: float = 0.0) -> Audio:
    """Kick, snare, hat and a bass line that now and then leave a note out; starts anywhere in the first second."""
    generator = np.random.default_rng(seed)
    out = np.zeros(round((seconds + 1) * RATE))
    t = np.arange(RATE) / RATE
    beat = 60 / bpm
    kick = np.sin(2 * np.pi * (50 * t + 6 * (1 - np.exp(-40 * t)))) * np.exp(-10 * t)
    snare = 0.5 * (
        generator.standard_normal(RATE) * np.exp(-18 * t) + np.sin(2 * np.pi * 190 * t) * np.exp(-20 * t)
    )
    hat = 0.2 * np.diff(generator.standard_normal(RATE + 1)) * np.exp(-60 * t)
    style = int(generator.integers(3))
    roots = 55 * 2 ** (generator.integers(0, 12, 8) / 12)
    at, number = generator.uniform(0, 1), 0
    while at < seconds:
        if style == 1 or number % 2 == 0:
            _put(out, at, kick)
        if number % 2 == 1 if style < 2 else number % 4 == 2:
            _put(out, at, snare)
        for eighth in (0.0, 0.5 + swing):
            if generator.uniform() < 0.9:
                _put(out, at + eighth * beat, hat)
        held = t[: int(beat * RATE)]
        bass = sum(np.sin(2 * np.pi * roots[number // 4 % 8] * k * held) / k for k in range(1, 5)) * np.exp(
            -3 * held
        )
        if generator.uniform() < 0.8:
            _put(out, at, 0.2 * bass)
        at, number = at + beat, number + 1
    out = out[: round(seconds * RATE)]
    return Audio((out / np.abs(out).max() * 0.7).astype(np.float32)[None], RATE)


def progression(tonic: int, mode: str, seed: int, a_hz: float = 440.0) -> Audio:
    """Twelve bars of chords, bass and a wandering melody, in timbres of up to eight harmonics; 24 s."""
    generator = np.random.default_rng(seed)
    scale, chords = _SCALES[mode], _CHORDS[mode][int(generator.integers(5))]
    decay = generator.uniform(0.6, 1.6, 3)
    out = np.zeros(24 * RATE + RATE)
    for bar in range(12):
        degree = chords[bar % 4]
        notes = [scale[(degree + third) % 7] + 12 * ((degree + third) // 7) for third in (0, 2, 4)]
        if mode == "minor" and degree == 4:
            notes[1] += 1
        for note in notes:
            _put(out, 2 * bar, 0.15 * _tone(48 + tonic + note, 2.0, decay[0], a_hz))
        for quarter in range(4):
            low = 36 + tonic + (notes[0] if quarter % 2 == 0 else notes[int(generator.integers(3))]) % 12
            _put(out, 2 * bar + quarter / 2, 0.3 * _tone(low, 0.5, decay[1], a_hz))
            high = (
                notes[int(generator.integers(3))]
                if generator.uniform() < 0.6
                else scale[int(generator.integers(7))]
            )
            _put(out, 2 * bar + quarter / 2, 0.2 * _tone(60 + tonic + high, 0.4, decay[2], a_hz))
    out = out[: 24 * RATE]
    return Audio((out / np.abs(out).max() * 0.7).astype(np.float32)[None], RATE)


@lru_cache(maxsize=48)
def _tone(note: int, seconds: float, fall: float, a_hz: float) -> np.ndarray:
    t = np.arange(round(seconds * RATE)) / RATE
    hz = a_hz * 2 ** ((note - 69) / 12)
    wave = sum(np.sin(2 * np.pi * k * hz * t) / k**fall for k in range(1, 9) if k * hz < RATE / 2)
    return wave * np.exp(-2 * t / seconds) * np.minimum(1, np.arange(t.size)[::-1] / 500)


def _put(out: np.ndarray, at_s: float, wave: np.ndarray) -> None:
    start = round(at_s * RATE)
    part = wave[: max(0, out.size - start)]
    out[start : start + part.size] += part
