"""Compressor and gate beyond their static curves: look-ahead, parallel mix, make-up, detectors, upward, hysteresis."""

import numpy as np
import pytest

from bridge.audio import Audio
from bridge.effects import Compressor, Gate
from bridge.errors import Failed
from tests import signals
from tests.effects.judges import lufs
from tests.effects.streams import apply, level_db, through
from tests.effects.test_dynamics import RATE, gain_db, steps


@pytest.mark.parametrize("lookahead", [1.0, 5.0, 20.0])
def test_a_look_ahead_delays_the_sound_by_itself_and_the_renderer_takes_that_away(lookahead):
    click = Audio(np.eye(1, 9600, 4800, dtype=np.float32), RATE)
    effect = Compressor(lookahead_ms=lookahead)
    assert effect.processor(RATE, 1).latency_frames == round(lookahead * RATE / 1000)
    assert np.abs(apply(effect, click)[0]).argmax() == 4800


def test_with_a_look_ahead_of_three_attacks_the_first_loud_frame_is_turned_down_by_95_percent_of_it():
    audio = steps(-60, 0)
    plain = apply(Compressor(threshold_db=-20, ratio=2, knee_db=0, attack_ms=5, release_ms=2000), audio)
    ahead = apply(
        Compressor(threshold_db=-20, ratio=2, knee_db=0, attack_ms=5, release_ms=2000, lookahead_ms=15), audio
    )
    assert gain_db(plain, audio)[RATE] > -0.1
    assert gain_db(ahead, audio)[RATE] == pytest.approx(-10 * (1 - np.exp(-3)), abs=0.05)


@pytest.mark.parametrize("mix", [0.0, 0.25, 0.5])
def test_parallel_compression_is_the_sum_of_dry_and_wet_in_their_shares(mix):
    music = signals.music_like(2.0)
    setting = {"threshold_db": -30, "ratio": 8, "makeup_db": 0}
    wet = apply(Compressor(**setting), music)
    both = apply(Compressor(**setting, mix=mix), music)
    assert np.abs(both - ((1 - mix) * music.samples + mix * wet)).max() < 1e-6


@pytest.mark.parametrize("ratio", [2.0, 10.0])
@pytest.mark.parametrize("mix", [0.5, 1.0])
@pytest.mark.parametrize(
    "music",
    [signals.music_like(6.0), signals.pink(-20, 6.0, seed=9), signals.music_like(6.0, 8000, -20.0)],
    ids=["loud", "noise", "soft at 8 kHz"],
)
def test_automatic_make_up_leaves_the_loudness_within_a_fifth_of_a_lu(music, ratio, mix):
    effect = Compressor(threshold_db=-40, ratio=ratio, auto_makeup=True, mix=mix)
    assert effect.hears_first
    out = Audio(apply(effect, music), music.rate)
    assert lufs(out) == pytest.approx(lufs(music), abs=0.2)


def test_automatic_make_up_of_what_has_no_loudness_is_none_and_without_the_sound_it_is_refused():
    short = signals.sine(500, -6, 0.2)
    out = apply(Compressor(threshold_db=-20, auto_makeup=True), short)
    assert np.array_equal(out, apply(Compressor(threshold_db=-20), short))
    with pytest.raises(Failed, match="make-up"):
        Compressor(auto_makeup=True).processor(RATE, 2)


def test_the_rms_detector_reads_a_sine_3_db_under_its_peak():
    tone = signals.sine(1000, -10, 2.0)
    out = apply(Compressor(threshold_db=-30, ratio=2, knee_db=0, detector="rms", release_ms=500), tone)
    reduction = level_db(tone.samples[:, RATE:]) - level_db(out[:, RATE:])
    assert reduction == pytest.approx((30 - 13.01) / 2, abs=0.1)


def test_a_detector_deaf_to_bass_lets_the_kick_pass_and_hears_the_voice():
    setting = {"threshold_db": -30, "ratio": 4, "knee_db": 0, "detector_high_pass_hz": 200}
    kick, voice = signals.sine(40, -6, 1.0), signals.sine(2000, -6, 1.0)
    held = apply(Compressor(**setting), kick)[:, 24000:]
    assert level_db(held) == pytest.approx(level_db(kick.samples[:, 24000:]), abs=0.1)
    deep = level_db(voice.samples[:, 24000:]) - level_db(apply(Compressor(**setting), voice)[:, 24000:])
    assert deep == pytest.approx(24 * 3 / 4, abs=0.2)


@pytest.mark.parametrize(("level", "raised"), [(-30.0, 5.0), (-44.0, 12.0), (-20.0, 0.0)])
def test_upward_compression_raises_what_lies_under_the_threshold_up_to_its_bound(level, raised):
    tone = signals.sine(1000, level, 2.0)
    out = apply(Compressor(threshold_db=-20, ratio=2, knee_db=0, upward_db=12, release_ms=500), tone)
    assert level_db(out[:, RATE:]) - level_db(tone.samples[:, RATE:]) == pytest.approx(raised, abs=0.1)


def test_hysteresis_keeps_the_gate_as_it_was_between_its_two_thresholds():
    between = -33.0
    opened, closed = steps(-10, between), steps(-80, between)
    gate = Gate(threshold_db=-30, hysteresis_db=6, ratio=10, release_ms=20)
    assert gain_db(apply(gate, opened), opened)[-1] == pytest.approx(0.0, abs=0.01)
    assert gain_db(apply(gate, closed), closed)[-1] == pytest.approx(-27.0, abs=0.1)
    without = Gate(threshold_db=-30, ratio=10, release_ms=20)
    assert gain_db(apply(without, opened), opened)[-1] == pytest.approx(-27.0, abs=0.1)


@pytest.mark.parametrize("hold", [25.0, 200.0])
def test_the_gate_stays_open_for_its_hold(hold):
    audio = steps(-10, -80)
    gain = gain_db(apply(Gate(threshold_db=-30, hold_ms=hold, release_ms=10), audio), audio)
    assert np.abs(gain[RATE : RATE + round((hold - 1) * RATE / 1000)]).max() < 0.01
    assert gain[RATE + round((hold + 20) * RATE / 1000)] < -15


def test_a_gate_that_looks_ahead_is_open_when_the_hit_comes():
    audio = steps(-80, -10)
    opened = gain_db(apply(Gate(threshold_db=-30, attack_ms=2, release_ms=50, lookahead_ms=10), audio), audio)
    assert opened[RATE] > -0.1


@pytest.mark.parametrize("floor", [-75.0, -60.0])
def test_the_gate_sets_itself_between_the_noise_and_the_sound(floor):
    from bridge.analysis import analyze

    hits = signals.white(floor, 4.0, seed=3).samples
    for start in range(0, 4 * RATE, RATE):
        hits[:, start : start + 9600] += signals.sine(300, -10, 0.2).samples
    audio = Audio(hits, RATE)
    gate = Gate.auto(analyze(audio, without=("tempo", "key")))
    assert gate is not None
    out = apply(gate, audio)
    assert level_db(out[:, 30000:46000]) < floor - 25
    assert level_db(out[:, 1000:9000]) == pytest.approx(level_db(hits[:, 1000:9000]), abs=0.05)


def test_the_gate_leaves_clean_pauses_and_music_without_pauses_alone():
    from bridge.analysis.reading import Analysis

    assert Gate.auto(Analysis.from_readings({"rms": -20.0, "noise_floor": -95.0})) is None
    assert Gate.auto(Analysis.from_readings({"rms": -20.0, "noise_floor": -30.0})) is None


def reduced(effect, audio, cuts=None):
    processor = effect.processor(audio.rate, audio.channels)
    through(processor, audio.samples, cuts)
    return processor.reduction.curve()


def test_the_reduction_over_time_is_what_the_curve_of_the_compressor_says():
    audio = steps(-40, 0, -40)
    curve = reduced(Compressor(threshold_db=-20, ratio=2, knee_db=0, attack_ms=1, release_ms=5), audio)
    assert curve.step_s == 0.01 and curve.bands == ("all",)
    (line,) = curve.reduction_db
    assert len(line) == 300 and max(line[:99]) == 0.0
    assert line[150] == pytest.approx(10.0, abs=0.01) and line[290] == 0.0
    assert curve.most_db == pytest.approx(10.0, abs=0.01) and curve.mean_db == pytest.approx(10 / 3, abs=0.05)
    assert curve.sentence.startswith("gain reduction: 10.0 dB at most, 3.")


def test_the_reduction_of_an_hour_fits_into_6000_points_and_keeps_its_peak():
    from bridge.effects.dsp.reduction import MOST_POINTS, Reduction

    kept = Reduction(8000)
    for second in range(3600):
        now = np.zeros(8000)
        if second == 1234:
            now[17] = 6.5
        kept.push(now)
    curve = kept.curve()
    assert len(curve.reduction_db[0]) <= MOST_POINTS and curve.step_s == 0.64
    assert curve.most_db == 6.5 and curve.reduction_db[0].index(6.5) == int(1234 / 0.64)


@pytest.mark.parametrize("cuts", [[1000], [77, 4001], [65536]])
def test_how_the_stream_is_cut_does_not_change_its_reduction(cuts):
    music = signals.music_like(2.0)
    effect = Compressor(threshold_db=-30, ratio=4, lookahead_ms=5)
    whole, cut = reduced(effect, music), reduced(effect, music, cuts)
    assert whole == cut


@pytest.mark.real
@pytest.mark.parametrize("name", ["loop_compus", "loop_mika", "loop_tabla", "loop_garzul"])
def test_its_own_judgement_of_real_loops_keeps_nine_tenths_of_the_hits_and_the_loudness(name):
    import bridge
    from tests.analysis.corpus import recordings
    from tests.real import must_have

    must_have("alsa-utils and sonic-pi-samples", recordings.available())
    audio = Audio((0.7 * recordings.at_speed(name, 44100, 1.0)).astype(np.float32), 44100)
    effect = Compressor.auto(bridge.analyze(audio))
    assert effect is not None and 60 <= effect.release_ms <= 450
    processor = effect.processor(audio.rate, audio.channels, audio)
    out = through(processor, audio.samples)
    assert processor.reduction.curve().most_db > 2.0
    assert np.abs(out).max() >= 0.9 * np.abs(audio.samples).max()
    assert lufs(Audio(out, audio.rate)) == pytest.approx(lufs(audio), abs=0.2)


@pytest.mark.real
@pytest.mark.parametrize(
    ("words", "effect"),
    [
        ("parallel compression, 6:1", "compressor"),
        ("multiband compression", "multiband_compressor"),
        ("gate it", "gate"),
    ],
)
def test_words_do_to_a_real_loop_what_their_effect_does(words, effect):
    import bridge
    from tests.analysis.corpus import recordings
    from tests.real import must_have

    must_have("alsa-utils and sonic-pi-samples", recordings.available())
    audio = Audio((0.7 * recordings.at_speed("loop_tabla", 44100, 1.0)).astype(np.float32), 44100)
    plan = bridge.plan(words, bridge.analyze(audio)).plan
    assert [step.effect for step in plan.steps] == [effect]
    done = bridge.render(audio, plan)
    (curve,) = done.reductions.values()
    assert done.ok and curve.most_db > 1.0
    if effect == "gate":
        assert done.after.number("noise_floor") < done.before.number("noise_floor") - 6
    else:
        before, after = (each.number("integrated_loudness") for each in (done.before, done.after))
        assert after == pytest.approx(before, abs=0.2)
