"""AutoCompressor: passages of known distance brought to a target, hits kept, loudness kept."""

from __future__ import annotations

import numpy as np
import pyloudnorm
import pytest

from bridge.analysis import analyze
from bridge.audio import Audio
from bridge.effects import Compressor
from bridge.presets import load_targets
from tests import signals
from tests.analysis.corpus import recordings
from tests.effects.judges import lufs
from tests.effects.streams import apply, through
from tests.real import must_have

SEED = 20261121
SLOW = ("tempo", "key")
SECONDS = 40


def range_lu(samples: np.ndarray, rate: int) -> float:
    """EBU Tech 3342 by pyloudnorm, which shares no code with the bridge."""
    return float(pyloudnorm.Meter(rate, filter_class="DeMan").loudness_range(samples.T.astype(np.float64)))


def in_passages(audio: Audio) -> Audio:
    """The sound in passages of 10 s, 0 to 22 dB apart."""
    times = int(np.ceil(SECONDS * audio.rate / audio.frames))
    wave = np.tile(audio.samples, (1, times))[:, : SECONDS * audio.rate]
    levels = 10 ** (np.array([-22, -4, -14, 0]) / 20)
    steps = np.repeat(levels, 10 * audio.rate)
    return Audio((wave * steps[: wave.shape[1]]).astype(np.float32), audio.rate)


def loops() -> dict[str, Audio]:
    must_have("alsa-utils and sonic-pi-samples", recordings.available())
    return {
        name: Audio((0.5 * recordings.at_speed(name, 44100, 1.0)).astype(np.float32), 44100)
        for name in ("loop_compus", "loop_tabla")
    }


def levelled(audio: Audio, target=None) -> tuple[Compressor, np.ndarray]:
    found = analyze(audio, SLOW)
    effect = Compressor.towards(found, target) if target else Compressor.auto(found)
    assert effect is not None and effect.range_target_lu is not None
    return effect, apply(effect, audio)


def checked(audio: Audio, target=None) -> None:
    effect, out = levelled(audio, target)
    assert range_lu(out, audio.rate) == pytest.approx(effect.range_target_lu, abs=0.5), SEED
    assert lufs(Audio(out, audio.rate)) == pytest.approx(lufs(audio), abs=0.2), SEED
    loud = slice(31 * audio.rate, 39 * audio.rate)  # within the loudest passage, once the gain has settled
    before, after = audio.samples[:, loud], out[:, loud]
    crests = [np.abs(each).max() / np.sqrt(np.mean(each.astype(np.float64) ** 2)) for each in (before, after)]
    assert crests[1] >= 0.9 * crests[0], SEED


@pytest.mark.real
@pytest.mark.parametrize("name", ["loop_compus", "loop_tabla"])
def test_passages_of_a_recording_come_to_the_range_asked_with_hits_and_loudness_kept(name):
    checked(in_passages(loops()[name]))


@pytest.mark.parametrize("genre", ["rock", "pop"])
def test_a_genre_says_how_wide_the_range_may_be(genre):
    target = load_targets()[genre]
    audio = in_passages(signals.music_like(10.0, seed=SEED))
    effect, _ = levelled(audio, target)
    assert effect.range_target_lu == target.expects["loudness_range"].high
    checked(audio, target)


def test_an_even_sound_and_a_short_one_are_not_levelled():
    even = analyze(signals.music_like(25.0, seed=SEED), SLOW)
    assert getattr(Compressor.auto(even), "range_target_lu", None) is None
    short = in_passages(signals.music_like(10.0, seed=SEED))
    short = Audio(short.samples[:, : 15 * short.rate], short.rate)
    assert getattr(Compressor.auto(analyze(short, SLOW)), "range_target_lu", None) is None


def test_a_range_that_no_ratio_reaches_is_said():
    audio = in_passages(signals.music_like(10.0, seed=SEED))
    effect = Compressor(
        threshold_db=-10.0, range_target_lu=2.0, detector="rms", attack_ms=100, release_ms=1500
    )
    processor = effect.processor(audio.rate, audio.channels, audio)
    through(processor, audio.samples)
    assert any("out of reach" in warning for warning in processor.warnings)


def test_how_the_stream_is_cut_changes_no_bit():
    audio = in_passages(signals.music_like(10.0, seed=SEED))
    effect = Compressor(threshold_db=-50, range_target_lu=8.0, detector="rms", attack_ms=100, release_ms=1500)
    whole = through(effect.processor(audio.rate, 2, audio), audio.samples)
    assert np.array_equal(whole, through(effect.processor(audio.rate, 2, audio), audio.samples, [65536, 777]))
