"""Scripts go where the DAW looks, newer ones replace older ones, and nothing that a user has changed is ever lost."""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
from pathlib import Path

import pytest

from bridge.config import Settings
from bridge.daws.scripts import installing, manifest
from bridge.daws.scripts import shipped as shipped_module
from bridge.daws.scripts.changes import changes
from bridge.daws.scripts.installing import carry_out, planned
from bridge.daws.scripts.layout import next_step
from bridge.daws.scripts.shipped import CONFIG, configuration, scripts_folder, shipped
from bridge.errors import BadInput, BridgeError, OutputFailed, Unavailable
from bridge.files import atomic

ONE = {"Scripts/dawbridge/send.lua": b"-- one", "OSC/bridge.ReaperOSC": b"osc"}
TWO = {"Scripts/dawbridge/send.lua": b"-- two", "Scripts/dawbridge/new.lua": b"-- new"}


def put(root: Path, contents: dict[str, bytes], version: str = "1") -> dict[str, str]:
    doing = planned(root=root, daw="reaper", contents=contents)
    carry_out(doing, version)
    return {change.path: change.kind for change in doing.changes}


def everything(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "REAPER"


def test_a_fresh_folder_gets_every_file_and_a_list_of_them(root: Path) -> None:
    assert set(put(root, ONE).values()) == {"new"}
    assert {name: everything(root)[name] for name in ONE} == ONE
    kept = manifest.read(root, "reaper")
    assert kept.files == {name: hashlib.sha256(content).hexdigest() for name, content in ONE.items()}


def test_a_second_time_nothing_is_done_at_all(root: Path) -> None:
    put(root, ONE)
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*")}
    assert set(put(root, ONE).values()) == {"same"}
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*")} == before


def test_a_newer_version_replaces_what_is_as_we_put_it_and_takes_away_what_it_has_no_more(root: Path) -> None:
    put(root, ONE)
    told = put(root, TWO, "2")
    assert told == {
        "Scripts/dawbridge/send.lua": "replaced",
        "Scripts/dawbridge/new.lua": "new",
        "OSC/bridge.ReaperOSC": "removed",
    }
    assert {name: data for name, data in everything(root).items() if ".dawbridge" not in name} == TWO


def test_what_the_user_has_changed_is_kept_beside_ours(root: Path) -> None:
    put(root, ONE)
    mine = root / "Scripts/dawbridge/send.lua"
    mine.write_bytes(b"-- mine")
    assert put(root, TWO, "2")["Scripts/dawbridge/send.lua"] == "kept"
    kept = list(mine.parent.glob("send.lua.yours-????????"))
    assert len(kept) == 1 and kept[0].read_bytes() == b"-- mine"
    assert mine.read_bytes() == b"-- two"


def test_a_file_of_the_user_with_the_name_of_ours_is_kept_too(root: Path) -> None:
    mine = root / "Scripts/dawbridge/send.lua"
    mine.parent.mkdir(parents=True)
    mine.write_bytes(b"-- mine from before")
    put(root, ONE)
    assert [kept.read_bytes() for kept in mine.parent.glob("send.lua.yours-*")] == [b"-- mine from before"]


def test_what_was_kept_once_is_not_written_over_the_same_day(root: Path) -> None:
    mine = root / "Scripts/dawbridge/send.lua"
    put(root, ONE)
    for text in (b"-- first", b"-- second", b"-- third"):
        mine.write_bytes(text)
        put(root, ONE)
    kept = {path.read_bytes() for path in mine.parent.glob("send.lua.yours-*")}
    assert kept == {b"-- first", b"-- second", b"-- third"}


def test_removing_takes_ours_and_leaves_what_is_the_users(root: Path) -> None:
    put(root, ONE)
    other = root / "Scripts/mine.lua"
    other.write_bytes(b"-- not of the bridge")
    changed = root / "Scripts/dawbridge/send.lua"
    changed.write_bytes(b"-- changed")
    told = put(root, {})
    assert told == {"Scripts/dawbridge/send.lua": "set aside", "OSC/bridge.ReaperOSC": "removed"}
    assert sorted(everything(root).values()) == [b"-- changed", b"-- not of the bridge"]


def test_removing_leaves_no_folder_that_was_ours(root: Path) -> None:
    put(root, ONE)
    bytecode = root / "Scripts/dawbridge/__pycache__"
    bytecode.mkdir()
    put(root, {})
    assert not any(root.iterdir())


def test_removing_where_nothing_is_does_nothing(root: Path) -> None:
    assert put(root, {}) == {} and not root.exists()


def test_bytecode_of_a_removed_module_goes_with_it(root: Path) -> None:
    put(root, {"dawbridge/osc.py": b"pass"})
    (root / "dawbridge/__pycache__").mkdir()
    (root / "dawbridge/__pycache__/osc.cpython-311.pyc").write_bytes(b"x")
    put(root, {})
    assert not (root / "dawbridge").exists()


def test_an_interrupted_run_goes_on_where_it_stopped(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(root, ONE)
    write = atomic.write_bytes

    def full(path: Path, data: bytes) -> None:
        if path.name == "send.lua":
            raise OutputFailed("the disk is full")
        write(path, data)

    monkeypatch.setattr(atomic, "write_bytes", full)
    with pytest.raises(OutputFailed):
        put(root, TWO, "2")
    monkeypatch.undo()
    put(root, TWO, "2")
    left = {name: data for name, data in everything(root).items() if ".dawbridge" not in name}
    assert left == TWO


def test_a_link_in_the_place_of_a_script_is_kept_and_what_it_leads_to_untouched(
    root: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "checkout.lua"
    elsewhere.write_bytes(b"-- precious")
    link = root / "Scripts/dawbridge/send.lua"
    link.parent.mkdir(parents=True)
    link.symlink_to(elsewhere)
    assert put(root, ONE)["Scripts/dawbridge/send.lua"] == "kept"
    assert elsewhere.read_bytes() == b"-- precious" and not link.is_symlink()


def test_nothing_is_written_through_a_link_to_a_checkout(root: Path, tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    (root / "Scripts").mkdir(parents=True)
    (root / "Scripts/dawbridge").symlink_to(checkout)
    with pytest.raises(BadInput, match="is a link to"):
        planned("reaper", root, ONE)
    assert not any(checkout.iterdir())


def test_the_root_itself_may_be_a_link_to_another_disk(root: Path, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    root.symlink_to(tmp_path / "disk")
    put(root, ONE)
    assert (tmp_path / "disk/OSC/bridge.ReaperOSC").read_bytes() == b"osc"


def test_a_file_in_the_place_of_a_folder_is_refused_before_anything_is_written(root: Path) -> None:
    root.mkdir()
    (root / "Scripts").write_bytes(b"")
    with pytest.raises(BadInput, match="a folder is needed"):
        planned("reaper", root, ONE)
    assert [path.name for path in root.iterdir()] == ["Scripts"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_told_before_anything_is_done(root: Path) -> None:
    root.mkdir(mode=0o500)
    with pytest.raises(BadInput, match="may not be written"):
        planned("reaper", root, ONE)


@pytest.mark.parametrize("name", ["../outside.lua", "/etc/passwd", "a/../../b", "C:/x", "a\\..\\b", ""])
def test_a_list_from_somebody_else_names_nothing_outside_of_the_folder(root: Path, name: str) -> None:
    root.mkdir()
    manifest.path(root, "reaper").write_text(json.dumps({"version": "1", "files": {name: "0" * 64}}))
    assert manifest.read(root, "reaper").files == {}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"files": []}', '{"files": 1}', "\xff"])
def test_a_list_that_cannot_be_read_makes_everything_the_users(root: Path, text: str) -> None:
    put(root, ONE)
    (root / "OSC/bridge.ReaperOSC").write_bytes(b"mine")
    manifest.path(root, "reaper").write_bytes(text.encode("latin-1"))
    assert put(root, ONE) == {"OSC/bridge.ReaperOSC": "kept", "Scripts/dawbridge/send.lua": "same"}


def test_one_look_at_hashes_tells_every_case() -> None:
    told = changes(
        ours={"new": "a", "same": "b", "older": "c", "mine": "d"},
        were={"older": "c0", "mine": "d0", "gone": "e", "gone_mine": "f"},
        there={"same": "b", "older": "c0", "mine": "dX", "gone": "e", "gone_mine": "fX"},
        date="20261122",
    )
    assert {change.path: change.kind for change in told} == {
        "new": "new", "same": "same", "older": "replaced", "mine": "kept", "gone": "removed", "gone_mine": "set aside",
    }  # fmt: skip
    assert {change.yours for change in told if change.yours} == {
        "mine.yours-20261122",
        "gone_mine.yours-20261122",
    }


# -- what is shipped ------------------------------------------------------------


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """`daw_scripts/` of a version, as small as it can be."""
    files = {
        "reaper/dawbridge/send.lua": "--", "reaper/dawbridge/lib/json.lua": "--", "reaper/index.xml": "<index/>",
        "reaper/osc/dawbridge.ReaperOSC": "x", "ableton/dawbridge/__init__.py": "", "ableton/README.md": "words",
        "ableton/dawbridge/__pycache__/x.pyc": "", "ardour/dawbridge_import.lua": "--", "ardour/.hidden": "",
    }  # fmt: skip
    for name, text in files.items():
        path = tmp_path / "daw_scripts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "daw_scripts"


@pytest.mark.parametrize(
    ("daw", "paths"),
    [
        (
            "reaper",
            {"Scripts/dawbridge/send.lua", "Scripts/dawbridge/lib/json.lua", "OSC/dawbridge.ReaperOSC",
             f"Scripts/dawbridge/{CONFIG}"},
        ),
        ("ableton", {"dawbridge/__init__.py", f"dawbridge/{CONFIG}"}),
        ("ardour", {"dawbridge_import.lua", CONFIG}),
    ],
)  # fmt: skip
def test_each_daw_gets_its_files_where_it_looks_and_no_words_for_people(
    daw: str, paths: set[str], sources: Path
) -> None:
    assert set(shipped(daw, Settings(), sources)) == paths


def test_scripts_that_a_daw_needs_and_that_are_missing_are_told(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="scripts for REAPER are missing"):
        shipped("reaper", Settings(), tmp_path)
    assert shipped("ardour", Settings(), tmp_path) == {}


def test_the_pattern_file_is_told_of_where_there_is_one() -> None:
    assert "Bridge" in next_step("reaper", ["Scripts/dawbridge/x.lua", "OSC/Bridge.ReaperOSC"])
    assert "OSC" not in next_step("reaper", ["Scripts/dawbridge/x.lua"])


def test_a_wheel_carries_the_scripts_to_where_they_are_looked_for() -> None:
    root = Path(__file__).parents[3]
    build = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"][
        "wheel"
    ]
    home = Path(shipped_module.__file__).relative_to(root).parent / "files"
    assert build["force-include"]["daw_scripts"] == home.as_posix()


def test_the_scripts_are_told_where_the_mailbox_is_and_no_secret(tmp_path: Path) -> None:
    told = configuration(Settings(state=tmp_path / "Zustand ä", osc_token="s3cr3t"))
    assert json.loads(told.decode("ascii"))["mailbox"] == str(tmp_path / "Zustand ä" / "mailbox")
    assert b"s3cr3t" not in told


def test_our_own_scripts_are_found_from_a_checkout() -> None:
    assert scripts_folder().name in ("daw_scripts", "files")
    assert any(path.endswith(".lua") for path in shipped("reaper", Settings()))


# -- which folder ------------------------------------------------------------


def test_a_daw_that_was_never_started_is_told_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    for daw in ("reaper", "ableton", "ardour"):
        with pytest.raises(Unavailable, match="--to DIR"):
            installing.found_root(daw)


@pytest.mark.parametrize(
    ("daw", "given", "root"),
    [
        ("reaper", "portable", "portable"),
        ("reaper", "portable/Scripts", "portable"),
        ("ableton", "User Library", "User Library/Remote Scripts"),
        ("ableton", "User Library/Remote Scripts", "User Library/Remote Scripts"),
    ],
)
def test_the_folder_above_or_below_is_understood_too(daw: str, given: str, root: str, tmp_path: Path) -> None:
    assert installing.found_root(daw, tmp_path / given) == tmp_path / root


def test_what_goes_wrong_is_an_error_of_ours(root: Path) -> None:
    root.mkdir()
    (root / "OSC").mkdir()
    doing = planned("reaper", root, ONE)
    (root / "OSC").rmdir()
    (root / "OSC").write_bytes(b"")
    with pytest.raises(BridgeError):
        carry_out(doing, "1")
