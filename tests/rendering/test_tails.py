"""Keep, trim, fade: what becomes of the sound after the end of the source, the same for every effect."""

import numpy as np
import pytest

from bridge.audio import Audio
from bridge.planning.plan import Plan, Region, Step, Tail
from bridge.rendering.render import render, render_stream
from bridge.rendering.tails import Ending
from tests import signals

RATE = 48000
ECHO = Step(
    id="s1", effect="delay", parameters={"time_ms": 250, "feedback": 0.5, "mix": 0.5}, reason="echoes"
)
ROOM = Step(id="s1", effect="reverb", parameters={"decay_s": 1.0, "pre_delay_ms": 0, "mix": 0.5})
GAIN = Step(id="s2", effect="gain", parameters={"gain_db": -3})
CLICK = Audio(np.eye(1, RATE // 2, RATE // 2 - 100, dtype=np.float32), RATE)


def rendered(audio: Audio, tail: Tail | None, *steps: Step):
    result = render(audio, Plan(steps=steps, tail=tail).with_id())
    assert result.ok, [check for check in result.checks if not check.ok]
    return result.audio.samples


def test_keeping_is_what_happens_where_nothing_is_said():
    assert np.array_equal(rendered(CLICK, None, ECHO), rendered(CLICK, Tail(), ECHO))


def test_a_kept_tail_ends_60_db_below_the_loudest_sample():
    """Half of the click is dry, its n-th echo is 0.5 ** n: the tenth is 54 dB below the dry one, the next 60.2."""
    out = rendered(CLICK, Tail(policy="keep"), ECHO)
    tenth = CLICK.frames - 100 + 10 * RATE // 4
    assert out[0, tenth] == pytest.approx(0.5**10, rel=1e-4)
    assert out.shape[1] == tenth + 1 + round(0.005 * RATE)


def test_a_reverb_of_a_second_is_kept_for_about_a_second_and_no_minute_of_silence():
    music = signals.music_like(2.0)
    out = rendered(music, Tail(), ROOM)
    assert 0.3 * RATE < out.shape[1] - music.frames <= RATE
    assert np.array_equal(out[:, : music.frames - 240], rendered(music, Tail(policy="trim"), ROOM)[:, :-240])


def test_a_tail_of_silence_adds_nothing():
    assert rendered(Audio(np.zeros((2, RATE), np.float32), RATE), Tail(), ROOM, ECHO).shape == (2, RATE)
    faded = signals.music_like(4.0).samples.copy()
    faded[:, RATE:] = 0  # three seconds in which the room has died away
    assert rendered(Audio(faded, RATE), Tail(), ROOM).shape == (2, 4 * RATE)


def test_trimmed_to_the_source_the_last_sample_is_silent_and_only_5_ms_are_faded():
    music = signals.music_like(1.0)
    kept, out = rendered(music, Tail(), ROOM), rendered(music, Tail(policy="trim"), ROOM)
    assert out.shape == music.samples.shape
    assert np.array_equal(out[:, :-240], kept[:, : RATE - 240])
    assert not out[:, -1].any() and np.abs(out[:, -240:]).max() > 0
    np.testing.assert_allclose(out[:, -120], 0.5 * kept[:, RATE - 120], rtol=0.03)


def test_faded_over_the_last_200_ms_it_is_as_long_as_the_source_and_half_as_loud_in_the_middle_of_them():
    music = signals.music_like(1.0)
    kept = rendered(music, Tail(), ROOM)
    out = rendered(music, Tail(policy="fade", fade_ms=200), ROOM)
    assert out.shape == music.samples.shape and not out[:, -1].any()
    assert np.array_equal(out[:, :-9600], kept[:, : RATE - 9600])
    middle = RATE - 4800
    np.testing.assert_allclose(out[:, middle], 0.5 * kept[:, middle], rtol=1e-3)


@pytest.mark.parametrize("policy", ["keep", "trim", "fade"])
def test_where_nothing_rings_no_policy_changes_a_bit(policy):
    music = signals.music_like(1.0)
    assert np.array_equal(rendered(music, Tail(policy=policy), GAIN), rendered(music, None, GAIN))
    region = ROOM.model_copy(update={"region": Region(start_s=0.2, end_s=0.6)})
    assert rendered(music, Tail(policy=policy), region).shape == music.samples.shape


@pytest.mark.parametrize("policy", ["keep", "trim", "fade"])
def test_a_loudness_target_is_met_whatever_becomes_of_the_tail(policy):
    target = Step(id="s3", effect="loudness", parameters={"target_lufs": -16})
    music = signals.music_like(3.0)
    out = rendered(music, Tail(policy=policy), ROOM, target)  # its checks hold: loudness, ceiling, length
    assert (out.shape[1] == music.frames) == (policy != "keep")


@pytest.mark.parametrize("policy", ["keep", "trim", "fade"])
@pytest.mark.parametrize("frames", [0, 1, 100])
def test_a_sound_shorter_than_its_fade_keeps_its_policy(policy, frames):
    short = Audio(np.full((2, frames), 0.25, np.float32), RATE)
    out = rendered(short, Tail(policy=policy), ROOM)
    assert out.shape[1] == frames or (policy == "keep" and out.shape[1] > frames)


@pytest.mark.parametrize("policy", ["keep", "trim", "fade"])
def test_an_ending_is_the_same_however_its_stream_is_cut(policy):
    noise = signals.white(-20, 3.0).samples * np.exp(-np.arange(3 * RATE) / 12000).astype(np.float32)
    outs = []
    for cut in (1000, 4801, 200_000):
        parts: list[np.ndarray] = []
        ending = Ending(Tail(policy=policy), RATE, 2, parts.append, declared=True)
        for part, span in ((noise[:, :RATE], RATE), (noise[:, RATE:], 2 * RATE)):
            for start in range(0, span, cut):
                ending.write(part[:, start : start + cut])
            if span == RATE:
                ending.source_ended(RATE)
        ending.close()
        outs.append(np.concatenate(parts, axis=1))
        assert outs[-1].shape[1] == ending.frames
    assert all(np.array_equal(out, outs[0]) for out in outs)


def test_a_plan_with_a_policy_is_another_plan_and_old_plans_keep_their_ids():
    plain = Plan(steps=(GAIN,))
    assert plain.with_id().id != plain.model_copy(update={"tail": Tail(policy="trim")}).with_id().id
    assert Plan.model_validate({"steps": [], "tail": "trim"}).tail == Tail(policy="trim")


def test_a_stream_promises_as_many_frames_as_it_writes():
    music, written = signals.music_like(1.0), []
    plan = Plan(steps=(ROOM, ECHO.model_copy(update={"id": "s2"}))).with_id()
    streamed = render_stream(music, plan, written.append)
    assert streamed.promised == streamed.frames == sum(block.shape[1] for block in written) > music.frames
