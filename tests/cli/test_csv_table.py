"""A table for spreadsheets replaces nothing but a table of its own, and holds no formulas."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from bridge.cli.csv_table import csv_path, write_csv
from bridge.errors import BadInput

READ: dict[str, Any] = {
    "path": "mix.wav", "seconds": 1.5, "rate": 48000, "channels": 2,
    "readings": {"true_peak": {"value": -3.5, "unit": "dBTP"}},
}  # fmt: skip


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_table_of_an_earlier_run_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "album.csv"
    for read in ([READ, READ], [], [READ]):
        assert csv_path(str(path), ["mix.wav", None]) == path
        write_csv(path, read)
        assert len(rows(path)) == len(read)


@pytest.mark.parametrize("there", [b"", b"file,seconds\n", b"name,price\nbread,2\n", b"\x00\xff", b"RIFF"])
def test_what_is_no_table_of_ours_is_never_replaced(tmp_path: Path, there: bytes) -> None:
    path = tmp_path / "prices.csv"
    path.write_bytes(there)
    with pytest.raises(BadInput, match="no table of this command"):
        csv_path(str(path), [])
    assert path.read_bytes() == there


def test_neither_a_folder_nor_a_link_to_nowhere_is_a_table_of_ours(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "link.csv").symlink_to(tmp_path / "nowhere")
    for name in ("folder.csv", "link.csv"):
        with pytest.raises(BadInput, match="no table of this command"):
            csv_path(str(tmp_path / name), [])


def test_a_file_that_is_read_is_never_replaced_not_even_where_it_looks_like_a_table(tmp_path: Path) -> None:
    path = tmp_path / "reference.csv"
    write_csv(path, [])
    (tmp_path / "again").symlink_to(path)
    for files in ([str(path)], ["mix.wav", str(tmp_path / "again")]):
        with pytest.raises(BadInput, match="one of the files to be read"):
            csv_path(str(path), files)


def test_text_that_begins_like_a_formula_is_kept_as_text_and_numbers_stay_numbers(tmp_path: Path) -> None:
    path = tmp_path / "album.csv"
    names = ["=1+1.wav", "+a.wav", "-a.wav", "@a.wav", "\ta.wav", "a=b.wav"]
    write_csv(path, [READ | {"path": name, "error": "=cmd()"} for name in names])
    read = rows(path)
    assert [row["file"] for row in read] == [*(f"'{name}" for name in names[:-1]), "a=b.wav"]
    assert {row["error"] for row in read} == {"'=cmd()"}
    assert {row["true_peak (dBTP)"] for row in read} == {"-3.5"}
