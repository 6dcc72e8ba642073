"""Folders as the makers of the DAWs and the systems name them, for every system, on any of them."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

import pytest

from bridge.daws.scripts.places import SCRIPTED, places, system_of

MAC, LINUX, WINDOWS = PurePosixPath("/Users/ada"), PurePosixPath("/home/ada"), PureWindowsPath("C:/Users/Ada")


@pytest.mark.parametrize(
    ("daw", "root"),
    [
        ("reaper", "/home/ada/.config/REAPER"),
        ("ardour", "/home/ada/.config/ardour9/scripts"),
    ],
)
def test_linux_keeps_them_in_the_configuration_folder(daw: str, root: str) -> None:
    assert places(daw, "linux", LINUX, {})[0].root == PurePosixPath(root)


@pytest.mark.parametrize(
    ("daw", "root"),
    [
        ("reaper", "/Users/ada/Library/Application Support/REAPER"),
        ("ableton", "/Users/ada/Music/Ableton/User Library/Remote Scripts"),
        ("ardour", "/Users/ada/Library/Preferences/Ardour9/scripts"),
    ],
)
def test_a_mac_keeps_them_in_library_and_music(daw: str, root: str) -> None:
    assert places(daw, "darwin", MAC, {})[0].root == PurePosixPath(root)


@pytest.mark.parametrize(
    ("daw", "root"),
    [
        ("reaper", r"D:\Roaming\REAPER"),
        ("ableton", r"C:\Users\Ada\Documents\Ableton\User Library\Remote Scripts"),
        ("ardour", r"D:\Local\ardour9\scripts"),
    ],
)
def test_windows_tells_its_folders_in_variables(daw: str, root: str) -> None:
    env = {"APPDATA": r"D:\Roaming", "LOCALAPPDATA": r"D:\Local"}
    assert places(daw, "win32", WINDOWS, env)[0].root == PureWindowsPath(root)


def test_windows_without_its_variables_has_the_usual_folders() -> None:
    assert places("reaper", "win32", WINDOWS, {})[0].root == PureWindowsPath(
        r"C:\Users\Ada\AppData\Roaming\REAPER"
    )


def test_documents_may_lie_in_onedrive() -> None:
    signs = [place.sign for place in places("ableton", "win32", WINDOWS, {})]
    assert PureWindowsPath(r"C:\Users\Ada\OneDrive\Documents\Ableton\User Library") in signs


def test_live_does_not_run_on_linux() -> None:
    assert places("ableton", "linux", LINUX, {}) == ()


def test_an_own_configuration_folder_is_followed_and_a_relative_one_is_not() -> None:
    """XDG base directories 0.8: relative paths are to be ignored."""
    assert places("reaper", "linux", LINUX, {"XDG_CONFIG_HOME": "/x"})[0].root == PurePosixPath("/x/REAPER")
    assert places("reaper", "linux", LINUX, {"XDG_CONFIG_HOME": "x"})[0].root == LINUX / ".config/REAPER"


def test_what_flatpak_keeps_comes_last() -> None:
    last = places("reaper", "linux", LINUX, {})[-1].root
    assert last == LINUX / ".var/app/fm.reaper.Reaper/config/REAPER"


def test_newer_ardours_come_first() -> None:
    versions = [place.sign.name for place in places("ardour", "linux", LINUX, {})][:3]
    assert versions == ["ardour9", "ardour8", "ardour7"]


@pytest.mark.parametrize(
    ("platform", "system"),
    [("win32", "win32"), ("darwin", "darwin"), ("linux", "linux"), ("freebsd14", "linux")],
)
def test_systems_are_three(platform: str, system: str) -> None:
    assert system_of(platform) == system


def test_every_daw_with_scripts_has_a_place_on_a_mac() -> None:
    assert all(places(daw, "darwin", MAC, {}) for daw in SCRIPTED)
