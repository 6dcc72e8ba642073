"""Several stems on the command line: which files they are, and where their results go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridge.cli import delivery
from bridge.cli.given import followed
from bridge.cli.terminal import note
from bridge.errors import BadInput, OutputFailed
from bridge.planning.place import INPUT, MIX

if TYPE_CHECKING:
    from bridge.files import SoundFormat


def sounds(file: str, stems: tuple[str, ...] = ()) -> dict[str, Path]:
    """The sounds by name: one FILE as "input"; or, of a folder or with further stems, each under its own name.

    Raises BadInput for a folder without sound files, for names that are given twice or mean something else.
    """
    given = list(_given(stems))
    path = followed(file)
    if path.is_dir():
        found = list(_stems_in(path).items())
    elif given:
        found = [(path.stem, path)]
    else:
        return {INPUT: path}
    named: dict[str, Path] = {}
    for name, each in [*found, *given]:
        if name in named:
            raise BadInput(
                f"There are two stems called {name}; give one of them another name: --stem NAME=FILE."
            )
        if name in (INPUT, MIX):
            raise BadInput(f"No stem can be called {name}: all stems together are. Write --stem NAME=FILE.")
        named[name] = each
    return named


def _given(stems: tuple[str, ...]) -> Iterator[tuple[str, Path]]:
    for stem in stems:
        name, equals, path = stem.partition("=")
        if not equals or not name or not path:
            raise BadInput(f"--stem {stem!r} is no NAME=FILE; write --stem drums=drums.wav.")
        yield name, followed(path)


def _stems_in(folder: Path) -> dict[str, Path]:
    from bridge.files.folder import stems_in

    found = stems_in(folder)
    if not found:
        raise BadInput(f"There is no sound file in {folder}.")
    kept = without_results(found.values())
    return {name: path for name, path in found.items() if path in kept}


def without_results(files: Iterable[Path]) -> list[Path]:
    """Of a folder's files those that are no results of earlier runs beside their sources; says which it leaves out."""
    kept, results = delivery.without_results(files)
    if results:
        names = ", ".join(path.name for path in results)
        note(
            f"left out, as results of an earlier run: {names}; to have one all the same, name the file itself."
        )
    return kept


def options_of(named: dict[str, Path]) -> dict[str, Any]:
    """What a job of these sounds is asked with; nothing for one sound alone."""
    return {} if list(named) == [INPUT] else {"stems": {name: str(path) for name, path in named.items()}}


def places(
    file: str, named: dict[str, Path], output: str | None, mark: str = "bridge"
) -> dict[str, delivery.Place]:
    """Where each stem's result goes, and the mix: in the folder that -o names, which is made; else beside its source,
    or, for a whole FOLDER of stems, in FOLDER-bridge beside that.

    Raises BadInput where -o names a file, OutputFailed where the folder cannot be made.
    """
    folder = _folder(followed(file), output)
    if folder is not None:
        make_folder(folder)
    formats = {name: _format(path) for name, path in named.items()}
    found = {
        name: delivery.choose(path, formats[name], None if folder is None else str(folder), mark)
        for name, path in named.items()
    }
    main, format = next(iter(named.values())), next(iter(formats.values()))
    return found | {MIX: delivery.named(folder or main.parent, MIX, format.suffix, mark)}


def _folder(source: Path, output: str | None) -> Path | None:
    if output is not None:
        return Path(output).absolute()
    return delivery.named(source.parent, source.name, "").path if source.is_dir() else None


def make_folder(folder: Path) -> None:
    """For results of several sounds. Raises BadInput where it is a file, OutputFailed where it cannot be made."""
    if folder.exists() and not folder.is_dir():
        raise BadInput(f"{folder} is a file; name a folder for the results of several stems with -o.")
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputFailed(f"The folder {folder} cannot be made: {error.strerror}.") from None


def _format(path: Path) -> SoundFormat:
    from bridge.files import open_sound, result_format

    with open_sound(path) as sound:
        return result_format(sound.format)


def deliver(result: dict[str, Any], where: dict[str, delivery.Place]) -> dict[str, Any]:
    """Puts every rendered stem, or song of an album, in its place; the result with these places in it, or as it is if
    it got nowhere."""
    kind = "songs" if "songs" in result else "stems"
    if kind not in result:
        return result
    warnings: list[str] = []
    put: dict[str, str] = {}
    for name, stem in result[kind].items():
        if stem["output"]:
            place = where.get(name) or _of_bus(name, where[MIX])
            path, said = delivery.deliver(Path(stem["output"]), place)
            put[stem["output"]] = str(path)
            warnings += said
    stems = {name: {**stem, "output": put.get(stem["output"] or "")} for name, stem in result[kind].items()}
    output = put.get(result["output"] or "")
    return {**result, kind: stems, "output": output, "warnings": [*result["warnings"], *warnings]}


def _of_bus(name: str, mix: delivery.Place) -> delivery.Place:
    """Beside the mix: "drums-bridge.wav" beside "mix-bridge.wav"."""
    mark = (mix.stem or "").removeprefix(f"{MIX}-")
    return delivery.named(mix.path.parent, name, mix.path.suffix, mark)
