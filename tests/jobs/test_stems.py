"""A job of several stems: planned together, each back under its own name, their mix where it is asked for."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bridge.audio import Audio
from bridge.errors import BadInput, BadPlan, BadRequest, Failed, PathRefused
from bridge.jobs import Ledger
from bridge.jobs.run import run_job
from bridge.jobs.spec import JobSpec, Planned, Rendered
from bridge.planning.plan import Plan
from tests import signals
from tests.jobs.desk import ROOT
from tests.jobs.invariants import broken_outputs, digest
from tests.planning.mixing.test_mixing import band_noise


def stems(home, **sounds):
    paths = {}
    for name, audio in sounds.items():
        paths[name] = str(home / "inbox" / f"{name}.wav")
        soundfile.write(paths[name], audio.samples.T, audio.rate, subtype="PCM_24")
    return paths


def two(home):
    return stems(home, bass=signals.sine(80, -12, 3.0), keys=signals.pink(-24, 2.0, channels=1))


def planned_of(paths, words, wired, **more) -> Planned:
    main = next(iter(paths.values()))
    given = {"stems": paths, "path": main, "request": words, **more}
    answer = run_job(JobSpec(job="j", attempt=1, phase="plan", **given), wired)
    assert isinstance(answer, Planned)
    return Planned.model_validate(json.loads(json.dumps(answer.to_json())))


def rendered_of(home, planned, wired, **more) -> Rendered:
    outputs = {name: str(home / "outbox" / f".bridge-{name}.tmp") for name in planned.parts}
    given = {
        "job": "j", "attempt": 1, "phase": "render", "path": planned.source.path, "plan": planned.outcome.plan,
        "source": planned.source, "before": planned.before, "name": planned.name, "parts": planned.parts,
        "output": str(home / "outbox" / ".bridge-one.tmp"), "outputs": outputs,
    }  # fmt: skip
    answer = run_job(JobSpec(**{**given, **more}), wired)
    assert isinstance(answer, Rendered)
    return Rendered.model_validate(json.loads(json.dumps(answer.to_json())))


def hand(*steps) -> Plan:
    return Plan.model_validate({"schema": 1, "steps": list(steps)})


def gain(where, gain_db):
    return {
        "id": f"{where}-gain",
        "effect": "gain",
        "where": where,
        "parameters": {"gain_db": gain_db},
    }


def test_a_wish_for_one_stem_renders_that_one_alone_and_says_so_of_it(home, wired):
    planned = planned_of(two(home), "bass 3 dB louder", wired)
    assert list(planned.parts) == ["bass", "keys", "mix"]
    rendered = rendered_of(home, planned, wired)
    assert list(rendered.parts) == ["bass"]
    assert rendered.output == rendered.parts["bass"].output
    samples, _ = soundfile.read(rendered.output)
    assert 20 * np.log10(np.abs(samples).max()) == pytest.approx(-9.0, abs=0.01)
    assert all(check.name.startswith("bass.") and check.ok for check in rendered.checks)
    assert [path.name for path in (home / "outbox").iterdir()] == [".bridge-bass.tmp"]


def test_the_mix_is_the_sum_of_what_is_delivered(home, wired):
    plan = hand(gain("bass", -6.0), gain("mix", -3.0))
    planned = planned_of(two(home), "", wired, plan=plan)
    rendered = rendered_of(home, planned, wired)
    assert list(rendered.parts) == ["bass", "mix"]
    bass, _ = soundfile.read(rendered.parts["bass"].output)
    keys, _ = soundfile.read(planned.parts["keys"].source.path)
    mix, _ = soundfile.read(rendered.output)
    expected = bass.copy()
    expected[: len(keys)] += keys[:, None]
    assert np.abs(mix - expected * 10 ** (-3 / 20)).max() < 2e-7  # 24 bit with dither


def test_a_stem_that_begins_later_lies_later_in_the_mix_and_not_in_its_own_file(home, wired):
    paths = two(home)
    planned = planned_of(
        paths, "", wired, plan=hand(gain("mix", 0.0), gain("keys", -1.0)), starts={"keys": 1.5}
    )
    rendered = rendered_of(home, planned, wired)
    keys, _ = soundfile.read(rendered.parts["keys"].output)
    mix, rate = soundfile.read(rendered.parts["mix"].output)
    bass, _ = soundfile.read(paths["bass"])
    assert len(keys) == 2 * rate and len(mix) == 3.5 * rate
    assert np.abs(mix[: int(1.5 * rate)] - bass[: int(1.5 * rate)]).max() < 3e-7
    assert np.abs(mix[3 * rate :] - keys[int(1.5 * rate) :, None]).max() < 3e-7


def test_a_bus_is_the_sum_of_its_stems_and_stands_for_them_in_the_mix(home, wired):
    paths = stems(
        home, kick=signals.sine(60, -12, 1.0), snare=signals.pink(-30, 1.0), keys=signals.sine(440, -20, 1.0)
    )
    steps = (gain("snare", -2.0), gain("drums", -6.0), gain("mix", 0.0))
    plan = Plan.model_validate({"steps": steps, "buses": [{"name": "drums", "stems": ["kick", "snare"]}]})
    planned = planned_of(paths, "", wired, plan=plan)
    assert list(planned.parts) == ["kick", "snare", "keys", "drums", "mix"]
    rendered = rendered_of(home, planned, wired)
    assert list(rendered.parts) == ["snare", "drums", "mix"]
    got = {name: soundfile.read(part.output)[0] for name, part in rendered.parts.items()}
    kick, keys = (soundfile.read(paths[name])[0] for name in ("kick", "keys"))
    assert np.abs(got["drums"] - (kick + got["snare"]) * 10 ** (-6 / 20)).max() < 3e-7
    assert np.abs(got["mix"] - (got["drums"] + keys)).max() < 3e-7


def test_stems_that_are_called_by_one_name_share_a_bus_and_get_their_level_each(home, wired):
    paths = stems(
        home,
        kick=signals.sine(60, -12, 1.0),
        snare=signals.pink(-30, 1.0),
        LeadVox=signals.sine(440, -20, 1.0),
    )
    planned = planned_of(paths, "compress the drums, drums 1 dB quieter, vocal 2 dB louder", wired)
    made = [(step.where, step.effect) for step in planned.outcome.plan.steps]
    assert made == [("kick", "gain"), ("snare", "gain"), ("LeadVox", "gain"), ("drums", "compressor")]
    assert planned.outcome.plan.buses[0].stems == ("kick", "snare")
    assert planned.parts["drums"].before["integrated_loudness"]["value"] is not None
    rendered = rendered_of(home, planned, wired)
    assert set(rendered.parts) == {"kick", "snare", "LeadVox", "drums"}


@pytest.mark.parametrize(
    ("buses", "said"),
    [
        ([{"name": "drums", "stems": ["tuba"]}], "no stem 'tuba'"),
        ([{"name": "keys", "stems": ["bass"]}], "something else has that name"),
        ([{"name": "a", "stems": ["bass"]}, {"name": "b", "stems": ["bass"]}], "through another bus already"),
    ],
)
def test_a_bus_that_cannot_be_is_refused(home, wired, buses, said):
    steps = [gain(bus["name"], -1.0) for bus in buses]
    plan = Plan.model_validate({"steps": steps, "buses": buses})
    with pytest.raises(BadPlan, match=said):
        planned_of(two(home), "", wired, plan=plan)


def test_a_target_for_the_mix_of_stems_is_hit(home, wired):
    planned = planned_of(two(home), "-18 LUFS", wired)
    assert [step.where for step in planned.outcome.plan.steps] == ["mix"]
    rendered = rendered_of(home, planned, wired)
    loudness = next(check for check in rendered.checks if check.name == "mix.integrated_loudness")
    assert loudness.ok and loudness.asked == -18.0
    assert planned.before["integrated_loudness"]["value"] is not None


def test_results_of_stems_with_one_file_name_get_names_of_their_own(home, wired):
    (home / "inbox" / "a").mkdir()
    (home / "inbox" / "b").mkdir()
    paths = {}
    for folder in ("a", "b"):
        paths[f"take {folder}"] = str(home / "inbox" / folder / "Audio.wav")
        audio = signals.sine(200, -20, 0.5)
        soundfile.write(paths[f"take {folder}"], audio.samples.T, audio.rate)
    planned = planned_of(paths, "2 dB louder", wired)
    names = [part.name for part in planned.parts.values()]
    assert len({name.casefold() for name in names}) == len(names) == 3


def test_the_same_stems_and_plan_make_the_same_files(home, wired):
    planned = planned_of(two(home), "", wired, plan=hand(gain("input", -2.0), gain("mix", -1.0)))
    first = rendered_of(home, planned, wired)
    second = rendered_of(home, planned, wired)
    assert {name: part.sha256 for name, part in first.parts.items()} == {
        name: part.sha256 for name, part in second.parts.items()
    }
    assert first.bit_exact is True


def test_stems_that_have_no_common_mix_are_refused_by_name(home, wired):
    paths = stems(home, a=signals.silence(0.5), b=signals.silence(0.5, channels=6))
    with pytest.raises(BadInput, match="a 2 channels, b 6 channels"):
        planned_of(paths, "warmer", wired)


@pytest.mark.parametrize("name", ["mix", "input"])
def test_a_stem_cannot_be_called_what_all_of_them_are_called(home, wired, name):
    paths = two(home)
    with pytest.raises(BadRequest, match=f"called {name}"):
        planned_of({"bass": paths["bass"], name: paths["keys"]}, "warmer", wired)


def test_a_stem_outside_of_the_allowed_folders_is_refused(home, wired, tmp_path):
    outside = tmp_path / "elsewhere.wav"
    soundfile.write(outside, np.zeros((100, 2)), 48000)
    with pytest.raises(PathRefused):
        planned_of({**two(home), "spy": str(outside)}, "warmer", wired)


def test_a_stem_that_changes_after_planning_ends_the_job_and_leaves_nothing(home, wired):
    paths = two(home)
    planned = planned_of(paths, "", wired, plan=hand(gain("bass", -1.0), gain("keys", -1.0)))
    soundfile.write(paths["keys"], np.zeros((1000, 1)), 48000)
    with pytest.raises(Failed, match=r"keys\.wav was changed"):
        rendered_of(home, planned, wired)
    assert list((home / "outbox").iterdir()) == []


def run_to_the_end(home, crash=""):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "BRIDGE_CRASH_AT": crash}
    command = [
        sys.executable,
        "-m",
        "tests.jobs.stems_process",
        str(home),
        "bass 2 dB quieter, -20 LUFS",
    ]
    return subprocess.run(command, env=environment, timeout=180, stdout=subprocess.DEVNULL).returncode


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
@pytest.mark.parametrize("step", ["verified:1", "renamed:1", "renamed:2"])
def test_killed_between_its_files_a_job_of_stems_is_finished_and_not_rendered_again(home, step):
    paths = two(home)
    inputs = {path: digest(Path(path)) for path in paths.values()}
    assert run_to_the_end(home, f"{step}:{home / 'crashed'}") == -signal.SIGKILL
    assert broken_outputs(home / "outbox") == []
    assert run_to_the_end(home) == 0
    assert {path: digest(Path(path)) for path in inputs} == inputs
    with Ledger.open(home / "state", owner=False) as ledger:
        assert [(job.state, job.attempt) for job in ledger.page()] == [("done", 1)]
    (folder,) = (home / "outbox").iterdir()
    result = json.loads((folder / "result.json").read_bytes())
    assert result["ok"], result["checks"]
    delivered = {name: stem["output"] for name, stem in result["stems"].items()}
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        ["result.json", *(Path(path).name for path in delivered.values() if path)]
    )
    assert result["output"] == delivered["mix"] and delivered["bass"] and not delivered["keys"]


def test_room_and_time_that_were_promised_are_proven_on_what_is_delivered(home, wired):
    snare = band_noise(150, 8000, -34, 5, seconds=8.0)
    late = np.zeros_like(snare.samples)
    late[:, 96:] = -0.5 * snare.samples[:, :-96]
    paths = stems(
        home,
        lead_vox=band_noise(250, 4000, -22, 1, seconds=8.0),
        gtr=band_noise(200, 5000, -18, 2, seconds=8.0),
        snare=snare,
        room=Audio(late, snare.rate),
    )
    planned = planned_of(paths, "align the room to the snare, make room for the lead vox in the gtr", wired)
    rendered = rendered_of(home, planned, wired)
    assert sorted(rendered.parts) == ["gtr", "room"]
    checks = {check.name: check for check in rendered.checks}
    assert checks["room.in_time_with_snare"].ok
    assert checks["lead_vox.hidden_by_gtr"].ok
    assert checks["lead_vox.hidden_by_gtr"].got < checks["lead_vox.hidden_by_gtr"].asked
    room, _ = soundfile.read(rendered.parts["room"].output)
    assert np.abs(room[:-96].T - 0.5 * snare.samples[:, : len(room) - 96]).max() < 1e-3


def test_a_pad_without_a_beat_follows_the_tempo_of_the_song(home, wired):
    """Noise bursts at 120 beats a minute beside a held tone: an eighth lasts 250 ms."""
    t = np.arange(8 * 48000) / 48000
    hits = 0.3 * signals.rng(3).standard_normal(t.size) * np.exp(-40 * (t % 0.5))
    paths = stems(home, drums=Audio(hits[None].astype(np.float32), 48000), pad=signals.sine(220, -20, 8.0))
    (step,) = planned_of(paths, "1/8 delay on the pad", wired).outcome.plan.steps
    assert (step.effect, step.where) == ("delay", "pad")
    assert step.parameters["time_ms"] == pytest.approx(250.0, abs=0.5)
