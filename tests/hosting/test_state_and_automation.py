"""What a plugin remembers, and parameters that move."""

from __future__ import annotations

import base64
import json
import sys

import numpy as np
import pytest
from pydantic import ValidationError

from bridge.effects.hosted_plugin import HostedPlugin
from bridge.errors import BadInput, BadPlan, PluginFailed
from bridge.hosting import presets, state
from bridge.hosting.loading import load
from bridge.hosting.opening import prime
from tests.hosting import bundles
from tests.hosting.playing import hosted, play
from tests.signals import white

pytestmark = pytest.mark.real


def stored(bundle, **raws) -> tuple[bytes, bytes]:
    """The raw state and the .vstpreset of a plugin that was set and has processed a block."""
    plugin = load(bundle)
    for key, raw in raws.items():
        plugin.parameters[key].raw_value = raw
    prime(plugin, 48000, 2)
    return state.take(plugin), bytes(plugin.preset_data)


def test_a_stored_state_brings_the_sound_back_and_settings_come_after_it(host, faulty):
    blob, preset = stored(faulty("Own"), gain_db=(24 - 6) / 48, mode=0.5)
    sound = white(-20, 0.3)
    for data in (blob, preset):
        effect = presets.with_state(hosted("Own"), data)
        out = play(host.processor(effect, 48000, 2), sound)
        np.testing.assert_allclose(out, -sound.samples * 10 ** (-6 / 20), rtol=1e-5)
    louder = presets.with_state(hosted("Own", gain_db=6), blob)
    out = play(host.processor(louder, 48000, 2), sound)
    np.testing.assert_allclose(out, -sound.samples * 10 ** (6 / 20), rtol=1e-5)


def test_a_real_plugin_s_state_brings_its_sound_back(host, plugins):
    (plugins / "ZamCompX2.vst3").symlink_to(bundles.zam("ZamCompX2"))
    sound = white(-12, 1)
    set_by_hand = hosted("ZamCompX2", threshold_db=-30.0, ratio=8.0)
    wanted = play(host.processor(set_by_hand, 48000, 2), sound)
    blob, _ = stored(bundles.zam("ZamCompX2"), threshold_db=5 / 8, ratio=7 / 19)
    again = play(host.processor(presets.with_state(hosted("ZamCompX2"), blob), 48000, 2), sound)
    assert np.abs(wanted - sound.samples).max() > 0.1
    np.testing.assert_allclose(again, wanted, atol=1e-4)


def test_a_plugin_does_not_change_how_this_process_calculates(host, plugins):
    """Loading what was built with -ffast-math would turn denormal numbers into 0 from then on."""
    for name in ("ZamEQ2", "ZamCompX2"):
        (plugins / f"{name}.vst3").symlink_to(bundles.zam(name))
        play(host.processor(hosted(name), 48000, 2), white(-20, 0.2))
        assert sys.float_info.min / 2 > 0
        assert np.float32(1e-38) / np.float32(2) > 0


@pytest.mark.parametrize(
    ("blob", "sentence"),
    [(b"garbage", "damaged"), (b"VC2!\0\0\0\0<half", "damaged"), (b"", "damaged")],
)
def test_a_state_that_is_none_is_refused_instead_of_ignored(host, faulty, blob, sentence):
    faulty("Own")
    effect = hosted("Own").model_copy(update={"state_base64": base64.b64encode(blob).decode() or "=="})
    with pytest.raises(BadPlan, match="Own: its stored state is"):
        host.processor(effect, 48000, 2)


def test_a_state_that_was_changed_since_the_plan_is_refused(host, faulty):
    blob, _ = stored(faulty("Own"))
    effect = presets.with_state(hosted("Own"), blob).model_copy(update={"state_sha256": "0" * 64})
    with pytest.raises(BadPlan, match="its hash differs"):
        host.processor(effect, 48000, 2)


def test_a_plugin_that_denies_its_state_says_so_when_asked(faulty):
    with pytest.raises(PluginFailed, match="Denying does not give its state away"):
        stored(faulty("Denying", deny_state=1))


def test_a_preset_file_of_ours_is_read_back_as_it_was(faulty, tmp_path):
    blob, preset = stored(faulty("Own"), gain_db=0.25)
    effect = presets.with_state(hosted("Own", gain_db=-3.0), blob)
    ours, theirs = tmp_path / "own.json", tmp_path / "own.vstpreset"
    ours.write_text(json.dumps(presets.of_effect(effect)))
    theirs.write_bytes(preset)
    assert presets.read(ours, "") == effect
    assert presets.read(theirs, "Own").state_sha256 == state.digest(preset)


@pytest.mark.parametrize("content", [b"", b"hello", b"[]", b'{"schema": 9}', b'{"schema": 1, "plugin": {}}'])
def test_a_file_that_is_no_preset_is_refused(tmp_path, content):
    (tmp_path / "x.json").write_bytes(content)
    with pytest.raises(BadInput, match=r"x\.json is"):
        presets.read(tmp_path / "x.json", "Own")


def test_a_gain_ramp_is_followed_within_a_hundredth_of_a_db(host, faulty):
    """2 dB/s at blocks of 512 frames: half a block's step is 0.011 dB."""
    faulty("Own")
    effect = hosted("Own").model_copy(update={"automation": {"gain_db": ((1.0, -2.0), (3.0, 2.0))}})
    sound = white(-20, 4)
    out = play(host.processor(effect, 48000, 2), sound)
    t = np.arange(4 * 48000) / 48000
    expected = np.interp(t, [1, 3], [-2, 2])
    heard = np.abs(sound.samples[0]) > 1e-3
    got = 20 * np.log10(np.abs(out[0][heard] / sound.samples[0][heard]))
    np.testing.assert_allclose(got, expected[heard], atol=0.0115)


def test_automation_sounds_the_same_however_it_is_cut(host, faulty):
    faulty("Own", latency=100, report=30)
    effect = hosted("Own").model_copy(update={"automation": {"gain_db": ((0.0, -20.0), (1.0, 20.0))}})
    sound = white(-40, 1)
    whole, cut = (play(host.processor(effect, 48000, 2), sound, cuts) for cuts in (10**9, 777))
    np.testing.assert_array_equal(whole, cut)


@pytest.mark.parametrize("points", [[], [[1, 0], [1, 1]], [[-1, 0]], [[0, float("nan")]], [[2, 0], [1, 0]]])
def test_points_that_make_no_curve_are_refused(points):
    with pytest.raises(ValidationError):
        HostedPlugin(plugin={"name": "Own"}, automation={"gain_db": points})


def test_automation_of_what_is_not_there_or_out_of_range_is_refused(host, faulty):
    faulty("Own")
    for automation in ({"gian_db": ((0.0, 0.0),)}, {"gain_db": ((0.0, 0.0), (1.0, 99.0))}):
        with pytest.raises(BadPlan):
            host.processor(hosted("Own").model_copy(update={"automation": automation}), 48000, 2)
