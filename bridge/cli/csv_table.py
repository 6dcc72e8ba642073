"""`--csv`: all readings as a table for a spreadsheet, one row a file."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bridge.errors import BadInput

_SHAPE = ("seconds", "rate", "channels")
_FIRST = ("file", "seconds", "rate (Hz)", "channels")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_path(out: str | None, files: Sequence[str | None]) -> Path | None:
    """Where the table goes. files: all that is read, the reference too.

    Raises BadInput for another ending, a missing folder, a file that is read, and one that is no table of ours.
    """
    if out is None:
        return None
    path = Path(out).absolute()
    if path.suffix.lower() != ".csv":
        raise BadInput(f"{out}: tables are written as .csv; give --csv a name that ends so.")
    if not path.parent.is_dir():
        raise BadInput(f"There is no folder {path.parent}; make it first.")
    if path.exists() and any(file and Path(file).exists() and path.samefile(file) for file in files):
        raise BadInput(
            f"{path} is one of the files to be read, which is never overwritten; name another --csv."
        )
    if os.path.lexists(path) and not _ours(path):
        raise BadInput(
            f"{path} is there already and is no table of this command; delete it or name another --csv."
        )
    return path


def _ours(path: Path) -> bool:
    """Whether a table of an earlier run lies there, which the new one may replace."""
    header = ",".join(_FIRST).encode()
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(len(header) + 1) in (header + b",", header + b"\r", header + b"\n")
    except OSError:
        return False


def _text(value: str | None) -> str | None:
    """A spreadsheet takes text that begins like a formula for one, and runs it; after an apostrophe it does not."""
    return f"'{value}" if value and value.startswith(_FORMULA) else value


def write_csv(path: Path, entries: Sequence[Mapping[str, Any]]) -> None:
    """File, length, rate, channels, each reading with its unit in the column's name, error. Empty: no value.

    Raises OutputFailed.
    """
    from bridge.files import atomic

    units = {name: item["unit"] for entry in entries for name, item in entry.get("readings", {}).items()}
    out = io.StringIO()
    table = csv.writer(out)
    columns = [f"{name} ({unit})" if unit else name for name, unit in units.items()]
    table.writerow([*_FIRST, *columns, "error"])
    for entry in entries:
        read = entry.get("readings", {})
        values = [read.get(name, {}).get("value") for name in units]
        table.writerow([_text(entry["path"]), *map(entry.get, _SHAPE), *values, _text(entry.get("error"))])
    atomic.write_bytes(path, out.getvalue().encode("utf-8", "backslashreplace"))
