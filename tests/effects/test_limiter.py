import numpy as np
import pytest

from bridge.audio import Audio
from bridge.effects import Limiter
from tests import signals
from tests.effects.judges import true_peak_dbtp
from tests.effects.nasty import NASTY
from tests.effects.streams import apply, level_db

HOT_DB = 12.0


def hot(audio: Audio, peak_dbtp: float = HOT_DB) -> Audio:
    gain = 10 ** ((peak_dbtp - true_peak_dbtp(audio.samples)) / 20)
    return Audio((audio.samples * gain).astype(np.float32), audio.rate)


@pytest.mark.parametrize("name", list(NASTY))
def test_no_true_peak_passes_the_ceiling(name):
    audio = hot(NASTY[name]())
    out = apply(Limiter(ceiling_dbtp=-1.0), audio)
    assert out.shape == audio.samples.shape
    assert -1.6 < true_peak_dbtp(out) <= -0.95


@pytest.mark.parametrize("ceiling", [-0.1, -3.0, -24.0])
def test_the_ceiling_is_the_one_that_was_asked(ceiling):
    out = apply(Limiter(ceiling_dbtp=ceiling), hot(signals.music_like(3.0), 6.0))
    assert ceiling - 0.1 < true_peak_dbtp(out) <= ceiling + 0.05


@pytest.mark.parametrize("seconds", [0.3, 0.05, 0.001])
def test_short_sounds_are_held_as_well(seconds):
    out = apply(Limiter(ceiling_dbtp=-1.0), signals.white(0, seconds))
    assert true_peak_dbtp(out) <= -0.95


def test_what_is_under_the_ceiling_keeps_its_very_bits():
    music = signals.music_like(3.0, level_dbfs_peak=-3.0)
    assert np.array_equal(apply(Limiter(ceiling_dbtp=-1.0), music), music.samples)


def test_it_adds_no_delay_and_leaves_what_is_far_from_the_peak_alone():
    samples = signals.music_like(4.0, level_dbfs_peak=-9).samples.copy()
    samples[:, 96000] = 2.0
    out = apply(Limiter(ceiling_dbtp=-1.0, release_ms=50), Audio(samples, 48000))
    assert np.abs(out[0]).argmax() == 96000
    early = slice(0, 96000 - round(0.013 * 48000))
    assert np.array_equal(out[:, early], samples[:, early])
    assert np.array_equal(out[:, 96000 + 48000 :], samples[:, 96000 + 48000 :])


def test_the_image_does_not_move():
    loud = hot(signals.music_like(2.0))
    audio = Audio(np.stack([loud.samples[0], 0.25 * loud.samples[0]]), 48000)
    out = apply(Limiter(), audio)
    np.testing.assert_allclose(out[1], 0.25 * out[0], atol=1e-6)


def test_after_the_peak_the_reduction_decays_with_the_release_time():
    """A click over a steady tone: 12 dB of reduction are 12 exp(-1) dB after one release time."""
    tone = signals.sine(1000, -30, 2.0, channels=1).samples.copy()
    tone[0, 48000] = 10 ** (11 / 20)
    reduction = []
    for at in (48000 + round(0.2 * 48000), 48000 + round(0.4 * 48000)):
        out = apply(Limiter(ceiling_dbtp=-1.0, release_ms=200), Audio(tone, 48000))
        span = slice(at - 240, at + 240)
        reduction.append(level_db(tone[:, span]) - level_db(out[:, span]))
    assert reduction[0] == pytest.approx(12 * np.exp(-1), rel=0.05)
    assert reduction[1] / reduction[0] == pytest.approx(np.exp(-1), rel=0.02)


def test_a_limited_bass_note_is_cleaner_than_a_clipped_one():
    tone = signals.sine(50, 5, 3.0, channels=1)
    limited, clipped = apply(Limiter(ceiling_dbtp=-1.0), tone), np.clip(tone.samples, -0.891, 0.891)

    def harmonics_db(samples):
        spectrum = np.abs(np.fft.rfft(samples[0, 48000:96000] * np.hanning(48000))) ** 2
        return 10 * np.log10(spectrum[100:2000].sum() / spectrum[40:60].sum())

    assert harmonics_db(limited) < harmonics_db(clipped) - 15
