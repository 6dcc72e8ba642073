"""A job that brings the songs of an album to one loudness: planned together, each song its own result.

All get one gain; which songs fall out of the album, and which need a limiter for it, is told (`bridge.planning.album`).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING

from bridge.analysis import SLOW_METRICS
from bridge.errors import BadRequest
from bridge.jobs.answering import Answering, answering
from bridge.jobs.sounds import Progress, measure, must_be_unchanged, opened, share, source_of
from bridge.jobs.spec import JobSpec, Part, Planned
from bridge.jobs.stems import file_names, sounds_by_name, span_of
from bridge.planning.place import INPUT
from bridge.planning.plan import Outcome, PlannerInfo

if TYPE_CHECKING:
    from bridge.analysis.album import Album
    from bridge.analysis.reading import Analysis
    from bridge.files import SoundFile
    from bridge.jobs.run import Ports
    from bridge.planning.album import AlbumPlan
    from bridge.planning.plan import Step

_GOALS = ("loudness", "limiter")


def plan_album(spec: JobSpec, ports: Ports, progress: Progress, end: float) -> Planned:
    """end: of all readings on the job's bar. Raises what opening and measuring a song raise, and BadInput where none of
    them has a loudness."""
    idle = [name for name in ("stems", "plan", "starts", "references", "impulse") if getattr(spec, name)]
    if idle:
        raise BadRequest(f"An album is planned from its songs alone; send it without {' and '.join(idle)}.")
    progress(0.0, "plan")
    with ExitStack() as files:
        paths = sounds_by_name(str(spec.path), spec.album, "song")
        sounds = {name: files.enter_context(opened(path, ports.roots, False)) for name, path in paths.items()}
        songs = {
            name: measure(
                sound, share(progress, *span_of(index, len(sounds), 0.0, end), "plan"), SLOW_METRICS
            )
            for index, (name, sound) in enumerate(sounds.items())
        }
        planned = _planned(spec, ports, sounds, songs, answering(progress, end))
        for sound in sounds.values():
            must_be_unchanged(sound)
        return planned


def _planned(
    spec: JobSpec,
    ports: Ports,
    sounds: Mapping[str, SoundFile],
    songs: Mapping[str, Analysis],
    told: Answering,
) -> Planned:
    from bridge.analysis.album import compare_all

    among = compare_all(songs)
    outcome, album = _outcome(spec, ports, songs, among, told)
    names = file_names(sounds, songs)
    parts = {
        name: Part(source=source_of(sounds[name]), before=song.readings_json(), name=names[name])
        for name, song in songs.items()
    }
    main = next(iter(parts.values()))
    assert main.source is not None
    notes = [f"{name}: {note.sentence}" for name, sound in sounds.items() for note in sound.notes]
    return Planned(
        source=main.source,
        outcome=outcome,
        before=main.before,
        name=main.name,
        parts=parts,
        album=album.to_json(among) if album else {"album": among.to_json()},
        warnings=(*notes, *_apart(among), *outcome.warnings),
    )


def _apart(among: Album) -> list[str]:
    """Which songs fall out, and what differs so much that a listener would reach for the knob."""
    return [
        *(outlier.sentence for outlier in among.outliers),
        *(spread.sentence for spread in among.spreads.values() if spread.sentence),
    ]


def _outcome(
    spec: JobSpec, ports: Ports, songs: Mapping[str, Analysis], among: Album, told: Answering
) -> tuple[Outcome, AlbumPlan | None]:
    from bridge.planning.album import WORDS, album_plan, loudness_of

    if spec.kind == "analyze":
        return Outcome(
            kind="answer", answer=" ".join(_apart(among)) or "No song falls out of the album."
        ), None
    loudness_of(songs)
    sounding = next(song for song in songs.values() if song.number("integrated_loudness") is not None)
    words = spec.request or WORDS
    heard = ports.plan(words, {INPUT: sounding}, target=spec.target, planner=spec.planner, told=told)
    if heard.plan is None:
        return heard, None
    goals = {step.effect: step for step in heard.plan.steps if step.effect in _GOALS}
    unsupported = (
        *heard.unsupported,
        *(_one_by_one(step) for step in heard.plan.steps if step not in goals.values()),
    )
    if "loudness" not in goals:
        said = unsupported or ("An album is brought to a loudness; say which, like -14 LUFS.",)
        return Outcome(kind="unsupported", unsupported=said, planner=heard.planner), None
    album = album_plan(songs, *_goal(goals))
    planner = heard.plan.planner or PlannerInfo()
    made = {"planner": planner, "unsupported": unsupported, "warnings": (*heard.warnings, *album.warnings)}
    if not album.songs:
        answer = f"All songs together are at {album.lufs:.1f} LUFS already."
        return Outcome(kind="no_op", answer=answer, **made), album
    return Outcome(kind="plan", plan=album.together(words, planner), **made), album


def _goal(goals: Mapping[str, Step]) -> tuple[float, float]:
    """Loudness [LUFS] and ceiling [dBTP] that the words ask for."""
    from bridge.planning.album import CEILING_DBTP, TARGET_LUFS

    loudness = goals["loudness"].parameters
    limiter = goals["limiter"].parameters if "limiter" in goals else {}
    ceiling = limiter.get("ceiling_dbtp", loudness.get("ceiling_dbtp", CEILING_DBTP))
    return float(loudness.get("target_lufs", TARGET_LUFS)), float(ceiling)


def _one_by_one(step: Step) -> str:
    return f"{step.effect}: an album is brought to a loudness and no more; ask for that song by song."
