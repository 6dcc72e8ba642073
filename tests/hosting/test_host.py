"""A hosted plugin's sound: right level, right place, the same however it is cut and wherever it runs."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from bridge.effects.hosted_plugin import HostedPlugin
from bridge.errors import BadPlan, PathRefused, PluginFailed
from bridge.hosting import PluginHost
from tests.hosting.bundles import bundle
from tests.hosting.playing import hosted, play, plugin
from tests.signals import sine, white

pytestmark = pytest.mark.real


@pytest.fixture(params=["auto", "always"])
def either(request, catalogue):
    with PluginHost(catalogue, isolation=request.param) as host:
        yield host


@pytest.mark.parametrize("channels", [1, 2])
def test_minus_6_db_halves_the_level(either, known, channels):
    known("Gain")
    sound = white(-20, 1, channels=channels)
    out = plugin(either, "Gain", sound, gain_db=-6.0206)
    assert out.shape == sound.samples.shape
    np.testing.assert_allclose(out, sound.samples * 0.5, rtol=1e-5)


def test_latency_is_taken_away(either, known):
    known("Late", latency=700)
    sound = white(-20, 1)
    np.testing.assert_array_equal(plugin(either, "Late", sound), sound.samples)


def test_latency_that_a_plugin_hides_is_measured_and_said(either, faulty):
    faulty("Liar", latency=700, report=100)
    sound = white(-20, 1)
    processor = either.processor(hosted("Liar"), 48000, 2)
    np.testing.assert_array_equal(play(processor, sound), sound.samples)
    assert any("reports 100 frames" in line and "has 700" in line for line in processor.warnings)


def test_latency_that_a_plugin_only_claims_is_not_taken_from_the_sound(either, faulty):
    faulty("Boaster", latency=100, report=700)
    sound = white(-20, 1)
    processor = either.processor(hosted("Boaster"), 48000, 2)
    np.testing.assert_array_equal(play(processor, sound), sound.samples)
    assert any("reports 700 frames" in line and "has 100" in line for line in processor.warnings)


@pytest.mark.parametrize("cuts", [1, 17, 512, 48000])
def test_how_the_sound_is_cut_changes_no_bit(either, known, cuts):
    known("Blocky", blockdep=1, latency=33, echo=1000)
    sound = white(-20, 0.05 if cuts == 1 else 0.7)
    whole = plugin(either, "Blocky", sound, cuts=10**9, gain_db=-3.0, tone_hz=2000.0)
    np.testing.assert_array_equal(
        plugin(either, "Blocky", sound, cuts=cuts, gain_db=-3.0, tone_hz=2000.0), whole
    )


def test_its_own_process_changes_no_bit(catalogue, known):
    known("Tone", latency=33)
    sound = white(-20, 1)
    outs = []
    for isolation in ("auto", "always"):
        with PluginHost(catalogue, isolation=isolation) as host:
            outs.append(plugin(host, "Tone", sound, tone_hz=500, gain_db=3))
    np.testing.assert_array_equal(*outs)


def test_a_mono_plugin_treats_both_channels_of_a_stereo_sound(either, known):
    known("Mono", layout="mono", latency=10)
    sound = white(-20, 0.5)
    np.testing.assert_allclose(plugin(either, "Mono", sound, gain_db=-6.0206), sound.samples / 2, rtol=1e-5)


def test_a_stereo_plugin_is_fed_a_mono_sound_on_both_sides(either, known):
    known("Stereo", layout="stereo")
    sound = white(-20, 0.5, channels=1)
    out = plugin(either, "Stereo", sound, mode="Invert")
    np.testing.assert_allclose(out, -sound.samples, atol=1e-7)


def test_six_channels_are_too_many_for_a_stereo_plugin(either, known):
    known("Stereo", layout="stereo")
    with pytest.raises(PluginFailed, match=r"Stereo takes 2 channels; the sound has 6") as failed:
        either.processor(hosted("Stereo"), 48000, 6)
    assert failed.value.fault == "channels"


def test_an_empty_sound_comes_back_empty(either, known):
    known("Late", latency=700)
    assert plugin(either, "Late", sine(440, -6, 0)).shape == (2, 0)


def test_parameters_that_do_not_fit_are_refused_before_any_sound(either, known):
    known("Gain")
    for wrong, sentence in [
        ({"gain": -3, "gian_db": 1}, "no parameter 'gian_db'; nearest: gain_db"),
        ({"gain_db": 99.0}, "out of its range -24 to 24 dB"),
        ({"__class__": 1}, "no parameter"),
        ({"raw_state": "x"}, "no parameter"),
        ({"level_db": -3}, "is an output of the plugin"),
        ({"mode": "Loud"}, "no choice 'Loud'; it has Normal, Invert, Mute"),
        ({"gain_db": "3 Hz"}, "is in dB, not in Hz"),
    ]:
        with pytest.raises(BadPlan, match=sentence):
            either.processor(hosted("Gain", **wrong), 48000, 2)


def test_a_parameter_named_like_a_python_attribute_is_a_parameter(either, known):
    known("Gain")
    sound = white(-20, 0.2)
    out = plugin(either, "Gain", sound, mode="Mute", process="50 %")
    np.testing.assert_allclose(out, sound.samples / 2, atol=1e-6)


def test_a_missing_plugin_is_named_with_what_comes_nearest(host, faulty):
    faulty("OtherComp")
    with pytest.raises(
        PluginFailed, match="FatComp is not on this machine; the built-in effect compressor"
    ) as failed:
        host.processor(hosted("FatComp"), 48000, 2)
    assert failed.value.fault == "missing" and "OtherComp" in failed.value.message


@pytest.mark.parametrize(
    "file", ["/etc/passwd", "relative.vst3", "/tmp/../etc/evil.vst3", "/x\0.vst3", "/usr/lib/x.vst3"]
)
def test_a_file_outside_of_the_plugin_folders_is_never_loaded(host, file):
    with pytest.raises(PathRefused):
        host.processor(HostedPlugin(plugin={"name": "Evil", "file": file}), 48000, 2)


def test_a_folder_that_leads_out_of_the_plugin_folders_is_not_followed(host, library, plugins, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    bundle(library, outside, "Hidden")
    (plugins / "way").symlink_to(outside)
    file = str(plugins / "way" / "Hidden.vst3")
    with pytest.raises(PathRefused):
        host.processor(HostedPlugin(plugin={"name": "Hidden", "file": file}), 48000, 2)


def test_a_bundle_that_the_user_has_linked_there_is_used(host, library, plugins, tmp_path):
    link = plugins / "Linked.vst3"
    link.symlink_to(bundle(library, tmp_path, "Linked"))
    host.processor(HostedPlugin(plugin={"name": "Linked", "file": str(link)}), 48000, 2)


def test_two_instances_that_disturb_each_other_get_a_process_each(host, faulty):
    faulty("Lonely", single=1)
    sound = white(-20, 0.3)
    first, second = (host.processor(hosted("Lonely", gain_db=gain), 48000, 2) for gain in (-6.0, 6.0))
    np.testing.assert_allclose(play(first, sound), sound.samples * 10 ** (-6 / 20), atol=1e-5)
    np.testing.assert_allclose(play(second, sound), sound.samples * 10 ** (6 / 20), atol=1e-4)


def test_away_from_the_main_thread_a_plugin_is_isolated_and_sounds_the_same(catalogue, known):
    known("Gain")
    sound, out = white(-20, 0.3), []

    def work():
        with PluginHost(catalogue) as host:
            out.append(plugin(host, "Gain", sound, gain_db=-6.0))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(60)
    np.testing.assert_allclose(out[0], sound.samples * 10 ** (-6 / 20), atol=1e-5)
