"""`--csv`: all readings as a table for a spreadsheet, one row a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bridge.errors import BadInput

_SHAPE = ("seconds", "rate", "channels")


def csv_path(out: str | None, files: Sequence[str]) -> Path | None:
    """Where the table goes. Raises BadInput for another ending, a missing folder, and a file that is read."""
    if out is None:
        return None
    path = Path(out).absolute()
    if path.suffix.lower() != ".csv":
        raise BadInput(f"{out}: tables are written as .csv; give --csv a name that ends so.")
    if not path.parent.is_dir():
        raise BadInput(f"There is no folder {path.parent}; make it first.")
    if path.exists() and any(Path(file).exists() and path.samefile(file) for file in files):
        raise BadInput(
            f"{path} is one of the files to be read, which is never overwritten; name another --csv."
        )
    return path


def write_csv(path: Path, entries: Sequence[Mapping[str, Any]]) -> None:
    """File, length, rate, channels, each reading with its unit in the column's name, error. Empty: no value.

    Raises OutputFailed.
    """
    from bridge.files import atomic

    units = {name: item["unit"] for entry in entries for name, item in entry.get("readings", {}).items()}
    out = io.StringIO()
    table = csv.writer(out)
    columns = [f"{name} ({unit})" if unit else name for name, unit in units.items()]
    table.writerow(["file", "seconds", "rate (Hz)", "channels", *columns, "error"])
    for entry in entries:
        read = entry.get("readings", {})
        values = [read.get(name, {}).get("value") for name in units]
        table.writerow([entry["path"], *map(entry.get, _SHAPE), *values, entry.get("error")])
    atomic.write_bytes(path, out.getvalue().encode("utf-8", "backslashreplace"))
