"""Multiband compressor: bands whose sum is the sound, each turned down by itself."""

import numpy as np
import pytest

from bridge.audio import Audio
from bridge.effects.multiband_compressor import CompressorBand, MultibandCompressor
from tests import signals
from tests.effects.judges import lufs, response_db
from tests.effects.streams import apply, level_db, through

RATE = 48000
TONES = (40.0, 346.0, 2236.0, 15000.0)


def bands(*edges, threshold=0.0, **more):
    return tuple(CompressorBand(up_to_hz=edge, threshold_db=threshold, **more) for edge in (*edges, 16000.0))


def click(seconds=1.0, rate=RATE):
    samples = np.zeros((1, round(seconds * rate)), np.float32)
    samples[0, rate // 2] = 1.0
    return Audio(samples, rate)


@pytest.mark.parametrize("edges", [(200.0,), (120.0, 1000.0, 5000.0), (80.0, 300.0, 2000.0, 8000.0)])
@pytest.mark.parametrize("rate", [8000, 44100, 192000])
def test_where_nothing_is_turned_down_the_same_samples_come_out(edges, rate):
    music = signals.music_like(1.0, rate)
    effect = MultibandCompressor(bands=bands(*edges), ratio=1.0)
    assert np.array_equal(apply(effect, music), music.samples)


@pytest.mark.parametrize("edges", [(200.0,), (120.0, 1000.0, 5000.0), (40.0, 300.0, 2000.0, 8000.0)])
def test_bands_that_are_all_turned_alike_are_flat_within_a_tenth_of_a_db(edges):
    out = apply(MultibandCompressor(bands=bands(*edges, makeup_db=-6.0), ratio=1.0), click())
    for hz in np.geomspace(20, 20000, 60):
        assert response_db(out, RATE, hz) == pytest.approx(-6.0, abs=0.1)


def test_one_band_alone_has_the_slopes_of_linkwitz_and_riley():
    three = bands(200.0, 2000.0)
    muted = tuple(
        band.model_copy(update={"makeup_db": 0.0 if index == 1 else -12.0})
        for index, band in enumerate(three)
    )
    out = apply(MultibandCompressor(bands=muted, ratio=1.0), click())
    quiet = 10 ** (-12 / 20)
    for hz in (50.0, 100.0, 200.0, 630.0, 2000.0, 4000.0, 8000.0):
        low, high = (hz / 200) ** 4, (hz / 2000) ** 4
        share = low / (1 + low) / (1 + high)
        assert response_db(out, RATE, hz) == pytest.approx(
            20 * np.log10(quiet + (1 - quiet) * share), abs=0.05
        )


def shares(hz, edges):
    """What of a tone lies in each band of fourth-order Linkwitz-Riley slopes."""
    left, found = 1.0, []
    for edge in edges:
        low = 1 / (1 + (hz / edge) ** 4)
        found.append(left * low)
        left *= 1 - low
    return [*found, left]


def compressed_db(hz, level_db, edges):
    """Each share over -30 dBFS turned down 4:1, and all shares together again."""
    total = 0.0
    for share in shares(hz, edges):
        over = max(level_db + 20 * np.log10(share) + 30, 0.0)
        total += share * 10 ** (-over * 3 / 4 / 20)
    return level_db + 20 * np.log10(total)


@pytest.mark.parametrize("hz", TONES)
def test_a_loud_tone_is_turned_down_in_its_own_band_and_the_others_stay(hz):
    edges = (120.0, 1000.0, 5000.0)
    loud = signals.sine(hz, -10, 7.0)
    others = [other for other in TONES if other != hz]
    quiet = sum(signals.sine(other, -50, 7.0).samples for other in others)
    effect = MultibandCompressor(bands=bands(*edges, threshold=-30.0), ratio=4.0, knee_db=0, release_ms=1000)
    out = apply(effect, Audio(loud.samples + quiet, RATE))[:, 6 * RATE :]

    def tone_db(samples, at):
        wave = np.exp(-2j * np.pi * at * np.arange(samples.shape[1]) / RATE)
        return 20 * np.log10(2 * abs(samples[0] @ wave) / samples.shape[1])

    assert tone_db(out, hz) == pytest.approx(compressed_db(hz, -10.0, edges), abs=0.1)
    for other in others:
        assert tone_db(out, other) == pytest.approx(-50.0, abs=0.6)


def test_a_band_without_numbers_of_its_own_takes_those_of_the_effect():
    own = MultibandCompressor(bands=bands(500.0, threshold=-30.0, ratio=6.0, attack_ms=3.0, release_ms=70.0))
    shared = MultibandCompressor(
        bands=bands(500.0, threshold=-30.0), ratio=6.0, attack_ms=3.0, release_ms=70.0
    )
    music = signals.music_like(1.0)
    assert np.array_equal(apply(own, music), apply(shared, music))


def test_both_channels_get_the_same_gain_so_the_image_stays():
    wave = signals.music_like(2.0).samples[0]
    audio = Audio(np.stack([wave, 0.1 * wave]), RATE)
    out = apply(MultibandCompressor(threshold_shift_db=-10, ratio=6), audio)
    assert level_db(out[0]) - level_db(out[1]) == pytest.approx(20.0, abs=0.02)


def test_the_reduction_is_told_band_by_band():
    processor = MultibandCompressor(bands=bands(500.0, threshold=-30.0), ratio=4.0, knee_db=0).processor(
        RATE, 2
    )
    through(processor, signals.sine(2000, -10, 1.505).samples)
    curve = processor.reduction.curve()
    assert curve.bands == ("up to 500 Hz", "above 500 Hz") and len(curve.reduction_db[0]) == 151
    assert max(curve.reduction_db[0]) < 0.5
    assert curve.reduction_db[1][-10] == pytest.approx(15.0, abs=0.3)


@pytest.mark.parametrize("shift", [0.0, -12.0])
def test_its_own_judgement_of_lively_music_works_in_every_band_and_keeps_the_loudness(shift):
    from bridge.analysis import analyze

    music = signals.music_like(8.0, level_dbfs_peak=-6.0 + shift)
    effect = MultibandCompressor.asked(analyze(music, without=("tempo", "key")))
    processor = effect.processor(RATE, 2, music)
    out = Audio(through(processor, music.samples), RATE)
    curve = processor.reduction.curve()
    assert all(0.5 < max(band) < 14.0 for band in curve.reduction_db)
    assert lufs(out) == pytest.approx(lufs(music), abs=0.2)


def test_parallel_mix_and_a_wet_share_of_the_step_do_not_comb():
    noise = signals.white(-20, 2.0, channels=1)
    effect = MultibandCompressor(bands=bands(120.0, 1000.0, 5000.0, threshold=-60.0), ratio=4.0, mix=0.5)
    out = apply(effect, noise)
    spectrum = np.abs(np.fft.rfft(out[0])).reshape(-1)[: 48000 - 48000 % 400].reshape(-1, 400)
    before = np.abs(np.fft.rfft(noise.samples[0]))[: 48000 - 48000 % 400].reshape(-1, 400)
    change = 20 * np.log10(np.sqrt((spectrum**2).mean(axis=1) / (before**2).mean(axis=1)))
    assert np.abs(np.diff(change)).max() < 1.0
