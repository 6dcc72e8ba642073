"""`dawbridge process`: one file, here and now."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bridge.cli import delivery
from bridge.cli.drawn_results import draw_before_after, draw_stems
from bridge.cli.explain import explain_option
from bridge.cli.impulse import WORDS as CONVOLVED
from bridge.cli.impulse import impulse_option, own_impulse
from bridge.cli.known_plugin import state_option
from bridge.cli.named_plugins import try_named, wait_option
from bridge.cli.oneoff import begun, run_one
from bridge.cli.plan import outcome_for, planning_options, stem_option
from bridge.cli.plot import Pictures, pictures, plot_options
from bridge.cli.references import WORDS, asked, reference_options
from bridge.cli.results import exit_code, tell_result
from bridge.cli.settings import settings
from bridge.cli.stems import deliver, options_of, places, sounds
from bridge.cli.tempo import session_tempo, tempo_option
from bridge.cli.terminal import emit, json_option, progress_bar
from bridge.cli.words import CommandWithWords
from bridge.errors import BadInput, BridgeError, OutputFailed
from bridge.jobs.plan_file import read_plan
from bridge.planning.place import MIX

if TYPE_CHECKING:
    from bridge.config import Settings
    from bridge.files import SoundFormat
    from bridge.processes import Child
    from bridge.reports.explanation import Reader


@dataclass(frozen=True)
class Wish:
    """What the command line asked for."""

    words: str
    output: str | None
    preview: bool
    options: dict[str, Any]
    drawn: Pictures | None = None
    worker: Child | None = None


@click.command("process", cls=CommandWithWords)
@click.argument("file")
@click.argument("words", required=False)
@click.option("-o", "--output", metavar="OUT", help="The new file (default: NAME-bridge.EXT beside FILE).")
@stem_option
@click.option("--plan", "plan_file", metavar="PLAN.json", help="Render this plan instead of planning words.")
@click.option("--preview", is_flag=True, help="Only the loudest 15 s.")
@click.option(
    "--tail",
    type=click.Choice(["keep", "trim", "fade"]),
    help="What becomes of reverb and echoes at the end.",
)
@click.option(
    "--missing-plugin",
    type=click.Choice(["refuse", "substitute", "bypass"]),
    help="What to do without a plugin that cannot be used.",
)
@click.option("--no-refine", is_flag=True, help="Never render once more where a wish fell short.")
@explain_option
@wait_option
@state_option
@tempo_option
@plot_options
@impulse_option
@reference_options
@planning_options
@json_option
def command(
    file: str,
    words: str | None,
    output: str | None,
    stems: tuple[str, ...],
    plan_file: str | None,
    preview: bool,
    tail: str | None,
    missing_plugin: str | None,
    no_refine: bool,
    explain: Reader | None,
    wait: bool,
    state: str | None,
    tempo: str | None,
    plot: str | None,
    theme: str,
    impulse: str | None,
    references: tuple[str, ...],
    match: str | None,
    previous: str | None,
    planner: str | None,
    target: str | None,
    as_json: bool,
) -> int:
    """Plan WORDS for FILE, render, measure again, and write a new file beside it. A folder as FILE means all its
    sound files, as stems: each gets a file of its own, and so does the mix where the wish is about that.

    The original is never changed, and an existing file is only replaced where -o names it. Exit code 1 where a check
    missed (the file is written all the same), 3 where the words need an answer (nothing is written).
    """
    own_words = words
    words = WORDS if words is None and references and not plan_file else words
    words = CONVOLVED if words is None and impulse and not plan_file else words
    if (words is None) == (plan_file is None):
        raise click.UsageError("Give either WORDS or --plan PLAN.json.", click.get_current_context())
    if plan_file and (references or match or impulse):
        raise BadInput("A plan names its files itself; give --reference, --match and --impulse beside words.")
    named, effective = sounds(file, stems), settings(state=state, tempo_bpm=session_tempo(tempo))
    against = asked(references, match, bool(previous))
    room = own_impulse(impulse, words)
    read = (*named.values(), *(path for path, _ in against.paths), *([room] if room else ()))
    drawn = pictures(plot, theme, [file], [output, plan_file, previous, *map(str, read)])
    if drawn and len(named) > 1:
        drawn.parts_must_be_free(named)
    options: dict[str, Any] = {
        "planner": planner, "target": target, "tail": tail, "missing_plugin": missing_plugin,
        "refine": False if no_refine else None,
        "impulse": str(room) if room else None, **against.options,
    }  # fmt: skip
    notes: dict[str, Any] = {}
    worker = begun(click.get_current_context(), effective)
    if own_words:  # ours name no plugin
        try_named(own_words, effective, wait, as_json)
    if plan_file:
        options["plan"] = read_plan(plan_file).to_json()
    elif previous and words:
        # A job knows no plan before it, so words that speak of one are planned here.
        before = read_plan(previous)
        outcome = outcome_for(named, words, effective, before, planner, target, as_json, against, room)
        if outcome.plan is None:
            return _unplanned(outcome.to_json(), as_json)
        options["plan"] = outcome.plan.to_json()
        from bridge.rendering.missing import told

        warnings = told(outcome, "refuse" if missing_plugin == "refuse" else None)
        notes = {"warnings": warnings, "unsupported": outcome.unsupported}
        if outcome.plan.tail != before.tail:  # the words spoke of it, and win over --tail
            options["tail"] = None
    wish = Wish(words or "", output, preview, options, drawn, worker)
    if len(named) > 1:
        result = process_stems(file, named, wish, effective, as_json)
    else:
        result = process(next(iter(named.values())), wish, effective, as_json)
    result |= {kind: list(dict.fromkeys((*said, *(result.get(kind) or ())))) for kind, said in notes.items()}
    if as_json:
        emit(result)
    else:
        tell_result(result, explain or effective.explain)
    return exit_code(result)


def _unplanned(outcome: dict[str, Any], as_json: bool) -> int:
    unanswered = {
        **outcome,
        "status": "done" if outcome["outcome"] in ("no_op", "answer") else "refused",
        "output": None,
    }
    if as_json:
        emit(unanswered)
    else:
        tell_result(unanswered)
    return exit_code(unanswered)


def process(source: Path, wish: Wish, effective: Settings, quiet: bool) -> dict[str, Any]:
    """Runs the whole path and puts the file in its place; the content of result.json, with that place in it."""
    from bridge.files import open_sound, result_format

    with open_sound(source) as sound:
        format = result_format(sound.format)
    place = delivery.choose(source, format, wish.output, "preview" if wish.preview else "bridge")
    delivered: Path | None = None
    warnings: list[str] = []
    with workshop(place.path.parent) as folder, progress_bar(source.name, quiet) as report:
        sounding, span = _piece(source, folder, format) if wish.preview else (source, None)
        result = run_one(sounding, wish.words, wish.options, folder, effective, report, wish.worker)
        if result["output"]:
            delivered, warnings = delivery.deliver(Path(result["output"]), place)
        picture = _drawn(wish, sounding, delivered, warnings, result)
    result = delivery.told(result, delivered, warnings)
    result["source"]["path"] = str(source)
    return result | ({"preview": span} if span else {}) | ({"picture": picture} if picture else {})


def process_stems(
    file: str, named: dict[str, Path], wish: Wish, effective: Settings, quiet: bool
) -> dict[str, Any]:
    """The same for several stems: each result goes to its own place, and so does the mix."""
    where = places(file, named, wish.output, "preview" if wish.preview else "bridge")
    with workshop(where[MIX].path.parent) as folder, progress_bar(Path(file).name, quiet) as report:
        sounding, span = _pieces(named, folder) if wish.preview else (named, None)
        options = {**wish.options, **options_of(sounding)}
        main = next(iter(sounding.values()))
        done = run_one(main, wish.words, options, folder / "job", effective, report, wish.worker)
        result = deliver(done, where)
        drawn, warnings = _stems_drawn(wish, sounding, result)
        result = {**result, "warnings": [*(result.get("warnings") or ()), *warnings], **drawn}
    for name, stem in result.get("stems", {}).items():
        if stem["source"]:
            stem["source"]["path"] = str(named[name])
    result["source"]["path"] = str(next(iter(named.values())))
    return result | ({"preview": span} if span else {})


def _pieces(named: dict[str, Path], folder: Path) -> tuple[dict[str, Path], dict[str, float]]:
    from bridge.cli.preview import cut_stems

    return cut_stems(named, folder)


def _stems_drawn(
    wish: Wish, sounding: dict[str, Path], result: dict[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """Where the pictures are, by what they show, and what hindered them."""
    if wish.drawn is None:
        return {}, []
    if not any(stem["output"] for stem in result.get("stems", {}).values()):
        return {}, ["No picture was drawn: nothing was rendered."]
    try:
        paths = draw_stems(wish.drawn, sounding, result)
    except BridgeError as error:
        return {}, [f"No picture was drawn: {error.message}"]
    return {"picture": paths.pop(MIX), "pictures": paths}, []


def _drawn(
    wish: Wish, sounding: Path, delivered: Path | None, warnings: list[str], result: dict[str, Any]
) -> str | None:
    """The picture of before and after. What hinders it is a warning: the sound is in its place already."""
    if wish.drawn is None:
        return None
    if delivered is None:
        warnings.append("No picture was drawn: nothing was rendered.")
        return None
    try:
        return draw_before_after(wish.drawn, sounding, delivered, wish.options["target"], result)
    except BridgeError as error:
        warnings.append(f"No picture was drawn: {error.message}")
        return None


def _piece(source: Path, folder: Path, format: SoundFormat) -> tuple[Path, dict[str, float]]:
    """The loudest part as a file of its own, and where it lies in seconds."""
    from bridge.cli.preview import cut, loudest
    from bridge.files import open_sound, result_name

    path = folder / result_name(source, format)
    with open_sound(source) as sound:
        start, end = loudest(sound)
        cut(sound, start, end, path)
        return path, {"start_s": start / sound.rate, "end_s": end / sound.rate}


@contextmanager
def workshop(folder: Path) -> Iterator[Path]:
    """A hidden folder on the disk of the result, so that the finished file can be moved in one step."""
    try:
        path = Path(tempfile.mkdtemp(prefix=".dawbridge-", dir=folder))
    except OSError as error:
        raise OutputFailed(
            f"{folder} cannot be written: {error.strerror}; name another place with -o."
        ) from None
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
