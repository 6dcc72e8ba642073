"""Files to analyses, one after another, for commands that measure several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.cli.terminal import progress_bar
from bridge.errors import BridgeError

if TYPE_CHECKING:
    from bridge.analysis.reading import Analysis


@dataclass(frozen=True)
class Measured:
    """One argument of the command line: what its file measures, or why it cannot be used."""

    path: str
    analysis: Analysis | None = None
    error: BridgeError | None = None


def measured_files(files: Sequence[str], without: Sequence[str], quiet: bool) -> Iterator[Measured]:
    """One a file, in their order, as soon as it is ready; a file that cannot be used ends nothing."""
    for file in files:
        try:
            yield Measured(file, measured_file(file, without, quiet))
        except BridgeError as error:
            yield Measured(file, error=error)


def measured_file(file: str, without: Sequence[str], quiet: bool) -> Analysis:
    """One file, with a progress bar. Raises FileRefused, PathRefused."""
    from bridge.analysis import analyze_sound
    from bridge.files import open_sound

    with progress_bar(Path(file).name, quiet=quiet) as report:
        report(0.0, "measuring")
        # A link that the user names himself is his to follow; only paths from outside must not be links.
        with open_sound(Path(file).resolve()) as sound:
            return analyze_sound(sound, without=tuple(without))
