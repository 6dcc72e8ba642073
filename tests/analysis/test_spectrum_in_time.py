"""The spectrum as it goes on in time: Bark bands frame by frame, and long-term slices."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.analysis import Analyzer
from bridge.analysis.bark import BARK_EDGES_HZ
from bridge.analysis.passes import Passes
from bridge.analysis.passes.spectrum import MOST_SLICES, Spectrum
from bridge.analysis.stream import Chunk, Stream
from bridge.audio import Audio
from tests.signals import music_like, sine, white


def _spectrum(audio: Audio, at_once: int = 16) -> Spectrum:
    """`at_once`: frames of the stream pushed together."""
    stream = Stream(audio.rate, audio.channels)
    passes = Passes(stream, ("spectrum",))
    step = at_once * stream.frame
    whole = audio.frames // stream.frame * stream.frame
    for start in range(0, whole, step):
        part = audio.samples[:, start : min(start + step, whole)]
        passes.push(Chunk(stream, part, start, part.shape[1]))
    rest = audio.samples[:, whole:]
    if rest.size:
        padded = np.pad(rest, ((0, 0), (0, stream.frame - rest.shape[1])))
        passes.push(Chunk(stream, padded, whole, rest.shape[1]))
    return passes.spectrum


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
@pytest.mark.parametrize("band", range(24))
def test_a_tone_lands_in_its_bark_band(band, rate):
    centre = (BARK_EDGES_HZ[band] * BARK_EDGES_HZ[band + 1]) ** 0.5
    bark = _spectrum(sine(centre, -12, 1, rate)).bark.values
    assert (bark[:, 2:-1].argmax(axis=0) == band).all()
    assert (bark[band, 2:-1] > 0.9 * bark[:, 2:-1].sum(axis=0)).all()


def test_bark_has_a_column_for_each_frame_of_the_stream():
    audio = white(-20, 20.3)
    assert _spectrum(audio).bark.values.shape == (24, -(-audio.frames // 4096))


def test_a_steady_noise_stands_equally_high_in_all_bark_frames():
    """Also in the first, and where windows no longer overlap."""
    level = _spectrum(white(-20, 20)).bark.values[10:].sum(axis=0)
    assert 10 * np.log10(level[:-1] / np.median(level)) == pytest.approx(0, abs=1.2)


def test_a_burst_is_found_in_its_frame():
    samples = white(-80, 20).samples.copy()
    samples[:, 200 * 4096 : 201 * 4096] *= 1000
    assert _spectrum(Audio(samples, 48000)).bark.values.sum(axis=0).argmax() == 200


@pytest.mark.parametrize("seconds", [0.01, 1, 30, 100, 400])
def test_slices_sum_to_the_whole_and_are_128_at_most(seconds):
    spectrum = _spectrum(white(-20, seconds, 8000))
    seconds_each, power = spectrum.slices()
    assert power.shape[0] <= MOST_SLICES
    assert (power.shape[0] - 1) * seconds_each < seconds <= power.shape[0] * seconds_each + 1e-9
    assert power.sum(axis=0, dtype=np.float64) == pytest.approx(spectrum.power.sum(axis=0), rel=1e-5)


def test_a_tone_that_comes_late_is_in_the_late_slices_only():
    early, late = sine(300, -20, 60, 8000), sine(1000, -20, 60, 8000)
    spectrum = _spectrum(Audio(np.concatenate([early.samples, late.samples], axis=1), 8000))
    seconds_each, power = spectrum.slices()
    at = round(1000 / 8000 * spectrum.stream.frame)
    heard = np.flatnonzero(power[:, at] > 0.5 * power[:, at].max())
    assert heard[0] * seconds_each == pytest.approx(60, abs=seconds_each)
    assert heard.size * seconds_each == pytest.approx(60, abs=2 * seconds_each)


@pytest.mark.parametrize("longest", [3000, 20_000, 200_000])
def test_bark_and_slices_have_the_same_bits_however_the_stream_is_cut(longest):
    audio = music_like(14.2, 44100)
    whole = Analyzer(audio.rate, audio.channels, without=("tempo", "key"))
    whole.push(audio.samples)
    cut = Analyzer(audio.rate, audio.channels, without=("tempo", "key"))
    generator = np.random.default_rng(longest)
    start = 0
    while start < audio.frames:
        size = int(generator.integers(0, longest))
        cut.push(audio.samples[:, start : start + size])
        start += size
    expected, found = (one._ended().spectrum for one in (whole, cut))
    assert np.array_equal(expected.bark.values, found.bark.values)
    assert expected.slices()[0] == found.slices()[0]
    assert np.array_equal(expected.slices()[1], found.slices()[1])
