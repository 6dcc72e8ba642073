"""Convolution reverb: exact convolution, rooms that decay as asked, and files that are responses or are refused."""

from contextlib import contextmanager

import numpy as np
import pytest
from scipy.signal import butter, fftconvolve, sosfilt

from bridge.audio import Audio
from bridge.effects.convolution_reverb import ConvolutionReverb
from bridge.effects.dsp.convolution import Convolver
from bridge.effects.dsp.convolving import resampled, routes
from bridge.effects.impulse_files import impulse_files
from bridge.errors import BadInput, Unavailable
from tests import signals
from tests.effects.streams import apply, impulse, level_db, through
from tests.effects.test_space import rt60_s

RATE = 48000
SEED = 20261121
KINDS = ["room", "hall", "plate", "spring"]


def rng() -> np.random.Generator:
    return np.random.default_rng(SEED)


@pytest.mark.parametrize("frames", [1, 8191, 8192, 8193, 30000])
def test_it_is_a_convolution_sample_for_sample(frames):
    response = rng().standard_normal(frames) / np.sqrt(frames)
    audio = signals.white(-20, 0.9, channels=1, seed=SEED)
    out = through(Convolver([response], [(0, 0, 0)], 1, (0.0, 1.0)), audio.samples)[0]
    expected = fftconvolve(audio.samples[0].astype(np.float64), response)[: audio.frames]
    assert level_db(out - expected) - level_db(expected) < -110, SEED


def test_four_responses_cross_from_side_to_side():
    responses = [np.array([gain]) for gain in (1.0, 0.5, 0.25, 0.125)]
    audio = signals.white(-20, 0.2, seed=SEED)
    out = through(Convolver(responses, routes(4, 2), 2, (0.0, 1.0)), audio.samples)
    left, right = audio.samples
    np.testing.assert_allclose(out, [left + 0.25 * right, 0.5 * left + 0.125 * right], atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_how_the_stream_is_cut_changes_no_bit(kind):
    audio, effect = signals.music_like(0.8), ConvolutionReverb(kind=kind, decay_s=0.7)
    whole = through(effect.processor(RATE, 2), audio.samples)
    assert np.array_equal(whole, through(effect.processor(RATE, 2), audio.samples, [1, 5000, 8192, 333]))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("decay", "rate"), [(0.4, 44100), (1.5, 48000), (4.0, 48000)])
def test_a_made_room_decays_in_the_time_that_was_asked(kind, decay, rate):
    effect = ConvolutionReverb(kind=kind, decay_s=decay, mix=1.0, damping=0.0, seed=SEED % 1000)
    out = apply(effect, impulse(0.1, rate, 2), effect.tail_s())
    for side in out:
        assert rt60_s(side, rate) == pytest.approx(decay, rel=0.1), SEED


def test_damping_shortens_the_treble_and_not_the_bass():
    def octave_s(damping, low, high):
        effect = ConvolutionReverb(decay_s=1.5, mix=1.0, damping=damping)
        out = apply(effect, impulse(0.1, RATE, 2), 1.7)[0]
        return rt60_s(sosfilt(butter(4, (low, high), "bandpass", fs=RATE, output="sos"), out), RATE)

    assert octave_s(1.0, 350, 700) == pytest.approx(1.5, rel=0.12)
    assert octave_s(1.0, 6000, 11000) < 0.6 * octave_s(0.0, 6000, 11000)


@pytest.mark.parametrize("kind", KINDS)
def test_a_room_is_wide_and_keeps_in_mono(kind):
    out = apply(ConvolutionReverb(kind=kind, mix=1.0, seed=SEED % 1000), impulse(0.1, RATE, 2), 1.0)
    correlation = float(np.sum(out[0] * out[1]) / np.sqrt(np.sum(out[0] ** 2) * np.sum(out[1] ** 2)))
    assert 0.3 <= correlation < 0.9, SEED


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mix", [0.0, 0.3, 1.0])
def test_noise_comes_out_as_loud_as_it_went_in(kind, mix):
    noise = signals.white(-20, 6.0, seed=SEED)
    out = apply(ConvolutionReverb(kind=kind, mix=mix, decay_s=0.8), noise)[:, 2 * RATE :]
    assert level_db(out) == pytest.approx(-20, abs=0.5), SEED


@pytest.mark.parametrize("pre_delay", [0.0, 40.0])
def test_the_room_comes_after_its_pre_delay_and_the_dry_sound_at_once(pre_delay):
    effect = ConvolutionReverb(kind="plate", pre_delay_ms=pre_delay, mix=0.5)
    out = apply(effect, impulse(0.4, RATE, 2))
    wet = apply(effect.model_copy(update={"mix": 1.0}), impulse(0.4, RATE, 2)) * np.sqrt(0.5)
    assert out[0, 0] - wet[0, 0] == pytest.approx(np.sqrt(0.5), abs=1e-5)
    assert np.argmax(np.abs(wet).max(axis=0) > 1e-5) == pytest.approx(pre_delay * 48, abs=2)


def test_the_return_loses_its_ends():
    plain, cut = (
        apply(ConvolutionReverb(mix=1.0, decay_s=0.8, **more), impulse(0.8, RATE, 2))[0]
        for more in ({}, {"low_cut_hz": 300.0, "high_cut_hz": 4000.0})
    )
    at = np.fft.rfftfreq(len(plain), 1 / RATE)
    ratio = 20 * np.log10(np.abs(np.fft.rfft(cut)) / np.abs(np.fft.rfft(plain)))
    for frequency, expected in ((75, -24), (1000, 0)):
        band = (at > frequency / 1.4) & (at < frequency * 1.4)
        assert float(np.median(ratio[band])) == pytest.approx(expected, abs=2)


def test_a_seed_is_a_room_and_another_one_another():
    first, again, other = (
        apply(ConvolutionReverb(mix=1.0, decay_s=0.5, seed=seed), impulse(0.2, RATE, 2)) for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again) and not np.array_equal(first, other)


# ------------------------------------------------------------------------------------------------------- files


def opening(audio: Audio):
    """Files of one sound, whatever they are called."""

    @contextmanager
    def opened(path):
        yield audio

    return impulse_files(opened)


def response(rate: int = RATE, channels: int = 1, seconds: float = 0.3) -> Audio:
    time = np.arange(round(seconds * rate)) / rate
    noise = rng().standard_normal((channels, len(time))) * 10 ** (-3 * time / (0.8 * seconds))
    return Audio(noise.astype(np.float32), rate)


def test_a_file_is_convolved_with_as_it_is_but_for_its_level():
    audio, file = signals.white(-20, 0.5, channels=1, seed=SEED), response()
    with opening(file):
        out = apply(ConvolutionReverb(file="hall.wav", mix=1.0, pre_delay_ms=0.0), audio)[0]
    expected = fftconvolve(audio.samples[0].astype(np.float64), file.samples[0].astype(np.float64))[
        : audio.frames
    ]
    expected /= np.sqrt(np.sum(file.samples.astype(np.float64) ** 2))
    assert level_db(out - expected) - level_db(expected) < -90, SEED


@pytest.mark.parametrize(("rate", "to"), [(44100, 48000), (96000, 44100), (48000, 192000), (8000, 44100)])
def test_a_response_of_another_rate_keeps_its_sound(rate, to):
    """A decaying tone keeps pitch, decay and gain: compared with the same closed form at the other rate."""

    def tone(at):
        time = np.arange(round(0.4 * at)) / at
        window = np.minimum(1, time / 0.01) * np.minimum(1, (0.4 - time) / 0.05)
        return window * np.sin(2 * np.pi * 1000 * time) * 10 ** (-3 * time / 0.3) / at

    out, expected = resampled(tone(rate), rate, to), tone(to)
    size = min(len(out), len(expected))
    assert level_db(out[:size] - expected[:size]) - level_db(expected) < -60


@pytest.mark.parametrize("channels", [1, 2, 4])
def test_mono_stereo_and_true_stereo_responses_play_on_any_layout(channels):
    for layout in (1, 2, 6):
        with opening(response(channels=channels)):
            processor = ConvolutionReverb(file="x.wav").processor(RATE, layout)
        out = through(processor, signals.white(-20, 0.2, channels=layout).samples)
        assert out.shape[0] == layout and np.isfinite(out).all()


def test_a_plan_that_holds_the_hash_refuses_another_file():
    with opening(response()):
        said = ConvolutionReverb(file="hall.wav").processor(RATE, 2).warnings[0]
        sha = said.rsplit(" ", 1)[-1]
        assert ConvolutionReverb(file="hall.wav", sha256=sha).processor(RATE, 2).warnings == ()
    with opening(response(seconds=0.31)), pytest.raises(BadInput, match="not the impulse response"):
        ConvolutionReverb(file="hall.wav", sha256=sha).processor(RATE, 2)


@pytest.mark.parametrize(
    ("samples", "why"),
    [
        (np.zeros((1, 0)), "silent"),
        (np.zeros((2, 1000)), "silent"),
        (np.full((1, 10), np.nan), "not a number"),
        (np.full((1, 10), np.inf), "not a number"),
        (np.ones((3, 10)), "1, 2 or 4 channels"),
    ],
)
def test_a_file_that_is_no_response_is_refused_by_name(samples, why):
    audio = Audio(samples.astype(np.float32), RATE)
    with opening(audio), pytest.raises(BadInput, match=f"bad.wav.*{why}"):
        ConvolutionReverb(file="bad.wav").processor(RATE, 2)


def test_an_endless_file_is_cut_and_says_so():
    with opening(Audio(np.ones((1, 21 * 8000), np.float32), 8000)):
        warnings = ConvolutionReverb(file="long.wav").processor(8000, 1).warnings
    assert any("cut after 20 s" in text for text in warnings)


def test_where_nobody_opens_files_none_is_read():
    with pytest.raises(Unavailable, match=r"hall\.wav"):
        ConvolutionReverb(file="hall.wav").processor(RATE, 2)
