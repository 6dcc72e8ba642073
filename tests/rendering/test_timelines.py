"""Steps that change how long a sound is, and what becomes of time behind them."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.audio import Audio
from bridge.errors import BadPlan
from bridge.planning.plan import Plan, Region, Step
from bridge.rendering.render import render
from tests import signals

RATE = 48000


def plan(*steps: Step) -> Plan:
    return Plan(steps=steps).with_id()


def framed(before_s: float, sound_s: float, after_s: float) -> Audio:
    """A tone between two silences."""
    tone = signals.sine(440, -6, sound_s).samples
    return Audio(np.pad(tone, ((0, 0), (round(before_s * RATE), round(after_s * RATE)))), RATE)


def test_silence_is_trimmed_to_the_padding_and_the_result_says_where_it_starts():
    done = render(framed(2.0, 1.0, 3.0), plan(Step(id="t", effect="trim", parameters={"padding_ms": 100})))
    # The sine starts at 0: its first sample above -60 dB of the peak is the second one.
    assert abs(done.audio.frames - 1.2 * RATE) <= 4
    assert done.offset_s == pytest.approx(1.9, abs=2 / RATE)
    assert done.ok and {check.name for check in done.checks} >= {"length"}


def test_a_region_behind_a_trim_is_said_in_seconds_of_the_source():
    audio = signals.sine(440, -20, 6.0)
    cut = Step(
        id="t", effect="trim", parameters={"start_s": 2, "end_s": 5, "silence": False, "declick_ms": 0}
    )
    up = Step(id="g", effect="gain", parameters={"gain_db": 6}, region=Region(start_s=3, end_s=4, fade_ms=0))
    out = render(audio, plan(cut, up)).audio.samples[0]
    level = [20 * np.log10(np.abs(out[at * RATE : (at + 1) * RATE]).max()) for at in range(3)]
    assert level == pytest.approx([-20, -14, -20], abs=0.05)


def test_a_region_that_was_cut_away_is_told_and_changes_nothing():
    audio = signals.sine(440, -20, 6.0)
    cut = Step(id="t", effect="trim", parameters={"start_s": 2, "silence": False})
    up = Step(id="g", effect="gain", parameters={"gain_db": 6}, region=Region(start_s=0.5, end_s=1.5))
    done = render(audio, plan(cut, up))
    assert np.array_equal(done.audio.samples, render(audio, plan(cut)).audio.samples)
    assert any("step g (gain)" in text and "cut away" in text for text in done.warnings)


def test_a_region_behind_a_time_stretch_moves_with_the_sound():
    audio = signals.sine(440, -20, 4.0)
    slow = Step(id="s", effect="time_stretch", parameters={"speed": 0.5})
    up = Step(id="g", effect="gain", parameters={"gain_db": 12}, region=Region(start_s=1, end_s=2, fade_ms=0))
    out = render(audio, plan(slow, up)).audio.samples[0]
    assert out.size == 8 * RATE
    loud = np.flatnonzero(np.abs(out) > 0.15) / RATE
    assert loud[0] == pytest.approx(2.0, abs=0.01) and loud[-1] == pytest.approx(4.0, abs=0.01)


def test_two_steps_that_change_time_add_up_to_the_offset_in_the_source():
    audio = signals.sine(440, -20, 4.0)
    fast = Step(id="s", effect="time_stretch", parameters={"speed": 2.0})
    cut = Step(id="t", effect="trim", parameters={"start_s": 0.5, "silence": False})
    done = render(audio, plan(fast, cut))
    assert done.audio.frames == 1.5 * RATE and done.offset_s == pytest.approx(1.0)


@pytest.mark.parametrize("how", [{"wet": 0.5}, {"region": Region(start_s=0, end_s=1)}, {"part": "mid"}])
@pytest.mark.parametrize("effect", ["trim", "time_stretch"])
def test_a_step_that_changes_time_in_a_part_of_the_sound_is_refused_by_name(effect, how):
    with pytest.raises(BadPlan, match=rf"Step x \({effect}\)"):
        render(signals.sine(440, -20, 1.0), plan(Step(id="x", effect=effect, **how)))


def test_a_trimmed_stem_goes_back_to_its_place_in_the_mix():
    stems = {"a": framed(1.0, 1.0, 0.0), "b": signals.silence(2.0)}
    cut = Step(id="t", effect="trim", where="a", parameters={"padding_ms": 10})
    mixed = Step(id="g", effect="gain", where="mix", parameters={"gain_db": 0.0})
    done = render(stems, plan(cut, mixed))
    assert done.stems["a"].audio.frames < 1.1 * RATE
    assert np.abs(done.audio["mix"].samples - stems["a"].samples).max() < 1e-6


def test_a_fade_out_holds_the_loudness_that_was_asked_for():
    fade = Step(id="f", effect="fade", parameters={"in_s": 2.0, "out_s": 5.0})
    loud = Step(id="l", effect="loudness", parameters={"target_lufs": -16, "ceiling_dbtp": -1})
    done = render(signals.music_like(12.0), plan(fade, loud))
    assert done.ok and done.after.number("integrated_loudness") == pytest.approx(-16, abs=0.1)
    assert not done.audio.samples[:, 0].any() and not done.audio.samples[:, -1].any()


def test_a_tail_that_was_kept_is_faded_with_the_rest():
    audio = signals.music_like(3.0)
    room = Step(id="r", effect="reverb", parameters={"mix": 0.4, "decay_s": 2.0})
    fade = Step(id="f", effect="fade", parameters={"out_s": 1.0})
    done = render(audio, plan(room, fade))
    assert done.audio.frames == render(audio, plan(room)).audio.frames > audio.frames
    assert not done.audio.samples[:, -1].any()
