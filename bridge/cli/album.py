"""`dawbridge album`: finished songs to one loudness together, each its own result, and which of them fall out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bridge.cli import delivery
from bridge.cli.given import followed
from bridge.cli.known_plugin import state_option
from bridge.cli.measuring import sound_files
from bridge.cli.oneoff import begun, run_one
from bridge.cli.process import workshop
from bridge.cli.results import exit_code, tell_checks, tell_what_is_missing
from bridge.cli.settings import settings
from bridge.cli.stems import deliver, make_folder, without_results
from bridge.cli.terminal import emit, json_option, one_line, progress_bar, say, table
from bridge.errors import BadInput, FileRefused

if TYPE_CHECKING:
    from bridge.files import SoundFormat


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
    effective = settings(state=state)
    worker = begun(click.get_current_context(), effective)
    songs = _songs(files)
    places = _places(songs, output)
    words = f"{target_lufs:g} LUFS, ceiling {ceiling_dbtp:g} dBTP"
    options = {"album": {name: str(path) for name, path in songs.items()}, "planner": "offline"}
    first = next(iter(songs.values()))
    with (
        workshop(next(iter(places.values())).path.parent) as folder,
        progress_bar(f"{len(songs)} songs", as_json) as report,
    ):
        result = deliver(run_one(first, words, options, folder, effective, report, worker), places)
    if as_json:
        emit(result)
    else:
        _tell(result)
    return exit_code(result)


def _songs(files: Sequence[str]) -> dict[str, Path]:
    """By name. Raises BadInput where two have one name."""
    songs: dict[str, Path] = {}
    for path in _files(files):
        name = path.stem if path.stem not in songs else path.name
        if name in songs:
            raise BadInput(f"Two songs are called {path.name}; give one of them another name.")
        songs[name] = followed(str(path))
    return songs


def _files(names: Sequence[str]) -> list[Path]:
    """In place of a folder the songs in it. A result of an earlier run counts only where it is named itself."""
    found: list[Path] = []
    for name in names:
        paths = [Path(path) for path in sound_files([name])]
        found += without_results(paths) if Path(name).is_dir() else paths
    return list(dict.fromkeys(found))


def _places(songs: dict[str, Path], output: str | None) -> dict[str, delivery.Place]:
    """Where each result goes. Raises BadInput for a file that cannot be used: the album would lack it."""
    formats = {name: _format(path) for name, path in songs.items()}
    if output is not None:
        make_folder(Path(output))
    return {name: delivery.choose(path, formats[name], output) for name, path in songs.items()}


def _format(path: Path) -> SoundFormat:
    from bridge.files import open_sound, result_format

    try:
        with open_sound(path) as sound:
            return result_format(sound.format)
    except FileRefused as error:
        raise BadInput(f"{path.name} cannot be part of the album: {error.message}") from error


def _tell(result: dict[str, Any]) -> None:
    songs, album = result.get("songs") or {}, result.get("album") or {}
    rendered = any(song["output"] for song in songs.values())
    if "gain_db" in album:
        then = f"{album['gain_db']:+.1f} dB for each." if rendered else "nothing needs changing."
        say(
            f"All songs together: {album['loudness_lufs']:.1f} LUFS, asked {album['target_lufs']:g} LUFS; {then}"
        )
        say()
        rows = [
            (name, _lufs(song["before"]), _lufs(song["after"] or song["before"]), _limited(album, name))
            for name, song in songs.items()
        ]
        table(("song", "LUFS before", "after", "limiter"), rows, numbers=(1, 2))
    tell_checks(check for check in result["checks"] if not check["ok"] or check["name"] == "album_loudness")
    tell_what_is_missing(result)
    say()
    if not rendered:
        say(
            one_line(f"{result['status']}: {result.get('reason') or result.get('answer') or ''}".rstrip(": "))
        )
    for song in songs.values():
        if song["output"]:
            say(one_line(f"{result['status']}: {song['output']}"))


def _lufs(readings: dict[str, Any]) -> str:
    value = (readings.get("integrated_loudness") or {}).get("value")
    return "-" if value is None else f"{value:.1f}"


def _limited(album: dict[str, Any], name: str) -> str:
    db = album["limited_db"].get(name)
    return "none" if db is None else f"{db:.1f} dB off its peaks"
