"""`dawbridge album`: finished songs to one loudness together, each its own result, and which of them fall out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bridge.cli.given import followed
from bridge.cli.known_plugin import state_option
from bridge.cli.measuring import measured_files, sound_files
from bridge.cli.process import Wish, process
from bridge.cli.results import exit_code, tell_checks
from bridge.cli.settings import settings
from bridge.cli.stems import make_folder
from bridge.cli.terminal import emit, json_option, one_line, say, table
from bridge.errors import BadInput

if TYPE_CHECKING:
    from bridge.analysis.album import Album
    from bridge.analysis.reading import Analysis
    from bridge.planning.album import AlbumPlan

SLOW = ("tempo", "key")


@click.command("album")
@click.argument("files", nargs=-1, required=True, metavar="FOLDER | FILE...")
@click.option(
    "--loudness", "target_lufs", type=float, default=-14.0, show_default=True, metavar="LUFS",
    help="Of all songs together (BS.1770).",
)  # fmt: skip
@click.option(
    "--ceiling", "ceiling_dbtp", type=click.FloatRange(-24, -0.1), default=-1.0, show_default=True, metavar="DBTP",
    help="True peak that no song passes; its own limiter sees to it, where one is needed.",
)  # fmt: skip
@click.option("-o", "--output", metavar="FOLDER", help="Where the results go (default: beside each song).")
@state_option
@json_option
def command(
    files: Sequence[str],
    target_lufs: float,
    ceiling_dbtp: float,
    output: str | None,
    state: str | None,
    as_json: bool,
) -> int:
    """Bring the songs of an album to a loudness together: every song gets the same gain, so that the quiet ones stay
    quiet against the loud ones. Names the songs that fall out of the album. Stems of one song are no album: those are
    for `process FOLDER`.
    """
    from bridge.analysis.album import compare_all
    from bridge.planning.album import album_plan

    if output is not None:
        make_folder(Path(output))
    paths, songs = _measured(files, as_json)
    among = compare_all(songs)
    plan = album_plan(songs, target_lufs, ceiling_dbtp)
    effective = settings(state=state)
    results = {
        name: process(
            paths[name], Wish("", output, False, {"plan": each.to_json(), "target": None}), effective, as_json
        )
        for name, each in plan.songs.items()
    }
    told = _told(among, plan, songs, results)
    if as_json:
        emit(told)
    else:
        _tell(told, results)
    return max((exit_code(result) for result in results.values()), default=0)


def _measured(files: Sequence[str], quiet: bool) -> tuple[dict[str, Path], dict[str, Analysis]]:
    """Path and analysis by name. Raises BadInput that names a file which cannot be used: the album lacks it then."""
    paths: dict[str, Path] = {}
    songs: dict[str, Analysis] = {}
    for measured in measured_files(sound_files(files), SLOW, quiet):
        path = Path(measured.path)
        if measured.analysis is None:
            raise BadInput(f"{path.name} cannot be part of the album: {measured.error}")
        name = path.stem if path.stem not in songs else path.name
        if name in songs:
            raise BadInput(f"Two songs are called {path.name}; give one of them another name.")
        paths[name], songs[name] = followed(path), measured.analysis
    return paths, songs


def _told(
    among: Album,
    plan: AlbumPlan,
    songs: dict[str, Analysis],
    results: dict[str, dict[str, Any]],
) -> dict[str, Any]:
    return {
        **plan.to_json(among),
        "songs": {
            name: {
                "before_lufs": _rounded(song.number("integrated_loudness")),
                "after_lufs": _after(results.get(name), song),
                "result": results.get(name),
            }
            for name, song in songs.items()
        },
        "warnings": list(plan.warnings),
    }


def _after(result: dict[str, Any] | None, song: Analysis) -> float | None:
    if result is None:
        return _rounded(song.number("integrated_loudness"))
    reading = (
        (result.get("after") or {}).get("readings", result.get("after") or {}).get("integrated_loudness", {})
    )
    return _rounded(reading.get("value"))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _tell(told: dict[str, Any], results: dict[str, dict[str, Any]]) -> None:
    then = f"{told['gain_db']:+.1f} dB for each." if results else "nothing needs changing."
    say(f"All songs together: {told['loudness_lufs']:.1f} LUFS, asked {told['target_lufs']:g} LUFS; {then}")
    say()
    rows = [
        (
            name,
            _shown(song["before_lufs"]),
            _shown(song["after_lufs"]),
            _limited(told["limited_db"].get(name)),
        )
        for name, song in told["songs"].items()
    ]
    table(("song", "LUFS before", "after", "limiter"), rows, numbers=(1, 2))
    say()
    for outlier in told["album"]["outliers"]:
        say(one_line(f"note: {outlier['sentence']}"))
    for spread in told["album"]["spreads"].values():
        if spread.get("sentence"):
            say(one_line(f"{spread['severity']}: {spread['sentence']}"))
    for warning in told["warnings"]:
        say(one_line(f"warning: {warning}"))
    for name, result in results.items():
        missed = [check for check in result.get("checks", ()) if not check["ok"]]
        if missed:
            say(f"{name}:")
            tell_checks(missed)
        say(one_line(f"{result['status']}: {result['output'] or result.get('reason')}"))


def _shown(lufs: float | None) -> str:
    return "-" if lufs is None else f"{lufs:.1f}"


def _limited(db: float | None) -> str:
    return "none" if db is None else f"{db:.1f} dB off its peaks"
