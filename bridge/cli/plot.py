"""`--plot` and `--theme`: where pictures go, what they may never overwrite, and drawing them there."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

import click

from bridge.errors import BadInput

if TYPE_CHECKING:
    from bridge.analysis.reading import Analysis
    from bridge.analysis.target import Target
    from bridge.reports.reductions import StepGain
    from bridge.reports.theme import ThemeName

_Command = TypeVar("_Command", bound=Callable[..., Any])
_ENDINGS: dict[str, Literal["png", "svg"]] = {".png": "png", ".svg": "svg"}
_PNG = b"\x89PNG\r\n\x1a\n"
_LOOKED_AT = 4096


def plot_options(command: _Command) -> _Command:
    """--plot and --theme."""
    theme = click.option(
        "--theme",
        type=click.Choice(["light", "dark", "auto"]),
        default="auto",
        show_default=True,
        help="Colours of the picture; auto: an SVG follows the viewer's mode, a PNG is light.",
    )
    plot = click.option(
        "--plot",
        metavar="OUT",
        help="Draw a picture into OUT.png or OUT.svg; of several files, or of stems, OUT-NAME.png each.",
    )
    return plot(theme(command))


@dataclass(frozen=True)
class Pictures:
    """One path for each file of the command line, and the files that must stay as they are."""

    paths: tuple[Path, ...]
    theme: ThemeName
    sacred: tuple[Path, ...]

    def of_part(self, name: str) -> Path:
        """OUT-NAME.png beside OUT.png, for one of the stems that OUT shows together."""
        spelt = "".join(letter if letter.isalnum() or letter in " -_." else "_" for letter in name)[:80]
        return self.paths[0].with_name(f"{self.paths[0].stem}-{spelt}{self.paths[0].suffix}")

    def parts_must_be_free(self, names: Iterable[str]) -> None:
        """Raises BadInput where something else than a picture lies at the place of a part's."""
        for name in names:
            _must_be_free(self.of_part(name), self.sacred)

    def draw(
        self,
        index: int,
        analysis: Analysis,
        title: str,
        *,
        target: Target | None = None,
        reference: Analysis | None = None,
        reference_title: str = "",
        before: Analysis | None = None,
        gains: Sequence[StepGain] = (),
        part: str | None = None,
    ) -> str:
        """Draws the picture of one file, or of a part of it, and puts it in its place; the path. Raises BadInput,
        OutputFailed."""
        from bridge.files import atomic
        from bridge.reports import draw

        path = self.paths[index] if part is None else self.of_part(part)
        data = draw(
            analysis,
            _ENDINGS[path.suffix.lower()],
            title=title,
            target=target,
            reference=reference,
            reference_title=reference_title,
            before=before,
            gains=gains,
            theme=self.theme,
        )
        _must_be_free(path, self.sacred)
        atomic.write_bytes(path, data)
        return str(path)


def pictures(
    out: str | None, theme: str, files: Sequence[str], others: Iterable[str | None] = ()
) -> Pictures | None:
    """Where the pictures of these files go; None where none was asked for.

    others: further files that the command reads or writes. Raises BadInput for an ending that is no picture's, a
    missing folder, and a place where something else lies than a picture.
    """
    if out is None:
        return None
    path = Path(out).absolute()
    if path.suffix.lower() not in _ENDINGS:
        raise BadInput(f"{out}: pictures are written as .png or .svg; give --plot a name that ends so.")
    if not path.parent.is_dir():
        raise BadInput(f"There is no folder {path.parent}; make it first.")
    sacred = tuple(Path(file) for file in (*files, *others) if file is not None)
    paths = (path,) if len(files) == 1 else tuple(_apart(path, files))
    for each in paths:
        _must_be_free(each, sacred)
    return Pictures(paths, cast("ThemeName", theme), sacred)


def _apart(path: Path, files: Sequence[str]) -> Iterable[Path]:
    """OUT-NAME.png by the files' names; files of one name in several folders get numbers."""
    taken: set[str] = set()
    for file in files:
        stem = f"{path.stem}-{Path(file).stem}"
        names = (f"{stem}{f'-{number}' if number > 1 else ''}{path.suffix}" for number in count(1))
        # Names that differ in case alone are one file on many disks.
        name = next(name for name in names if name.casefold() not in taken)
        taken.add(name.casefold())
        yield path.with_name(name)


def _must_be_free(path: Path, sacred: Sequence[Path]) -> None:
    """Only nothing or a picture may be there. A link is looked through: what it points to counts."""
    if not os.path.lexists(path):
        return
    if any(_same(path, file) for file in sacred):
        raise BadInput(
            f"{path} is one of the files to be read, which is never overwritten; name another --plot."
        )
    if not path.is_file() or not _is_picture(path):
        raise BadInput(f"{path} is there already and is no picture; name another --plot, or move it away.")


def _same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except OSError:
        return False


def _is_picture(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(_LOOKED_AT)
    except OSError:
        return False
    return (
        head.startswith(_PNG)
        or head.lstrip().startswith(b"<svg")
        or (head.startswith(b"<?xml") and b"<svg" in head)
    )
