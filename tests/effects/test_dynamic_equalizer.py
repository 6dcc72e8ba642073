"""Dynamic equalizer: bands that move with the level in them, and are not there while they rest."""

import numpy as np
import pytest

import bridge
from bridge.audio import Audio
from bridge.effects.dynamic_equalizer import DynamicBand, DynamicEqualizer
from bridge.effects.equalizer import Band, Equalizer
from tests import signals
from tests.analysis.corpus import recordings
from tests.effects.streams import apply, level_db
from tests.real import must_have

RATE = 48000


def change_db(effect, tone, rate=RATE):
    out = apply(effect, tone)
    return level_db(out[:, rate:]) - level_db(tone.samples[:, rate:])


def one(**settings):
    return DynamicEqualizer(bands=(DynamicBand(release_ms=1000, **settings),))


@pytest.mark.parametrize(("level", "moved"), [(-40.0, 0.0), (-26.0, -2.0), (-20.0, -5.0), (-6.0, -6.0)])
def test_a_cut_grows_by_its_slope_over_the_threshold_and_ends_at_its_range(level, moved):
    effect = one(frequency_hz=3000, threshold_db=-30, range_db=-6, slope=0.5)
    assert change_db(effect, signals.sine(3000, level, 3.0)) == pytest.approx(moved, abs=0.1)


def test_a_boost_below_the_threshold_lifts_what_is_soft_and_leaves_what_is_loud():
    effect = one(frequency_hz=3000, threshold_db=-30, range_db=6, slope=0.5, moves="below")
    assert change_db(effect, signals.sine(3000, -36, 3.0)) == pytest.approx(3.0, abs=0.1)
    assert change_db(effect, signals.sine(3000, -20, 6.0)) < 0.6


@pytest.mark.parametrize("gain", [-6.0, 6.0])
@pytest.mark.parametrize("hz", [500.0, 2000.0])
def test_at_its_range_a_bell_has_the_cookbooks_gain_at_its_middle_and_none_far_off(hz, gain):
    loud = one(frequency_hz=hz, q=2.0, threshold_db=-80, range_db=gain, slope=4)
    static = Equalizer(bands=(Band(frequency_hz=hz, gain_db=gain, q=2.0),))
    for other, tolerance in ((hz, 0.05), (hz / 10, 0.1), (hz * 8, 0.1)):
        tone = signals.sine(other, -10, 3.0)
        assert change_db(loud, tone) == pytest.approx(change_db(static, tone), abs=tolerance)


@pytest.mark.parametrize(
    ("kind", "far", "near"), [("low_shelf", 40.0, 8000.0), ("high_shelf", 15000.0, 60.0)]
)
def test_a_shelf_turns_its_own_side_and_leaves_the_other(kind, far, near):
    effect = one(kind=kind, frequency_hz=700, threshold_db=-80, range_db=-6, slope=4)
    assert change_db(effect, signals.sine(far, -10, 3.0)) == pytest.approx(-6.0, abs=0.2)
    assert change_db(effect, signals.sine(near, -10, 3.0)) == pytest.approx(0.0, abs=0.3)


def test_while_nothing_passes_a_threshold_the_same_samples_come_out():
    music = signals.music_like(2.0, level_dbfs_peak=-30.0)
    bands = tuple(DynamicBand(frequency_hz=hz, threshold_db=-20.0) for hz in (100, 300, 1000, 3000, 9000))
    assert np.array_equal(apply(DynamicEqualizer(bands=bands), music), music.samples)


def test_what_comes_and_goes_is_cut_while_it_is_there_and_the_rest_stays():
    """A harsh tone at 3.5 kHz sounds in every second second over soft music."""
    bed = signals.pink(-36, 8.0, seed=5).samples
    tone = signals.sine(3500, -14, 8.0).samples * (np.arange(8 * RATE) // RATE % 2)
    out = apply(
        DynamicEqualizer(
            bands=(DynamicBand(frequency_hz=3500, q=2, threshold_db=-26, range_db=-6, slope=2),)
        ),
        Audio((bed + tone).astype(np.float32), RATE),
    )
    seconds = [slice(n * RATE + RATE // 2, (n + 1) * RATE - 100) for n in range(8)]
    quiet = [level_db(out[:, at]) - level_db(bed[:, at]) for at in seconds[2::2]]
    harsh = [level_db(out[:, at]) - level_db((bed + tone)[:, at]) for at in seconds[1::2]]
    assert max(map(abs, quiet)) < 0.1 and max(harsh) < -5.0


def test_its_reduction_is_told_band_by_band():
    effect = DynamicEqualizer(
        bands=(
            DynamicBand(frequency_hz=200, threshold_db=-30),
            DynamicBand(frequency_hz=3000, threshold_db=-30),
        )
    )
    processor = effect.processor(RATE, 2)
    processor.process(signals.sine(3000, -10, 1.0).samples)
    curve = processor.reduction.curve()
    assert curve.bands == ("200 Hz", "3 kHz")
    assert curve.reduction_db[0][-2] < 0.05 and curve.reduction_db[1][-2] == pytest.approx(4.0, abs=0.05)


def test_its_own_judgement_goes_where_the_spectrum_stands_out_and_rests_where_nothing_does():
    from bridge.analysis.reading import Analysis

    calm = Analysis.from_readings({"boom": 0.0, "mud": 1.0, "boxiness": -1.0, "harshness": 0.5})
    assert DynamicEqualizer.auto(calm) is None
    harsh = DynamicEqualizer.auto(Analysis.from_readings({"harshness": 5.0, "mud": 0.0}))
    assert [band.frequency_hz for band in harsh.bands] == [3500.0] and harsh.bands[0].range_db == -5.0


@pytest.mark.real
def test_words_tame_the_loud_moments_of_a_real_loop_and_leave_the_soft_ones():
    must_have("alsa-utils and sonic-pi-samples", recordings.available())
    wave = recordings.at_speed("loop_amen_full", RATE, 1.0)
    audio = Audio((0.5 * wave).astype(np.float32), RATE)
    plan = bridge.plan("dynamic eq", bridge.analyze(audio)).plan
    (step,) = plan.steps
    done = bridge.render(audio, plan)
    curve = done.reductions[step.id]
    assert curve.most_db > 1.0 and curve.mean_db < 0.6 * curve.most_db
    assert any(abs(point) < 0.1 for band in curve.reduction_db for point in band)
