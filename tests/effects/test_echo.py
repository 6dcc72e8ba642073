"""Delay in time with the music, echoes that change sides and lose their ends, and the return of a room."""

import numpy as np
import pytest

from bridge.analysis.reading import Analysis
from bridge.audio import Audio
from bridge.effects import Delay, Reverb
from tests import signals
from tests.effects.streams import apply, impulse, level_db, through

RATE = 48000
NOTES = {
    "1/4": 1,
    "1/8": 0.5,
    "1/8 dotted": 0.75,
    "1/8 triplet": 1 / 3,
    "1/4 dotted": 1.5,
    "1/4 triplet": 2 / 3,
    "1/16": 0.25,
}
"""Lengths in quarter notes, from music theory: a dot adds a half, a triplet puts three where two were."""


def echo_ms(effect: Delay, rate: int) -> float:
    out = apply(effect, impulse(2.2, rate, 1))[0]
    return 1000 * (int(np.argmax(np.abs(out[2:]))) + 2) / rate


@pytest.mark.parametrize("tempo", [60.0, 97.3, 120.0, 174.0, 200.0])
@pytest.mark.parametrize("note", NOTES)
def test_an_echo_comes_within_a_millisecond_of_its_note(tempo, note):
    effect = Delay(note_beats=round(NOTES[note], 3), tempo_bpm=tempo, mix=0.5, feedback=0.0)
    assert echo_ms(effect, 44100) == pytest.approx(NOTES[note] * 60_000 / tempo, abs=0.02)
    assert note in effect.describe()


def test_a_note_and_a_tempo_overrule_a_time():
    assert Delay(time_ms=10.0, note_beats=0.75, tempo_bpm=120.0).time_ms == 375.0
    assert Delay(time_ms=10.0, note_beats=0.75).time_ms == 10.0


@pytest.mark.parametrize(
    ("measured", "tapped"), [(62.0, 124.0), (33.0, 132.0), (200.0, 100.0), (70.0, 70.0), (180.0, 180.0)]
)
def test_judgement_counts_in_the_octave_from_70_to_180_that_people_tap(measured, tapped):
    found = Delay.auto(Analysis.from_readings({"tempo": measured}, rate=RATE, channels=2, frames=RATE))
    assert found is not None and found.tempo_bpm == tapped
    assert found.time_ms == pytest.approx(60_000 / tapped, abs=0.01)


def test_judgement_takes_a_quarter_of_the_measured_tempo():
    readings = {"tempo": 128.0, "rms": -20.0}
    found = Delay.auto(Analysis.from_readings(readings, rate=RATE, channels=2, frames=RATE))
    assert found is not None and found.time_ms == pytest.approx(468.75)
    assert "128 BPM" in found.describe()


@pytest.mark.parametrize("feedback", [0.3, 0.5, 0.8])
def test_echoes_decay_by_the_feedback_also_with_cuts_in_the_loop(feedback):
    """A burst at 1 kHz, far from both cuts."""
    audio = signals.sine(1000, -6, 0.1, channels=1)
    audio = Audio(
        np.pad(audio.samples * np.hanning(audio.frames).astype(np.float32), ((0, 0), (0, 2 * RATE))), RATE
    )
    effect = Delay(time_ms=200, feedback=feedback, mix=0.5, low_cut_hz=60, high_cut_hz=14000)
    out = apply(effect, audio)[0]
    levels = [level_db(out[i * 9600 : i * 9600 + 4800]) for i in range(1, 6)]
    np.testing.assert_allclose(np.diff(levels), 20 * np.log10(feedback), atol=0.5)


@pytest.mark.parametrize(("cut", "frequency"), [({"low_cut_hz": 500}, 125), ({"high_cut_hz": 2000}, 8000)])
def test_each_way_round_loses_what_lies_beyond_the_cut(cut, frequency):
    """Two octaves beyond a second-order corner: 24 dB an echo."""
    tone = signals.sine(frequency, -6, 0.4, channels=1)
    audio = Audio(
        np.pad(tone.samples * np.hanning(tone.frames).astype(np.float32), ((0, 0), (0, 2 * RATE))), RATE
    )
    out = apply(Delay(time_ms=500, feedback=0.9, mix=0.5, **cut), audio)[0]
    first, second = (level_db(out[i * 24000 : i * 24000 + 19200]) for i in (1, 2))
    assert first - level_db(0.5 * audio.samples[:, :19200]) == pytest.approx(-24, abs=2)
    assert second - first == pytest.approx(-24 - 0.9, abs=2)


def test_ping_pong_goes_left_right_left_and_fades_by_the_feedback():
    out = apply(Delay(time_ms=100, feedback=0.5, mix=0.5, ping_pong=True), impulse(0.5, RATE, 2))
    heard = [tuple(np.round(out[:, k * 4800], 6)) for k in (1, 2, 3)]
    assert heard == [(0.5, 0.0), (0.0, 0.25), (0.125, 0.0)]
    assert out[0, 0] == out[1, 0] == 0.5


def test_ping_pong_says_where_there_are_no_sides():
    assert Delay(ping_pong=True).processor(RATE, 1).warnings
    assert not Delay(ping_pong=True).processor(RATE, 2).warnings


@pytest.mark.parametrize("ping_pong", [False, True])
def test_how_the_stream_is_cut_changes_no_bit_of_a_filtered_echo(ping_pong):
    audio = signals.music_like(0.8)
    effect = Delay(time_ms=37, feedback=0.6, low_cut_hz=200, high_cut_hz=5000, ping_pong=ping_pong)
    whole = through(effect.processor(RATE, 2), audio.samples)
    assert np.array_equal(whole, through(effect.processor(RATE, 2), audio.samples, [1, 701, 5000]))


def test_the_tail_of_echoes_lasts_until_they_are_60_db_down():
    effect = Delay(note_beats=1, tempo_bpm=120, feedback=0.5, mix=1.0)
    out = apply(effect, impulse(0.1, RATE, 1), effect.tail_s() + 1.0)[0]
    loud = np.flatnonzero(np.abs(out) > 1e-3 * np.abs(out).max())
    assert loud[-1] / RATE <= effect.tail_s() + 0.1


def test_the_return_of_a_room_loses_its_ends_and_the_dry_sound_nothing():
    plain, cut = (
        apply(Reverb(mix=1.0, decay_s=1.0, **more), impulse(1.0, RATE, 2))[0]
        for more in ({}, {"low_cut_hz": 300.0, "high_cut_hz": 4000.0})
    )
    at = np.fft.rfftfreq(len(plain), 1 / RATE)
    ratio = 20 * np.log10(np.abs(np.fft.rfft(cut)) / np.abs(np.fft.rfft(plain)))

    def octave(centre):
        return float(np.median(ratio[(at > centre / 1.4) & (at < centre * 1.4)]))

    assert octave(75) == pytest.approx(-24, abs=2)
    assert octave(1000) == pytest.approx(0, abs=0.5)
    assert octave(16000) < -20
    dry = apply(Reverb(mix=0.0, low_cut_hz=300.0), signals.music_like(0.3))
    assert np.array_equal(dry, signals.music_like(0.3).samples)


def test_a_room_by_judgement_is_in_time_with_the_beat():
    """Between one beat and two of decay, and a 64th to a 32nd of pre-delay."""
    for tempo, onsets in ((60.0, 1.0), (100.0, 2.0), (120.0, 6.0), (150.0, 3.0)):
        readings = {"tempo": tempo, "rms": -20.0, "onset_rate": onsets}
        found = Reverb.auto(Analysis.from_readings(readings, rate=RATE, channels=2, frames=RATE))
        beat = 60 / tempo
        assert found is not None and beat * 0.99 <= found.decay_s <= 2.01 * beat
        assert 1000 * beat / 16 - 0.1 <= found.pre_delay_ms <= 1000 * beat / 8 + 0.1
        assert found.low_cut_hz > 0 and found.high_cut_hz > 0


def test_the_room_by_judgement_keeps_in_mono():
    """Left and right share enough that their sum does not thin out: correlation 0.3 at least."""
    readings = {"tempo": 120.0, "rms": -20.0}
    found = Reverb.auto(Analysis.from_readings(readings, rate=RATE, channels=2, frames=RATE))
    assert found is not None
    out = apply(found.model_copy(update={"mix": 1.0}), impulse(0.1, RATE, 2), 1.2)
    assert np.corrcoef(out[0], out[1])[0, 1] >= 0.3
