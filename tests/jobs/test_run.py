"""run_job with the real planner and renderer: files in, files and values out."""

from __future__ import annotations

import json

import numpy as np
import pyloudnorm
import pytest
import soundfile

from bridge.bootstrap.worker import open_settings
from bridge.config import Settings
from bridge.errors import BadInput, Failed, FileRefused, PathRefused
from bridge.jobs.run import run_job
from bridge.jobs.spec import JobSpec, Planned, Rendered
from tests import signals


def song(home, name="song.wav", seconds=6.0, **more):
    audio = signals.music_like(seconds)
    path = home / "inbox" / name
    soundfile.write(path, audio.samples.T, audio.rate, **{"subtype": "PCM_24", **more})
    return path


def planned_of(path, words, wired, **more) -> Planned:
    answer = run_job(JobSpec(job="j", attempt=1, phase="plan", path=str(path), request=words, **more), wired)
    assert isinstance(answer, Planned)
    return Planned.model_validate(json.loads(json.dumps(answer.to_json())))  # as it crosses the pipe


def render_spec(home, path, planned: Planned, **more) -> JobSpec:
    given = {
        "job": "j", "attempt": 1, "phase": "render", "path": str(path), "plan": planned.outcome.plan,
        "source": planned.source, "before": planned.before, "name": planned.name,
        "output": str(home / "outbox" / ".bridge-test.tmp"),
    }  # fmt: skip
    return JobSpec(**{**given, **more})


def rendered_of(home, path, planned, wired, progress=lambda fraction, stage: None) -> Rendered:
    answer = run_job(render_spec(home, path, planned), wired, progress)
    assert isinstance(answer, Rendered)
    return Rendered.model_validate(json.loads(json.dumps(answer.to_json())))


def test_words_become_a_sound_that_another_meter_finds_as_asked(home, wired):
    path = song(home, seconds=10.0)
    rendered = rendered_of(home, path, planned_of(path, "-16 LUFS, ceiling -1 dBTP", wired), wired)
    samples, rate = soundfile.read(rendered.output)
    assert pyloudnorm.Meter(rate).integrated_loudness(samples) == pytest.approx(-16.0, abs=0.1)
    assert all(check.ok for check in rendered.checks), rendered.checks
    assert {check.name for check in rendered.checks} >= {
        "integrated_loudness",
        "true_peak",
        "finite",
        "length",
    }
    assert soundfile.info(rendered.output).frames == 480_000


def test_the_same_job_twice_gives_the_same_bytes(home, wired):
    path = song(home, subtype="PCM_16")
    planned = planned_of(path, "cut 3 dB at 250 Hz", wired)
    assert planned.source.format == "WAV PCM_16"
    assert planned == planned_of(path, "cut 3 dB at 250 Hz", wired)
    hashes = {rendered_of(home, path, planned, wired).sha256 for _ in range(2)}
    assert len(hashes) == 1  # dither too comes from the plan


def test_progress_goes_one_way_through_its_stages(home, wired):
    path, heard = song(home), []
    planned = planned_of(path, "-16 LUFS", wired)
    rendered_of(home, path, planned, wired, lambda fraction, stage: heard.append((fraction, stage)))
    fractions = [fraction for fraction, _ in heard]
    assert fractions == sorted(fractions) and fractions[0] >= 0.3 and fractions[-1] == pytest.approx(1.0)
    assert list(dict.fromkeys(stage for _, stage in heard)) == ["render", "verify"]


def test_tempo_is_measured_where_a_step_sits_on_the_beat_and_nowhere_else(home, wired):
    path = song(home, seconds=10.0)
    assert "tempo" not in planned_of(path, "-16 LUFS", wired).before
    assert planned_of(path, "add a delay", wired).before["tempo"]["unit"] == "BPM"


def test_a_lossy_input_comes_back_as_24_bit_wav(home, wired):
    path = song(home, "song.ogg", format="OGG", subtype="VORBIS")
    planned = planned_of(path, "cut 3 dB at 250 Hz", wired)
    assert planned.name == "song.wav"
    assert soundfile.info(rendered_of(home, path, planned, wired).output).subtype == "PCM_24"


def test_an_input_that_changed_after_planning_fails_and_leaves_nothing(home, wired):
    path = song(home)
    planned = planned_of(path, "-16 LUFS", wired)
    song(home, seconds=3.0)
    with pytest.raises(Failed, match=r"song\.wav was changed while it was being processed"):
        run_job(render_spec(home, path, planned), wired)
    assert list((home / "outbox").iterdir()) == []


def test_an_input_that_changes_under_the_hands_of_the_renderer_fails(home, wired):
    path = song(home)
    planned = planned_of(path, "-16 LUFS", wired)

    def touch(fraction: float, stage: str) -> None:
        with path.open("ab") as file:
            file.write(b"more")

    with pytest.raises((Failed, FileRefused), match=r"song\.wav"):
        run_job(render_spec(home, path, planned), wired, touch)
    assert list((home / "outbox").iterdir()) == []


def test_a_deleted_input_fails_and_says_when(home, wired):
    path = song(home)
    planned = planned_of(path, "-16 LUFS", wired)
    path.unlink()
    with pytest.raises(Failed, match=r"song\.wav was deleted or moved away after it was planned"):
        run_job(render_spec(home, path, planned), wired)
    with pytest.raises(Failed, match=r"song\.wav was deleted or moved away before it could be read"):
        planned_of(path, "-16 LUFS", wired)


def test_an_output_folder_that_is_gone_fails_with_its_name(home, wired):
    path = song(home)
    planned = planned_of(path, "-16 LUFS", wired)
    with pytest.raises(Failed, match="could not be written"):
        run_job(render_spec(home, path, planned, output=str(home / "gone" / ".bridge-test.tmp")), wired)


def test_a_disk_that_fills_up_fails_and_leaves_nothing(home, wired):
    resource = pytest.importorskip("resource")
    import signal

    path = song(home)
    planned = planned_of(path, "cut 3 dB at 250 Hz", wired)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))  # the sound needs 1.7 MB
    try:
        with pytest.raises(Failed, match="could not be written"):
            run_job(render_spec(home, path, planned), wired)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert list((home / "outbox").iterdir()) == []


def test_a_path_out_of_the_roots_is_refused(home, wired, tmp_path):
    outside = tmp_path / "outside.wav"
    song(home).rename(outside)
    with pytest.raises(PathRefused, match="outside the allowed folders"):
        planned_of(outside, "warm", wired)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda data: data[: len(data) // 2], "song.wav"),
        (lambda data: b"just text\n" * 50, "song.wav"),
        (lambda data: b"", "song.wav"),
    ],
)
def test_a_broken_input_is_refused_by_name(home, wired, spoil, words):
    path = song(home)
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(BadInput, match=words):
        planned_of(path, "-16 LUFS", wired)


def test_a_sound_with_nan_is_refused(home, wired):
    path = home / "inbox" / "nan.wav"
    samples = np.zeros((48000, 2), np.float32)
    samples[1000, 1] = np.nan
    soundfile.write(path, samples, 48000, subtype="FLOAT")
    with pytest.raises(FileRefused, match="no finite number"):
        planned_of(path, "-16 LUFS", wired)


def test_a_reference_beside_words_that_do_not_speak_of_it_is_matched_too(home, wired):
    path = song(home)
    planned = planned_of(path, "-16 LUFS", wired, references=(str(path),))
    assert planned.outcome.plan is not None and planned.outcome.plan.intents[0].operation == "match"
    assert planned.outcome.plan.steps[-1].parameters["target_lufs"] == -16.0


def test_analyze_measures_everything_and_plans_nothing(home, wired):
    planned = planned_of(song(home, seconds=8.0), "", wired, kind="analyze")
    assert planned.outcome.kind == "answer" and planned.outcome.plan is None
    assert {"tempo", "key", "integrated_loudness"} <= set(planned.before)


def test_secrets_reach_the_worker_and_nothing_else(home):
    settings = Settings(
        inbox=home / "inbox", outbox=home / "outbox", state=home / "state", model_api_key="sesame"
    )
    assert open_settings(settings)["model_api_key"] == "sesame"
    assert "sesame" not in json.dumps(settings.model_dump(mode="json"))
