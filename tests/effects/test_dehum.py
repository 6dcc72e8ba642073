"""Mains hum under real recordings: gone at every harmonic, with the music beside it as it was."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.analysis.third_octaves import THIRD_OCTAVES_HZ
from bridge.audio import Audio
from bridge.effects.dehum import Dehum
from tests import signals
from tests.effects.streams import apply, through
from tests.effects.test_denoise import loop, speech

HARMONICS = 10


def hum(audio: Audio, course_hz: np.ndarray, level_dbfs: float) -> tuple[np.ndarray, np.ndarray]:
    """A buzz whose harmonics fall slowly, and the phase of its fundamental."""
    phase = 2 * np.pi * np.cumsum(course_hz) / audio.rate
    turns = signals.rng(8).uniform(0, 6, HARMONICS)
    wave = sum(np.sin(h * phase + turn) / h**0.7 for h, turn in enumerate(turns, 1))
    return 10 ** (level_dbfs / 20) * wave / np.sqrt(np.mean(wave**2)), phase


def spoilt(audio: Audio, mains_hz: float, drift_hz: float) -> tuple[Audio, np.ndarray, np.ndarray]:
    course = np.linspace(mains_hz - drift_hz, mains_hz + drift_hz, audio.frames)
    wave, phase = hum(audio, course, -35.0)
    return Audio((audio.samples + wave).astype(np.float32), audio.rate), wave, phase


def strength(wave: np.ndarray, phase: np.ndarray, order: int) -> float:
    """Of one harmonic along its own phase, by the definition of the transform."""
    return abs(np.mean(wave * np.exp(-1j * order * phase)))


@pytest.mark.real
@pytest.mark.parametrize(("mains", "drift"), [(50.0, 0.0), (60.0, 0.0), (50.0, 0.2), (60.0, 0.1)])
def test_every_harmonic_under_speech_goes_down_by_20_db_and_more_also_where_it_drifts(mains, drift):
    clean = speech(10.0)
    clean = Audio(np.tile(clean.samples, (1, 3)), clean.rate)
    dirty, wave, phase = spoilt(clean, mains, drift)
    rest = (apply(Dehum(mains_hz=mains), dirty) - clean.samples)[0]
    for order in range(1, HARMONICS + 1):
        assert strength(rest, phase, order) <= 0.1 * strength(wave, phase, order)


@pytest.mark.real
@pytest.mark.parametrize("name", ["loop_tabla", "loop_garzul"])
def test_music_beside_the_lines_keeps_its_third_octaves_above_300_hz(name):
    clean = loop(name, 16.0)
    dirty, _, _ = spoilt(clean, 50.0, 0.1)
    out = apply(Dehum(mains_hz=50.0), dirty)
    before, after = third_octaves_db(clean.samples, clean.rate), third_octaves_db(out, clean.rate)
    assert np.abs(after - before).max() <= 0.5


def third_octaves_db(samples: np.ndarray, rate: int) -> np.ndarray:
    power = (np.abs(np.fft.rfft(samples.astype(np.float64), axis=1)) ** 2).sum(axis=0)
    hz = np.fft.rfftfreq(samples.shape[1], 1 / rate)
    centres = [hz0 for hz0 in THIRD_OCTAVES_HZ if 300 < hz0 < 0.4 * rate]
    return np.array(
        [10 * np.log10(power[(hz >= at / 10**0.05) & (hz < at * 10**0.05)].sum() + 1e-12) for at in centres]
    )


@pytest.mark.real
def test_where_no_hum_stands_out_nothing_changes_to_the_bit_and_it_is_said():
    clean = loop("loop_tabla", 8.0)
    processor = Dehum(mains_hz=50.0).processor(clean.rate, clean.channels, clean)
    assert np.array_equal(through(processor, clean.samples), clean.samples)
    assert "no hum of 50 Hz stands out" in processor.warnings[0]


def test_hum_alone_goes_down_by_as_much_as_is_asked():
    silence = signals.silence(10.0, channels=1)
    dirty, wave, _ = spoilt(silence, 50.0, 0.0)
    out = apply(Dehum(mains_hz=50.0, depth_db=20.0), dirty)
    middle = slice(96000, -96000)
    fallen = 10 * np.log10(np.mean(wave[middle] ** 2) / np.mean(out[0, middle].astype(np.float64) ** 2))
    assert fallen == pytest.approx(20.0, abs=0.5)
