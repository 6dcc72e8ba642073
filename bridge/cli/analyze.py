"""`dawbridge analyze`: measure files and say what stands out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bridge.cli.csv_table import csv_path, write_csv
from bridge.cli.entries import Against, album_of, entry_of, held_against
from bridge.cli.measuring import Measured, measured_files, sound_files
from bridge.cli.plot import Pictures, pictures, plot_options
from bridge.cli.terminal import complain, emit, json_option
from bridge.cli.together import heard_together, tell_together, together_json
from bridge.cli.verdicts import tell
from bridge.errors import BridgeError

if TYPE_CHECKING:
    from bridge.analysis.album import Album
    from bridge.analysis.together import Together

_EXAMPLES = """\b
Examples:
  dawbridge analyze mix.wav
  dawbridge analyze mix.wav --target spotify --target apple_music
  dawbridge analyze mix.wav --reference record.wav --plot beside.svg
  dawbridge analyze album/ --csv album.csv
  dawbridge analyze kick.wav bass.wav vocals.wav --together"""


@click.command("analyze", epilog=_EXAMPLES)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--reference", metavar="REF", help="Compare with this sound, and hold every file against it.")
@click.option(
    "--target",
    "target_names",
    metavar="NAME",
    multiple=True,
    help="Hold the readings against a platform or genre (spotify, jazz); `dawbridge targets` lists them. "
    "May be given several times.",
)
@click.option("--all", "everything", is_flag=True, help="Show every reading, not only those looked at first.")
@click.option(
    "--without", default="", metavar="NAMES", help="Leave metrics out: tempo,key,form are the slow ones."
)
@click.option(
    "--together",
    is_flag=True,
    help="The files are stems of one song: what hides what, and what is double-miked.",
)
@click.option("--csv", "csv_out", metavar="OUT", help="Write all readings into OUT.csv, one row a file.")
@plot_options
@json_option
def command(
    files: tuple[str, ...],
    reference: str | None,
    target_names: tuple[str, ...],
    everything: bool,
    without: str,
    together: bool,
    csv_out: str | None,
    plot: str | None,
    theme: str,
    as_json: bool,
) -> int:
    """Measure sound files: loudness, peaks, dynamics, width, spectrum, and what stands out.

    FILE may be a folder: every sound file in it. Several files begin with a table of all, and which of them lies apart
    from the others. Exit code 2 where a file cannot be used; the others are measured all the same.
    """
    left_out = _metrics(without)
    files = sound_files(files)
    into = csv_path(csv_out, (*files, reference))
    drawn = pictures(plot, theme, files, [reference])
    against = held_against(target_names, reference, left_out, quiet=as_json)
    heard: list[Measured] = []
    entries: list[dict[str, Any]] = []
    for measured in measured_files(files, left_out, quiet=as_json):
        heard.append(measured)
        entries.append(_entry(measured, against, drawn, len(entries)))
        if "error" in entries[-1] and not as_json:
            complain(entries[-1]["error"])
    if into is not None:
        write_csv(into, entries)
    album = album_of(heard)
    stems = heard_together([one.path for one in heard if one.analysis is not None]) if together else None
    if as_json:
        told: dict[str, Any] = {"files": entries, **({"album": album.to_json()} if album else {})}
        emit(told | ({"together": together_json(stems)} if stems else {}))
    else:
        _tell(entries, against, everything, stems or album)
    errors = [
        each for each in (*(measured.error for measured in heard), stems) if isinstance(each, BridgeError)
    ]
    return max((error.exit_code for error in errors), default=0)


def _metrics(without: str) -> tuple[str, ...]:
    """Names of metrics, each known. Raises BadInput."""
    names = tuple(name.strip() for name in without.split(",") if name.strip())
    if names:
        from bridge.analysis import FORM
        from bridge.analysis.metrics import unit_of

        for name in names:
            if name != FORM:
                unit_of(name)
    return names


def _entry(measured: Measured, against: Against, drawn: Pictures | None, index: int) -> dict[str, Any]:
    entry = entry_of(measured, against)
    if drawn and measured.analysis:
        entry["picture"] = drawn.draw(
            index,
            measured.analysis,
            Path(measured.path).name,
            target=against.target,
            reference=against.reference,
            reference_title=against.name,
        )
    return entry


def _tell(
    entries: Sequence[dict[str, Any]],
    against: Against,
    everything: bool,
    among: Album | Together | BridgeError | None,
) -> None:
    """What holds for all of them first, then file by file."""
    from bridge.analysis.album import Album

    usable = [entry for entry in entries if "error" not in entry]
    if isinstance(among, Album):
        from bridge.cli.side_by_side import tell_album

        tell_album(among, usable)
    elif among is not None:
        tell_together(among)
    for entry in usable:
        tell(entry, against, everything, alone=len(usable) == 1)
