"""Pictures of what was processed: before and after, what dynamics did to the gain; of stems the mix and each stem."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridge.cli.plot import Pictures
from bridge.planning.place import MIX

if TYPE_CHECKING:
    from bridge.analysis.reading import Analysis
    from bridge.effects.processor import Sound
    from bridge.planning.matching.reference import Matched
    from bridge.planning.plan import Plan
    from bridge.reports.reductions import StepGain


def draw_before_after(
    drawn: Pictures, before: Path, after: Path, target: str | None, result: Mapping[str, Any]
) -> str:
    """Measures both files again, tempo and key left out, and draws them beside the reference that was matched; the
    picture's path. result: the content of result.json."""
    from bridge.analysis import SLOW_METRICS
    from bridge.bootstrap.planning import named_target
    from bridge.cli.measuring import measured_file
    from bridge.presets import load_targets

    was, now = (measured_file(str(path), SLOW_METRICS, quiet=True) for path in (before, after))
    matched = _matched(result["plan"])
    return drawn.draw(
        0,
        now,
        after.name,
        target=named_target(target, load_targets()),
        before=was,
        reference=matched.reference.analysis() if matched else None,
        reference_title=matched.reference.name if matched else "",
        gains=step_gains(result["plan"], result.get("reductions") or {}),
    )


def draw_stems(drawn: Pictures, sources: Mapping[str, Path], result: Mapping[str, Any]) -> dict[str, str]:
    """The picture of the mix, in OUT, and one of each stem and bus that was rendered, in OUT-NAME; their paths by name.

    sources: the stems as they were. Where no step works on the mix, its picture shows the sum of what was rendered.
    """
    from bridge.planning.plan import Plan

    plan = Plan.model_validate(result["plan"])
    with ExitStack() as files:
        sounds = _Sounds(sources, result["stems"], plan, files)
        made = [name for name, stem in result["stems"].items() if stem["output"] and name != MIX]
        return {name: _drawn(drawn, name, sounds, result) for name in (MIX, *made)}


def _drawn(drawn: Pictures, name: str, sounds: _Sounds, result: Mapping[str, Any]) -> str:
    before, after = _measured(sounds.before(name)), _measured(sounds.after(name))
    reductions = result["stems"][name].get("reductions") or {}
    return drawn.draw(
        0,
        after,
        name,
        before=before,
        gains=step_gains(result["plan"], reductions),
        part=None if name == MIX else name,
    )


def _measured(sound: Sound) -> Analysis:
    from bridge.analysis import SLOW_METRICS, analyze_sound

    return analyze_sound(sound, without=SLOW_METRICS)


class _Sounds:
    """The stems, their buses and their mix, as they were and as they are now."""

    def __init__(
        self, sources: Mapping[str, Path], stems: Mapping[str, Any], plan: Plan, files: ExitStack
    ) -> None:
        from bridge.files import open_sound
        from bridge.rendering.placing import mixed, working_buses

        self._was = {name: files.enter_context(open_sound(path)) for name, path in sources.items()}
        self._now: dict[str, Sound] = {
            name: files.enter_context(open_sound(Path(stem["output"])))
            for name, stem in stems.items()
            if stem["output"]
        }
        self._begun = {name: stems[name]["start_s"] for name in sources}
        self._begins = {name: stem["start_s"] + (stem["offset_s"] or 0.0) for name, stem in stems.items()}
        self._buses = working_buses(plan, self._was)
        self._mixed = tuple(mixed(plan, self._was))

    def before(self, name: str) -> Sound:
        from bridge.rendering.mixdown import Mixdown

        if name in self._was:
            return self._was[name]
        members = self._buses.get(name) or tuple(self._was)
        return Mixdown({each: self._was[each] for each in members}, self._begun)

    def after(self, name: str) -> Sound:
        """Of the mix, where that was not rendered, the sum of what goes into it."""
        from bridge.rendering.mixdown import Mixdown

        if name in self._now:
            return self._now[name]
        return Mixdown({each: self._now.get(each) or self._was[each] for each in self._mixed}, self._begins)


def step_gains(plan: Mapping[str, Any] | None, reductions: Mapping[str, Any]) -> tuple[StepGain, ...]:
    """What the steps of a plan did to the gain, in their order: "2. Compressor"."""
    from bridge.effects import BY_NAME
    from bridge.effects.dsp.reduction import ReductionCurve
    from bridge.reports.reductions import StepGain

    return tuple(
        StepGain(
            f"{number}. {BY_NAME[step['effect']].title}", ReductionCurve.from_json(reductions[step["id"]])
        )
        for number, step in enumerate((plan or {}).get("steps", ()), 1)
        if step["id"] in reductions
    )


def _matched(plan: Mapping[str, Any] | None) -> Matched | None:
    """The reference of a plan that matches one."""
    from bridge.planning.matching.reference import Matched

    found = (plan or {}).get("matched")
    return Matched.model_validate(found) if found else None
