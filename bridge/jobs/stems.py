"""A job of several stems: planned together, rendered one after the other, and as their mix where a step works on that.

Each stem goes back to its own track: its result starts where its source starts. A stem that no step touches has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from bridge.analysis import SLOW_METRICS
from bridge.analysis.reading import Analysis
from bridge.errors import BadRequest
from bridge.jobs.ensemble import OpenStems
from bridge.jobs.sounds import (
    Fraction,
    Progress,
    measure,
    measured_before,
    must_be_the_planned_one,
    must_be_unchanged,
    opened,
    reopened,
    share,
    source_of,
)
from bridge.jobs.spec import JobSpec, Part, Rendered, RenderedPart
from bridge.rendering.missing import asked_in_words
from bridge.rendering.placing import INPUT, MIX, at_stem, mixed, working_buses

if TYPE_CHECKING:
    from bridge.effects.processor import Sound
    from bridge.files import Roots, SoundFile
    from bridge.jobs.run import Ports
    from bridge.planning.plan import Plan
    from bridge.rendering.check import Check

_RESERVED = (INPUT, MIX)
MOST_STEMS = 64


def stem_paths(spec: JobSpec) -> dict[str, str]:
    """All stems by name, the job's own file first; under its file's name where the request does not name it.

    Raises BadRequest for names that mean something else, and for too many.
    """
    main = next((name for name, path in spec.stems.items() if path == spec.path), None)
    paths = {main or _free(PurePath(spec.path).stem, spec.stems): str(spec.path), **spec.stems}
    for name in paths:
        if name in _RESERVED:
            raise BadRequest(f"No stem can be called {name}: that is what all stems together are called.")
    if len(paths) > MOST_STEMS:
        raise BadRequest(f"A job takes at most {MOST_STEMS} stems; these are {len(paths)}.")
    unknown = next((name for name in spec.starts if name not in paths), None)
    if unknown is not None:
        raise BadRequest(f"There is no stem {unknown!r} to begin later; there are {', '.join(paths)}.")
    return paths


def _free(name: str, taken: Mapping[str, str]) -> str:
    """A file called mix.wav is a stem all the same."""
    while name in taken or name in _RESERVED or not name:
        name = f"{name} stem".strip()
    return name


class Heard:
    """The stems of a job while they are open. analyses: of each and of their mix, by name. ensemble: what else there is
    to hear of them. notes: on the files."""

    def __init__(
        self,
        sounds: Mapping[str, SoundFile],
        starts: Mapping[str, float],
        ensemble: OpenStems,
        report: Report,
    ) -> None:
        from bridge.rendering.mixdown import Mixdown

        self._sounds, self._starts = sounds, starts
        heard: dict[str, Sound] = {**sounds, MIX: Mixdown(sounds, starts)}
        self.analyses = {
            name: measure(sound, report(index, len(heard)), SLOW_METRICS)
            for index, (name, sound) in enumerate(heard.items())
        }
        self.notes = tuple(
            f"{name}: {note.sentence}" for name, sound in sounds.items() for note in sound.notes
        )
        self.ensemble = ensemble

    def measure_tempo(self) -> None:
        """Tempo and key of the song, heard in the mix, for every stem: a pad has no beat, but it shares the song's."""
        from dataclasses import replace

        from bridge.analysis import analyze_sound
        from bridge.analysis.metrics import METRICS
        from bridge.rendering.mixdown import Mixdown

        others = [metric.name for metric in METRICS if not {metric.name, metric.belongs_to} & {*SLOW_METRICS}]
        song = analyze_sound(Mixdown(self._sounds, self._starts), others).readings
        self.analyses = {
            name: replace(analysis, readings={**analysis.readings, **song})
            for name, analysis in self.analyses.items()
        }

    def parts(self, plan: Plan | None) -> dict[str, Part]:
        """What the plan keeps of each stem, of its buses, and of the mix. Raises BadPlan for buses that cannot be."""
        buses = working_buses(plan, self._sounds) if plan is not None else {}
        analyses = {name: self.analyses[name] for name in self._sounds}
        analyses |= {name: self.ensemble.bus(stems) for name, stems in buses.items()}
        analyses[MIX] = self.analyses[MIX]
        names = _file_names(self._sounds, analyses)
        return {
            name: Part(
                source=source_of(self._sounds[name]) if name in self._sounds else None,
                before=analysis.readings_json(),
                name=names[name],
                start_s=self._starts.get(name, 0.0),
            )
            for name, analysis in analyses.items()
        }

    def must_be_unchanged(self) -> None:
        for sound in self._sounds.values():
            must_be_unchanged(sound)


Report = Callable[[int, int], Fraction]
"""The bar of one of several readings: its number, and how many there are."""


@contextmanager
def heard_stems(spec: JobSpec, roots: Roots | None, progress: Progress, end: float) -> Iterator[Heard]:
    """Every stem and their mix. end: of these readings on the job's bar, from 0. Where the request says of none when it
    begins, the time stamps of Broadcast Wave files do.

    Raises BadInput where the stems have no common mix, Failed where one has changed until the end of the block.
    """
    from bridge.files.metadata.time_reference import stamped_starts

    with ExitStack() as files:
        paths = stem_paths(spec)
        sounds = {name: files.enter_context(opened(path, roots, False)) for name, path in paths.items()}
        starts = spec.starts or stamped_starts(sounds)
        heard = Heard(
            sounds,
            starts,
            OpenStems(sounds, starts, spec.references, roots),
            lambda index, count: share(progress, *_span(index, count, 0.0, end), "plan"),
        )
        yield heard
        heard.must_be_unchanged()


def _span(index: int, count: int, start: float, end: float) -> tuple[float, float]:
    step = (end - start) / count
    return start + index * step, start + (index + 1) * step


def _file_names(sounds: Mapping[str, SoundFile], parts: Iterable[str]) -> dict[str, str]:
    """Of the results of stems, buses and mix, no two alike on any file system; a stem whose file's name is taken gets
    its own name."""
    from bridge.files import result_format, result_name

    names: dict[str, str] = {}
    taken: set[str] = set()
    main = next(iter(sounds.values()))
    for name in parts:
        sound = sounds.get(name)
        format = result_format((sound or main).format)
        wanted = result_name(sound.path, format) if sound else f"{_spelt(name)}{format.suffix}"
        number = 2
        while wanted.casefold() in taken:
            wanted = f"{_spelt(name)}-{number}{format.suffix}"
            number += 1
        taken.add(wanted.casefold())
        names[name] = wanted
    return names


def _spelt(name: str) -> str:
    """A stem's name as part of a file's name."""
    return "".join(letter if letter.isalnum() or letter in " -_" else "_" for letter in name)[:80]


def render_stems(spec: JobSpec, ports: Ports, progress: Progress, span: tuple[float, float]) -> Rendered:
    """Every stem that a step touches, then the mix where one works on that. span: of it all on the job's bar."""
    assert spec.plan is not None
    rendering = _Rendering(spec, ports, progress, spec.plan)
    wanted = [name for name in spec.parts if rendering.sounds_at(name)]
    try:
        for index, name in enumerate(wanted):
            rendering.render(name, _span(index, len(wanted), *span))
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
