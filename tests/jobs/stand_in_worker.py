"""A worker without planner and effects: real files, real pipes, the real run's manners, "gain" as its only wish.

The words steer it: "gain -6", "nothing", "ask", "die" (every time), "die once", "hang", "refuse", "blunder",
"until FILE" (is there), "short -6" (falls short, and proposes to be rendered once more with twice the gain).
Run as `python -m tests.jobs.stand_in_worker`.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np

from bridge.errors import BadRequest, Failed, RenderFailed
from bridge.files import SoundWriter, open_sound, result_format, result_name
from bridge.jobs.spec import JobSpec, Planned, Rendered, Source
from bridge.planning.plan import Outcome, Plan, Step
from bridge.processes.crash import point
from bridge.processes.inside import Channel, Tell
from bridge.processes.wire import Message
from bridge.rendering.check import Check


def handle(request: Message, tell: Tell) -> Message:
    if request["kind"] == "setup":
        return {}
    spec = JobSpec.model_validate(request["spec"])
    tell({"kind": "progress", "fraction": 0.0, "stage": spec.phase})
    return {"result": (plan(spec) if spec.phase == "plan" else render(spec, tell)).to_json()}


def plan(spec: JobSpec) -> Planned:
    misbehave(spec, spec.request)
    with open_sound(spec.path) as sound:
        source = Source(
            path=spec.path, sha256=sound.sha256, rate=sound.rate, channels=sound.channels, frames=sound.frames,
            format=str(sound.format),
        )  # fmt: skip
        return Planned(
            source=source,
            outcome=outcome(spec),
            before={"sample_peak": {"value": peak(spec.path), "unit": "dBFS"}},
            name=result_name(sound.path, result_format(sound.format)),
        )


def misbehave(spec: JobSpec, words: str) -> None:
    if words == "die" or (words == "die once" and spec.attempt == 1):
        os._exit(0)
    if words == "hang":
        time.sleep(3600)
    if words.startswith("until "):
        while not Path(words.removeprefix("until ")).exists():
            time.sleep(0.01)
    if words == "refuse":
        raise BadRequest("These words cannot be read.")
    if words == "blunder":
        raise ValueError("a slip")
    if words == "break":
        raise RenderFailed("Step s1 gave no sound.")


def outcome(spec: JobSpec) -> Outcome:
    if spec.plan is not None:
        return Outcome(kind="plan", plan=spec.plan)
    if spec.request == "nothing":
        return Outcome(kind="no_op", answer="It fits already.")
    if spec.request == "ask":
        return Outcome(kind="clarify", question="Which of the two do you mean?")
    gain_db = float(spec.request.split()[1]) if spec.request.startswith(("gain", "short")) else -6.0
    steps = (Step(id="s1", effect="gain", parameters={"gain_db": gain_db}, reason="asked"),)
    # Different at every planning, so that a second planning of one job cannot pass unseen (I8).
    made = Plan(
        request=spec.request, steps=steps, language=f"en-{os.getpid()}-{time.monotonic_ns()}"
    ).with_id()
    return Outcome(kind="plan", plan=made)


def render(spec: JobSpec, tell: Tell) -> Rendered:
    assert spec.plan is not None and spec.source is not None and spec.output is not None
    misbehave(spec, spec.plan.request.removeprefix("late "))
    factor = np.float32(10 ** (spec.plan.steps[0].parameters["gain_db"] / 20))
    with open_sound(spec.path) as sound:
        if sound.sha256 != spec.source.sha256:
            raise Failed("It was changed while it was being processed.")
        with SoundWriter(
            Path(spec.output), sound.rate, sound.channels, result_format(sound.format), sound, seed=1
        ) as writer:
            for block in sound.blocks(4096):
                writer.write(block * factor)
                point("write")
            point("fsync")
        point("written")
    with open_sound(spec.output) as result:
        frames, sha256 = result.frames, result.sha256
    check = Check(
        name="length", asked=spec.source.frames, got=frames, unit="frames", ok=frames == spec.source.frames
    )
    return Rendered(
        output=spec.output,
        sha256=sha256,
        after={"sample_peak": {"value": peak(spec.output), "unit": "dBFS"}},
        checks=(check, *wished(spec.plan)),
        refinement=refined(spec.plan) if spec.refine is not False else None,
    )


def wished(plan: Plan) -> tuple[Check, ...]:
    if not plan.request.startswith("short"):
        return ()
    met = plan.parent_id is not None
    got = 0.6 if met else 0.1
    return (Check(name="wish_warm", asked=0.5, got=got, unit="dB", ok=met, words="warmer", shows="lows"),)


def refined(plan: Plan) -> Plan | None:
    if not plan.request.startswith("short") or plan.parent_id is not None:
        return None
    (step,) = plan.steps
    more = step.model_copy(update={"parameters": {"gain_db": 2 * step.parameters["gain_db"]}})
    return plan.model_copy(update={"steps": (more,), "parent_id": plan.id}).with_id()


def peak(path: str) -> float:
    with open_sound(path) as sound:
        highest = max(float(np.abs(block).max()) for block in sound.blocks())
    return 20 * float(np.log10(max(highest, 1e-9)))


if __name__ == "__main__":
    Channel.open().serve(handle)
