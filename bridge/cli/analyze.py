"""`dawbridge analyze`: measure files and say what stands out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bridge.cli.entries import Against, album_of, entry_of, held_against
from bridge.cli.measuring import Measured, measured_files
from bridge.cli.plot import pictures, plot_options
from bridge.cli.readings import figure, label
from bridge.cli.terminal import complain, emit, json_option, one_line, say, table
from bridge.cli.together import heard_together, tell_together, together_json
from bridge.errors import BridgeError

if TYPE_CHECKING:
    from bridge.analysis.album import Album


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
@click.option(
    "--together",
    is_flag=True,
    help="The files are stems of one song: what hides what, and what is double-miked.",
)
@plot_options
@json_option
def command(
    files: tuple[str, ...],
    reference: str | None,
    target_name: str | None,
    without: str,
    together: bool,
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
    against = held_against(target_name, reference, left_out, quiet=as_json)
    heard: list[Measured] = []
    entries: list[dict[str, Any]] = []
    for measured in measured_files(files, left_out, quiet=as_json):
        heard.append(measured)
        entry = entry_of(measured, against)
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
    album = album_of(heard)
    stems = heard_together([one.path for one in heard if one.analysis is not None]) if together else None
    if as_json:
        told: dict[str, Any] = {"files": entries, **({"album": album.to_json()} if album else {})}
        emit(told | ({"together": together_json(stems)} if stems else {}))
    elif stems:
        tell_together(stems)
    elif album:
        _tell_album(album, entries)
    errors = [
        each for each in (*(measured.error for measured in heard), stems) if isinstance(each, BridgeError)
    ]
    return max((error.exit_code for error in errors), default=0)


def _metrics(without: str) -> tuple[str, ...]:
    """Names of metrics, each known. Raises BadInput."""
    names = tuple(name.strip() for name in without.split(",") if name.strip())
    if names:
        from bridge.analysis.metrics import unit_of

        for name in names:
            unit_of(name)
    return names


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
