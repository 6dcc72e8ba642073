"""Dry and wet of a hosted plugin in time with each other, and the same sound however it is cut and wherever it runs."""

from dataclasses import replace

import numpy as np
import pytest
from pedalboard import load_plugin

from bridge.audio import Audio
from bridge.effects.hosted_plugin import HostedPlugin
from bridge.hosting import PluginHost, floating
from bridge.hosting.scan import scan
from bridge.planning.plan import Plan, Region, Step, Tail
from bridge.rendering.render import render, render_stream
from tests.hosting.bundles import zam
from tests.hosting.known import HEALTHY
from tests.hosting.playing import hosted
from tests.rendering.test_pipeline import Cut
from tests.signals import music_like, white

pytestmark = pytest.mark.real

NULL = 10 ** (-100 / 20)
LATE = [
    pytest.param({"latency": 1000}, id="honest"),
    pytest.param({"latency": 1000, "report": 200}, id="hides 800"),
    pytest.param({"latency": 200, "report": 1000}, id="boasts 800"),
]
ZAM = ("ZamCompX2", "ZaMultiCompX2", "ZaMaximX2", "ZamEQ2")


def step(effect: HostedPlugin, id: str = "p1", **rest) -> Step:
    return Step(id=id, effect="hosted_plugin", parameters=effect.parameters(), **rest)


def rendered(host, sound: Audio, *steps: Step) -> np.ndarray:
    return render(sound, Plan(steps=steps), plugins=host).audio.samples


@pytest.fixture(params=["auto", "always"])
def either(request, catalogue):
    with PluginHost(catalogue, isolation=request.param) as host:
        yield host


@pytest.mark.parametrize("late", LATE)
def test_dry_and_wet_of_a_late_plugin_null_against_the_closed_form(either, known, late):
    """0.7 of the sound, and 0.3 of it turned over and halved, is 0.55 of it; one frame off would comb at -20 dB."""
    known("Late", **late)
    sound = white(-6, 1.3)
    out = rendered(either, sound, step(hosted("Late", gain_db=-6.0206, mode="Invert"), wet=0.3))
    assert np.abs(out - 0.55 * sound.samples).max() < NULL


@pytest.mark.parametrize("late", LATE)
def test_a_late_plugin_in_a_region_is_in_time_inside_and_changes_no_bit_outside(host, known, late):
    known("Late", **late)
    sound = white(-6, 1.3)
    region = Region(start_s=0.4, end_s=0.9, fade_ms=0)
    out = rendered(host, sound, step(hosted("Late", gain_db=-6.0206), region=region))
    inside = slice(round(0.4 * 48000) + 1, round(0.9 * 48000) - 1)
    assert np.abs(out[:, inside] - 0.5 * sound.samples[:, inside]).max() < NULL
    assert np.array_equal(out[:, : inside.start - 1], sound.samples[:, : inside.start - 1])
    assert np.array_equal(out[:, inside.stop + 1 :], sound.samples[:, inside.stop + 1 :])


def test_a_chain_of_late_plugins_is_in_time_as_a_whole(host, known):
    known("One", latency=1000)
    known("Two", latency=333, report=0)
    known("Three", latency=7, report=500, layout="mono")
    sound = white(-6, 1.3)
    chain = [step(hosted(name, gain_db=-6.0206), id=name, wet=0.5) for name in ("One", "Two", "Three")]
    out = rendered(host, sound, *chain)
    assert out.shape == sound.samples.shape
    assert np.abs(out - 0.75**3 * sound.samples).max() < NULL


@pytest.fixture
def zam_host(plugins, catalogue):
    for name in ZAM:
        (plugins / f"{name}.vst3").symlink_to(zam(name))
    records = list(scan(catalogue))
    assert [record.status for record in records] == ["ok"] * len(ZAM)
    catalogue.keep([replace(record, deep=HEALTHY) for record in records])  # as their deep scans find them
    with PluginHost(catalogue) as host:
        yield host


def test_real_plugins_null_in_parallel_and_sound_the_same_in_any_cut(zam_host, catalogue):
    """The reference for ZaMaximX2, 480 frames late, is pedalboard's own whole-file render, which takes them away."""
    sound = music_like(0.8, level_dbfs_peak=9.0)
    with floating.kept():
        alone = load_plugin(str(zam("ZaMaximX2")))
        alone.process(np.zeros((2, 512), np.float32), 48000, buffer_size=512)
        wet = alone.process(sound.samples, 48000, buffer_size=512, reset=True)
    out = rendered(zam_host, sound, step(hosted("ZaMaximX2"), wet=0.5))
    assert np.abs(wet - sound.samples).max() > 0.01
    assert np.abs(out - 0.5 * (sound.samples + wet)).max() < NULL

    chain = Plan(steps=tuple(step(hosted(name), id=name, wet=0.8) for name in ZAM))
    whole = render(sound, chain, plugins=zam_host).audio.samples
    parts: list[np.ndarray] = []
    render_stream(Cut(sound, 512, 7, 9000), chain, parts.append, plugins=zam_host)
    assert np.array_equal(np.concatenate(parts, axis=1), whole)
    for name in ZAM:
        outs = [played(zam_host.processor(hosted(name), 48000, 2), sound, cut) for cut in (511, 10**9)]
        assert np.array_equal(*outs), name


def played(processor, sound: Audio, cut: int) -> np.ndarray:
    parts = [processor.process(block) for block in sound.blocks(cut)] + [processor.flush()]
    return np.concatenate(parts, axis=1)


def ramp(name: str, *points: tuple[float, float]) -> HostedPlugin:
    return hosted(name).model_copy(update={"automation": {"gain_db": points}})


def test_a_gain_ramp_of_a_decibel_and_a_half_a_second_is_exact_to_a_hundredth(host, known):
    """A block of 512 frames holds the value of its middle: half a block away that is 1.5 * 256 / 48000 = 0.008 dB."""
    known("Ramp", latency=700)
    sound = white(-12, 4.5, channels=1)
    out = rendered(host, sound, step(ramp("Ramp", (0.5, -3.0), (4.5, 3.0))))[0]
    heard = np.abs(sound.samples[0]) > 1e-2
    expected = np.interp(np.arange(out.size) / 48000, [0.5, 4.5], [-3, 3])[heard]
    got = 20 * np.log10(out[heard] / sound.samples[0][heard])
    assert np.abs(got - expected).max() <= 0.01


def test_a_ramp_counts_from_the_start_of_the_source_in_a_region_a_stream_and_a_process_of_its_own(
    catalogue, known
):
    known("Ramp", latency=700, report=100)
    sound = white(-12, 3.0)
    inner = Region(start_s=1.0, end_s=2.0, fade_ms=0)
    plain, region = (
        Plan(steps=(step(ramp("Ramp", (0.5, -12.0), (2.5, 12.0)), **where),))
        for where in ({}, {"region": inner})
    )
    outs = []
    for isolation in ("auto", "always"):
        with PluginHost(catalogue, isolation=isolation) as host:
            whole = render(sound, plain, plugins=host).audio.samples
            inside = render(sound, region, plugins=host).audio.samples
            parts: list[np.ndarray] = []
            render_stream(Cut(sound, 4801), plain, parts.append, plugins=host)
        assert np.array_equal(np.concatenate(parts, axis=1), whole)
        assert np.array_equal(inside[:, 48001:95999], whole[:, 48001:95999])
        assert np.array_equal(inside[:, :48000], sound.samples[:, :48000])
        outs.append(whole)
    assert np.array_equal(*outs)
    assert 20 * np.log10(np.abs(outs[0][0, 72000] / sound.samples[0, 72000])) == pytest.approx(0, abs=0.1)


def test_an_echo_that_a_plugin_declares_nowhere_is_kept_once_the_scan_has_heard_it(either, known):
    """Half a second later at half level: the scan has measured a tail of 0.5 s."""
    known("Echo", echo=24000, deep={"tail_s": 0.5})
    sound = white(-12, 1.0)
    kept = rendered(either, sound, step(hosted("Echo")))
    assert kept.shape[1] == 72000 + 240  # the fade against a click begins where the echo ends
    np.testing.assert_allclose(kept[:, 48000:71000], 0.5 * sound.samples[:, 24000:47000], atol=1e-6)
    for policy in ("trim", "fade"):
        plan = Plan(steps=(step(hosted("Echo")),), tail=Tail(policy=policy))
        assert render(sound, plan, plugins=either).audio.frames == 48000


def test_a_tail_that_nobody_knows_of_is_heard(either, known):
    """Echoes 125 ms later, of which no scan tells: a fifth of a second of silence brings them out."""
    known("Echo", echo=6000)
    out = rendered(either, white(-12, 1.0), step(hosted("Echo")))
    assert out.shape[1] == 48000 + 6000 + 240


def test_a_plugin_may_sound_for_longer_than_its_step_says_and_needs_not_as_long(host, known):
    """A step from a map says how long the plugin was heard as it comes."""
    known("Echo", echo=24000)
    known("Plain")
    sound = white(-12, 1.0)
    for says in (0.2, 2.0):
        effect = hosted("Echo").model_copy(update={"tail_seconds": says})
        assert rendered(host, sound, step(effect)).shape[1] == sound.frames + 24000 + 240
    for says in (0.01, 2.0):
        effect = hosted("Plain").model_copy(update={"tail_seconds": says})
        assert rendered(host, sound, step(effect)).shape == sound.samples.shape


@pytest.mark.parametrize("deep", [{}, {"tail_s": None}])
def test_the_hiss_of_a_plugin_is_no_tail(host, known, deep):
    """Noise of -60 dBFS that never ends, after a sound whose peaks lie near -18 dBFS."""
    known("Hiss", random=1, deep=deep)
    sound = white(-30, 1.0)
    out = render(sound, Plan(steps=(step(hosted("Hiss")),)), plugins=host)
    assert out.audio.frames == sound.frames
    assert out.warnings == ("step p1 (hosted_plugin): it hums or hisses by itself; that is no tail to keep.",)


def test_what_a_filter_rings_is_no_tail(either, known):
    known("Tone")
    sound = white(-12, 1.0)
    assert rendered(either, sound, step(hosted("Tone", tone_hz=100.0))).shape[1] == sound.frames
