"""All or nothing on disk."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from bridge.errors import OutputFailed
from bridge.files import atomic


def test_json_is_replaced_as_a_whole(tmp_path):
    path = tmp_path / "result.json"
    atomic.write_json(path, {"a": 1})
    atomic.write_json(path, {"b": [1.5, None, "ü 和"]})
    assert json.loads(path.read_text("utf-8")) == {"b": [1.5, None, "ü 和"]}
    assert [entry.name for entry in tmp_path.iterdir()] == ["result.json"]


def test_numbers_that_are_not_finite_become_null(tmp_path):
    atomic.write_json(tmp_path / "x.json", {"a": float("nan"), "b": [float("-inf"), (float("inf"), 1.0)]})
    assert json.loads((tmp_path / "x.json").read_bytes()) == {"a": None, "b": [None, [None, 1.0]]}


def test_names_that_are_no_utf8_survive(tmp_path):
    name = os.fsdecode(b"caf\xe9.wav")
    atomic.write_json(tmp_path / "x.json", {"path": name})
    data = (tmp_path / "x.json").read_bytes()
    data.decode("utf-8")
    assert json.loads(data) == {"path": name}


def test_what_cannot_be_json_changes_nothing(tmp_path):
    path = tmp_path / "x.json"
    atomic.write_json(path, 1)
    with pytest.raises(TypeError):
        atomic.write_json(path, object())
    assert path.read_text() == "1\n"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_reader_never_sees_a_part(tmp_path):
    """A process of its own reads as fast as it can while the file is replaced 40 times."""
    path = tmp_path / "x.json"
    atomic.write_json(path, ["0"] * 5_000)
    code = (
        "import json, sys\nseen = set()\nprint('go', flush=True)\nwhile len(seen) < 10**6:\n"
        "    values = json.load(open(sys.argv[1]))\n    assert len(values) == 5000 and len(set(values)) == 1\n"
        "    if values[0] == '40': break\n"
    )
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", code, path], stdout=subprocess.PIPE
    ) as reader:
        assert reader.stdout is not None
        reader.stdout.readline()
        for number in range(1, 41):
            atomic.write_json(path, [str(number)] * 5_000)
        assert reader.wait(60) == 0


def test_the_syncs_come_in_the_order_that_survives_a_power_cut(tmp_path, monkeypatch):
    """The file's bytes before its name, its name before the word that it is done."""
    calls = []
    for name in ("fsync", "replace"):
        real = getattr(os, name)

        def record(*arguments, name=name, real=real):
            where = os.fstat(arguments[0]) if name == "fsync" else None
            calls.append(
                name if where is None else ("sync folder" if where.st_mode & 0o040000 else "sync file")
            )
            return real(*arguments)

        monkeypatch.setattr(os, name, record)
    atomic.write_bytes(tmp_path / "x", b"1")
    expected = ["sync file", "replace", "sync folder"] if os.name == "posix" else ["sync file", "replace"]
    assert calls == expected
    calls.clear()
    (tmp_path / "t").write_bytes(b"2")
    atomic.replace(tmp_path / "t", tmp_path / "x")
    assert calls == expected


@pytest.mark.parametrize("links", [True, False])
def test_a_name_that_is_taken_is_never_placed_over(tmp_path, monkeypatch, links):
    if not links:
        monkeypatch.setattr(os, "link", _no_links)
    fresh, final = tmp_path / "fresh", tmp_path / "x.wav"
    fresh.write_bytes(b"new")
    final.write_bytes(b"mine")
    assert not atomic.place(fresh, final)
    assert (fresh.read_bytes(), final.read_bytes()) == (b"new", b"mine")
    assert atomic.place(fresh, tmp_path / "y.wav")
    assert {entry.name: entry.read_bytes() for entry in tmp_path.iterdir()} == {
        "x.wav": b"mine",
        "y.wav": b"new",
    }


def _no_links(*_):
    raise OSError(95, "Operation not supported")


@pytest.mark.parametrize("failing", ["write", "fsync", "replace"])
def test_whatever_step_fails_nothing_changes(tmp_path, monkeypatch, failing):
    path = tmp_path / "x.json"
    atomic.write_json(path, 1)

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, failing, fail)
    with pytest.raises(OutputFailed, match=r"x\.json could not be written: the disk is full"):
        atomic.write_json(path, 2)
    monkeypatch.undo()
    assert path.read_text() == "1\n"
    assert len(list(tmp_path.iterdir())) == 1


def test_temporary_names_are_hidden_and_short_and_swept(tmp_path):
    final = tmp_path / ("n" * 250 + ".wav")
    fresh = atomic.temporary(final)
    assert fresh.parent == tmp_path and fresh.name.startswith(".") and fresh.suffix == ".tmp"
    fresh.write_bytes(b"left by a killed process")
    (tmp_path / "keep.tmp").write_bytes(b"")
    assert atomic.sweep(tmp_path) == 1
    assert [entry.name for entry in tmp_path.iterdir()] == ["keep.tmp"]


def test_a_read_only_folder_is_named(tmp_path):
    if os.name != "posix" or os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(OutputFailed, match="this user may not write there"):
            atomic.write_json(tmp_path / "x.json", 1)
    finally:
        tmp_path.chmod(0o755)
