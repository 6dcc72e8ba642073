"""A MIDI clock is believed as far as its jitter allows: the tempo within 0.1 BPM, the transport to the tick."""

from __future__ import annotations

import mido
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.midi.clock import CONTINUE, SONG_POSITION, START, STOP, TICK, Clock

PER_BEAT = 24


def ticks(bpm: float, beats: float, start_s: float = 0.0) -> np.ndarray:
    """Times of a clock without any jitter, by its definition: 24 a quarter note."""
    return start_s + np.arange(round(beats * PER_BEAT) + 1) * 60.0 / (bpm * PER_BEAT)


def heard(times: np.ndarray, clock: Clock | None = None) -> Clock:
    clock = clock or Clock()
    for at in times:
        clock.push(float(at), bytes([TICK]))
    return clock


def bpm_of(clock: Clock, now_s: float) -> float:
    tempo = clock.tempo(now_s)
    assert tempo is not None
    return tempo.bpm


@pytest.mark.parametrize("bpm", [40.0, 61.7, 90.0, 120.0, 128.5, 174.0, 200.0])
def test_a_clean_clock_is_heard_to_a_hundredth(bpm: float) -> None:
    times = ticks(bpm, 4)
    assert bpm_of(heard(times), times[-1]) == pytest.approx(bpm, abs=0.01)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("bpm", [60.0, 97.3, 120.0, 140.0, 200.0])
def test_a_millisecond_of_jitter_leaves_it_within_a_tenth(bpm: float, seed: int) -> None:
    times = ticks(bpm, 16)
    times = np.sort(times + np.random.default_rng(seed).normal(0, 0.001, len(times)))
    assert bpm_of(heard(times), times[-1]) == pytest.approx(bpm, abs=0.1)


@pytest.mark.parametrize("seed", range(8))
def test_ticks_on_whole_audio_blocks_are_within_a_tenth(seed: int) -> None:
    """A host that sends its ticks at the start of blocks of 256 frames at 48 kHz."""
    block = 256 / 48000
    start = np.random.default_rng(seed).uniform(0, block)
    times = np.ceil(ticks(120, 16, start) / block) * block
    assert bpm_of(heard(times), times[-1]) == pytest.approx(120, abs=0.1)


@pytest.mark.parametrize("seed", range(8))
def test_stragglers_change_nothing(seed: int) -> None:
    """One tick in twenty is held up by 5 to 15 ms, as on a busy machine."""
    rng = np.random.default_rng(seed)
    times = ticks(120, 16) + rng.normal(0, 0.0005, 16 * PER_BEAT + 1)
    late = rng.random(len(times)) < 0.05
    times = np.maximum.accumulate(times + late * rng.uniform(0.005, 0.015, len(times)))
    assert bpm_of(heard(times), times[-1]) == pytest.approx(120, abs=0.1)


@pytest.mark.parametrize("seed", range(4))
def test_lost_ticks_change_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    times = ticks(120, 16) + rng.normal(0, 0.0005, 16 * PER_BEAT + 1)
    kept = np.delete(times, rng.choice(np.arange(10, 370), 6, replace=False))
    assert bpm_of(heard(kept), times[-1]) == pytest.approx(120, abs=0.1)


def test_a_stall_of_100_ms_with_all_its_ticks_after_it_changes_nothing() -> None:
    times = ticks(120, 12)
    held_up = (times > 3.0) & (times < 3.1)
    times[held_up] = 3.1 + 0.0002 * np.arange(held_up.sum())
    assert bpm_of(heard(times), times[-1]) == pytest.approx(120, abs=0.1)


@pytest.mark.parametrize(("before", "after"), [(120, 121), (120, 140), (90, 180), (174, 87)])
def test_a_new_tempo_is_heard_within_four_beats(before: float, after: float) -> None:
    rng = np.random.default_rng(440)
    first = ticks(before, 16)
    second = ticks(after, 4, first[-1])[1:]
    times = np.sort(np.concatenate([first, second]) + rng.normal(0, 0.0003, len(first) + len(second)))
    assert bpm_of(heard(times), times[-1]) == pytest.approx(after, abs=0.1)


def test_a_ritardando_is_followed() -> None:
    """From 120 to 100 BPM over 8 beats; what is told at its end is what the last beat was played at."""
    tempi = np.interp(np.arange(8 * PER_BEAT), [0, 8 * PER_BEAT], [120, 100])
    times = np.concatenate([[0.0], np.cumsum(60 / (tempi * PER_BEAT))])
    last_beat = 60 / (times[-1] - times[-1 - PER_BEAT])
    assert bpm_of(heard(times), times[-1]) == pytest.approx(last_beat, abs=1.0)


def test_nothing_is_told_before_the_first_beat() -> None:
    times = ticks(120, 4)
    assert heard(times[:PER_BEAT]).tempo(times[PER_BEAT]) is None
    assert heard(times[: PER_BEAT + 1]).tempo(times[PER_BEAT]) is not None


def test_a_clock_that_fell_silent_has_no_tempo_any_more() -> None:
    times = ticks(120, 4)
    clock = heard(times)
    assert clock.tempo(times[-1] + 0.4) is not None
    assert clock.tempo(times[-1] + 0.6) is None


def test_after_a_drop_out_the_tempo_is_the_new_one_alone() -> None:
    first = ticks(120, 8)
    second = ticks(100, 3, first[-1] + 5.0)
    clock = heard(second, heard(first))
    assert clock.drop_outs == 1
    assert bpm_of(clock, second[-1]) == pytest.approx(100, abs=0.1)


def test_what_was_held_up_through_a_drop_out_says_nothing_of_time() -> None:
    first = ticks(120, 8)
    bunch = first[-1] + 1.0 + 0.0001 * np.arange(48)
    second = ticks(120, 3, bunch[-1] + 0.02)
    clock = heard(second, heard(bunch, heard(first)))
    assert bpm_of(clock, second[-1]) == pytest.approx(120, abs=0.1)


@pytest.mark.parametrize("bpm", [10.0, 800.0])
def test_what_is_no_tempo_of_music_is_none(bpm: float) -> None:
    times = ticks(bpm, 4)
    assert heard(times).tempo(times[-1]) is None


def test_ticks_at_one_instant_are_no_tempo() -> None:
    assert heard(np.zeros(200)).tempo(0.0) is None


def test_a_clock_of_ours_that_was_set_back_begins_anew() -> None:
    clock = heard(ticks(100, 4, 0.0), heard(ticks(120, 4, 1000.0)))
    assert bpm_of(clock, ticks(100, 4)[-1]) == pytest.approx(100, abs=0.1)


# -- transport -----------------------------------------------------------------------------------------


def sent(clock: Clock, *messages: int | tuple[int, ...], at_s: float = 0.0) -> Clock:
    for message in messages:
        clock.push(at_s, bytes([message] if isinstance(message, int) else message))
    return clock


def test_the_first_tick_after_start_is_the_first_beat() -> None:
    """MIDI 1.0: a receiver begins to play at the first clock after a start."""
    clock = sent(Clock(), START)
    assert clock.playing and clock.beats == 0
    assert sent(clock, TICK).beats == 0
    assert sent(clock, *[TICK] * 24).beats == 1


def test_stop_keeps_the_place_and_continue_goes_on_from_it() -> None:
    clock = sent(Clock(), START, *[TICK] * 25, STOP)
    assert not clock.playing
    assert sent(clock, *[TICK] * 100).beats == pytest.approx(25 / 24)
    assert sent(clock, CONTINUE, TICK).beats == pytest.approx(25 / 24)
    assert sent(clock, START, TICK).beats == 0


@pytest.mark.parametrize(("sixteenths", "beats"), [(0, 0), (4, 1), (130, 32.5), (16383, 4095.75)])
def test_the_song_position_counts_sixteenths_in_fourteen_bits(sixteenths: int, beats: float) -> None:
    message = mido.Message("songpos", pos=sixteenths).bytes()
    clock = sent(Clock(), tuple(message))
    assert clock.beats == beats
    assert sent(clock, CONTINUE, TICK).beats == beats


def test_ticks_while_it_stands_move_nothing_and_still_have_a_tempo() -> None:
    clock = heard(ticks(120, 4))
    assert clock.beats == 0 and not clock.playing
    assert bpm_of(clock, 2.0) == pytest.approx(120, abs=0.1)


@settings(deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.floats(), st.binary(max_size=4)), max_size=60))
def test_whatever_comes_is_survived(messages: list[tuple[float, bytes]]) -> None:
    clock = Clock()
    for at_s, message in messages:
        clock.push(at_s, message)
    tempo = clock.tempo(1.0)
    assert clock.beats >= 0 and (tempo is None or 20 <= tempo.bpm <= 400)


def test_a_song_position_cut_short_is_passed_over() -> None:
    assert sent(Clock(), (SONG_POSITION, 4)).beats == 0
