"""Clicks at known places in real recordings: put right, and everything else as it was."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.audio import Audio
from bridge.effects.declick import Declick
from tests import signals
from tests.effects.streams import apply, through
from tests.effects.test_denoise import loop, speech

Span = tuple[int, int, int]


def planted(clean: Audio, count: int, seed: int) -> tuple[Audio, list[Span]]:
    """Bursts of 1 to 12 wrong samples of -20 to 0 dBFS; channel, first sample and length of each."""
    rng = signals.rng(seed)
    samples, spans = clean.samples.astype(np.float64), []
    for channel in samples:
        row = len({span[0] for span in spans})
        for at in rng.choice(np.arange(4000, clean.frames - 4000, 1500), count, replace=False):
            length = int(rng.integers(1, 13))
            wrong = rng.standard_normal(length)
            channel[at : at + length] += 10 ** (rng.uniform(-20, 0) / 20) * wrong / np.abs(wrong).max()
            spans.append((row, int(at), length))
    return Audio(samples.astype(np.float32), clean.rate), spans


def gains_db(clean: Audio, dirty: Audio, out: np.ndarray, spans: list[Span]) -> np.ndarray:
    """How much nearer each span comes to what it was."""
    gains = []
    for row, at, length in spans:
        place = (row, slice(at, at + length))
        wrong, rest = (
            float(np.sum((each[place] - clean.samples[place]) ** 2)) for each in (dirty.samples, out)
        )
        gains.append(10 * np.log10(wrong / (rest + 1e-14)))
    return np.array(gains)


def at_peak(audio: Audio, peak: float) -> Audio:
    return Audio((audio.samples / np.abs(audio.samples).max() * peak).astype(np.float32), audio.rate)


@pytest.mark.real
@pytest.mark.parametrize("material", ["speech", "guit_harmonics", "ambi_piano", "ambi_choir"])
def test_of_planted_clicks_95_percent_are_mended_and_spans_are_20_db_nearer_to_what_they_were(material):
    clean = at_peak(speech(8.0) if material == "speech" else loop(material, 8.0), 0.5)
    dirty, spans = planted(clean, 25, 11)
    gains = gains_db(clean, dirty, apply(Declick(), dirty), spans)
    assert np.mean(gains >= 10.0) >= 0.95 and np.median(gains) >= 20.0


@pytest.mark.real
@pytest.mark.parametrize("name", ["loop_tabla", "loop_compus", "ambi_choir", "loop_mehackit1"])
def test_of_clean_music_hardly_one_sample_in_ten_thousand_is_touched(name):
    clean = loop(name)
    assert np.mean(apply(Declick(), clean) != clean.samples) <= 1e-4


def test_what_lies_between_clicks_comes_out_to_the_bit():
    clean = signals.music_like(3.0, level_dbfs_peak=-9.0)
    dirty = clean.samples.copy()
    dirty[0, 70000:70003] += 0.8
    out = apply(Declick(), Audio(dirty, 48000))
    changed = np.flatnonzero(out[0] != dirty[0])
    assert changed.min() >= 69990 and changed.max() <= 70013 and np.array_equal(out[1], dirty[1])


@pytest.mark.parametrize("at", [3840, 7679, 7680, 7681, 11519])
def test_a_click_on_the_seam_of_two_pieces_is_mended_whole(at):
    tone = signals.sine(333, -12, 0.6, channels=1)
    dirty = tone.samples.copy()
    dirty[0, at - 2 : at + 4] -= 0.5
    out = apply(Declick(), Audio(dirty, 48000))
    assert np.abs(out - tone.samples).max() <= 0.003


def test_music_without_clicks_passes_and_it_is_said():
    tone = signals.sine(220, -12, 1.0)
    processor = Declick().processor(48000, 2)
    assert np.array_equal(through(processor, tone.samples, [777]), tone.samples)
    assert processor.afterwards == ("no click was found; nothing was changed.",)
