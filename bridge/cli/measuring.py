"""Files to analyses, for commands that measure several: one after another, or many long ones side by side."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.cli.given import followed
from bridge.cli.terminal import progress_bar
from bridge.errors import BadInput, BridgeError, WorkerDied

if TYPE_CHECKING:
    from concurrent.futures import Future

    from bridge.analysis.reading import Analysis


_WORTH_A_PROCESS = 80_000_000
"""Bytes besides the largest file: less is measured sooner than another process has started."""


@dataclass(frozen=True)
class Measured:
    """One argument of the command line: what its file measures, or why it cannot be used."""

    path: str
    analysis: Analysis | None = None
    error: BridgeError | None = None


def sound_files(names: Sequence[str]) -> tuple[str, ...]:
    """Each name once, and in place of a folder the sound files in it, sorted. Raises BadInput for a folder without
    any."""
    found = (file for name in names for file in (_in_folder(name) if Path(name).is_dir() else [name]))
    return tuple(dict.fromkeys(found))


def _in_folder(folder: str) -> list[str]:
    from bridge.files import AUDIO_SUFFIXES

    found = [path for path in Path(folder).iterdir() if path.suffix.lower() in AUDIO_SUFFIXES]
    # "._mix.wav" is what macOS leaves beside a file on other disks; no sound.
    shown = [str(path) for path in found if path.is_file() and not path.name.startswith(".")]
    if not shown:
        raise BadInput(f"There is no sound file in the folder {folder}.")
    return sorted(shown, key=str.casefold)


def measured_files(
    files: Sequence[str], without: Sequence[str], quiet: bool, workers: int | None = None
) -> Iterator[Measured]:
    """One a file, in their order, as soon as it is ready; a file that cannot be used ends nothing.

    workers: processes to share the work; without it as many as there are processors where the files are many and long,
    else this one alone.
    """
    count = _workers(files) if workers is None else workers
    if count:
        yield from _shared(files, tuple(without), quiet, count)
    else:
        for file in files:
            yield _measured(file, without, quiet)


def _measured(file: str, without: Sequence[str], quiet: bool = True) -> Measured:
    try:
        return Measured(file, measured_file(file, without, quiet))
    except BridgeError as error:
        return Measured(file, error=error)


def _workers(files: Sequence[str]) -> int:
    """How many processes are worth their start; 0: measure here."""
    sizes = [Path(file).stat().st_size for file in files if Path(file).is_file()]
    if len(sizes) < 2 or sum(sizes) - max(sizes) < _WORTH_A_PROCESS:
        return 0
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(processors, len(sizes)) if processors > 1 else 0


def _shared(files: Sequence[str], without: tuple[str, ...], quiet: bool, count: int) -> Iterator[Measured]:
    """Ctrl-C reaches the workers too and ends them at once; what was not begun is given up."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    pool = ProcessPoolExecutor(count, get_context("spawn"), initializer=_interruptible)
    try:
        waiting = [pool.submit(_measured, file, without) for file in files]
        for done, (file, future) in enumerate(zip(files, waiting, strict=True)):
            with progress_bar(Path(file).name, quiet=quiet) as report:
                report(done / len(files), "measuring")
                measured = _answer(file, future)
            yield measured
    finally:
        pool.shutdown(cancel_futures=True)


def _interruptible() -> None:
    """A worker says nothing when it is interrupted: whoever waits for it does."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _answer(file: str, future: Future[Measured]) -> Measured:
    from concurrent.futures.process import BrokenProcessPool

    try:
        return future.result()
    except BrokenProcessPool:
        return Measured(
            file, error=WorkerDied(f"{file}: the process that measured it ended; try this file alone.")
        )


def measured_file(file: str, without: Sequence[str], quiet: bool) -> Analysis:
    """One file, with a progress bar. Raises FileRefused, PathRefused."""
    from bridge.analysis import analyze_sound
    from bridge.files import open_sound

    with progress_bar(Path(file).name, quiet=quiet) as report:
        report(0.0, "measuring")
        with open_sound(followed(file)) as sound:
            return analyze_sound(sound, without=tuple(without))
