"""A job of several stems, as it is rendered: one after the other, then buses and mix of what is delivered.

Each stem goes back to its own track: its result starts where its source starts. A stem that no step touches has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridge.analysis.reading import Analysis
from bridge.jobs.sounds import (
    Progress,
    measured_before,
    must_be_the_planned_one,
    must_be_unchanged,
    opened,
    reopened,
    share,
)
from bridge.jobs.spec import JobSpec, Rendered, RenderedPart
from bridge.jobs.stems import span_of
from bridge.planning.place import MIX
from bridge.rendering.missing import asked_in_words
from bridge.rendering.placing import at_stem, mixed, working_buses

if TYPE_CHECKING:
    from bridge.effects.processor import Sound
    from bridge.files import SoundFile
    from bridge.jobs.run import Ports
    from bridge.planning.plan import Plan
    from bridge.rendering.check import Check


def render_stems(spec: JobSpec, ports: Ports, progress: Progress, span: tuple[float, float]) -> Rendered:
    """Every stem that a step touches, then the mix where one works on that. span: of it all on the job's bar."""
    assert spec.plan is not None
    rendering = _Rendering(spec, ports, progress, spec.plan)
    wanted = [name for name in spec.parts if rendering.sounds_at(name)]
    try:
        for index, name in enumerate(wanted):
            rendering.render(name, span_of(index, len(wanted), *span))
        rendering.hear_together()
    except BaseException:
        for name in wanted:
            Path(spec.outputs[name]).unlink(missing_ok=True)
        raise
    return rendering.result()


class _Rendering:
    def __init__(self, spec: JobSpec, ports: Ports, progress: Progress, plan: Plan) -> None:
        self._spec, self._ports, self._progress = spec, ports, progress
        self._plan = plan
        self._stems = tuple(name for name, part in spec.parts.items() if part.source is not None)
        self._done: dict[str, RenderedPart] = {}
        self._checks: list[Check] = []
        self._warnings: list[str] = []
        self._replaced: list[Any] = []
        self._asked = asked_in_words(plan, spec.missing_plugin)
        self._exact: list[tuple[bool | None, str | None]] = []
        self._reductions: dict[str, dict[str, Any]] = {}

    def sounds_at(self, name: str) -> bool:
        return bool(at_stem(self._plan, name, self._stems))

    def render(self, name: str, span: tuple[float, float]) -> None:
        from bridge.jobs.attempt import Attempt, Piece
        from bridge.rendering.checks import check_steps

        part, output = self._spec.parts[name], Path(self._spec.outputs[name])
        middle = span[0] + 0.8 * (span[1] - span[0])
        bar = share(self._progress, span[0], middle, "render")
        attempt = Attempt(self._spec, self._ports, lambda done, _: bar(done), self._plan)
        with self._opened(name) as (sound, file):
            piece = Piece(file, part.name, sound, (name, self._stems))
            streamed, warnings = attempt.write(piece, output)
        after, opinion, sha256 = reopened(output, share(self._progress, middle, span[1], "verify"))
        self._plan = attempt.plan
        before = self._before(name, after)
        steps = at_stem(self._plan, name, self._stems)
        checks = check_steps(
            steps, before, after, after.frames, streamed.promised, streamed.unreached, opinion
        )
        reductions = {step: curve.to_json() for step, curve in streamed.reductions.items()}
        self._done[name] = RenderedPart(
            output=str(output),
            sha256=sha256,
            after=after.readings_json(),
            offset_s=streamed.offset_s,
            reductions=reductions,
        )
        self._checks += [check.model_copy(update={"name": f"{name}.{check.name}"}) for check in checks]
        self._checks += [item.check() for item in attempt.replaced]
        self._warnings += [item.sentence() for item in attempt.replaced]
        self._warnings += [f"{name}: {warning}" for warning in warnings]
        self._replaced += attempt.replaced
        self._exact.append((streamed.bit_exact, streamed.bit_exact_reason))
        self._reductions |= {
            step: curve
            for step, curve in reductions.items()
            if step not in self._reductions or abs(curve["most_db"]) > abs(self._reductions[step]["most_db"])
        }

    def hear_together(self) -> None:
        """Checks of what the plan promises of the stems together, on the files that will be delivered."""
        from bridge.rendering.together_checks import check_together, wanted

        if not wanted(self._plan):
            return
        with ExitStack() as files:
            before = {name: files.enter_context(self._source(name)) for name in self._stems}
            after = {name: files.enter_context(self._result(name)) for name in self._stems}
            starts = {name: self._start_s(name) for name in self._stems}
            self._checks += check_together(self._plan, before, after, starts)

    def _before(self, name: str, after: Analysis) -> Analysis:
        part = self._spec.parts[name]
        if part.source is not None:
            return measured_before(part.source, part.before)
        shape = {"rate": after.rate, "channels": after.channels, "frames": after.frames}
        return Analysis.from_json({**shape, "readings": part.before})

    @contextmanager
    def _opened(self, name: str) -> Iterator[tuple[Sound | None, SoundFile]]:
        """What is rendered where it is no file itself, and the file whose format it takes."""
        if name in self._stems:
            with self._source(name) as file:
                yield None, file
                must_be_unchanged(file)
            return
        from bridge.rendering.mixdown import Mixdown

        with ExitStack() as files:
            buses = working_buses(self._plan, self._stems)
            summands = buses.get(name) or mixed(self._plan, self._stems)
            sounds = {each: files.enter_context(self._result(each)) for each in summands}
            main = files.enter_context(self._source(self._stems[0]))
            yield Mixdown(sounds, {stem: self._start_s(stem) for stem in self._stems}), main

    def _start_s(self, stem: str) -> float:
        """Where in the song its result starts: later than the stem did, where its start was trimmed."""
        done = self._done.get(stem)
        return self._spec.parts[stem].start_s + (done.offset_s if done else 0.0)

    def _result(self, name: str) -> SoundFile:
        """The stem as it will be delivered, or as it is where no step touches it."""
        from bridge.files import open_sound

        done = self._done.get(name)
        return open_sound(done.output) if done else self._source(name)

    def _source(self, name: str) -> SoundFile:
        source = self._spec.parts[name].source
        assert source is not None
        file = opened(source.path, self._ports.roots, planned=True)
        try:
            must_be_the_planned_one(file, source)
        except BaseException:
            file.close()
            raise
        return file

    def result(self) -> Rendered:
        """The mix stands for all where there is one, else the job's own file, else the first that was rendered."""
        main = next(name for name in (MIX, *self._done) if name in self._done)
        exact = [each for each, _ in self._exact]
        return Rendered(
            output=self._done[main].output,
            sha256=self._done[main].sha256,
            after=self._done[main].after,
            offset_s=self._done[main].offset_s,
            checks=(*self._checks, *(item.check() for item in self._asked)),
            parts=self._done,
            plan=self._plan if self._replaced else None,
            replaced=(*self._asked, *self._replaced),
            bit_exact=False if False in exact else None if None in exact else True,
            bit_exact_reason=next((reason for each, reason in self._exact if not each), None),
            reductions=self._reductions,
            warnings=tuple(self._warnings),
        )
