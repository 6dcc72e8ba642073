"""Real recordings, arranged: Debian's sonic-pi-samples (CC0) and the spoken words of alsa-utils.

Only recordings that are sound in themselves are drawn from: those with flat tops, hard cut ends, an audible hum or a
needle's crackle are left out, however good they are as samples.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SAMPLES = Path("/usr/share/sonic-pi/samples")
WORDS = Path("/usr/share/sounds/alsa")

LOOPS = {
    "loop_amen": 4,
    "loop_breakbeat": 4,
    "loop_compus": 16,
    "loop_garzul": 16,
    "loop_mehackit1": 4,
    "loop_mehackit2": 4,
    "loop_perc1": 4,
    "loop_perc2": 4,
    "loop_safari": 16,
    "loop_tabla": 16,
    "loop_weirdo": 8,
}
"""Beats that each loop holds."""

DRUM_LOOPS = ("loop_amen", "loop_breakbeat", "loop_mehackit1", "loop_mehackit2", "loop_perc1", "loop_tabla")
KICKS = ("bd_808", "bd_boom", "bd_haus", "bd_pure", "bd_sone", "bd_tek", "bd_zum", "drum_bass_soft")
SNARES = ("drum_snare_hard", "drum_snare_soft", "sn_dolf", "sn_generic", "sn_zome", "elec_mid_snare")
HATS = ("drum_cymbal_closed", "drum_cymbal_pedal", "elec_triangle")
RIDES = ("drum_cymbal_soft", "drum_cymbal_open", "drum_splash_soft")
BASSES = ("bass_voxy_c", "bass_woodsy_c", "bass_thick_c", "bass_trance_c")
CHORDS = ("guit_harmonics", "ambi_piano", "ambi_choir", "guit_e_slide", "perc_bell2")
BEDS = ("ambi_glass_hum", "ambi_drone", "ambi_lunar_land", "ambi_haunted_hum", "ambi_sauna")
SAID = ("Front_Center", "Rear_Center", "Side_Left", "Side_Right", "Front_Right", "Rear_Right")

Wave = NDArray[np.float64]


def available() -> bool:
    return SAMPLES.is_dir() and WORDS.is_dir()


@lru_cache(maxsize=24)
def recording(name: str) -> tuple[Wave, int]:
    """[shape=(2, frames)] without DC and with faded ends, and its rate."""
    import soundfile

    path = WORDS / f"{name}.wav" if name in SAID else SAMPLES / f"{name}.flac"
    samples, rate = soundfile.read(path, always_2d=True)
    wave = np.repeat(samples.T, 2, axis=0)[:2] if samples.shape[1] == 1 else samples.T
    wave = wave - wave.mean(axis=1, keepdims=True)
    fade = min(rate // 100, wave.shape[1] // 4)
    wave[:, -fade:] *= np.linspace(1, 0, fade)
    wave[:, : fade // 10] *= np.linspace(0, 1, fade // 10)
    return wave / np.abs(wave).max(), int(rate)


def at_speed(name: str, rate: int, speed: float) -> Wave:
    """The recording at `rate`, played `speed` times as fast, as a tape would."""
    import soxr

    wave, own = recording(name)
    return np.asarray(soxr.resample(wave.T, own * speed, rate).T)


def arrangement(generator: np.random.Generator, seconds: float, rate: int) -> Wave:
    """Drums, a bass line, chords and perhaps a bed of sound and a voice, at one tempo [shape=(2, frames)]."""
    out = np.zeros((2, round(seconds * rate)))
    beat_s = 60 / generator.uniform(82, 126)
    key = 2 ** (int(generator.integers(-4, 5)) / 12)
    if generator.uniform() < 0.55:
        _loop(out, rate, str(generator.choice(DRUM_LOOPS)), beat_s, generator)
    else:
        _kit(out, rate, beat_s, generator)
    if generator.uniform() < 0.4:
        _loop(out, rate, str(generator.choice([n for n in LOOPS if n not in DRUM_LOOPS])), beat_s, generator)
    _notes(out, rate, str(generator.choice(BASSES)), beat_s, key, 0.5, generator)
    _notes(out, rate, str(generator.choice(CHORDS)), 2 * beat_s, key, 0.35, generator)
    if generator.uniform() < 0.5:
        _put(
            out,
            rate,
            0.0,
            at_speed(str(generator.choice(BEDS)), rate, key),
            0.35,
            generator.uniform(-0.3, 0.3),
        )
    if generator.uniform() < 0.4:
        _voice(out, rate, beat_s, generator)
    return out


def _loop(out: Wave, rate: int, name: str, beat_s: float, generator: np.random.Generator) -> None:
    wave, own = recording(name)
    wanted_s = LOOPS[name] * beat_s
    while wave.shape[1] / own / wanted_s > 1.45:
        wanted_s *= 2
    while wave.shape[1] / own / wanted_s < 0.7:
        wanted_s /= 2
    played = at_speed(name, rate, wave.shape[1] / own / wanted_s)
    at, gain = 0.0, generator.uniform(0.4, 0.7)
    while at < out.shape[1] / rate:
        _put(out, rate, at, played, gain, 0.0)
        at += wanted_s


def _kit(out: Wave, rate: int, beat_s: float, generator: np.random.Generator) -> None:
    kick, snare, hat, ride = (
        at_speed(str(generator.choice(names)), rate, 1.0) for names in (KICKS, SNARES, HATS, RIDES)
    )
    half = int(generator.integers(2))
    for number in range(int(out.shape[1] / rate / beat_s)):
        at = number * beat_s + generator.normal(0, 0.003)
        if number % 2 == 0 or (half and generator.uniform() < 0.3):
            _put(out, rate, at, kick, 0.7, 0.0)
        else:
            _put(out, rate, at, snare, generator.uniform(0.45, 0.55), 0.05)
        for eighth in (0.0, 0.5):
            _put(out, rate, at + eighth * beat_s, hat, generator.uniform(0.12, 0.25), 0.35)
        if number % 8 == 0:
            _put(out, rate, at, ride, 0.2, -0.4)


def _notes(
    out: Wave, rate: int, name: str, step_s: float, key: float, gain: float, generator: np.random.Generator
) -> None:
    steps = (0, 5, 7, -5, 3, 0)
    pan = 0.0 if name in BASSES else generator.uniform(-0.5, 0.5)
    at = 0.0
    while at < out.shape[1] / rate:
        if generator.uniform() < 0.85:
            played = at_speed(name, rate, key * 2 ** (int(generator.choice(steps)) / 12))
            frames = min(played.shape[1], round(2.2 * step_s * rate))
            ended = played[:, :frames].copy()
            ended[:, -rate // 20 :] *= np.linspace(1, 0, ended[:, -rate // 20 :].shape[1])
            _put(out, rate, at, ended, gain, pan)
        at += step_s * int(generator.integers(1, 3))


def _voice(out: Wave, rate: int, beat_s: float, generator: np.random.Generator) -> None:
    """Words in the middle, every four beats or so; their s and t are what a voice brings."""
    at = float(generator.integers(1, 4)) * beat_s
    while at < out.shape[1] / rate - 2:
        _put(out, rate, at, at_speed(str(generator.choice(SAID)), rate, 1.0), 0.6, 0.0)
        at += beat_s * int(generator.integers(2, 6))


def _put(out: Wave, rate: int, at_s: float, wave: Wave, gain: float, pan: float) -> None:
    start = max(0, round(at_s * rate))
    part = wave[:, : max(0, out.shape[1] - start)]
    sides = np.array([[min(1.0, 1.0 - pan)], [min(1.0, 1.0 + pan)]])
    out[:, start : start + part.shape[1]] += gain * sides * part
