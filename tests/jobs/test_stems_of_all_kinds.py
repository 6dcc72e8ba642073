"""Stems as they come: stamped, short, silent, of unlike lengths, channels and rates, many, and some that are no use."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import scipy.signal
import soundfile

from bridge.audio import Audio
from bridge.errors import BadInput, BadRequest, Failed, FileRefused
from bridge.jobs.ensemble import likeness_of
from bridge.jobs.run import run_job
from bridge.jobs.spec import JobSpec
from tests import signals
from tests.jobs.test_stems import (
    gain,
    hand,
    planned_of,
    rendered_of,
    stems,
    two,
)


def stamped(path: str, frames: int) -> None:
    """Gives a WAV a bext chunk whose time reference is `frames` (EBU Tech 3285: 602 bytes, the time at 338)."""
    data = Path(path).read_bytes()
    bext = bytearray(602)
    struct.pack_into("<Q", bext, 338, frames)
    body = data[12:] if data[8:12] == b"WAVE" else b""
    assert body
    chunk = b"bext" + struct.pack("<I", 602) + bytes(bext)
    Path(path).write_bytes(b"RIFF" + struct.pack("<I", 4 + len(chunk) + len(body)) + b"WAVE" + chunk + body)


def test_time_stamps_say_where_stems_begin(home, wired):
    paths = two(home)
    stamped(paths["bass"], 48000 * 3600)
    stamped(paths["keys"], 48000 * 3600 + 36000)
    planned = planned_of(paths, "", wired, plan=hand(gain("mix", 0.0)))
    assert planned.parts["keys"].start_s == pytest.approx(0.75) and planned.parts["bass"].start_s == 0.0
    mix, _ = soundfile.read(rendered_of(home, planned, wired).output)
    bass, keys = (soundfile.read(paths[name], always_2d=True)[0] for name in ("bass", "keys"))
    assert np.abs(mix[:36000] - bass[:36000]).max() < 2e-7
    assert np.abs(mix[36000:48000] - bass[36000:48000] - keys[:12000]).max() < 2e-7


def test_what_the_request_says_wins_over_time_stamps(home, wired):
    paths = two(home)
    stamped(paths["bass"], 0)
    stamped(paths["keys"], 36000)
    planned = planned_of(paths, "", wired, plan=hand(gain("mix", 0.0)), starts={"bass": 0.5})
    assert {name: part.start_s for name, part in planned.parts.items()} == {
        "bass": 0.5,
        "keys": 0.0,
        "mix": 0.0,
    }


def test_one_stem_without_a_time_stamp_leaves_all_at_the_start(home, wired):
    paths = two(home)
    stamped(paths["keys"], 36000)
    assert planned_of(paths, "", wired, plan=hand(gain("mix", 0.0))).parts["keys"].start_s == 0.0


def test_stems_that_lie_hours_apart_are_of_no_one_song(home, wired):
    paths = two(home)
    with pytest.raises(BadInput, match=r"keys begins 1440 minutes after .* Check where it begins"):
        planned_of(paths, "keys 2 dB louder", wired, starts={"keys": 86400})


def test_stamps_of_takes_hours_apart_leave_all_at_the_start(home, wired):
    paths = two(home)
    stamped(paths["bass"], 48000 * 3600)
    stamped(paths["keys"], 48000 * 7200)
    assert planned_of(paths, "", wired, plan=hand(gain("mix", 0.0))).parts["keys"].start_s == 0.0


def test_more_stems_than_can_be_heard_together_are_refused_with_what_to_do(home, wired):
    many = {f"stem {number}": path for number, path in enumerate([two(home)["bass"]] * 65)}
    with pytest.raises(BadRequest, match=r"at most 64 stems; these are 65\. Sum some of them"):
        planned_of(many, "3 dB louder", wired)


def test_starts_of_no_stems_are_refused(home, wired):
    paths = two(home)
    spec = JobSpec(
        job="j", attempt=1, phase="plan", path=paths["bass"], request="louder", starts={"keys": 1.0}
    )
    with pytest.raises(BadRequest, match="give stems too"):
        run_job(spec, wired)


@pytest.mark.parametrize("words", ["balance the stems", "make room for the vocal", "align the microphones"])
def test_short_silent_and_unlike_stems_get_a_result_or_a_reason(home, wired, words):
    silence = Audio(np.zeros((2, 48000), np.float32), 48000)
    paths = stems(
        home,
        vocal=signals.music_like(6.0),
        click=signals.pink(-20, 0.3),
        nothing=silence,
        bass=signals.sine(60, -12, 3.0),
        gtr=signals.pink(-15, 8.0, channels=1),
    )
    planned = planned_of(paths, words, wired)
    assert planned.outcome.kind in ("plan", "no_op")
    assert not any(
        step.where == "nothing" for step in (planned.outcome.plan.steps if planned.outcome.plan else ())
    )
    if planned.outcome.plan:
        rendered = rendered_of(home, planned, wired)
        assert all(check.ok for check in rendered.checks if "hidden" not in check.name), rendered.checks


def of_three_rates(home):
    """Noise in bands that each rate holds, of unlike lengths."""
    return stems(
        home, vocal=signals.pink(-20, 3.0, seed=1, rate=44100), bass=signals.sine(80, -18, 2.5, rate=48000),
        gtr=signals.pink(-22, 3.5, seed=2, rate=96000, channels=1),
    )  # fmt: skip


def test_stems_of_three_rates_go_back_at_their_own_and_are_mixed_at_the_highest(home, wired):
    paths = of_three_rates(home)
    plan = hand(gain("vocal", -2.0), gain("bass", -3.0), gain("gtr", -4.0), gain("mix", -1.0))
    rendered = rendered_of(home, planned_of(paths, "", wired, plan=plan), wired)
    rates = {name: soundfile.info(part.output) for name, part in rendered.parts.items()}
    assert {name: info.samplerate for name, info in rates.items()} == {
        "vocal": 44100, "bass": 48000, "gtr": 96000, "mix": 96000,
    }  # fmt: skip
    assert {name: info.frames for name, info in rates.items()} == {
        "vocal": 132300, "bass": 120000, "gtr": 336000, "mix": 336000,
    }  # fmt: skip
    assert all(check.ok for check in rendered.checks), rendered.checks
    expected = np.zeros((336000, 2))
    for name, (up, down) in {"vocal": (320, 147), "bass": (2, 1), "gtr": (1, 1)}.items():
        part, _ = soundfile.read(rendered.parts[name].output, always_2d=True)
        part = scipy.signal.resample_poly(part, up, down, axis=0, window=("kaiser", 12.0))
        expected[: len(part)] += part
    mix, _ = soundfile.read(rendered.output)
    expected *= 10 ** (-1 / 20)
    # Up to 15 kHz and where no sound is cut off: at their edges no two resamplers are alike.
    window = np.hanning(218000)[:, None]
    error, wanted = (np.abs(np.fft.rfft(x[2000:220000] * window, axis=0)) for x in (mix - expected, expected))
    heard = np.fft.rfftfreq(218000, 1 / 96000) < 15000
    assert 10 * np.log10((error[heard] ** 2).sum() / (wanted[heard] ** 2).sum()) < -90


@pytest.mark.parametrize("words", ["balance the stems", "make room for the vocal", "-18 LUFS"])
def test_wishes_for_stems_of_several_rates_are_met(home, wired, words):
    planned = planned_of(of_three_rates(home), words, wired)
    rendered = rendered_of(home, planned, wired)
    assert all(check.ok for check in rendered.checks), rendered.checks


def test_microphones_recorded_at_two_rates_are_brought_in_time(home, wired):
    import soxr

    close = signals.pink(-20, 4.0, seed=3, channels=1)
    late = np.pad(close.samples, ((0, 0), (144, 0)))  # 3 ms
    far = soxr.resample(late[0], 48000, 44100)[None].astype(np.float32)
    paths = stems(home, snare=close, room=Audio(far, 44100))
    planned = planned_of(paths, "align the microphones", wired)
    (step,) = [step for step in planned.outcome.plan.steps if step.effect == "align"]
    moved = step.parameters["shift_ms"] * (1 if step.where == "snare" else -1)
    assert moved == pytest.approx(3.0, abs=0.02)
    assert all(check.ok for check in rendered_of(home, planned, wired).checks)


def test_a_stem_that_is_missing_or_no_sound_is_named(home, wired):
    paths = two(home)
    Path(paths["keys"]).write_bytes(b"no sound at all")
    with pytest.raises(FileRefused, match=r"keys\.wav"):
        planned_of(paths, "balance the stems", wired)
    Path(paths["keys"]).unlink()
    with pytest.raises(Failed, match=r"keys\.wav"):
        planned_of(paths, "balance the stems", wired)


def test_a_reference_that_is_a_mix_of_the_stems_gives_its_gains_back(home, wired):
    paths = stems(
        home, vocal=signals.pink(-24, 4.0, seed=1), gtr=signals.pink(-20, 5.0, seed=2, channels=1),
        bass=signals.sine(80, -18, 4.0),
    )  # fmt: skip
    planted = {"vocal": 6.0, "gtr": -7.0, "bass": 2.0}
    mix = np.zeros((48000 * 5, 2))
    for name, path in paths.items():
        samples = soundfile.read(path, always_2d=True)[0]
        mix[: len(samples)] += samples * 10 ** (planted[name] / 20)
    reference = str(home / "inbox" / "reference.wav")
    soundfile.write(reference, mix, 48000, subtype="FLOAT")
    planned = planned_of(paths, "balance the stems like the reference", wired, references=[reference])
    gains = {step.where: step.parameters["gain_db"] for step in planned.outcome.plan.steps}
    left = [gains.get(name, 0.0) - planted[name] for name in planted]
    assert np.ptp(left) == pytest.approx(0.0, abs=0.1)
    assert all("as in reference.wav" in step.reason for step in planned.outcome.plan.steps)


@pytest.mark.parametrize("rate", [48000, 44100])
def test_a_mono_reference_at_any_rate_that_was_ridden_by_hand_gives_the_gains_back(rate):
    import soxr

    generator = np.random.default_rng(5)
    stems = {
        name: bursts(generator, low, high)
        for name, low, high in (("a", 100, 400), ("b", 500, 2000), ("c", 2500, 9000))
    }
    stems["b"] = Audio(np.repeat(stems["b"].samples, 2, axis=0), 48000)
    planted = {"a": 8.0, "b": -8.0, "c": 0.0}
    mix = sum(each.samples.mean(axis=0) * 10 ** (planted[name] / 20) for name, each in stems.items())
    ride = 10 ** (2 * np.sin(np.arange(mix.size) / 15000) / 20)
    mono = soxr.resample(mix * ride, 48000, rate)[None].astype(np.float32)
    like = likeness_of("mix", Audio(mono, rate), stems, {})
    assert like.same and not like.exact
    left = [like.gains_db[name] - planted[name] for name in planted]
    assert np.ptp(left) < 1.0


def bursts(generator, low_hz, high_hz):
    """Noise in a band that comes and goes by itself."""
    sos = scipy.signal.butter(3, [low_hz, high_hz], "band", fs=48000, output="sos")
    noise = scipy.signal.sosfilt(sos, generator.standard_normal(48000 * 6))
    levels = np.repeat(10 ** (generator.uniform(-30, 0, 24) / 20), 12000)
    return Audio((0.1 * noise * levels)[None].astype(np.float32), 48000)


def test_another_song_as_reference_is_told_and_roles_decide(home, wired):
    paths = stems(home, vocal=signals.pink(-24, 4.0, seed=1), gtr=signals.music_like(5.0, seed=4))
    reference = str(home / "inbox" / "reference.wav")
    other = signals.pink(-20, 5.0, seed=99)
    soundfile.write(reference, other.samples.T, other.rate, subtype="FLOAT")
    outcome = planned_of(paths, "balance the stems like the reference", wired, references=[reference]).outcome
    assert any("is no mix of these stems" in warning for warning in outcome.warnings)
    assert any("by its name" in step.reason for step in outcome.plan.steps)
