"""How commands speak: one JSON object or text on standard output, everything else on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console

SCHEMA = 1
PLAIN_WIDTH = 118
"""Columns of tables where no terminal says how wide it is (a log, a pipe)."""

Report = Callable[[float, str], None]
"""progress(fraction 0..1, stage)."""

json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")


def emit(data: Mapping[str, Any]) -> None:
    """One JSON object on one line of standard output; ASCII, so that every terminal and path survives it."""
    sys.stdout.write(json.dumps({"schema": SCHEMA, **data}, allow_nan=False) + "\n")
    sys.stdout.flush()


def one_line(text: str) -> str:
    """Text from outside made safe to print: control characters (a newline in a file name) are escaped."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def shown_path(path: str) -> str:
    """A path as short as it can be typed again: from the folder that one is in, or from home."""
    from pathlib import Path

    ways = [path]
    with suppress(OSError, RuntimeError, ValueError):  # the folder has gone, or it lies elsewhere
        ways.append(str(Path(path).relative_to(Path.cwd())))
    with suppress(OSError, RuntimeError, ValueError):
        ways.append(str(Path("~", Path(path).relative_to(Path.home()))))
    return min(ways, key=len)


def say(text: str = "") -> None:
    """A line for people on standard output; on a terminal it goes on below, set in, where it does not fit."""
    click.echo(_folded(text) if sys.stdout.isatty() else text)


def _folded(text: str) -> str:
    """Only at spaces, and never in a line that ends with a path, which must come off the screen in one piece."""
    import os
    import shutil
    import textwrap

    width = shutil.get_terminal_size().columns
    if len(text) <= width or os.sep in text.rpartition(": ")[2]:
        return text
    margin = " " * min(len(text) - len(text.lstrip()) + 4, width // 3)
    return textwrap.fill(
        text, width, subsequent_indent=margin, break_long_words=False, break_on_hyphens=False
    )


def note(text: str) -> None:
    """A line of progress or a warning on standard error."""
    click.echo(one_line(text), err=True)


def complain(text: str) -> None:
    """The one line of an error."""
    note(f"dawbridge: {text}")


def console(stderr: bool = False) -> Console:
    """Rich without its surprises: square brackets in file names are text, and logs do not wrap at 80 columns."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else PLAIN_WIDTH
    return Console(stderr=stderr, width=width, markup=False, highlight=False, emoji=False, soft_wrap=False)


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int] = ()) -> None:
    """A table on standard output; `numbers` are the columns that stand right."""
    from rich import box
    from rich.table import Table

    out = Table(box=box.SIMPLE_HEAD if sys.stdout.isatty() else box.ASCII2, pad_edge=False, show_edge=False)
    for index, column in enumerate(columns):
        out.add_column(column, justify="right" if index in numbers else "left", overflow="fold")
    for row in rows:
        out.add_row(*(one_line(cell) for cell in row))
    console().print(out)


@contextmanager
def progress_bar(title: str, quiet: bool = False) -> Iterator[Report]:
    """A bar on standard error while the block runs; on no terminal one line for each stage instead."""
    if quiet or not sys.stderr.isatty():
        yield _stages(title, quiet)
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task(one_line(title), total=1.0)

        def report(fraction: float, stage: str) -> None:
            bar.update(task, completed=fraction, description=one_line(f"{title}: {stage}"))

        yield report


def _stages(title: str, quiet: bool) -> Report:
    seen: set[str] = set()

    def report(fraction: float, stage: str) -> None:
        if not quiet and stage not in seen:
            seen.add(stage)
            note(f"{title}: {stage}")

    return report
