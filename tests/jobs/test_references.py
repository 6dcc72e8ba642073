"""References of a job: files in, a plan and a sound out that another analyzer finds near to the reference."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
import soundfile
from scipy.signal import butter, sosfilt, welch

from bridge.audio import Audio
from bridge.effects.loudness import Loudness
from bridge.errors import BadInput, PathRefused
from bridge.jobs.run import run_job
from bridge.jobs.spec import JobSpec, Planned, Rendered
from tests import signals

RECORDINGS = Path(__file__).parents[2] / "docs" / "recordings"
THIRDS_HZ = 1000.0 * 2.0 ** (np.arange(-13, 13) / 3)


def put(home, name, audio: Audio):
    path = home / "inbox" / name
    soundfile.write(path, audio.samples.T, audio.rate, subtype="FLOAT")
    return path


def other_tone(audio: Audio, gain_db: float = 0.0, side: float = 1.0) -> Audio:
    """Darker by a first-order low-pass at 2 kHz with some of the sound beside it, and as wide as `side` says."""
    dark = 0.35 * audio.samples + sosfilt(butter(1, 2000, fs=audio.rate, output="sos"), audio.samples)
    if audio.channels > 1:
        mid, half = (dark[0] + dark[1]) / 2, side * (dark[0] - dark[1]) / 2
        dark = np.stack([mid + half, mid - half])
    return Audio((dark * 10 ** (gain_db / 20)).astype(np.float32), audio.rate)


def planned(home, path, wired, references, words="match the reference", **more) -> Planned:
    spec = JobSpec(
        job="j", attempt=1, phase="plan", path=str(path), request=words,
        references=tuple(str(each) for each in references), **more,
    )  # fmt: skip
    answer = run_job(spec, wired)
    assert isinstance(answer, Planned)
    return Planned.model_validate(json.loads(json.dumps(answer.to_json())))


def rendered(home, path, plan: Planned, wired) -> Rendered:
    spec = JobSpec(
        job="j", attempt=1, phase="render", path=str(path), plan=plan.outcome.plan, source=plan.source,
        before=plan.before, name=plan.name, output=str(home / "outbox" / "out.tmp"),
    )  # fmt: skip
    answer = run_job(spec, wired)
    assert isinstance(answer, Rendered)
    return answer


def apart_db(one: np.ndarray, other: np.ndarray, rate: int) -> float:
    """Mean distance of third octaves from 50 Hz to 16 kHz by Welch's method, levels aligned."""
    return float(np.abs(_aligned(one, rate) - _aligned(other, rate)).mean())


def _aligned(samples: np.ndarray, rate: int) -> np.ndarray:
    hz, power = welch(samples.T if samples.ndim > 1 else samples, rate, nperseg=16384)
    power = power.sum(axis=0) if power.ndim > 1 else power
    bands = [power[(hz >= f * 2 ** (-1 / 6)) & (hz < f * 2 ** (1 / 6))].sum() for f in THIRDS_HZ]
    level = 10 * np.log10(np.array(bands))
    return level - np.median(level)


def steps_of(plan: Planned) -> list[str]:
    assert plan.outcome.plan is not None
    return [step.effect for step in plan.outcome.plan.steps]


def test_a_mix_comes_out_as_its_reference_by_other_meters(home, wired):
    music = signals.music_like(10.0)
    mix = put(home, "mix.wav", Audio(music.samples * 0.3, music.rate))
    reference = put(home, "ref.wav", other_tone(signals.music_like(12.0, seed=7), -6.0, side=0.5))
    plan = planned(home, mix, wired, [reference])
    result = rendered(home, mix, plan, wired)
    samples, rate = soundfile.read(result.output)
    wanted, _ = soundfile.read(reference)
    before, _ = soundfile.read(mix)
    was, now = apart_db(before, wanted, rate), apart_db(samples, wanted, rate)
    assert was > 2.0 and now <= 0.8, (was, now)
    loud = pyloudnorm.Meter(rate).integrated_loudness
    assert loud(samples) == pytest.approx(loud(wanted), abs=0.1)
    width = [np.std(each[:, 0] - each[:, 1]) / np.std(each.sum(axis=1)) for each in (samples, wanted)]
    assert 20 * np.log10(width[0] / width[1]) == pytest.approx(0.0, abs=1.0)
    assert all(check.ok for check in result.checks), result.checks
    assert next(check.got for check in result.checks if check.name == "reference_distance") <= 0.8
    bands = plan.outcome.plan.steps[0].parameters["bands"]
    assert steps_of(plan)[0] == "equalizer" and len(bands) <= 12


def test_half_of_the_eq_leaves_half_of_the_difference_and_the_loudness_as_it_was(home, wired):
    music = signals.music_like(12.0)
    mix, reference = put(home, "mix.wav", music), put(home, "ref.wav", other_tone(music, -9.0))
    plan = planned(home, mix, wired, [reference], "match 50 % of the EQ")
    assert steps_of(plan) == ["equalizer", "loudness"]
    result = rendered(home, mix, plan, wired)
    samples, rate = soundfile.read(result.output)
    wanted, before = (soundfile.read(path)[0] for path in (reference, mix))
    assert apart_db(samples, wanted, rate) == pytest.approx(0.5 * apart_db(before, wanted, rate), abs=0.3)
    loud = pyloudnorm.Meter(rate).integrated_loudness
    assert loud(samples) == pytest.approx(loud(before), abs=0.3)


def test_a_mix_near_full_scale_keeps_its_loudness_where_only_that_is_kept(home, wired):
    """The equalizer lifts peaks over full scale here: a gain before a limiter would leave it 1 LU and more quieter."""
    music = signals.music_like(10.0)
    dark = other_tone(music).samples
    mix = put(home, "mix.wav", Audio(dark / np.abs(dark).max() * np.float32(0.97), music.rate))
    reference = put(home, "ref.wav", Audio(np.diff(music.samples, append=0.0).astype(np.float32), music.rate))
    plan = planned(home, mix, wired, [reference], "match the reference but keep the loudness")
    assert plan.outcome.plan.matched.amounts["loudness"] == 0.0
    result = rendered(home, mix, plan, wired)
    samples, rate = soundfile.read(result.output)
    loud = pyloudnorm.Meter(rate).integrated_loudness
    assert loud(samples) == pytest.approx(loud(soundfile.read(mix)[0]), abs=0.3)
    check = next(check for check in result.checks if check.name == "integrated_loudness")
    assert check.ok and check.asked == pytest.approx(loud(soundfile.read(mix)[0]), abs=0.1)
    assert np.abs(samples).max() <= 10 ** (-1 / 20)


@pytest.mark.parametrize("channels", [1, 6], ids=["mono", "5.1"])
def test_mono_and_surround_take_the_tone_and_the_loudness_of_a_stereo_reference_by_other_meters(
    home, wired, channels
):
    noise = signals.pink(-26.0, 10.0, 48000, channels).samples
    dark = 0.35 * noise + sosfilt(butter(1, 2000, fs=48000, output="sos"), noise)
    mix = put(home, "mix.wav", Audio(dark.astype(np.float32), 48000))
    reference = put(home, "ref.wav", signals.pink(-19.0, 12.0, 48000, 2, seed=3))
    plan = planned(home, mix, wired, [reference])
    result = rendered(home, mix, plan, wired)
    samples, rate = soundfile.read(result.output, always_2d=True)
    before, wanted = soundfile.read(mix, always_2d=True)[0], soundfile.read(reference)[0]
    assert samples.shape == before.shape
    was, now = apart_db(before, wanted, rate), apart_db(samples, wanted, rate)
    assert was > 2.0 and now <= 0.8, (was, now)
    # pyloudnorm knows no LFE, which counts nothing.
    heard = samples[:, [0, 1, 2, 4, 5]] if channels == 6 else samples
    loud = pyloudnorm.Meter(rate).integrated_loudness
    assert loud(heard) == pytest.approx(loud(wanted), abs=0.1)
    assert all(check.ok for check in result.checks), result.checks


def test_options_give_amounts_where_the_words_do_not(home, wired):
    music = signals.music_like(8.0)
    mix, reference = put(home, "mix.wav", music), put(home, "ref.wav", other_tone(music, -9.0, side=0.4))
    plan = planned(home, mix, wired, [reference], match={"eq": 0, "width": 0, "dynamics": 0})
    assert steps_of(plan) == ["loudness"]
    heard = planned(home, mix, wired, [reference], "match only the width", match={"width": 0.0})
    assert "stereo_width" in steps_of(heard) and "equalizer" not in steps_of(heard)


def test_a_sound_that_is_its_own_reference_stays_and_numbers_say_why(home, wired):
    mix = put(home, "mix.wav", signals.music_like(8.0))
    outcome = planned(home, mix, wired, [mix]).outcome
    assert outcome.kind == "no_op"
    assert "third octaves 0.0 dB apart" in outcome.answer and "LUFS" in outcome.answer


def test_several_references_count_by_their_weights(home, wired):
    noise = signals.pink(-20.0, 6.0)
    mix = put(home, "mix.wav", noise)
    low = put(home, "low.wav", Audio(noise.samples * 10 ** (-12 / 20), noise.rate))
    same = put(home, "same.wav", noise)
    plan = planned(home, mix, wired, [f"{low}:1", f"{same}:3"]).outcome.plan
    loudness = next(step for step in plan.steps if step.effect == "loudness")
    before = pyloudnorm.Meter(noise.rate).integrated_loudness(noise.samples.T)
    assert loudness.parameters["target_lufs"] == pytest.approx(before - 3.0, abs=0.1)


@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (44100, 2), (96000, 6)])
def test_any_rate_and_channel_count_is_matched_to_a_reference_of_another(home, wired, rate, channels):
    mix = put(home, "mix.wav", signals.pink(-26.0, 3.0, rate, channels))
    reference = put(home, "ref.wav", other_tone(signals.pink(-20.0, 4.0, 48000, 2, seed=3)))
    plan = planned(home, mix, wired, [reference])
    result = rendered(home, mix, plan, wired)
    info = soundfile.info(result.output)
    assert (info.samplerate, info.channels, info.frames) == (rate, channels, 3 * rate)
    assert all(check.ok for check in result.checks), result.checks


def test_a_reference_under_three_seconds_leaves_the_dynamics_and_says_so(home, wired):
    mix = put(home, "mix.wav", signals.music_like(5.0))
    reference = put(home, "ref.wav", other_tone(signals.music_like(2.0)))
    plan = planned(home, mix, wired, [reference])
    assert "equalizer" in steps_of(plan) and "compressor" not in steps_of(plan)
    assert any("shorter than 3 s" in text for text in plan.warnings)


def test_a_louder_and_denser_reference_is_reached_under_the_ceiling(home, wired):
    music = signals.music_like(6.0)
    dense = np.tanh(music.samples * 3.0) * 0.5
    mix, reference = put(home, "mix.wav", music), put(home, "ref.wav", Audio(dense.astype(np.float32), 48000))
    plan = planned(home, mix, wired, [reference])
    result = rendered(home, mix, plan, wired)
    peak = next(check for check in result.checks if check.name == "true_peak")
    assert peak.asked == -1.0 and peak.ok
    loudness = next(check for check in result.checks if check.name == "integrated_loudness")
    assert loudness.ok, loudness


@pytest.mark.parametrize(
    ("audio", "says"),
    [(signals.silence(5.0), "silence"), (Audio(np.full((1, 48000), np.nan, np.float32), 48000), "finite")],
    ids=["silent", "not a number"],
)
def test_a_reference_without_sound_is_refused_by_name(home, wired, audio, says):
    mix, reference = put(home, "mix.wav", signals.music_like(4.0)), put(home, "ref.wav", audio)
    with pytest.raises(BadInput, match=rf"ref\.wav.*{says}"):
        planned(home, mix, wired, [reference])


def test_a_reference_that_is_no_sound_missing_or_outside_is_refused_by_name(home, wired, tmp_path):
    mix = put(home, "mix.wav", signals.music_like(4.0))
    text = home / "inbox" / "notes.wav"
    text.write_text("no sound at all")
    with pytest.raises(BadInput, match=r"reference .*notes\.wav"):
        planned(home, mix, wired, [text])
    with pytest.raises(PathRefused, match=r"reference .*gone\.wav"):
        planned(home, mix, wired, [home / "inbox" / "gone.wav"])
    outside = tmp_path / "outside.wav"
    soundfile.write(outside, np.ones((4800, 1)) * 0.1, 48000)
    with pytest.raises(PathRefused, match="outside"):
        planned(home, mix, wired, [outside])


def test_the_name_of_a_reference_cannot_speak_to_the_terminal(home, wired):
    music = signals.music_like(6.0)
    mix, reference = put(home, "mix.wav", music), put(home, "a\x1b[31m\n.wav", other_tone(music, -9.0))
    plan = planned(home, mix, wired, [reference])
    text = json.dumps(plan.to_json(), ensure_ascii=False)
    assert "\x1b" not in text and "equalizer" in steps_of(plan)


def test_words_about_a_reference_without_one_are_answered_with_what_is_missing(home, wired):
    mix = put(home, "mix.wav", signals.music_like(4.0))
    outcome = planned(home, mix, wired, []).outcome
    assert outcome.kind == "unsupported" and "there is no reference" in outcome.unsupported[0]


def test_a_recording_matched_to_one_of_another_kind_comes_nearer_and_says_what_is_left(home, wired):
    mix, reference = (RECORDINGS / name for name in ("loop_tabla.flac", "guit_e_fifths.flac"))
    for path in (mix, reference):
        (home / "inbox" / path.name).write_bytes(path.read_bytes())
    plan = planned(home, home / "inbox" / mix.name, wired, [home / "inbox" / reference.name])
    result = rendered(home, home / "inbox" / mix.name, plan, wired)
    matched = plan.outcome.plan.matched
    got = next(check for check in result.checks if check.name == "reference_distance")
    assert got.ok and got.got < 0.6 * matched.before_db, (matched.before_db, got)
    assert "dB are left" in plan.outcome.plan.steps[0].reason
    loudness = next(check for check in result.checks if check.name == "integrated_loudness")
    assert loudness.ok, loudness


def without_bass(audio: Audio) -> Audio:
    """96 dB an octave below 80 Hz, 3 dB there: nothing under it that could be raised."""
    return Audio(
        sosfilt(butter(16, 80, "high", fs=audio.rate, output="sos"), audio.samples).astype(np.float32),
        audio.rate,
    )


def test_octaves_without_sound_are_named_and_left_out_of_the_promise_and_told_beside_it(home, wired):
    rumble = signals.pink(-20, 8.0)
    mix, reference = put(home, "mix.wav", without_bass(rumble)), put(home, "ref.wav", signals.pink(-22, 9.0))
    plan = planned(home, mix, wired, [reference])
    matched = plan.outcome.plan.matched
    assert matched.unreachable_hz == (20.0, 25.1, 31.6, 39.8, 50.1, 63.1)  # the filter takes 33 dB at 63 Hz
    checks = {check.name: check for check in rendered(home, mix, plan, wired).checks}
    reachable, everywhere = checks["reference_distance"], checks["reference_distance_everywhere"]
    assert reachable.ok and reachable.got <= 0.8 and reachable.asked == matched.promised_db
    assert everywhere.got > reachable.got + 1.0 and "cannot be reached" in everywhere.reason
    assert everywhere.asked is None


def test_width_and_dynamics_are_told_as_asked_by_their_amounts_and_as_got(home, wired):
    music = signals.music_like(8.0)
    mix, reference = put(home, "mix.wav", music), put(home, "ref.wav", other_tone(music, -3.0, side=0.25))
    plan = planned(home, mix, wired, [reference], match={"width": 0.5, "dynamics": 0.0})
    checks = {check.name: check for check in rendered(home, mix, plan, wired).checks}
    samples = [soundfile.read(home / "inbox" / name)[0] for name in ("mix.wav", "ref.wav")]
    own, wanted = (
        20 * np.log10(np.std(each[:, 0] - each[:, 1]) / np.std(each.sum(axis=1))) for each in samples
    )
    assert checks["reference_width"].asked == pytest.approx((own + wanted) / 2, abs=0.3)
    assert checks["reference_width"].got == pytest.approx((own + wanted) / 2, abs=1.0)
    assert "reference_dynamics" not in checks


def test_numbers_that_nobody_said_are_told_in_the_step_and_warned_about_nowhere(home, wired):
    music = signals.music_like(8.0)
    mid, side = music.samples.mean(axis=0), np.diff(music.samples, axis=0)[0] / 2
    narrow = Audio(np.stack([mid + 0.05 * side, mid - 0.05 * side]).astype(np.float32), music.rate)
    mix, reference = put(home, "mix.wav", narrow), put(home, "ref.wav", other_tone(music, -9.0))
    plan = planned(home, mix, wired, [reference])
    width = next(step for step in plan.outcome.plan.steps if step.effect == "stereo_width")
    assert "width 2 is more than usual" in width.reason and "as far as a factor of 2 goes" in width.reason
    assert not any("more than usual" in text or "held" in text for text in plan.outcome.warnings)


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_the_limiter_has_an_amount_of_its_own(home, wired, share):
    music = signals.music_like(4.0)
    mix, reference = put(home, "mix.wav", music), put(home, "ref.wav", other_tone(music, 6.0))
    usual = Loudness.model_fields["max_limiting_db"].default
    plan = planned(home, mix, wired, [reference], match={"limiter": share})
    loudness = next(step for step in plan.outcome.plan.steps if step.effect == "loudness")
    assert loudness.parameters["max_limiting_db"] == pytest.approx(share * usual)
