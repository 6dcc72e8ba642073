"""Bad sound is never delivered, and a plugin that is louder than anybody asked for is named."""

import numpy as np
import pytest

from bridge.audio import Audio
from bridge.errors import PluginFailed
from bridge.planning.plan import Plan, Step
from bridge.rendering.render import render
from tests.hosting.playing import hosted
from tests.signals import white

pytestmark = pytest.mark.real

BLOCKS = 94
FRAMES = BLOCKS * 512
SOUND = Audio(white(-20, 1.1).samples[:, :FRAMES], 48000)
LAST = f"{FRAMES - 512}"


def rendered(host, name: str, sound: Audio = SOUND, **parameters):
    step = Step(id="p1", effect="hosted_plugin", parameters=hosted(name, **parameters).parameters())
    return render(sound, Plan(steps=(step,)), plugins=host)


def fault_of(host, name: str, sound: Audio = SOUND) -> PluginFailed:
    with pytest.raises(PluginFailed, match=f"Plugin {name} ") as failed:
        rendered(host, name, sound)
    assert failed.value.plugin == name and failed.value.step == "p1"
    return failed.value


def test_a_level_that_explodes_in_the_last_block_alone_is_a_fault_with_its_time(host, known):
    known("Boom", fault="loud", after=FRAMES - 512)
    failed = fault_of(host, "Boom")
    assert failed.fault == "blown_up"
    assert "60 dB over full scale in channel" in failed.message and "at 0.99 s" in failed.message


def test_nan_in_the_last_sample_of_one_channel_is_a_fault_with_channel_and_time(host, known):
    known("Nan", fault="nan", channel=1, after=FRAMES - 512)
    failed = fault_of(host, "Nan")
    assert failed.fault == "not_finite"
    assert "NaN or infinity in channel 2 at 1.00 s" in failed.message


def test_one_silent_side_of_a_sound_that_has_two_is_a_fault(host, known):
    known("Half", fault="mute", channel=1)
    failed = fault_of(host, "Half")
    assert failed.fault == "silent" and "gave nothing in channel 2, which had sound" in failed.message


def test_a_silent_side_is_no_fault_where_the_source_has_none_or_the_step_may_ask_for_it(host, known):
    known("Half", fault="mute", channel=1)
    left = Audio(SOUND.samples * np.array([[1], [0]], np.float32), 48000)
    assert rendered(host, "Half", left).audio.samples[0].any()
    alike = Audio(np.repeat(SOUND.samples[:1], 2, axis=0), 48000)  # middle and side of it: the side is silent
    assert rendered(host, "Half", alike).ok
    assert rendered(host, "Half", mode="Normal").audio.samples[0].any()
    hiss = Audio(SOUND.samples * np.array([[1], [0.03]], np.float32), 48000)  # a gate may close over that
    assert rendered(host, "Half", hiss).ok


def test_silence_out_of_sound_is_a_fault(host, known):
    known("Mute", fault="mute")
    assert fault_of(host, "Mute").fault == "silent"


def test_30_db_more_than_went_in_is_said_where_nobody_asked_for_it(host, known):
    """White noise at -20 dBFS RMS peaks near -8; 40 dB more is +32 dBTP."""
    known("Leap", fault="loud", loud_db=40)
    (warning,) = rendered(host, "Leap").warnings
    assert warning.startswith("step p1 (hosted_plugin): Leap came out with a true peak of +3")
    assert "40 dB over its input" in warning


def test_the_gain_that_a_step_asks_for_is_no_leap(host, known):
    known("Loud", fault="loud", loud_db=10)
    assert (
        rendered(host, "Loud", gain_db=24.0).warnings == ()
    )  # +26 dBTP, 34 dB over the input: 24 of them asked for
    quiet = Audio(SOUND.samples * np.float32(0.03), 48000)
    assert rendered(host, "Loud", quiet).warnings == ()


def test_a_sound_that_was_too_hot_already_is_not_the_plugin_s_doing(host, known):
    known("Plain")
    hot = Audio(SOUND.samples * np.float32(20), 48000)
    assert rendered(host, "Plain", hot).warnings == ()


def test_a_crash_in_a_process_of_its_own_names_the_step(catalogue, known):
    from bridge.hosting import PluginHost

    known("Crash", fault="crash", after=24000)
    with PluginHost(catalogue, isolation="always") as host:
        assert fault_of(host, "Crash").fault == "crashed"
