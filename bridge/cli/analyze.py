"""`dawbridge analyze`: measure files and say what stands out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bridge.cli.readings import figure, label
from bridge.cli.terminal import Report, complain, emit, json_option, one_line, progress_bar, say, table
from bridge.errors import BridgeError, FileRefused

if TYPE_CHECKING:
    from bridge.analysis.target import Target


@click.command("analyze")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--target", "target_name", metavar="NAME", help="Hold the readings against a platform or genre (spotify)."
)
@click.option(
    "--without", default="", metavar="NAMES", help="Leave metrics out: tempo,key are the slow ones."
)
@json_option
def command(files: tuple[str, ...], target_name: str | None, without: str, as_json: bool) -> int:
    """Measure sound files: loudness, peaks, dynamics, width, spectrum, and what stands out.

    Exit code 2 where a file cannot be used; the others are measured all the same.
    """
    left_out = _metrics(without)
    target = _target(target_name)
    entries = []
    code = 0
    for file in files:
        with progress_bar(Path(file).name, quiet=as_json) as report:
            entry, failed = _entry(file, left_out, target, report)
        code = max(code, failed)
        entries.append(entry)
        if not as_json:
            _tell(entry)
    if as_json:
        emit({"files": entries})
    return code


def _metrics(without: str) -> tuple[str, ...]:
    """Names of metrics, each known. Raises BadInput."""
    names = tuple(name.strip() for name in without.split(",") if name.strip())
    if names:
        from bridge.analysis.metrics import unit_of

        for name in names:
            unit_of(name)
    return names


def _target(name: str | None) -> Target | None:
    if name is None:
        return None
    from bridge.bootstrap.planning import named_target
    from bridge.presets import load_targets

    return named_target(name, load_targets())


def _entry(
    file: str, without: tuple[str, ...], target: Target | None, report: Report
) -> tuple[dict[str, Any], int]:
    """One file of the answer and the exit code it asks for."""
    try:
        return measured(file, without, target, report), 0
    except BridgeError as error:
        verdict = {"verdict": error.verdict} if isinstance(error, FileRefused) else {}
        return {"path": file, "error": error.message, **verdict}, error.exit_code


def measured(file: str, without: tuple[str, ...], target: Target | None, report: Report) -> dict[str, Any]:
    """One entry of `analyze --json`. Raises FileRefused, PathRefused."""
    from bridge.analysis import analyze_sound, findings
    from bridge.files import open_sound

    report(0.0, "measuring")
    # A link that the user names himself is his to follow; only paths from outside must not be links.
    with open_sound(Path(file).resolve()) as sound:
        analysis = analyze_sound(sound, without=without)
    found = [finding.to_json() for finding in findings(analysis, target)]
    return {"path": file, **analysis.to_json(), "findings": found}


def _tell(entry: dict[str, Any]) -> None:
    if "error" in entry:
        complain(entry["error"])
        return
    shape = f"{entry['rate']} Hz, {entry['channels']} channels, {entry['seconds']:.1f} s"
    say(f"{one_line(entry['path'])}: {shape}\n")
    table(
        ("reading", "value"), [(label(name), figure(item)) for name, item in entry["readings"].items()], (1,)
    )
    say()
    for finding in entry["findings"]:
        remedy = finding["remedy"]
        say(f"{finding['severity']}: {finding['sentence']}{_words(remedy)}")
    say()


def _words(remedy: dict[str, Any] | None) -> str:
    return f' Ask for: "{remedy["words"]}".' if remedy else ""
