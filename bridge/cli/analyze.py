"""`dawbridge analyze`: measure files and say what stands out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bridge.cli.measuring import Measured, measured_file, measured_files
from bridge.cli.plot import pictures, plot_options
from bridge.cli.readings import figure, label
from bridge.cli.terminal import complain, emit, json_option, one_line, say, table
from bridge.errors import BridgeError, FileRefused

if TYPE_CHECKING:
    from bridge.analysis.album import Album
    from bridge.analysis.reading import Analysis
    from bridge.analysis.target import Target


@dataclass(frozen=True)
class Against:
    """What every file is held against. name: of the reference's file, for people."""

    target: Target | None = None
    reference: Analysis | None = None
    name: str = ""


@click.command("analyze")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--reference", metavar="REF", help="Compare with this sound, and hold every file against it.")
@click.option(
    "--target",
    "target_name",
    metavar="NAME",
    help="Hold the readings against a platform or genre (spotify, jazz); `dawbridge targets` lists them.",
)
@click.option(
    "--without", default="", metavar="NAMES", help="Leave metrics out: tempo,key are the slow ones."
)
@plot_options
@json_option
def command(
    files: tuple[str, ...],
    reference: str | None,
    target_name: str | None,
    without: str,
    plot: str | None,
    theme: str,
    as_json: bool,
) -> int:
    """Measure sound files: loudness, peaks, dynamics, width, spectrum, and what stands out.

    Several files end with a table of all, and which of them lies apart from the others. Exit code 2 where a file
    cannot be used; the others are measured all the same.
    """
    left_out = _metrics(without)
    drawn = pictures(plot, theme, files, [reference])
    against = _against(target_name, reference, left_out, quiet=as_json)
    heard: list[Measured] = []
    entries: list[dict[str, Any]] = []
    for measured in measured_files(files, left_out, quiet=as_json):
        heard.append(measured)
        entry = _entry(measured, against)
        if drawn and measured.analysis:
            entry["picture"] = drawn.draw(
                len(entries),
                measured.analysis,
                Path(measured.path).name,
                target=against.target,
                reference=against.reference,
                reference_title=against.name,
            )
        entries.append(entry)
        if not as_json:
            _tell(entries[-1], against)
    album = _album(heard)
    if as_json:
        emit({"files": entries, **({"album": album.to_json()} if album else {})})
    elif album:
        _tell_album(album, entries)
    return max(measured.error.exit_code if measured.error else 0 for measured in heard)


def _metrics(without: str) -> tuple[str, ...]:
    """Names of metrics, each known. Raises BadInput."""
    names = tuple(name.strip() for name in without.split(",") if name.strip())
    if names:
        from bridge.analysis.metrics import unit_of

        for name in names:
            unit_of(name)
    return names


def _against(target: str | None, reference: str | None, without: Sequence[str], quiet: bool) -> Against:
    """Raises BadInput for an unknown target, FileRefused for a reference that cannot be used."""
    wanted = None
    if target is not None:
        from bridge.bootstrap.planning import named_target
        from bridge.presets import load_targets

        wanted = named_target(target, load_targets())
    if reference is None:
        return Against(wanted)
    return Against(wanted, measured_file(reference, without, quiet), Path(reference).name)


def _entry(measured: Measured, against: Against) -> dict[str, Any]:
    """One entry of `analyze --json`: the analysis with its findings, or the error."""
    if measured.analysis is None:
        return _refused(measured.path, measured.error)
    from bridge.analysis import Target, findings

    entry = {"path": measured.path, **measured.analysis.to_json()}
    if against.reference is None:
        found = findings(measured.analysis, against.target)
        return {**entry, "findings": [finding.to_json() for finding in found]}
    from bridge.analysis.comparison import compare

    compared = compare(measured.analysis, against.reference)
    found = findings(measured.analysis, against.target, Target.of(against.reference, against.name))
    return {
        **entry,
        "findings": [finding.to_json() for finding in found],
        "reference": {"name": against.name, **compared.to_json()},
    }


def _refused(path: str, error: BridgeError | None) -> dict[str, Any]:
    verdict = {"verdict": error.verdict} if isinstance(error, FileRefused) else {}
    return {"path": path, "error": error.message if error else "", **verdict}


def _album(heard: Sequence[Measured]) -> Album | None:
    """The usable files as an album, by file name where that tells them apart; None for fewer than two."""
    usable = {measured.path: measured.analysis for measured in heard if measured.analysis is not None}
    if len(usable) < 2:
        return None
    from bridge.analysis.album import compare_all

    names = [Path(path).name for path in usable]
    told = names if len(set(names)) == len(names) else list(usable)
    return compare_all(dict(zip(told, usable.values(), strict=True)))


def _tell(entry: dict[str, Any], against: Against) -> None:
    if "error" in entry:
        complain(entry["error"])
        return
    shape = f"{entry['rate']} Hz, {entry['channels']} channels, {entry['seconds']:.1f} s"
    say(f"{one_line(entry['path'])}: {shape}\n")
    table(
        ("reading", "value"), [(label(name), figure(item)) for name, item in entry["readings"].items()], (1,)
    )
    say()
    if against.reference is not None:
        from bridge.cli.side_by_side import tell_reference

        tell_reference(entry, against.reference, against.name)
    for finding in entry["findings"]:
        remedy = finding["remedy"]
        say(one_line(f"{finding['severity']}: {finding['sentence']}{_words(remedy)}"))
    if "picture" in entry:
        say(f"picture: {one_line(entry['picture'])}")
    say()


def _words(remedy: dict[str, Any] | None) -> str:
    return f' Ask for: "{remedy["words"]}".' if remedy else ""


def _tell_album(album: Album, entries: Sequence[dict[str, Any]]) -> None:
    from bridge.cli.side_by_side import tell_album

    paths = {entry["path"]: entry for entry in entries if "error" not in entry}
    tell_album(album, list(paths.values()))
