"""A job of several stems, as it is planned: which files they are, all of them measured, and what the plan keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import PurePath
from typing import TYPE_CHECKING

from bridge.analysis import SLOW_METRICS
from bridge.errors import BadRequest
from bridge.jobs.ensemble import OpenStems
from bridge.jobs.sounds import (
    Fraction,
    Progress,
    measure,
    must_be_unchanged,
    opened,
    share,
    source_of,
)
from bridge.jobs.spec import JobSpec, Part
from bridge.planning.place import INPUT, MIX
from bridge.rendering.placing import working_buses

if TYPE_CHECKING:
    from bridge.effects.processor import Sound
    from bridge.files import Roots, SoundFile
    from bridge.planning.plan import Plan

_RESERVED = (INPUT, MIX)
MOST_STEMS = 64
_FEWER = {"stem": "Sum some of them in the DAW first.", "song": "Send them as several albums."}


def sounds_by_name(own: str, named: Mapping[str, str], kind: str) -> dict[str, str]:
    """All stems or songs (`kind`) by name, the job's own file first; under its file's name where the request does not
    name it. Raises BadRequest for names that mean something else, and for too many."""
    main = next((name for name, path in named.items() if path == own), None)
    paths = {main or _free(PurePath(own).stem, named): own, **named}
    for name in paths:
        if name in _RESERVED:
            raise BadRequest(
                f"No {kind} can be called {name}: that is what all {kind}s together are called. "
                "Rename it, or leave it out."
            )
    if len(paths) > MOST_STEMS:
        raise BadRequest(f"A job takes at most {MOST_STEMS} {kind}s; these are {len(paths)}. {_FEWER[kind]}")
    return paths


def stem_paths(spec: JobSpec) -> dict[str, str]:
    """All stems by name. Raises BadRequest for names that cannot be, for too many, and for a start of none of them."""
    paths = sounds_by_name(str(spec.path), spec.stems, "stem")
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

    def measure_tempo(self, form: bool = False) -> None:
        """Tempo and key of the song, heard in the mix, for every stem: a pad has no beat, but it shares the song's.

        form: also the parts of the song, for the mix.
        """
        from dataclasses import replace

        from bridge.analysis import analyze_sound
        from bridge.analysis.metrics import METRICS
        from bridge.rendering.mixdown import Mixdown

        others = [metric.name for metric in METRICS if not {metric.name, metric.belongs_to} & {*SLOW_METRICS}]
        whole = analyze_sound(Mixdown(self._sounds, self._starts), () if form else others)
        song = {name: reading for name, reading in whole.readings.items() if name not in others}
        self.analyses = {
            name: replace(analysis, readings={**analysis.readings, **song})
            for name, analysis in self.analyses.items()
        }
        if form:
            mix = self.analyses[MIX]
            self.analyses[MIX] = replace(mix, curves={**mix.curves, **whole.curves})

    def parts(self, plan: Plan | None) -> dict[str, Part]:
        """What the plan keeps of each stem, of its buses, and of the mix. Raises BadPlan for buses that cannot be."""
        buses = working_buses(plan, self._sounds) if plan is not None else {}
        analyses = {name: self.analyses[name] for name in self._sounds}
        analyses |= {name: self.ensemble.bus(stems) for name, stems in buses.items()}
        analyses[MIX] = self.analyses[MIX]
        names = file_names(self._sounds, analyses)
        return {
            name: Part(
                source=source_of(self._sounds[name]) if name in self._sounds else None,
                before=analysis.readings_json(),
                spectrum=analysis.curves.get("spectrum", {}),
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

    Raises BadInput where the stems have no common mix or lie too far apart for one, Failed where one has changed until
    the end of the block.
    """
    from bridge.files.metadata.time_reference import stamped_starts
    from bridge.rendering.mixdown import must_meet

    with ExitStack() as files:
        paths = stem_paths(spec)
        sounds = {name: files.enter_context(opened(path, roots, False)) for name, path in paths.items()}
        starts = spec.starts or stamped_starts(sounds)
        must_meet(sounds, starts)
        heard = Heard(
            sounds,
            starts,
            OpenStems(sounds, starts, spec.references, roots),
            lambda index, count: share(progress, *span_of(index, count, 0.0, end), "plan"),
        )
        yield heard
        heard.must_be_unchanged()


def span_of(index: int, count: int, start: float, end: float) -> tuple[float, float]:
    step = (end - start) / count
    return start + index * step, start + (index + 1) * step


def file_names(sounds: Mapping[str, SoundFile], parts: Iterable[str]) -> dict[str, str]:
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
