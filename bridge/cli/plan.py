"""`dawbridge plan`: words to a plan, without rendering."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bridge.cli.explain import explain_option
from bridge.cli.impulse import impulse_option, own_impulse
from bridge.cli.known_plugin import state_option
from bridge.cli.named_plugins import try_named, wait_option
from bridge.cli.references import Asked, asked, reference_options
from bridge.cli.results import (
    NEEDS_AN_ANSWER,
    UNANSWERED,
    tell_explained,
    tell_plan,
    tell_what_is_missing,
)
from bridge.cli.settings import settings
from bridge.cli.stems import sounds
from bridge.cli.tempo import session_tempo, tempo_option
from bridge.cli.terminal import emit, json_option, one_line, progress_bar, say
from bridge.cli.words import CommandWithWords
from bridge.errors import BadRequest
from bridge.jobs.plan_file import read_plan
from bridge.planning.place import MIX

if TYPE_CHECKING:
    from bridge.analysis.reading import Analysis
    from bridge.config import Settings
    from bridge.jobs.ensemble import OpenStems
    from bridge.jobs.matching import Pieces
    from bridge.planning.plan import Outcome, Plan
    from bridge.reports.explanation import Reader

Command = TypeVar("Command", bound=Callable[..., Any])

NOTHING = Asked()
_USUAL_ANSWER = 1500
"""Characters that a model's answer has, roughly; how long it will be nobody knows before."""


def planning_options(command: Command) -> Command:
    """The options that `plan` and `process` share."""
    for option in reversed(
        (
            click.option(
                "--previous", metavar="PLAN.json", help='The plan that "even more" and "no reverb" speak of.'
            ),
            click.option("--planner", type=click.Choice(["offline", "model"]), help="Who reads the words."),
            click.option("--target", metavar="NAME", help="Platform or genre to aim at."),
        )
    ):
        command = option(command)
    return command


stem_option = click.option(
    "--stem", "stems", multiple=True, metavar="NAME=FILE", help="A further stem of the song; may be repeated."
)


@click.command("plan", cls=CommandWithWords)
@click.argument("file")
@click.argument("words")
@stem_option
@explain_option
@wait_option
@state_option
@tempo_option
@impulse_option
@reference_options
@planning_options
@json_option
def command(
    file: str,
    words: str,
    stems: tuple[str, ...],
    explain: Reader | None,
    wait: bool,
    state: str | None,
    tempo: str | None,
    impulse: str | None,
    references: tuple[str, ...],
    match: str | None,
    previous: str | None,
    planner: str | None,
    target: str | None,
    as_json: bool,
) -> int:
    """Turn WORDS into a plan for FILE, without rendering. A folder as FILE means all its sound files, as stems.

    The plan can be kept (--json), changed by hand, compared with `diff` and rendered with `process --plan`.
    Exit code 3 where the words need an answer.
    """
    before = read_plan(previous) if previous else None
    against = asked(references, match, before is not None)
    named, effective = sounds(file, stems), settings(state=state, tempo_bpm=session_tempo(tempo))
    try_named(words, effective, wait, as_json)
    room = own_impulse(impulse, words)
    outcome = outcome_for(named, words, effective, before, planner, target, as_json, against, room)
    if as_json:
        emit(outcome.to_json() | explained_json(outcome.plan))
    else:
        tell_outcome(outcome, explain or effective.explain)
    return NEEDS_AN_ANSWER if outcome.kind in UNANSWERED else 0


def outcome_for(
    files: dict[str, Path],
    words: str,
    effective: Settings,
    previous: Plan | None,
    planner: str | None,
    target: str | None,
    quiet: bool,
    against: Asked = NOTHING,
    impulse: Path | None = None,
) -> Outcome:
    """Measures the files and plans the words. A plan that matches a reference is tried on pieces of the one sound.

    Raises BadRequest for "undo", "redo" and "compare", which a plan's file cannot answer.
    """
    from bridge.analysis import FORM
    from bridge.bootstrap.planning import names_a_part, plan_words
    from bridge.jobs.impulses import found_beside, holding
    from bridge.jobs.matching import rehearsed

    reference = against.measured()
    unwanted = () if names_a_part(words) else (FORM,)
    heard = {name: _measured(path, quiet, unwanted) for name, path in files.items()}
    analyses = {name: analysis for name, (analysis, _) in heard.items()}
    if len(files) > 1:
        analyses[MIX] = _mix_measured(files, quiet, unwanted)
    room = found_beside(str(next(iter(files.values()))), str(impulse) if impulse else None, None)
    with _ensemble(files, against) as ensemble, _model_bar(effective, planner, quiet) as told:
        outcome = plan_words(
            words, analyses, effective, previous=previous, target=target, planner=planner,
            reference=reference, match=against.match, ensemble=ensemble, told=told, impulse=room,
        )  # fmt: skip
    if outcome.kind in ("undo", "redo", "compare"):
        raise BadRequest(
            f"{words!r} speaks of several turns, and a plan's file is one; use the plan before it."
        )
    outcome = holding(outcome, None)
    if outcome.plan is None or outcome.plan.matched is None or len(files) > 1:
        return outcome
    whole, pieces = next(iter(heard.values()))
    return outcome.model_copy(update={"plan": rehearsed(outcome.plan, whole, pieces.audio)})


@contextmanager
def _model_bar(effective: Settings, planner: str | None, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Shows how much of a model's answer has come; nothing where none is asked."""
    from bridge.bootstrap.planning import asks_a_model

    if not asks_a_model(effective, planner):
        yield lambda characters: None
        return
    with progress_bar(str(effective.model_name or "model"), quiet=quiet) as report:
        report(0.0, "asking")
        yield lambda characters: report(min(0.95, characters / _USUAL_ANSWER), f"{characters} characters")


def _measured(path: Path, quiet: bool, unwanted: Sequence[str]) -> tuple[Analysis, Pieces]:
    from bridge.analysis import analyze_sound
    from bridge.files import open_sound
    from bridge.jobs.matching import Pieces

    with progress_bar(path.name, quiet=quiet) as report, open_sound(path) as sound:
        report(0.0, "measuring")
        pieces = Pieces(sound)
        return analyze_sound(pieces, unwanted), pieces


def _mix_measured(files: dict[str, Path], quiet: bool, unwanted: Sequence[str]) -> Analysis:
    from bridge.analysis import analyze_sound
    from bridge.files import open_sound
    from bridge.files.metadata.time_reference import stamped_starts
    from bridge.rendering.mixdown import Mixdown

    with ExitStack() as opened, progress_bar(" + ".join(files), quiet=quiet) as report:
        report(0.0, "measuring")
        sounds = {name: opened.enter_context(open_sound(path)) for name, path in files.items()}
        return analyze_sound(Mixdown(sounds, stamped_starts(sounds)), unwanted)


@contextmanager
def _ensemble(files: dict[str, Path], against: Asked) -> Iterator[OpenStems | None]:
    """What there is to hear of several stems, while they are open."""
    if len(files) < 2:
        yield None
        return
    from bridge.files import open_sound
    from bridge.files.metadata.time_reference import stamped_starts
    from bridge.jobs.ensemble import OpenStems

    with ExitStack() as opened:
        sounds = {name: opened.enter_context(open_sound(path)) for name, path in files.items()}
        yield OpenStems(sounds, stamped_starts(sounds), against.options["references"])


def explained_json(plan: Plan | None) -> dict[str, Any]:
    """`explanation`, as result.json has it."""
    if plan is None:
        return {}
    from bridge.reports.explanation import explanations

    return {"explanation": explanations(plan)}


def tell_outcome(outcome: Outcome, reader: Reader = "detailed") -> None:
    """An outcome for people."""
    if outcome.plan and reader != "detailed":
        say("Nothing is rendered yet. Once it is, this is what was done:")
        tell_explained(outcome.plan.to_json(), reader)
    elif outcome.plan:
        tell_plan(outcome.plan.to_json())
    for text in (outcome.question, outcome.answer):
        if text:
            say(one_line(text))
    if outcome.kind == "no_op":
        say("Nothing needs changing.")
    tell_what_is_missing(outcome.to_json())
