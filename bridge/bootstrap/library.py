"""The library door: read, analyze, plan, render, write, with every port wired."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from bridge.analysis.reading import Analysis
    from bridge.analysis.together import Together
    from bridge.audio import Audio
    from bridge.planning.matching.reference import Aspect
    from bridge.planning.plan import Outcome, Plan
    from bridge.rendering.missing import MissingPlugin
    from bridge.rendering.results import Render, StemsRender
    from bridge.session import Session

_ORIGINALS: set[Path] = set()
"""Files that were read through this door."""


def read(path: str | Path) -> Audio:
    """A whole sound file as Audio [samples float32 (channels, frames)].

    Raises FileRefused with a verdict where it is no usable sound, PathRefused for links and special files.
    """
    from bridge import files

    audio = files.read(Path(path))
    _ORIGINALS.add(Path(path).resolve())
    return audio


def analyze(audio: Audio, without: tuple[str, ...] = ()) -> Analysis:
    """All readings and curves of a sound; `without` leaves metrics out ("tempo", "key": the slow ones)."""
    from bridge.analysis import analyze as measure

    return measure(audio, without=without)


def analyze_together(stems: Mapping[str, Audio], offsets_s: Mapping[str, float] | None = None) -> Together:
    """How stems stand to each other: which hides which, where and when; delay and polarity of double-miked ones.

    stems: by name; offsets_s: by name, where in the song one begins, 0 where it is not named.
    """
    from bridge.analysis import analyze_together as measure

    return measure(stems, offsets_s)


def plan(
    words: str,
    analysis: Analysis | Mapping[str, Analysis],
    *,
    previous: Plan | None = None,
    target: str | None = None,
    planner: str | None = None,
    references: Mapping[str, Analysis] | None = None,
    match: Mapping[Aspect, float] | None = None,
    impulse: str | Path | None = None,
    session: Session | None = None,
) -> Outcome:
    """Words and a measurement to a plan, or why there is none.

    analysis: of the sound, or of each stem by name. previous: the plan that "even more" and "undo" speak of.
    planner: "offline" or "model"; None takes the model where one is configured.
    references: by name, sounds to come near to; match: how far each part goes, 0..1. Such a plan is not tried on the
    sound, which is not here; the command line and the daemon do that.
    impulse: an impulse response to convolve with; one that the words name is taken as they name it.
    session: the conversation that the words go on with, instead of `previous`; the outcome is as it sees it: "undo" has
    the plan to go back to.
    """
    from bridge.analysis.reading import Analysis as AnalysisType
    from bridge.bootstrap.planning import plan_words
    from bridge.config import load
    from bridge.planning.own_impulse import OwnImpulse

    analyses = {"input": analysis} if isinstance(analysis, AnalysisType) else dict(analysis)
    reference = None
    if references:
        from bridge.planning.matching.reference import Source, averaged

        reference = averaged([(Source(name=name), each) for name, each in references.items()])
    outcome = plan_words(
        words, analyses, load().settings, previous=previous, target=target, planner=planner,
        reference=reference, match=match, impulse=OwnImpulse(str(impulse or "")),
        so_far=session.so_far if session else None,
    )  # fmt: skip
    return session.answered(outcome) if session else outcome


def auto(
    tool: str, analysis: Analysis | Mapping[str, Analysis], amount: float = 1.0, target: str | None = None
) -> Outcome:
    """One effect's own judgement of a sound: a plan of one step with its reason in numbers, or "no_op" with the numbers
    why nothing is needed.

    tool: an effect ("equalizer") or a tool's name ("AutoEQ"). amount: 0..2, 1 is plain. target: what to go by
    ("rock", "spotify"). analysis: of the sound, or of each stem by name. Raises BadInput for an unknown tool or target
    and for an amount outside 0..2.
    """
    from bridge.analysis.reading import Analysis as AnalysisType
    from bridge.bootstrap.auto import auto_tool

    analyses = {"input": analysis} if isinstance(analysis, AnalysisType) else dict(analysis)
    return auto_tool(tool, analyses, amount, target)


Progress = Callable[[float, str], None]


@overload
def render(
    audio: Audio,
    plan: Plan,
    *,
    progress: Progress | None = None,
    missing_plugin: MissingPlugin | None = None,
) -> Render: ...


@overload
def render(
    audio: Mapping[str, Audio],
    plan: Plan,
    *,
    progress: Progress | None = None,
    missing_plugin: MissingPlugin | None = None,
) -> StemsRender: ...


def render(
    audio: Audio | Mapping[str, Audio],
    plan: Plan,
    *,
    progress: Progress | None = None,
    missing_plugin: MissingPlugin | None = None,
) -> Render | StemsRender:
    """The plan applied, measured before and after, with its promises checked.

    missing_plugin: what becomes of a step whose plugin cannot be used; None takes the setting.
    Hosted plugins run in this process here, and one that crashes or hangs takes it along; the command line and the
    daemon render in worker processes.
    """
    from bridge.bootstrap.ports import catalogue
    from bridge.config import load
    from bridge.hosting import PluginHost
    from bridge.jobs.impulses import reading
    from bridge.rendering.render import render as apply

    settings = load().settings
    with PluginHost(catalogue(settings)) as plugins, reading(None):
        policy = missing_plugin or settings.missing_plugin
        return apply(audio, plan, plugins=plugins, progress=progress, missing_plugin=policy)


@overload
def render_refined(audio: Audio, plan: Plan, *, missing_plugin: MissingPlugin | None = None) -> Render: ...


@overload
def render_refined(
    audio: Mapping[str, Audio], plan: Plan, *, missing_plugin: MissingPlugin | None = None
) -> StemsRender: ...


def render_refined(
    audio: Audio | Mapping[str, Audio], plan: Plan, *, missing_plugin: MissingPlugin | None = None
) -> Render | StemsRender:
    """As `render`, and once more from the untouched sound where wishes without numbers fell short of being heard: with
    more of what they asked for, within the soft spans. The better of the two; `plan` is what was rendered."""
    from bridge.rendering.proof.round import refined_once

    return refined_once(plan, lambda each: render(audio, each, missing_plugin=missing_plugin))


def write(path: str | Path, audio: Audio, like: str | Path | None = None, *, overwrite: bool = False) -> None:
    """Writes a sound file, complete or not at all; `like` names a file whose format and metadata it takes.

    Raises BadInput where `path` is a file that was read here and `overwrite` was not said: originals stay as they are.
    """
    from bridge import files
    from bridge.errors import BadInput

    if not overwrite and Path(path).resolve() in _ORIGINALS:
        raise BadInput(
            f"{path} was read here and is the original; choose another name, or say overwrite=True."
        )
    files.write(Path(path), audio, like=Path(like) if like else None)
