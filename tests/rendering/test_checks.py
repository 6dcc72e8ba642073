import numpy as np
import pytest

from bridge.analysis.reading import Analysis
from bridge.audio import Audio
from bridge.planning.plan import Plan, Region
from bridge.rendering.checks import check
from bridge.rendering.render import render
from tests import signals
from tests.effects.nasty import NASTY
from tests.rendering.test_pipeline import plan, step


def analysis(**values) -> Analysis:
    return Analysis.from_readings({"sample_peak": -1.5, **values}, rate=48000, channels=2, frames=1000)


def checks(what: Plan, after: Analysis, frames: int = 1000, promised: int = 1000, unreached=None):
    found = check(what, analysis(), after, frames, promised, unreached or {})
    return {item.name: item for item in found}


def test_where_nothing_was_promised_nothing_is_checked():
    assert set(checks(plan(step("gain", gain_db=3)), analysis())) == {"length", "finite", "not_silent"}


@pytest.mark.parametrize(
    ("got", "ok"), [(-14.0, True), (-14.1, True), (-13.9, True), (-13.89, False), (-14.2, False)]
)
def test_loudness_holds_within_a_tenth(got, ok):
    found = checks(plan(step("loudness", target_lufs=-14)), analysis(integrated_loudness=got, true_peak=-1.0))
    assert found["integrated_loudness"].ok is ok
    assert (found["integrated_loudness"].asked, found["integrated_loudness"].got) == (-14.0, got)
    assert found["integrated_loudness"].unit == "LUFS"
    assert ok or found["integrated_loudness"].reason


@pytest.mark.parametrize(("got", "ok"), [(-9.0, True), (-1.0, True), (-0.95, True), (-0.94, False)])
def test_the_ceiling_may_be_passed_by_a_twentieth_of_a_db(got, ok):
    found = checks(plan(step("limiter", ceiling_dbtp=-1)), analysis(true_peak=got))
    assert found["true_peak"].ok is ok and found["true_peak"].unit == "dBTP"


def test_the_strict_meter_decides_about_the_ceiling():
    found = checks(plan(step("limiter", ceiling_dbtp=-1)), analysis(true_peak=-1.0, true_peak_strict=-0.8))
    assert not found["true_peak"].ok and "0.20 dB over" in found["true_peak"].reason


def test_only_a_ceiling_that_still_holds_at_the_end_is_promised():
    loud = analysis(true_peak=2.0, integrated_loudness=-14.0)
    limiter = step("limiter", "l", ceiling_dbtp=-1)
    assert "true_peak" not in checks(plan(limiter, step("gain", "g", gain_db=3)), loud)
    assert "true_peak" not in checks(plan(step("limiter", wet=0.5)), loud)
    assert "true_peak" not in checks(plan(step("limiter", region=Region(start_s=0, end_s=1))), loud)
    quieter = plan(limiter, step("gain", "g", gain_db=-3))
    assert checks(quieter, loud)["true_peak"].asked == -1.0
    two = plan(step("limiter", "a", ceiling_dbtp=-3), step("loudness", "b", ceiling_dbtp=-1))
    assert checks(two, loud)["true_peak"].asked == -3.0


def test_a_miss_carries_the_reason_of_the_step():
    why = "not reachable: needs 9 dB of limiting, 6 at most; the best is -10.2 LUFS"
    found = checks(
        plan(step("loudness", "s7", target_lufs=-9)),
        analysis(integrated_loudness=-10.2),
        unreached={"s7": why},
    )
    assert found["integrated_loudness"].reason == why


def test_a_wrong_length_says_how_far_off_it_is():
    found = checks(plan(), analysis(), frames=990)["length"]
    assert not found.ok and found.reason == "10 frames too few" and found.asked == 1000


def test_sound_that_became_silent_is_a_miss_and_silence_is_none():
    silent = analysis(sample_peak=None)
    found = {item.name: item for item in check(plan(), analysis(), silent, 1000, 1000)}
    assert not found["not_silent"].ok
    assert "not_silent" not in {item.name for item in check(plan(), silent, silent, 1000, 1000)}


def test_samples_that_are_no_numbers_are_a_miss():
    from bridge.analysis import analyze

    samples = signals.music_like(0.5).samples.copy()
    samples[0, 5] = np.nan
    after = analyze(Audio(samples, 48000), without=("tempo", "key"))
    found = {item.name: item for item in check(plan(), analysis(), after, after.frames, after.frames)}
    assert not found["finite"].ok and "not finite" in found["finite"].reason


def staging(rms: float, peak: float):
    what = plan(step("gain", gain_db=6, rms_target_dbfs=-18, ceiling_dbtp=-6))
    return checks(what, analysis(rms=rms, true_peak=peak))


def test_gain_staging_is_held_to_its_level_and_its_ceiling():
    assert staging(-18.05, -8.0)["rms"].ok and staging(-18.05, -8.0)["true_peak"].ok
    held_back = staging(-25.0, -6.0)
    assert held_back["rms"].ok and "ceiling of -6.0 dBTP" in held_back["rms"].reason
    assert not staging(-25.0, -12.0)["rms"].ok
    assert not staging(-18.0, -5.5)["true_peak"].ok


def test_a_real_render_that_cannot_reach_its_target_is_delivered_and_marked():
    result = render(NASTY["bass 40 Hz"](), plan(step("loudness", target_lufs=-7)))
    found = {item.name: item for item in result.checks}
    assert not result.ok and not found["integrated_loudness"].ok
    assert found["integrated_loudness"].reason.startswith("not reachable: needs")
    assert found["true_peak"].ok and result.audio.frames == NASTY["bass 40 Hz"]().frames
    assert any("not reachable" in text for text in result.warnings)


def test_a_real_render_that_reaches_it_is_ok():
    result = render(signals.music_like(4.0), plan(step("loudness", target_lufs=-11)))
    assert result.ok and len(result.checks) == 6
    assert result.before["integrated_loudness"].value != result.after["integrated_loudness"].value


@pytest.mark.parametrize(("level", "ok"), [(-1.0, True), (-20.0, True), (-45.0, False)])
def test_gain_staging_holds_on_a_real_sound_within_24_db(level, ok):
    from bridge.analysis import analyze
    from bridge.effects import Gain

    music = signals.music_like(3.0, level_dbfs_peak=level)
    gain = Gain.staging(analyze(music, without=("tempo", "key")))
    result = render(music, plan(step("gain", **gain.parameters())))
    assert {"rms", "true_peak"} <= {item.name for item in result.checks}
    assert result.ok is ok
    assert result.after.number("true_peak_strict") <= -6.0


def test_a_target_beyond_the_span_is_asked_as_it_was_said():
    """ "-1 LUFS" is held at -6: reaching -6 is not what was asked."""
    loud = analysis(integrated_loudness=-6.0, true_peak=-1.5)
    held = step("loudness", target_lufs=-6).model_copy(update={"clamped_from": {"target_lufs": -1.0}})
    found = checks(plan(held), loud)["integrated_loudness"]
    assert (found.asked, found.got, found.ok) == (-1.0, -6.0, False)
    assert "-6 LUFS" in found.reason
    changed = step("loudness", target_lufs=-9).model_copy(update={"clamped_from": {"target_lufs": -1.0}})
    assert checks(plan(changed), analysis(integrated_loudness=-9.0, true_peak=-1.5))["integrated_loudness"].ok


@pytest.mark.parametrize(
    ("asked", "got", "missed"), [(40.0, 24.0, True), (-90.0, -24.0, True), (15.0, 12.0, False)]
)
def test_a_gain_that_its_span_cuts_short_is_a_miss(asked, got, missed):
    """15 dB held at 12 is the bridge's own caution about its own number, not a wish that was cut."""
    held = step("gain", gain_db=got).model_copy(update={"clamped_from": {"gain_db": asked}})
    found = checks(plan(held), analysis()).get("gain")
    assert (found is not None) is missed
    assert found is None or (found.asked, found.got, found.ok, found.unit) == (asked, got, False, "dB")
