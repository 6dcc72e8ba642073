"""`dawbridge analyze`: measure files and say what stands out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bridge.cli.measuring import Measured, measured_files
from bridge.cli.readings import figure, label
from bridge.cli.terminal import complain, emit, json_option, one_line, say, table
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
    for measured in measured_files(files, left_out, quiet=as_json):
        entry = _entry(measured, target)
        code = max(code, measured.error.exit_code if measured.error else 0)
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


def _entry(measured: Measured, target: Target | None) -> dict[str, Any]:
    """One entry of `analyze --json`: the analysis with its findings, or the error."""
    if measured.analysis is None:
        return _refused(measured.path, measured.error)
    from bridge.analysis import findings

    found = [finding.to_json() for finding in findings(measured.analysis, target)]
    return {"path": measured.path, **measured.analysis.to_json(), "findings": found}


def _refused(path: str, error: BridgeError | None) -> dict[str, Any]:
    verdict = {"verdict": error.verdict} if isinstance(error, FileRefused) else {}
    return {"path": path, "error": error.message if error else "", **verdict}


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
