"""The round of refinement: once, from the untouched original, frozen before it begins, the better result kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bridge.jobs import NewJob
from bridge.jobs.commit import Outdated
from bridge.jobs.round import Round
from bridge.jobs.run import run_job
from bridge.jobs.spec import JobSpec, Planned, Rendered, Source, Talk
from bridge.planning.plan import Outcome, Plan, Step
from bridge.rendering.check import Check

GUITAR = Path(__file__).parents[2] / "docs" / "recordings" / "guit_e_fifths.flac"
PLAN = Plan(
    request="warmer", steps=(Step(id="gain-1", effect="gain", parameters={"gain_db": 1.0}),)
).with_id()
MORE = Plan(
    request="warmer", steps=(Step(id="gain-1", effect="gain", parameters={"gain_db": 2.0}),)
).with_id()


def planned() -> Planned:
    source = Source(path="/a.wav", sha256="0", rate=48000, channels=2, frames=48000, format="WAV PCM_24")
    return Planned(source=source, outcome=Outcome(kind="plan", plan=PLAN), before={}, name="a.wav")


def check(got: float) -> Check:
    return Check(
        name="wish_warm",
        asked=0.5,
        got=got,
        unit="dB",
        ok=got >= 0.5,
        words="warmer",
        shows="lows",
        sense="at_least",
    )


class Renders:
    """Stands for the worker: says what each plan's rendering measures, and remembers what it was asked."""

    def __init__(self, folder: Path, got: dict[str, float], dies_at: int = 0) -> None:
        self.folder, self.got, self.dies_at = folder, got, dies_at
        self.asked: list[str] = []

    def __call__(self, planned: Planned, plan: Plan | None, refine: bool | None) -> Rendered:
        assert plan is not None
        self.asked.append(plan.id)
        if len(self.asked) == self.dies_at:
            raise RuntimeError("killed")
        output = self.folder / f"{len(self.asked)}.tmp"
        output.write_text(plan.id)
        got = self.got[plan.id]
        return Rendered(
            output=str(output), sha256="0", after={}, checks=(check(got),),
            refinement=MORE if refine is not False and got < 0.5 else None,
        )  # fmt: skip


@pytest.fixture
def job(ledger, stem):
    ledger.add([NewJob(str(stem), "warmer")])
    job = ledger.runs.claim()
    assert ledger.runs.freeze(job.id, job.attempt, planned().to_json(), 0.0)
    assert ledger.runs.begin_render(job.id, job.attempt)
    return job


def must(moved: bool) -> None:
    if not moved:
        raise Outdated


def test_what_hits_at_once_is_rendered_once(ledger, job, tmp_path):
    renders = Renders(tmp_path, {PLAN.id: 0.7})
    rendered = Round(ledger, job, planned(), renders, must).rendered()
    assert renders.asked == [PLAN.id] and rendered.refined is None and rendered.plan is None


def test_what_fell_short_is_rendered_once_more_and_told(ledger, job, tmp_path):
    renders = Renders(tmp_path, {PLAN.id: 0.3, MORE.id: 0.6})
    rendered = Round(ledger, job, planned(), renders, must).rendered()
    assert renders.asked == [PLAN.id, MORE.id]
    assert rendered.plan == MORE and rendered.refined.kept
    assert any(
        "refined once" in text and "+0.30 dB" in text and "+0.60 dB" in text for text in rendered.warnings
    )
    assert Path(rendered.output).read_text() == MORE.id
    assert len(list(tmp_path.glob("*.tmp"))) == 1  # the other file is gone


def test_a_version_of_a_conversation_is_the_plan_that_was_heard(ledger, job, tmp_path):
    renders = Renders(tmp_path, {PLAN.id: 0.3, MORE.id: 0.6})
    turn = planned().model_copy(update={"talk": Talk(session="s", base=0)})
    rendered = Round(ledger, job, turn, renders, must).rendered()
    assert renders.asked == [PLAN.id] and rendered.refined is None and rendered.plan is None


def test_there_is_never_a_third_rendering(ledger, job, tmp_path):
    renders = Renders(tmp_path, {PLAN.id: 0.1, MORE.id: 0.2})
    rendered = Round(ledger, job, planned(), renders, must).rendered()
    assert renders.asked == [PLAN.id, MORE.id] and rendered.plan == MORE and rendered.refinement is None


def test_the_first_stays_where_the_second_is_no_better(ledger, job, tmp_path):
    renders = Renders(tmp_path, {PLAN.id: 0.3, MORE.id: 0.1})
    rendered = Round(ledger, job, planned(), renders, must).rendered()
    assert rendered.plan is None and not rendered.refined.kept
    assert Path(rendered.output).read_text() == PLAN.id
    assert any("first rendering was the better" in text for text in rendered.warnings)


def test_a_run_after_a_crash_in_between_ends_with_the_plan_that_was_frozen(ledger, job, tmp_path):
    with pytest.raises(RuntimeError):
        Round(
            ledger, job, planned(), Renders(tmp_path, {PLAN.id: 0.3, MORE.id: 0.6}, dies_at=2), must
        ).rendered()
    # This time even the first rendering would have hit: what is frozen decides all the same.
    renders = Renders(tmp_path, {PLAN.id: 0.7, MORE.id: 0.6})
    rendered = Round(ledger, job, planned(), renders, must).rendered()
    assert renders.asked == [MORE.id] and rendered.plan == MORE


def test_a_job_that_another_run_has_taken_over_freezes_nothing(ledger, job, tmp_path):
    assert ledger.runs.give_back(job.id, job.attempt, "daemon stops")
    with pytest.raises(Outdated):
        Round(ledger, job, planned(), Renders(tmp_path, {PLAN.id: 0.3}), must).rendered()
    assert ledger.document(job.id, "refined") is None


# -- with the real planner and renderer --------------------------------------------------------------------------


def rendered_of(home, wired, words: str, **more) -> tuple[Planned, Rendered]:
    path = home / "inbox" / "guitar.flac"
    path.write_bytes(GUITAR.read_bytes())
    found = run_job(
        JobSpec(job="j", attempt=1, phase="plan", path=str(path), request=words, planner="offline"), wired
    )
    frozen = Planned.model_validate(json.loads(json.dumps(found.to_json())))
    spec = JobSpec(
        job="j", attempt=1, phase="render", path=str(path), plan=frozen.outcome.plan, source=frozen.source,
        before=frozen.before, spectrum=frozen.spectrum, name=frozen.name,
        output=str(home / "outbox" / ".bridge-test.tmp"), **more,
    )  # fmt: skip
    return frozen, run_job(spec, wired)


def test_a_guitar_that_is_warm_already_takes_a_second_helping_and_then_shows_it(home, wired):
    frozen, first = rendered_of(home, wired, "warmer")
    (missed,) = [one for one in first.checks if one.name == "wish_warm"]
    assert missed.faint and 0 < missed.got < missed.asked
    more = first.refinement
    assert more is not None and more.parent_id == frozen.outcome.plan.id
    spec_plan = {band["frequency_hz"]: band["gain_db"] for band in more.steps[0].parameters["bands"]}
    was = {band["frequency_hz"]: band["gain_db"] for band in frozen.outcome.plan.steps[0].parameters["bands"]}
    assert spec_plan.keys() == was.keys()
    assert all(abs(spec_plan[hz]) > abs(gain) for hz, gain in was.items())


def test_a_second_rendering_is_not_proposed_where_nobody_wants_one(home, wired):
    _, first = rendered_of(home, wired, "warmer", refine=False)
    assert first.refinement is None and any(one.faint for one in first.checks)


def test_numbers_that_were_said_are_never_refined(home, wired):
    _, first = rendered_of(home, wired, "cut 3 dB at 250 Hz, up 2 semitones")
    assert first.refinement is None
    wishes = {one.name: one for one in first.checks if one.shows}
    assert wishes["wish_pitch_shift"].ok and wishes["wish_pitch_shift"].got == pytest.approx(200, abs=5)


def test_what_cannot_be_measured_is_said_and_never_ok(home, wired):
    _, first = rendered_of(home, wired, "flip the polarity")
    assert [one for one in first.checks if one.shows] == []
    assert any("polarity" in text and "cannot be proven" in text for text in first.unproven)
