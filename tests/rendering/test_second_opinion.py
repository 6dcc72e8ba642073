"""Every result's loudness is read twice, by meters that share no code."""

from __future__ import annotations

import warnings

import numpy as np
import pyloudnorm
import pytest

from bridge.analysis import analyze_sound
from bridge.analysis.reading import Analysis
from bridge.audio import Audio
from bridge.rendering.checks import check
from bridge.rendering.render import render
from bridge.rendering.second_opinion import SecondOpinion
from tests import signals
from tests.rendering.test_pipeline import plan, step

NAME = "integrated_loudness_second_opinion"


def heard(audio: Audio, block: int = 65536) -> SecondOpinion:
    opinion = SecondOpinion(audio)
    for _ in opinion.blocks(block):
        pass
    return opinion


def whole(audio: Audio, channels: slice | list[int] = slice(None)) -> float:
    """pyloudnorm itself on all of the sound at once."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        samples = audio.samples[channels].T.astype(np.float64)
        return float(pyloudnorm.Meter(audio.rate, filter_class="DeMan").integrated_loudness(samples))


def lively(seconds: float, rate: int, channels: int, seed: int) -> Audio:
    """Noise whose level wanders over 50 dB, so that both gates have work."""
    noise = signals.pink(-20.0, seconds, rate, channels, seed).samples
    knots = signals.rng(seed).uniform(-50, 0, round(seconds) + 2)
    level = np.interp(np.arange(noise.shape[1]) / rate, np.arange(knots.size), knots)
    return Audio((noise * 10 ** (level / 20)).astype(np.float32), rate)


@pytest.mark.parametrize(
    ("rate", "channels", "seconds"),
    [
        (48000, 2, 47.3),
        (44100, 2, 61.0),
        (48000, 1, 30.7),
        (11025, 2, 25.0),
        (96000, 5, 7.4),
        (192000, 2, 9.9),
    ],
)
def test_pieces_read_what_the_whole_reads(rate, channels, seconds):
    audio = lively(seconds, rate, channels, seed=channels + rate)
    assert heard(audio).lufs() == pytest.approx(whole(audio), abs=0.001)


@pytest.mark.parametrize("block", [4801, 48000, 2_000_000])
def test_the_cut_of_the_blocks_changes_nothing(block):
    audio = lively(23.4, 48000, 2, seed=7)
    assert heard(audio, block).lufs() == heard(audio).lufs()


def test_of_5_1_the_lfe_has_no_voice():
    audio = lively(12.0, 48000, 6, seed=51)
    assert heard(audio).lufs() == pytest.approx(whole(audio, [0, 1, 2, 4, 5]), abs=0.001)
    louder = audio.samples.copy()
    louder[3] *= 30
    assert heard(Audio(louder, 48000)).lufs() == heard(audio).lufs()


def test_an_incomplete_block_at_the_end_does_not_count():
    """BS.1770-5: a 0.46 s tone has one block of 400 ms; 997 Hz at -20 dBFS on both channels is -20.0 LUFS."""
    assert heard(signals.sine(997, -20, 0.46)).lufs() == pytest.approx(-20.0, abs=0.05)


def test_what_has_no_loudness_has_no_opinion():
    assert heard(signals.silence(2.0)).lufs() is None
    assert heard(signals.sine(997, -20, 0.39)).lufs() is None
    assert heard(Audio(np.zeros((2, 0), np.float32), 48000)).lufs() is None
    broken = signals.sine(997, -20, 1.0).samples.copy()
    broken[0, 9] = np.nan
    assert heard(Audio(broken, 48000)).lufs() is None


@pytest.mark.parametrize(
    "audio", [signals.sine(997, -20, 1.0, channels=8), signals.sine(997, -20, 1.0, rate=2000)]
)
def test_nobody_is_asked_where_the_judge_has_no_weights(audio):
    assert not heard(audio).asked


class Long:
    """11 minutes that would be an error to read."""

    rate, channels, frames = 48000, 2, 660 * 48000

    def blocks(self, frames: int = 65536):
        yield np.zeros((2, 1), np.float32)


def test_beyond_ten_minutes_nobody_is_asked():
    opinion = SecondOpinion(Long())
    assert list(opinion.blocks()) and not opinion.asked and opinion.lufs() is None


def test_every_render_is_judged_twice_whatever_was_promised():
    result = render(signals.music_like(3.0), plan(step("gain", gain_db=-3)))
    found = {item.name: item for item in result.checks}[NAME]
    assert found.ok and found.unit == "LUFS" and found.reason is None
    assert found.asked == result.after.number("integrated_loudness")
    assert found.got == pytest.approx(whole(result.audio), abs=0.01)


def test_a_meter_that_reads_wrong_is_a_miss():
    audio = signals.sine(997, -20, 2.0)
    opinion = SecondOpinion(audio)
    right = analyze_sound(opinion, without=("tempo", "key"))
    wrong = Analysis.from_readings(
        {"sample_peak": -20.0, "integrated_loudness": -20.3}, 48000, 2, audio.frames
    )
    checks = {
        reading: {item.name: item for item in check(plan(), right, after, 1, 1, opinion=opinion)}[NAME]
        for reading, after in (("right", right), ("wrong", wrong))
    }
    assert checks["right"].ok and not checks["wrong"].ok
    assert "pyloudnorm reads 0.30 LU more" in checks["wrong"].reason


@pytest.mark.parametrize(("level_lufs", "ok"), [(-69.95, True), (-60.0, False)])
def test_around_the_gate_one_may_hear_what_the_other_does_not(level_lufs, ok):
    audio = signals.sine(997, level_lufs, 2.0)
    opinion = heard(audio)
    assert opinion.lufs() == pytest.approx(level_lufs, abs=0.02)
    deaf = Analysis.from_readings({"sample_peak": level_lufs, "integrated_loudness": None}, 48000, 2, 1)
    assert {item.name: item.ok for item in check(plan(), deaf, deaf, 1, 1, opinion=opinion)}[NAME] is ok
