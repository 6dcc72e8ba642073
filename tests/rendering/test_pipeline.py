import numpy as np
import pytest

from bridge.audio import Audio
from bridge.effects.hosted_plugin import HostedPlugin
from bridge.errors import BadInput, BadPlan, Cancelled, OutputFailed, RenderFailed, Unavailable
from bridge.planning.plan import Plan, Region, Step
from bridge.rendering.render import render, render_stream
from tests import signals
from tests.effects.judges import lufs, true_peak_dbtp
from tests.effects.streams import level_db

RATE = 48000


def plan(*steps: Step) -> Plan:
    return Plan(steps=steps).with_id()


def step(effect: str, id: str = "s1", **rest) -> Step:
    fields = {key: rest.pop(key) for key in ("where", "region", "enabled", "wet") if key in rest}
    return Step(id=id, effect=effect, parameters=rest, **fields)


CHAIN = plan(
    step(
        "equalizer",
        "s1",
        bands=[{"kind": "high_pass", "frequency_hz": 60}, {"frequency_hz": 3000, "gain_db": 3}],
    ),
    step("compressor", "s2", ratio=3, wet=0.6),
    step("reverb", "s3", decay_s=0.8, pre_delay_ms=5),
    step("saturation", "s4", drive_db=6, region=Region(start_s=0.5, end_s=1.5)),
    step("loudness", "s5", target_lufs=-12),
    step("stereo_width", "s6", width=0.8),
)


class Cut:
    """A sound that gives its blocks in sizes of its own choice."""

    def __init__(self, audio: Audio, *sizes: int) -> None:
        self.audio, self.sizes = audio, sizes
        self.rate, self.channels, self.frames = audio.rate, audio.channels, audio.frames

    def blocks(self, frames: int = 65536):
        start, turn = 0, 0
        while start < self.frames:
            size = self.sizes[turn % len(self.sizes)]
            yield self.audio.samples[:, start : start + size]
            start, turn = start + size, turn + 1


def streamed(audio, what, **given):
    blocks = [np.zeros((audio.channels, 0), np.float32)]
    result = render_stream(audio, what, blocks.append, **given)
    return np.concatenate(blocks, axis=1), result


@pytest.mark.parametrize("sizes", [(1000,), (65536,), (1, 70000, 333)])
def test_a_stream_gives_the_same_bits_as_the_whole_in_memory(tmp_path, sizes):
    music = signals.music_like(3.0)
    out, result = streamed(Cut(music, *sizes), CHAIN, spool_dir=tmp_path)
    assert np.array_equal(out, render(music, CHAIN).audio.samples)
    assert result.frames == result.promised == out.shape[1]
    assert not list(tmp_path.iterdir())


def test_a_plan_rendered_twice_is_the_same_sound():
    music = signals.music_like(2.0)
    assert np.array_equal(render(music, CHAIN).audio.samples, render(music, CHAIN).audio.samples)


def test_the_original_is_not_touched():
    music = signals.music_like(1.0)
    copy = music.samples.copy()
    render(music, CHAIN)
    assert np.array_equal(music.samples, copy)


def test_an_empty_plan_and_switched_off_steps_change_no_bit():
    music = signals.music_like(1.0)
    off = plan(step("gain", "s1", gain_db=6, enabled=False), step("gain", "s2", gain_db=6, wet=0.0))
    for what in (plan(), off):
        assert np.array_equal(render(music, what).audio.samples, music.samples)


def test_steps_sound_in_their_order():
    tone = signals.sine(1000, -6, 1.0)
    first = render(
        tone, plan(step("gain", "a", gain_db=-12), step("compressor", "b", threshold_db=-12, knee_db=0))
    )
    then = render(
        tone, plan(step("compressor", "b", threshold_db=-12, knee_db=0), step("gain", "a", gain_db=-12))
    )
    assert level_db(first.audio.samples) - level_db(tone.samples) == pytest.approx(-12, abs=0.01)
    assert level_db(then.audio.samples) < level_db(first.audio.samples) - 2


@pytest.mark.parametrize("fade_ms", [0.0, 20.0, 5000.0])
def test_outside_its_region_a_step_changes_no_bit(fade_ms):
    music = signals.music_like(3.0)
    region = Region(start_s=1.0, end_s=2.0, fade_ms=fade_ms)
    out = render(music, plan(step("saturation", drive_db=18, region=region))).audio.samples
    assert np.array_equal(out[:, :RATE], music.samples[:, :RATE])
    assert np.array_equal(out[:, 2 * RATE :], music.samples[:, 2 * RATE :])
    whole = render(music, plan(step("saturation", drive_db=18))).audio.samples
    fade = min(round(fade_ms * 48), RATE // 2)
    inside = slice(RATE + fade + 1, 2 * RATE - fade - 1)
    assert np.array_equal(out[:, inside], whole[:, inside])


@pytest.mark.parametrize("end_s", [1e12, 1e300])
def test_a_region_may_end_however_far_behind_the_sound(end_s):
    dc = Audio(np.full((1, 48000), 0.5, np.float32), 48000)
    region = Region(start_s=0.5, end_s=end_s, fade_ms=0)
    out = render(dc, plan(step("gain", gain_db=-6, region=region))).audio.samples[0]
    assert (out[:24000] == 0.5).all() and out[24000:] == pytest.approx(0.5 * 10 ** (-6 / 20))


def test_a_step_whose_time_begins_behind_the_sound_changes_nothing_and_is_told():
    dc = Audio(np.full((1, 48000), 0.5, np.float32), 48000)
    done = render(dc, plan(step("gain", gain_db=-6, region=Region(start_s=1.0, end_s=2.0))))
    assert (done.audio.samples == 0.5).all()
    assert any("ends at 1.00 s" in warning for warning in done.warnings)


def test_a_region_fades_without_a_click():
    dc = Audio(np.full((1, RATE * 3), 0.5, np.float32), RATE)
    out = render(
        dc, plan(step("gain", gain_db=-20, region=Region(start_s=1, end_s=2, fade_ms=10)))
    ).audio.samples
    assert np.abs(np.diff(out[0])).max() < 0.45 * np.pi / 2 / 480 * 1.01


def test_dry_and_wet_are_in_time_with_each_other():
    """Mixed halves of the same click are one click: nothing combs."""
    click = Audio(np.eye(1, RATE, 5000, dtype=np.float32), RATE)
    for effect in ("limiter", "saturation", "compressor"):
        out = render(click, plan(step(effect, wet=0.5))).audio.samples[0]
        assert np.abs(out).argmax() == 5000


def test_half_wet_is_half_of_each():
    music = signals.music_like(0.5)
    out = render(music, plan(step("gain", gain_db=-20, wet=0.5))).audio.samples
    np.testing.assert_allclose(out, 0.55 * music.samples, rtol=1e-5, atol=1e-7)


def test_a_tail_in_a_region_ends_with_it():
    music = signals.music_like(2.0)
    what = plan(step("reverb", decay_s=2.0, region=Region(start_s=0.2, end_s=1.0)))
    out = render(music, what).audio
    assert out.frames == music.frames
    assert np.array_equal(out.samples[:, RATE:], music.samples[:, RATE:])


class Stubborn:
    """A plugin host whose one plugin has a delay and gives its last frames on flush, or not at all."""

    def __init__(self, latency: int, flushes: bool = True, gives: float = 0.5, channels: int | None = None):
        self.latency, self.flushes, self.gives, self.channels = latency, flushes, gives, channels

    def processor(self, effect: HostedPlugin, rate: int, channels: int):
        host, held = self, np.zeros((channels, self.latency), np.float32)

        class Delayed:
            latency_frames = host.latency

            def process(self, block):
                nonlocal held
                joined = np.concatenate([held, host.gives * block], axis=1)
                held = joined[:, block.shape[1] :]
                return joined[: host.channels, : block.shape[1]]

            def flush(self):
                return held if host.flushes else held[:, :0]

        return Delayed()


PLUGIN = step("hosted_plugin", "p1", plugin={"name": "Stubborn"}, parameters={"size": 0.5})


@pytest.mark.parametrize("latency", [0, 1000, 100_000])
@pytest.mark.parametrize("wet", [1.0, 0.5])
def test_the_delay_of_a_hosted_plugin_is_removed(latency, wet):
    music = signals.music_like(3.0)
    what = plan(PLUGIN.model_copy(update={"wet": wet}))
    out = render(music, what, plugins=Stubborn(latency))
    np.testing.assert_allclose(out.audio.samples, (1 - 0.5 * wet) * music.samples, atol=1e-7)
    assert out.ok


@pytest.mark.parametrize("latency", [0, 1000])
def test_a_plugin_whose_loudness_is_kept_comes_out_as_loud_as_it_went_in(latency):
    """Half of the sound, which is 6 dB down, with the gain that gives it back."""
    music = signals.music_like(3.0)
    loud = {**PLUGIN.parameters, "keep_loudness": True}
    out = render(music, plan(PLUGIN.model_copy(update={"parameters": loud})), plugins=Stubborn(latency)).audio
    assert lufs(out) == pytest.approx(lufs(music), abs=0.02)
    np.testing.assert_allclose(out.samples, music.samples, atol=2e-3)


def test_silence_through_a_plugin_whose_loudness_is_kept_stays_silence():
    silent = Audio(np.zeros((2, RATE), np.float32), RATE)
    loud = {**PLUGIN.parameters, "keep_loudness": True}
    out = render(silent, plan(PLUGIN.model_copy(update={"parameters": loud})), plugins=Stubborn(0)).audio
    assert not out.samples.any()


def test_a_plugin_that_keeps_its_last_frames_has_them_pushed_out_by_silence():
    music = signals.music_like(1.0)
    out = render(music, plan(PLUGIN), plugins=Stubborn(24_000, flushes=False)).audio
    np.testing.assert_allclose(out.samples, 0.5 * music.samples)
    region = PLUGIN.model_copy(update={"region": Region(start_s=0, end_s=9, fade_ms=0)})  # knows no tail
    out = render(music, plan(region), plugins=Stubborn(1000, flushes=False)).audio
    assert out.frames == music.frames and not out.samples[:, -1000:].any()


def test_a_step_that_gives_no_numbers_or_other_channels_is_named():
    music = signals.music_like(1.0)
    what = plan(step("gain", "s1"), PLUGIN)
    with pytest.raises(
        RenderFailed, match=r"Step p1 \(hosted_plugin\) gave a sample that is not a number at 0\.0"
    ):
        render(music, what, plugins=Stubborn(0, gives=float("nan")))
    with pytest.raises(RenderFailed, match=r"Step p1 \(hosted_plugin\) gave 1 channels for 2"):
        render(music, what, plugins=Stubborn(0, channels=1))


def test_without_a_host_a_plugin_step_says_so():
    with pytest.raises(Unavailable, match=r"Step p1 .* Stubborn"):
        render(signals.music_like(0.1), plan(PLUGIN))


def test_a_sound_with_nan_is_refused_with_the_place():
    samples = signals.music_like(1.0).samples.copy()
    samples[1, 24000] = np.nan
    with pytest.raises(BadInput, match="not a number"):
        render(Audio(samples, RATE), plan(step("gain")))


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (Step(id="x", effect="vocoder"), "no effect 'vocoder'"),
        (step("gain", gain_db=500), "gain_db"),
        (step("gain", gane_db=1), "gane_db"),
        (step("gain", where="vocals"), "'vocals'"),
        (step("gain", region=Region(start_s=2, end_s=1)), "ends before it starts"),
    ],
)
def test_a_plan_that_cannot_be_rendered_says_why_in_one_line(bad, says):
    with pytest.raises(BadPlan, match=says) as error:
        render(signals.music_like(0.1), plan(bad))
    assert "\n" not in error.value.message


def test_progress_rises_to_the_end_and_may_cancel():
    seen = []
    render(signals.music_like(4.0), CHAIN, progress=lambda fraction, stage: seen.append((fraction, stage)))
    fractions = [fraction for fraction, _ in seen]
    assert fractions == sorted(fractions) and fractions[-1] == 1.0 and fractions[0] < 0.3
    assert any("loudness" in stage for _, stage in seen)

    def cancel(fraction: float, stage: str) -> None:
        raise Cancelled("enough")

    with pytest.raises(Cancelled):
        render(signals.music_like(1.0), CHAIN, progress=cancel)


def test_a_spool_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(OutputFailed, match="gone"):
        streamed(signals.music_like(1.0), CHAIN, spool_dir=tmp_path / "gone")


def test_stems_take_their_own_steps_and_input_means_each():
    stems = {"vocals": signals.sine(440, -12, 1.0), "drums": signals.sine(100, -12, 0.5)}
    out = render(stems, plan(step("gain", "a", gain_db=-6, where="vocals"), step("gain", "b", gain_db=-1)))
    assert level_db(out.audio["vocals"].samples) - level_db(stems["vocals"].samples) == pytest.approx(
        -7, abs=0.01
    )
    assert level_db(out.audio["drums"].samples) - level_db(stems["drums"].samples) == pytest.approx(
        -1, abs=0.01
    )
    assert set(out.audio) == {"vocals", "drums"} and out.ok
    assert {check.name for check in out.checks} >= {"vocals.length", "drums.finite"}


def test_steps_at_the_mix_make_a_mix_of_the_processed_stems():
    stems = {"vocals": signals.music_like(4.0), "bass": signals.sine(60, -12, 3.0, channels=1)}
    what = plan(
        step("gain", "a", gain_db=-6, where="bass"), step("loudness", "b", target_lufs=-10, where="mix")
    )
    out = render(stems, what)
    assert list(out.audio) == ["vocals", "bass", "mix"]
    mix = out.audio["mix"]
    assert mix.frames == stems["vocals"].frames
    assert lufs(mix) == pytest.approx(-10, abs=0.1) and true_peak_dbtp(mix.samples) <= -0.95
    assert np.array_equal(out.audio["vocals"].samples, stems["vocals"].samples)


def test_stems_that_do_not_fit_are_refused():
    with pytest.raises(BadPlan, match="there are bass"):
        render({"bass": signals.sine(60, -12, 0.5)}, plan(step("gain", where="vocals")))
    other_kind = {"a": signals.pink(-12, 0.5, channels=2), "b": signals.pink(-12, 0.5, channels=6)}
    with pytest.raises(BadInput, match=r"no common mix: a 2 channels, b 6 channels"):
        render(other_kind, plan(step("gain", where="mix")))
    with pytest.raises(BadInput, match="no stems"):
        render({}, plan())


@pytest.mark.parametrize("frames", [0, 1, 30])
@pytest.mark.parametrize("channels", [1, 6])
def test_hardly_any_sound_goes_through_the_whole_chain(frames, channels):
    audio = Audio(np.full((channels, frames), 0.25, np.float32), RATE)
    result = render(audio, CHAIN)
    assert {check.name: check.ok for check in result.checks}["length"] and result.audio.frames >= frames
