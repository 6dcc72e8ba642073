"""Sounds whose onsets and pitches are known, and judges of them that share no code with the effects."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.signal import butter, sosfiltfilt

from bridge.audio import Audio, Samples

_REACH_S = 0.04
_VIBRATO_HZ = 5.5
_NOTES = (-12, -9, -5, -2, 0, 3, 5)


def drums(seed: int, seconds: float, rate: int = 48000) -> tuple[Audio, np.ndarray]:
    """Kicks, snares and hats at irregular times over a chord, and when they begin in s."""
    generator = np.random.default_rng(seed)
    t = np.arange(round(seconds * rate)) / rate
    sound = np.zeros((2, t.size))
    for hz in (220.0, 277.18, 329.63, 440.0, 659.26):
        sound += 0.04 * np.sin(2 * np.pi * hz * t + generator.uniform(0, 6))
    times, at = [], 0.3
    while at < seconds - 1:
        times.append(at)
        hit = _hit(generator, round(0.25 * rate), rate)
        start = round(at * rate)
        sound[:, start : start + hit.shape[1]] += hit
        at += float(generator.choice([0.125, 0.25, 0.25, 0.5]))
    return Audio((0.7 * sound / np.abs(sound).max()).astype(np.float32), rate), np.array(times)


def _hit(generator: np.random.Generator, frames: int, rate: int) -> np.ndarray:
    t = np.arange(frames) / rate
    noise = generator.standard_normal((2, frames))
    kind = generator.integers(3)
    if kind == 0:
        body = np.sin(2 * np.pi * (50 * t + 6 * (1 - np.exp(-30 * t)))) * np.exp(-12 * t)
        hit = 0.8 * body + 0.15 * noise * np.exp(-300 * t)
    elif kind == 1:
        hit = 0.4 * noise * np.exp(-25 * t) + 0.4 * np.sin(2 * np.pi * 190 * t) * np.exp(-20 * t)
    else:
        hit = 0.2 * noise * np.exp(-60 * t)
    hit[:, : rate // 2000] *= np.linspace(0, 1, rate // 2000)
    return hit


def onset_errors_ms(audio: Audio, expected_s: np.ndarray) -> np.ndarray:
    """How much later than expected each hit is heard: where power above 3 kHz rises most within 40 ms, over 1 ms."""
    band = sosfiltfilt(butter(4, 3000, "hp", fs=audio.rate, output="sos"), audio.samples.mean(axis=0))
    total = np.concatenate([[0.0], np.cumsum(band**2)])
    window, reach = audio.rate // 1000, round(_REACH_S * audio.rate)
    found = []
    for place in np.round(expected_s * audio.rate).astype(int):
        at = np.arange(max(window, place - reach), min(band.size - window, place + reach))
        rise = np.log(total[at + window] - total[at] + 1e-7) - np.log(total[at] - total[at - window] + 1e-7)
        found.append((at[np.argmax(rise)] - place) / audio.rate * 1000)
    return np.array(found)


def tuned(hz: float, seconds: float, rate: int = 48000) -> Audio:
    """A pure tone, its right channel 57 degrees later."""
    turn = 2 * np.pi * hz * np.arange(round(seconds * rate)) / rate
    return Audio((0.3 * np.stack([np.sin(turn), np.sin(turn - 1.0)])).astype(np.float32), rate)


def hertz(samples: np.ndarray, rate: int) -> float:
    """Of the strongest partial in the middle half, by a parabola on the log spectrum under a Blackman window."""
    middle = samples[samples.size // 4 : -samples.size // 4].astype(np.float64)
    spectrum = np.log(np.abs(np.fft.rfft(middle * np.blackman(middle.size), 8 * middle.size)) + 1e-12)
    top = int(spectrum.argmax())
    left, here, right = spectrum[top - 1 : top + 2]
    return float((top + 0.5 * (left - right) / (left - 2 * here + right)) * rate / (8 * middle.size))


@dataclass(frozen=True)
class Judged:
    """off: of each note, cents from where it should be. depths: of its vibrato, in cents."""

    off: list[float]
    depths: list[float]


@dataclass(frozen=True)
class Sung:
    """notes: (start s, end s, semitones from A4). breaths: (first frame, end frame) of noise between them."""

    audio: Audio
    notes: list[tuple[float, float, int]]
    breaths: list[tuple[int, int]]

    def judged(self, audio: Audio) -> Judged:
        """By librosa's YIN; a line and one wave of vibrato fitted to each note."""
        import librosa

        hz = librosa.yin(audio.samples[0].astype(float), fmin=100, fmax=1000, sr=audio.rate, hop_length=240)
        cents, at = 1200 * np.log2(hz / 440), np.arange(hz.size) * 240 / audio.rate
        off, depths = [], []
        for start, end, note in self.notes:
            inside = (at > start + 0.15) & (at < end - 0.15)
            turn = 2 * np.pi * _VIBRATO_HZ * at[inside]
            shape = np.stack([np.ones(turn.size), np.sin(turn), np.cos(turn)], axis=1)
            level, sine, cosine = np.linalg.lstsq(shape, cents[inside], rcond=None)[0]
            off.append(float(level - 100 * note))
            depths.append(float(np.hypot(sine, cosine)))
        return Judged(off, depths)

    def untouched_db(self, out: Samples) -> float:
        """The worst SI-SDR of the breaths, without 25 ms at their ends, where notes fade."""
        worst = 300.0
        for first, end in self.breaths:
            edge = (end - first) // 6
            was = self.audio.samples[0, first + edge : end - edge].astype(np.float64)
            now = out[0, first + edge : end - edge].astype(np.float64)
            fit = (was @ now) / (was @ was) * was
            worst = min(worst, float(10 * np.log10((fit @ fit) / (np.sum((now - fit) ** 2) + 1e-30))))
        return worst


def sung(seed: int, vibrato_cents: float = 0.0, notes: int = 8, rate: int = 48000) -> Sung:
    """Notes under three formants, each out of tune by up to 45 cents, with breath between them."""
    generator = np.random.default_rng(seed)
    parts: list[np.ndarray] = []
    said: list[tuple[float, float, int]] = []
    breaths: list[tuple[int, int]] = []
    position = 0
    for _ in range(notes):
        note = int(generator.choice(_NOTES))
        tone = _vowel(100 * note + generator.uniform(-45, 45), vibrato_cents, round(0.8 * rate), rate)
        breath = 0.05 * generator.standard_normal(round(0.15 * rate)) * np.hanning(round(0.15 * rate))
        said.append((position / rate, (position + tone.size) / rate, note))
        breaths.append((position + tone.size, position + tone.size + breath.size))
        parts += [tone, breath]
        position += tone.size + breath.size
    line = np.concatenate(parts)
    line *= 0.5 / np.abs(line).max()
    return Sung(Audio(np.tile(line.astype(np.float32), (2, 1)), rate), said, breaths)


def _vowel(cents: float, vibrato_cents: float, frames: int, rate: int) -> np.ndarray:
    t = np.arange(frames) / rate
    hz = 440 * 2 ** ((cents + vibrato_cents * np.sin(2 * np.pi * _VIBRATO_HZ * t)) / 1200)
    turn = 2 * np.pi * np.cumsum(hz) / rate
    tone = np.zeros(frames)
    for partial in range(1, min(24, int(0.45 * rate / hz.max())) + 1):
        at = partial * hz.mean()
        gain = sum(
            a / (1 + ((at - f) / b) ** 2) for f, b, a in ((600, 120, 1), (1100, 150, 0.6), (2600, 250, 0.3))
        )
        tone += (0.02 + gain) * np.cos(partial * turn + 0.3 * partial**2) / partial
    return 0.3 * tone * np.clip(np.minimum(t / 0.02, (t[-1] - t) / 0.03), 0, 1)
