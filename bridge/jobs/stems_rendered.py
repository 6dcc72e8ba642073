"""A job of several stems, as it is rendered: one after the other, then buses and mix of what is delivered.

Each stem goes back to its own track: its result starts where its source starts. A stem that no step touches has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridge.analysis.reading import Analysis
from bridge.jobs.attempt import Piece
from bridge.jobs.sounds import (
    Progress,
    measured_before,
    must_be_the_planned_one,
    must_be_unchanged,
    opened,
)
from bridge.jobs.spec import JobSpec, Rendered, RenderedPart
from bridge.jobs.stems import span_of
from bridge.jobs.written import Bar, write
from bridge.planning.place import MIX
from bridge.rendering.check import Check
from bridge.rendering.missing import asked_in_words
from bridge.rendering.placing import at_stem, mixed, working_buses

if TYPE_CHECKING:
    from bridge.files import SoundFile
    from bridge.jobs.run import Ports
    from bridge.planning.plan import Plan
    from bridge.planning.promises.refining import Shortfall


def render_stems(spec: JobSpec, ports: Ports, progress: Progress, span: tuple[float, float]) -> Rendered:
    """Every stem that a step touches, then the mix where one works on that. span: of it all on the job's bar."""
    return _rendered(spec, ports, progress, span, frozenset())


def render_with_mix(spec: JobSpec, ports: Ports, progress: Progress, span: tuple[float, float]) -> Rendered:
    """The same, and the mix in any case."""
    return _rendered(spec, ports, progress, span, frozenset((MIX,)))


def _rendered(
    spec: JobSpec, ports: Ports, progress: Progress, span: tuple[float, float], always: frozenset[str]
) -> Rendered:
    assert spec.plan is not None
    rendering = _Rendering(spec, ports, progress, spec.plan)
    wanted = [name for name in spec.parts if name in always or rendering.sounds_at(name)]
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
        self._after: dict[str, Analysis] = {}
        self._checks: list[Check] = []
        self._warnings: list[str] = []
        self._replaced: list[Any] = []
        self._asked = asked_in_words(plan, spec.missing_plugin)
        self._exact: list[tuple[bool | None, str | None]] = []
        self._reductions: dict[str, dict[str, Any]] = {}
        self._unproven: list[str] = []
        self._shortfalls: list[Shortfall] = []

    def sounds_at(self, name: str) -> bool:
        return bool(at_stem(self._plan, name, self._stems))

    def render(self, name: str, span: tuple[float, float]) -> None:
        output, bar = Path(self._spec.outputs[name]), Bar(self._progress, *span)
        piece = self._piece(name)
        done = write(self._spec, self._ports, self._plan, piece, output, self._before(name), bar)
        self._plan = done.plan
        self._done[name], self._after[name] = done.part, done.after
        self._checks += [check.model_copy(update={"name": f"{name}.{check.name}"}) for check in done.checks]
        self._checks += [item.check() for item in done.replaced]
        self._warnings += [item.sentence() for item in done.replaced]
        self._warnings += [f"{name}: {warning}" for warning in done.warnings]
        self._replaced += done.replaced
        self._unproven += [f"{name}: {why}" for why in done.unproven]
        self._shortfalls += done.shortfalls
        self._exact.append((done.bit_exact, done.bit_exact_reason))
        self._reductions |= {
            step: curve
            for step, curve in done.part.reductions.items()
            if step not in self._reductions or abs(curve["most_db"]) > abs(self._reductions[step]["most_db"])
        }

    def hear_together(self) -> None:
        """Checks of what the plan promises of the stems together, on the files that will be delivered."""
        from bridge.rendering.together_checks import check_together, wanted

        if self._spec.album_lufs is not None:
            self._checks.append(self._album(self._spec.album_lufs))
        if not wanted(self._plan):
            return
        with ExitStack() as files:
            before = {name: files.enter_context(self._source(name)) for name in self._stems}
            after = {name: files.enter_context(self._result(name)) for name in self._stems}
            starts = {name: self._start_s(name) for name in self._stems}
            self._checks += check_together(self._plan, before, after, starts)

    def _album(self, asked_lufs: float) -> Check:
        """The loudness of all songs as they are delivered, and as they are where no step touches one."""
        from bridge.analysis.album_loudness import album_loudness
        from bridge.rendering.checks import LOUDNESS_TOLERANCE_LU

        got = album_loudness(self._after.get(name) or self._untouched(name) for name in self._stems)
        apart = None if got is None else abs(got - asked_lufs)
        ok = apart is not None and apart <= LOUDNESS_TOLERANCE_LU
        reason = None if ok else self._why_not()
        return Check(
            name="album_loudness", asked=asked_lufs, got=None if got is None else round(got, 3), unit="LUFS", ok=ok,
            reason=reason,
        )  # fmt: skip

    def _why_not(self) -> str:
        if all(check.ok for check in self._checks):
            return "the limiters of the loudest songs take so much; a lower loudness of the album spares them"
        return "a song does not come to its place; its own check says why"

    def _untouched(self, name: str) -> Analysis:
        from bridge.analysis import analyze_sound
        from bridge.analysis.metrics import METRICS

        with self._source(name) as file:
            others = tuple(metric.name for metric in METRICS if metric.name != "integrated_loudness")
            return analyze_sound(file, without=others)

    def _before(self, name: str) -> Callable[[Analysis], Analysis]:
        part = self._spec.parts[name]

        def before(after: Analysis) -> Analysis:
            if part.source is not None:
                return measured_before(part.source, part.before, part.spectrum)
            shape = {"rate": after.rate, "channels": after.channels, "frames": after.frames}
            return Analysis.from_json({**shape, "readings": part.before})

        return before

    @contextmanager
    def _piece(self, name: str) -> Iterator[Piece]:
        """A stem's own file; a bus or the mix is the sum of what is delivered, in the first stem's format."""
        called, stem = self._spec.parts[name].name, (name, self._stems)
        if name in self._stems:
            with self._source(name) as file:
                yield Piece(file, called, None, stem)
                must_be_unchanged(file)
            return
        from bridge.rendering.mixdown import Mixdown

        with ExitStack() as files:
            buses = working_buses(self._plan, self._stems)
            summands = buses.get(name) or mixed(self._plan, self._stems)
            sounds = {each: files.enter_context(self._result(each)) for each in summands}
            main = files.enter_context(self._source(self._stems[0]))
            starts = {stem: self._start_s(stem) for stem in self._stems}
            yield Piece(main, called, Mixdown(sounds, starts), stem)

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
        from bridge.jobs.run import refinement

        main = next(name for name in (MIX, *self._done) if name in self._done)
        exact = [each for each, _ in self._exact]
        return Rendered(
            output=self._done[main].output,
            sha256=self._done[main].sha256,
            after=self._done[main].after,
            offset_s=self._done[main].offset_s,
            checks=(*self._checks, *(item.check() for item in self._asked)),
            parts=self._done,
            plan=self._plan if self._plan is not self._spec.plan else None,
            replaced=(*self._asked, *self._replaced),
            bit_exact=False if False in exact else None if None in exact else True,
            bit_exact_reason=next((reason for each, reason in self._exact if not each), None),
            reductions=self._reductions,
            unproven=tuple(dict.fromkeys(self._unproven)),
            refinement=refinement(self._spec, self._ports, self._plan, self._shortfalls),
            warnings=tuple(self._warnings),
        )
