"""Every rate and every number of channels: what a plugin does with them, and what is said about it."""

import numpy as np
import pytest

from bridge.audio import Audio
from bridge.errors import PluginFailed
from bridge.hosting.scan import scan
from bridge.planning.plan import Plan, Step
from bridge.rendering.render import render
from tests.hosting.bundles import zam
from tests.hosting.playing import hosted
from tests.signals import white

pytestmark = pytest.mark.real


def rendered(host, name: str, sound: Audio, wet: float = 1.0, **parameters):
    step = Step(id="p1", effect="hosted_plugin", parameters=hosted(name, **parameters).parameters(), wet=wet)
    return render(sound, Plan(steps=(step,)), plugins=host)


@pytest.mark.parametrize("rate", [8000, 11025, 44100, 48000, 96000, 192000])
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_a_late_mono_plugin_is_in_time_at_every_rate_in_every_channel(host, known, rate, channels):
    """Its delay is counted in frames, and measured anew where it lies about it at another rate than the scan's."""
    known("Late", latency=300, report=40, layout="mono")
    noise = np.random.default_rng(440).uniform(-0.5, 0.5, (channels, rate // 4)).astype(np.float32)
    out = rendered(host, "Late", Audio(noise, rate), wet=0.5, gain_db=-6.0206).audio.samples
    assert np.abs(out - 0.75 * noise).max() < 1e-5


def test_what_becomes_of_other_numbers_of_channels_is_said(host, known):
    known("Mono", layout="mono")
    known("Stereo", layout="stereo")
    one, six = white(-20, 0.2, channels=1), white(-20, 0.2, channels=6)
    assert any("each of the 6 channels" in text for text in rendered(host, "Mono", six).warnings)
    assert any(
        "gets the one channel on both sides" in text for text in rendered(host, "Stereo", one).warnings
    )
    assert rendered(host, "Stereo", white(-20, 0.2)).warnings == ()


def test_a_stereo_plugin_does_not_guess_which_of_six_channels_are_pairs(host, known):
    known("Stereo", layout="stereo")
    with pytest.raises(
        PluginFailed, match=r"takes 2 channels; the sound has 6.*split the sound into"
    ) as failed:
        rendered(host, "Stereo", white(-20, 0.2, channels=6))
    assert failed.value.fault == "channels"


def test_a_real_plugin_that_bursts_at_8_khz_is_named_and_plays_at_its_own_rates(host, catalogue, plugins):
    (plugins / "ZamDelay.vst3").symlink_to(zam("ZamDelay"))
    list(scan(catalogue))
    with pytest.raises(PluginFailed, match="Plugin ZamDelay gave") as failed:
        rendered(host, "ZamDelay", white(-20, 1.0, rate=8000, channels=1))
    assert failed.value.fault in ("not_finite", "blown_up")
    assert rendered(host, "ZamDelay", white(-20, 0.5, rate=44100, channels=1)).ok
