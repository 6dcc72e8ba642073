"""Maps and presets that are no such thing: each is told by name, none is waited for, and the others hold."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bridge.errors import BadInput
from bridge.hosting import presets
from bridge.hosting.map_files import own_file
from bridge.hosting.own_maps import own_maps

GOOD = 'plugin = "Good"\neffect = "compressor"\n\n[parameters]\nratio = "ratio"\n'

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")


def hostile(folder: Path, suffix: str) -> set[str]:
    """Files that no reader of text is made for."""
    (folder / f"nested.{suffix}").write_text("a=" + "[" * 20_000 + "]" * 20_000)
    (folder / f"digits.{suffix}").write_text("plugin = " + "9" * 10_000)
    (folder / f"dots.{suffix}").write_text("a" + ".a" * 1_000 + " = 1\n")
    (folder / f"binary.{suffix}").write_bytes(b"\0\xff\xfe")
    (folder / f"endless.{suffix}").symlink_to("/dev/zero")
    (folder / f"circle.{suffix}").symlink_to(folder / f"circle.{suffix}")
    (folder / f"folder.{suffix}").mkdir()
    os.mkfifo(folder / f"pipe.{suffix}")
    with (folder / f"huge.{suffix}").open("wb") as file:
        file.truncate(20 << 30)
    return {"nested", "digits", "dots", "binary", "endless", "circle", "folder", "pipe", "huge"}


def test_hostile_maps_are_broken_ones_and_the_good_one_beside_them_holds(tmp_path):
    folder = tmp_path / "plugins"
    folder.mkdir()
    (folder / "good.toml").write_text(GOOD)
    expected = hostile(folder, "toml")
    found, broken = own_maps(tmp_path)
    assert set(found) == {"Good"}
    assert {item.file.stem for item in broken} == expected
    assert all(item.sentence().startswith(str(item.file)) and item.why.endswith(".") for item in broken)
    assert own_file("Good", tmp_path) == folder / "good.toml"


@pytest.mark.parametrize("suffix", ["json", "vstpreset"])
def test_hostile_presets_are_refused_by_name(tmp_path, suffix):
    for name in hostile(tmp_path, suffix):
        with pytest.raises(BadInput, match=name):
            presets.read(tmp_path / f"{name}.{suffix}", "Good")


def test_a_preset_of_endless_nesting_is_no_preset(tmp_path):
    (tmp_path / "deep.json").write_text('{"schema": ' + "[" * 100_000)
    with pytest.raises(BadInput, match=r"deep\.json is no preset"):
        presets.read(tmp_path / "deep.json", "Good")
