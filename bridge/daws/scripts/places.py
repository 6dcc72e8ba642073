"""Where each DAW looks for scripts of its user, by system. Pure: paths go in and come out, and no disk is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal, TypeVar

System = Literal["linux", "darwin", "win32"]
SCRIPTED: tuple[str, ...] = ("reaper", "ableton", "ardour")
"""DAWs that scripts of ours can be put into."""
ARDOURS = (9, 8, 7, 6)
"""Its versions keep folders of their own; the newest that is there is meant."""

Folder = TypeVar("Folder", bound=PurePath)


@dataclass(frozen=True)
class Place:
    """root: what the paths of a DAW's scripts start from. sign: the folder that is there once the DAW has been run."""

    root: PurePath
    sign: PurePath


def system_of(platform: str) -> System:
    """sys.platform as one of three; every Unix that is no Mac keeps its files as Linux does."""
    if platform == "darwin":
        return "darwin"
    return "win32" if platform.startswith(("win", "cygwin")) else "linux"


def places(daw: str, system: System, home: PurePath, env: Mapping[str, str]) -> tuple[Place, ...]:
    """The likely ones first. Empty where that DAW does not run on that system.

    REAPER: its resource path (Options > Show REAPER resource path). Live: Remote Scripts of the User Library, which can
    be moved in Live. Ardour: `scripts` of its configuration. On Linux also what Flatpak gives them.
    """
    if daw == "reaper":
        return tuple(Place(root, root) for root in _reaper(system, home, env))
    if daw == "ableton":
        return tuple(Place(library / "Remote Scripts", library) for library in _libraries(system, home))
    return tuple(Place(folder / "scripts", folder) for folder in _ardour(system, home, env))


def _set(env: Mapping[str, str], name: str, otherwise: Folder) -> Folder:
    """A folder that the system tells in a variable; a relative one is none (XDG base directories, 0.8)."""
    told = type(otherwise)(env.get(name) or ".")
    return told if told.is_absolute() else otherwise


def _configs(home: Folder, env: Mapping[str, str], flatpak: str) -> tuple[Folder, Folder]:
    return _set(env, "XDG_CONFIG_HOME", home / ".config"), home / ".var/app" / flatpak / "config"


def _reaper(system: System, home: PurePath, env: Mapping[str, str]) -> tuple[PurePath, ...]:
    if system == "darwin":
        return (home / "Library/Application Support/REAPER",)
    if system == "win32":
        return (_set(env, "APPDATA", home / "AppData/Roaming") / "REAPER",)
    return tuple(config / "REAPER" for config in _configs(home, env, "fm.reaper.Reaper"))


def _libraries(system: System, home: PurePath) -> tuple[PurePath, ...]:
    if system == "darwin":
        return (home / "Music/Ableton/User Library",)
    if system == "win32":  # Windows may keep Documents inside of OneDrive
        return tuple(
            home / documents / "Ableton/User Library" for documents in ("Documents", "OneDrive/Documents")
        )
    return ()


def _ardour(system: System, home: PurePath, env: Mapping[str, str]) -> tuple[PurePath, ...]:
    if system == "darwin":
        return tuple(home / f"Library/Preferences/Ardour{version}" for version in ARDOURS)
    if system == "win32":
        local = _set(env, "LOCALAPPDATA", home / "AppData/Local")
        return tuple(local / f"ardour{version}" for version in ARDOURS)
    configs = _configs(home, env, "org.ardour.Ardour")
    return tuple(config / f"ardour{version}" for config in configs for version in ARDOURS)
