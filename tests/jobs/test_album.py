"""An album as one job: one gain, outliers named, each song its own file, the loudness of all of them checked."""

from __future__ import annotations

import json

import numpy as np
import pytest
import soundfile

from bridge.analysis import analyze
from bridge.analysis.album_loudness import album_loudness
from bridge.audio import Audio
from bridge.bootstrap.worker import open_settings, ports
from bridge.config import Settings
from bridge.errors import BadInput, BadRequest
from bridge.jobs.run import run_job
from bridge.jobs.spec import JobSpec, Planned, Rendered
from tests import signals
from tests.llm.asking import number, reply, step
from tests.llm.wire import says, serving


def songs(home, **sounds) -> dict[str, str]:
    paths = {name: str(home / "inbox" / f"{name}.wav") for name in sounds}
    for name, audio in sounds.items():
        soundfile.write(paths[name], audio.samples.T, audio.rate, subtype="PCM_24")
    return paths


def peaky() -> Audio:
    audio = signals.pink(-24, 5.0, seed=3)
    samples = audio.samples.copy()
    samples[:, 1000::6000] = 0.9
    return Audio(samples, audio.rate)


def record(home) -> dict[str, str]:
    """A loud song, a quiet one at another rate in mono, and one with peaks high over the rest."""
    return songs(
        home, loud=signals.pink(-20, 6.0, seed=1), quiet=signals.pink(-32, 4.0, seed=2, rate=44100, channels=1),
        peaky=peaky(),
    )  # fmt: skip


def planned_of(paths, words, wired, **more) -> Planned:
    given = {"album": paths, "path": next(iter(paths.values())), "request": words, **more}
    answer = run_job(JobSpec(job="j", attempt=1, phase="plan", **given), wired)
    assert isinstance(answer, Planned)
    return Planned.model_validate(json.loads(json.dumps(answer.to_json())))


def rendered_of(home, planned, wired) -> Rendered:
    outputs = {name: str(home / "outbox" / f".bridge-{name}.tmp") for name in planned.parts}
    spec = JobSpec(
        job="j", attempt=1, phase="render", path=planned.source.path, plan=planned.outcome.plan, parts=planned.parts,
        source=planned.source, before=planned.before, name=planned.name, outputs=outputs,
        output=str(home / "outbox" / ".bridge-one.tmp"), album_lufs=planned.album["target_lufs"],
    )  # fmt: skip
    answer = run_job(spec, wired)
    assert isinstance(answer, Rendered)
    return Rendered.model_validate(json.loads(json.dumps(answer.to_json())))


def heard(path):
    samples, rate = soundfile.read(path, always_2d=True, dtype="float32")
    return analyze(Audio(np.ascontiguousarray(samples.T), rate), without=("tempo", "key"))


def test_songs_come_to_their_loudness_together_and_keep_their_places(home, wired):
    paths = record(home)
    planned = planned_of(paths, "-16 LUFS, ceiling -2 dBTP", wired)
    rendered = rendered_of(home, planned, wired)
    assert list(rendered.parts) == ["loud", "quiet", "peaky"] and list(planned.album["limited_db"]) == [
        "peaky"
    ]
    assert all(check.ok for check in rendered.checks), rendered.checks
    (check,) = [check for check in rendered.checks if check.name == "album_loudness"]
    before = {name: heard(path) for name, path in paths.items()}
    after = {name: heard(part.output) for name, part in rendered.parts.items()}
    assert (
        album_loudness(after.values()) == pytest.approx(-16.0, abs=0.1) == pytest.approx(check.got, abs=0.11)
    )
    moved = [
        after[name].number("integrated_loudness") - before[name].number("integrated_loudness")
        for name in paths
    ]
    assert np.ptp(moved) < 0.1
    assert all(song.number("true_peak") <= -1.95 for song in after.values())
    assert soundfile.info(rendered.parts["quiet"].output).samplerate == 44100


def test_a_song_that_cannot_come_to_its_place_is_a_missed_check_that_says_so(home, wired):
    click = signals.silence(2.0).samples.copy()
    click[:, 48000] = 0.9
    click += signals.pink(-60, 2.0, seed=4).samples
    planned = planned_of(
        songs(home, loud=signals.pink(-30, 6.0, seed=1), click=Audio(click, 48000)), "-9 LUFS", wired
    )
    rendered = rendered_of(home, planned, wired)
    missed = {check.name for check in rendered.checks if not check.ok}
    assert all(name.startswith("click.") or name == "album_loudness" for name in missed)
    assert any("click" in warning for warning in planned.warnings)


def test_the_song_that_falls_out_is_named(home, wired):
    others = {f"s{n}": signals.pink(-20 - 0.1 * n, 4.0, seed=n) for n in range(4)}
    planned = planned_of(songs(home, **others, soft=signals.pink(-32, 4.0, seed=9)), "", wired)
    assert planned.album["target_lufs"] == -14.0
    assert any(each["name"] == "soft" for each in planned.album["album"]["outliers"])
    assert any(warning.startswith("soft is") and "quieter" in warning for warning in planned.warnings)


def test_what_is_no_loudness_is_told_and_does_not_happen(home, wired):
    planned = planned_of(record(home), "warmer, -16 LUFS", wired)
    assert planned.outcome.kind == "plan" and any(
        "song by song" in each for each in planned.outcome.unsupported
    )
    assert {step.effect for step in planned.outcome.plan.steps} == {"gain", "loudness"}
    assert planned_of(record(home), "warmer", wired).outcome.kind == "unsupported"


def test_an_album_that_is_there_is_left_alone(home, wired):
    paths = songs(home, one=signals.pink(-20, 5.0, seed=1), two=signals.pink(-22, 5.0, seed=2))
    lufs = album_loudness(heard(path) for path in paths.values())
    planned = planned_of(paths, f"{lufs:.2f} LUFS", wired)
    assert planned.outcome.kind == "no_op" and "already" in planned.outcome.answer


def test_silence_and_stems_beside_songs_are_refused(home, wired):
    with pytest.raises(BadInput, match="No song here has a loudness"):
        planned_of(songs(home, a=signals.silence(1.0), b=signals.silence(2.0)), "-14 LUFS", wired)
    paths = record(home)
    with pytest.raises(BadRequest, match="without stems"):
        planned_of(paths, "-14 LUFS", wired, stems=paths)
    with pytest.raises(BadRequest, match="without starts and references"):
        planned_of(paths, "-14 LUFS", wired, starts={"b": 1.0}, references=[paths["loud"]])


def test_a_model_hears_what_an_album_is_brought_to_and_the_same_plan_is_made(home, wired):
    given = {"inbox": home / "inbox", "outbox": home / "outbox", "state": home / "state"}
    paths, words = record(home), "all songs at -16 LUFS please"
    heard = step("effect", "loudness", parameters=[number("target_lufs", -16.0)], words="at -16 LUFS")
    with serving(says(reply(heard))) as wire:
        settings = Settings(**given, model_base_url=wire.base_url, model_name="tiny")
        asking = ports(json.loads(json.dumps(open_settings(settings))), home / "state")
        by_model = planned_of(paths, words, asking).outcome.plan
    offline = planned_of(paths, words, wired).outcome.plan
    assert by_model.planner.kind == "model" and by_model.planner.usage.calls == 1
    made = [[(s.effect, s.where, s.parameters) for s in plan.steps] for plan in (by_model, offline)]
    assert made[0] == made[1] != []
