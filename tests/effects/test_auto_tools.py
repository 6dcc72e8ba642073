"""What the auto tools decide by themselves holds what is promised of them, on recordings and on known signals."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.analysis import analyze
from bridge.analysis.reading import Analysis
from bridge.audio import Audio
from bridge.effects import Delay, Gain, Reverb
from tests import signals
from tests.analysis.corpus import recordings
from tests.effects import auto_figures as figures
from tests.effects.judges import true_peak_dbtp
from tests.effects.streams import apply
from tests.real import must_have

SEED = 20261121


def real(name: str, level: float = 0.7) -> Audio:
    must_have("alsa-utils and sonic-pi-samples", recordings.available())
    return figures.loop(name, level)


@pytest.mark.real
@pytest.mark.parametrize("name", figures.LOOPS)
@pytest.mark.parametrize("level", [0.05, 0.9])
def test_a_recording_is_staged_within_a_tenth_of_a_db(name, level):
    missed_db, over_db = figures.staged(real(name, level))
    assert missed_db <= 0.1 and over_db <= 0.05


def test_silence_is_not_staged():
    assert Gain.auto(analyze(signals.silence(2.0), figures.SLOW)) is None


@pytest.mark.parametrize("bpm", [60.0, 87.3, 120.0, 174.0, 200.0])
@pytest.mark.parametrize("beats", [0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 1 / 3, 2 / 3])
def test_echoes_lie_on_the_note_within_a_millisecond(bpm, beats):
    assert figures.echo_error_ms(bpm, beats) <= 1.0


@pytest.mark.parametrize("bpm", [60.0, 128.0, 200.0])
def test_echoes_fade_as_told(bpm):
    assert figures.feedback_error_db(bpm) <= 0.5


def test_there_is_no_delay_without_a_tempo():
    assert Delay.auto(Analysis.from_readings({"rms": -18.0, "tempo": None})) is None


@pytest.mark.parametrize(("bpm", "onsets"), [(70.0, 2.0), (120.0, 3.0), (174.0, 9.0)])
def test_a_room_lasts_as_it_says_holds_in_mono_and_moves_nothing(bpm, onsets):
    found = figures.room(bpm, onsets)
    assert found["decay"] <= 10.0 and found["wet"] <= 0.5
    assert found["correlation"] >= 0.3 and found["moved"] == 0.0


def test_the_tail_of_a_room_is_kept_until_it_is_60_db_down():
    found = Reverb.auto(figures.with_tempo(120.0))
    out = apply(found, impulse_of(found), found.tail_s())
    assert np.abs(out[:, -50:]).max() <= 10 ** (-50 / 20) * np.abs(out[:, 400:]).max()


def impulse_of(effect: Reverb) -> Audio:
    samples = np.zeros((2, figures.RATE // 10), np.float32)
    samples[:, 0] = 1.0
    return Audio(samples, figures.RATE)


@pytest.mark.real
@pytest.mark.parametrize("name", figures.LOOPS)
def test_a_dull_recording_gets_the_harmonics_that_were_decided_and_stays_as_loud(name):
    effect, moved_lu = figures.enhanced(figures.dulled(real(name)))
    off_db, alias_db = figures.harmonics_of(effect)
    assert off_db <= 1.0 and alias_db <= -80.0 and moved_lu <= 0.2


@pytest.mark.real
def test_a_narrow_recording_is_widened_above_the_bass_and_is_the_same_in_mono():
    audio = real("loop_compus")
    assert np.abs(audio.samples[0] - audio.samples[1]).max() > 0.01
    found = figures.widened(figures.narrowed(audio))
    assert found["side"] <= 0.2 and found["mono"] <= 0.1 and found["correlation"] > 0 and found["bass"] <= 0.2


def test_narrow_noise_is_widened_above_the_bass_and_is_the_same_in_mono():
    found = figures.widened(figures.narrowed(signals.pink(-20, 6.0, figures.RATE, seed=SEED), 0.08))
    assert found["side"] <= 0.2 and found["mono"] <= 0.1 and found["correlation"] > 0 and found["bass"] <= 0.2


def test_the_sum_of_staged_stems_stays_under_the_ceiling():
    stems = {
        "one": signals.music_like(6.0, figures.RATE, -1.0, SEED),
        "two": signals.music_like(6.0, figures.RATE, -8.0, SEED + 1),
        "three": signals.pink(-14, 6.0, figures.RATE, seed=SEED),
    }
    assert figures.summed_peak_dbtp(stems) <= -6.0 + 0.05, SEED
    assert true_peak_dbtp(sum(audio.samples for audio in stems.values())) > -6.0
