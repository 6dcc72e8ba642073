"""Jobs whose plugins are missing, fail or change, in workers as the daemon has them; and the same bytes again."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

import bridge
from bridge.cli.oneoff import run_one
from bridge.cli.results import exit_code
from bridge.config import Settings
from bridge.effects.hosted_plugin import PluginName
from bridge.errors import PluginFailed
from bridge.hosting import Catalogue, PluginHost
from bridge.jobs.run import Ports, run_job
from bridge.jobs.spec import JobSpec, Rendered
from bridge.planning.plan import Plan, Step, Tail
from tests.hosting.bundles import zam
from tests.hosting.playing import hosted
from tests.signals import music_like

pytestmark = pytest.mark.real

SECONDS = 1.0


def plugin_step(name: str, id: str = "p1", **parameters) -> Step:
    return Step(id=id, effect="hosted_plugin", parameters=hosted(name, **parameters).parameters())


def plan_of(*steps: Step, **given) -> Plan:
    return Plan(steps=steps, request="by hand", **given).with_id()


@pytest.fixture
def settings(tmp_path) -> Settings:
    state = tmp_path / "state"
    return Settings(inbox=tmp_path / "in", outbox=tmp_path / "out", state=state, worker_memory_mb=2048)


@pytest.fixture
def catalogue(settings, plugins) -> Catalogue:
    """The one that the workers of these settings use."""
    return Catalogue(settings.state / "plugins")


@pytest.fixture
def source(tmp_path) -> Path:
    bridge.write(tmp_path / "song.wav", music_like(SECONDS))
    return tmp_path / "song.wav"


@pytest.fixture
def job(tmp_path, settings, source):
    """job(plan, missing_plugin="bypass") -> the content of result.json, from a ledger and a worker of its own."""
    count = iter(range(99))

    def run(plan: Plan | dict, **options) -> dict:
        data = plan.to_json() if isinstance(plan, Plan) else plan
        folder = tmp_path / f"job{next(count)}"
        folder.mkdir()
        return run_one(source, "", {"plan": data, **options}, folder, settings, lambda fraction, stage: None)

    return run


@pytest.fixture
def here(tmp_path, source, catalogue):
    """here(plan, missing_plugin="bypass") -> (Rendered, sound): both phases of a job in this process."""

    def run(plan: Plan, **options) -> tuple[Rendered, np.ndarray]:
        with PluginHost(catalogue, isolation="always") as host:
            ports = Ports(plan=None, spool=tmp_path, plugins=host)
            asked = JobSpec(job="j", attempt=1, phase="plan", path=str(source), plan=plan, **options)
            planned = run_job(asked, ports)
            done = run_job(
                asked.model_copy(
                    update={
                        "phase": "render",
                        "plan": planned.outcome.plan,
                        "source": planned.source,
                        "before": planned.before,
                        "output": str(tmp_path / "out.tmp"),
                        "name": planned.name,
                    }
                ),
                ports,
            )
        return done, soundfile.read(done.output)[0]

    return run


def sound_of(result: dict) -> bytes:
    return Path(result["output"]).read_bytes()


GONE = plan_of(
    plugin_step("ZamComp", threshold_db=-30.0, ratio=4.0),
    Step(id="s2", effect="gain", parameters={"gain_db": -2}),
)


def test_without_its_plugin_a_plan_is_refused_with_what_comes_nearest(here, tmp_path):
    with pytest.raises(PluginFailed, match="ZamComp is not on this machine; the built-in effect") as failed:
        here(GONE)
    assert failed.value.message.endswith("allow missing_plugin = substitute or bypass.")
    assert not (tmp_path / "out.tmp").exists()


def test_with_leave_the_built_in_effect_stands_in_and_the_result_says_so(job, plugins):
    result = job(GONE, missing_plugin="substitute")
    assert result["status"] == "done" and not result["ok"] and exit_code(result) == 1
    (replaced,) = result["replaced"]
    assert (replaced["step"], replaced["plugin"], replaced["by"], replaced["fault"]) == (
        "p1", "ZamComp", "compressor", "missing",
    )  # fmt: skip
    assert result["warnings"][0].startswith(
        "step p1 (hosted_plugin): the built-in compressor stands in for it. Plugin ZamComp is not on this machine"
    )
    check = next(item for item in result["checks"] if item["name"] == "plugin")
    assert (check["asked"], check["got"], check["ok"]) == ("ZamComp", "compressor", False)
    first = result["plan"]["steps"][0]
    assert first["effect"] == "compressor" and first["reason"].startswith("stands in for a plugin")
    assert (first["parameters"]["threshold_db"], first["parameters"]["ratio"]) == (-30.0, 4.0)
    assert result["plan"]["parent_id"] == GONE.id

    again = job(result["plan"])  # the plan in the result is the one that was rendered
    assert again["ok"] and again["replaced"] == []
    assert sound_of(again) == sound_of(result)


def test_bypassed_the_step_is_there_and_off(here):
    done, sound = here(GONE, missing_plugin="bypass")
    assert [step.enabled for step in done.plan.steps] == [False, True]
    _, only_gain = here(plan_of(GONE.steps[1]))
    assert (
        abs(sound - only_gain).max() <= 2**-22
    )  # another plan, another seed of the dither: two steps of 24 bits


def test_where_nothing_can_stand_in_a_substitute_is_refused(here):
    with pytest.raises(PluginFailed, match="No built-in effect can stand in for it as it is set"):
        here(plan_of(plugin_step("Zorble")), missing_plugin="substitute")


def test_a_plugin_in_quarantine_is_bypassed_for_that_reason(here, known, catalogue):
    bundle = known("Crash")
    for _ in range(2):
        catalogue.strikes.add(bundle, "crashed", "Plugin Crash crashed.")
    done, _ = here(plan_of(plugin_step("Crash")), missing_plugin="bypass")
    assert [item.fault for item in done.replaced] == ["quarantined"]


def test_bad_sound_is_replaced_too_where_that_is_allowed(here, known):
    known("Compnan", fault="nan", channel=1, after=24000)
    done, sound = here(plan_of(plugin_step("Compnan")), missing_plugin="substitute")
    assert [(item.fault, item.by) for item in done.replaced] == [("not_finite", "compressor")]
    assert np.isfinite(sound).all() and len(sound) == SECONDS * 48000


def test_a_plugin_that_crashes_costs_a_job_with_leave_nothing_but_the_step(job, known):
    known("Crash", fault="crash", after=24000)
    result = job(plan_of(plugin_step("Crash")), missing_plugin="bypass")
    assert result["status"] == "done"
    (replaced,) = result["replaced"]
    assert (replaced["plugin"], replaced["by"], replaced["fault"]) == ("Crash", None, "crashed")
    assert soundfile.info(result["output"]).frames == SECONDS * 48000


def test_a_plugin_of_another_version_plays_with_a_warning(here, known):
    known("Plain", version="2.1")
    effect = hosted("Plain").model_copy(update={"plugin": PluginName(name="Plain", version="2.0")})
    done, _ = here(plan_of(Step(id="p1", effect="hosted_plugin", parameters=effect.parameters())))
    assert all(check.ok for check in done.checks)
    assert done.warnings == ("step p1 (hosted_plugin): Plain is version 2.1; the plan was made with 2.0.",)


def test_a_plan_in_fresh_workers_gives_the_same_bytes(job, known, plugins):
    known("Faulty", latency=700, report=100)
    (plugins / "ZamComp.vst3").symlink_to(zam("ZamComp"))
    ramp = hosted("Faulty").model_copy(update={"automation": {"gain_db": ((0.0, -6.0), (1.0, 6.0))}})
    plan = plan_of(
        Step(id="s1", effect="equalizer", parameters={"bands": [{"frequency_hz": 900, "gain_db": 3}]}),
        plugin_step("ZamComp", "p2", threshold_db=-30.0),
        Step(id="p3", effect="hosted_plugin", parameters=ramp.parameters(), wet=0.7),
        Step(id="s4", effect="reverb", parameters={"decay_s": 0.8}),
        Step(id="s5", effect="loudness", parameters={"target_lufs": -16}),
        tail=Tail(policy="fade", fade_ms=100),
    )
    first, second = job(plan), job(plan)
    assert first["bit_exact"] is True and first["ok"]
    assert sound_of(first) == sound_of(second)


@pytest.mark.parametrize(
    ("deterministic", "reason"), [(True, None), (False, "Random: does not sound the same twice")]
)
def test_what_does_not_sound_the_same_twice_is_said_to(here, known, deterministic, reason):
    known("Random", random=1, deep={"deterministic": deterministic})
    done, _ = here(plan_of(plugin_step("Random")))
    assert (done.bit_exact, done.bit_exact_reason) == (deterministic, reason)


def test_a_request_s_policy_for_tails_goes_into_the_plan(here, tmp_path):
    room = plan_of(Step(id="s1", effect="reverb", parameters={"decay_s": 0.8}))
    kept, trimmed = here(room), here(room, tail="trim")
    assert len(trimmed[1]) == SECONDS * 48000 and len(kept[1]) > 1.2 * SECONDS * 48000
    assert all(check.ok for done, _ in (kept, trimmed) for check in done.checks)
