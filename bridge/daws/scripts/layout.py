"""Layout: which file of `daw_scripts/<daw>` lies where below a DAW's folder, and what its user does next."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import PurePath, PurePosixPath

OURS = "dawbridge"
"""The folder that scripts get which lie in none."""
PATTERNS = "OSC/"
"""REAPER's folder for what its OSC surface understands."""
NOT_FOR_A_DAW = {".md", ".txt", ".xml", ".pyc", ".toml"}
"""Words for people, and ReaPack's index."""


@dataclass(frozen=True)
class Layout:
    """where: of a file, from its path in `daw_scripts/<daw>` to that below the root; None where it is not installed.
    settled: the root that is meant by a folder somebody names. next: what is to be done in the DAW. needed: whether the
    bridge speaks to that DAW through scripts at all."""

    title: str
    where: Callable[[PurePosixPath], PurePosixPath | None] = field(repr=False)
    settled: Callable[[PurePath], PurePath] = field(repr=False)
    looked_for: str
    next: str
    needed: bool = True


def _installed(path: PurePosixPath) -> bool:
    hidden = any(part.startswith(".") or part == "__pycache__" for part in path.parts)
    return not hidden and path.suffix.lower() not in NOT_FOR_A_DAW


def _own_folder(path: PurePosixPath) -> PurePosixPath:
    return path if len(path.parts) > 1 else OURS / path


def _in_reaper(path: PurePosixPath) -> PurePosixPath | None:
    if path.suffix.lower() == ".reaperosc":
        return PurePosixPath(PATTERNS, path.name)
    return "Scripts" / _own_folder(path) if _installed(path) else None


def _in_live(path: PurePosixPath) -> PurePosixPath | None:
    return _own_folder(path) if _installed(path) else None


def _in_ardour(path: PurePosixPath) -> PurePosixPath | None:
    return path if _installed(path) else None


def _resource_path(given: PurePath) -> PurePath:
    """REAPER's Scripts folder is named as often as the one above it."""
    return given.parent if given.name.casefold() == "scripts" else given


def _remote_scripts(given: PurePath) -> PurePath:
    return given / "Remote Scripts" if given.name.casefold() == "user library" else given


LAYOUTS = {
    "reaper": Layout(
        "REAPER",
        _in_reaper,
        _resource_path,
        "its resource path (in REAPER: Options > Show REAPER resource path)",
        "In REAPER: Actions > Show action list > New action > Load ReaScript, and choose the dawbridge_*.lua in "
        "Scripts/dawbridge.",
    ),
    "ableton": Layout(
        "Ableton Live",
        _in_live,
        _remote_scripts,
        "its User Library (in Live: Settings > Library > Location of User Library)",
        "Restart Live, then Settings > Link, Tempo & MIDI: choose dawbridge as a control surface.",
    ),
    "ardour": Layout(
        "Ardour",
        _in_ardour,
        lambda given: given,
        "its folder of scripts (ardour8/scripts in your configuration folder)",
        "In Ardour: switch OSC on (Edit > Preferences > Control Surfaces > Open Sound Control). Scripts are chosen in "
        "Edit > Lua Scripts > Script Manager.",
        needed=False,
    ),
}


def next_step(daw: str, paths: Iterable[str]) -> str:
    """What is to be done in the DAW, of what was put there."""
    layout = LAYOUTS[daw]
    patterns = [path for path in paths if path.startswith(PATTERNS)]
    names = " or ".join(PurePosixPath(path).stem for path in patterns)
    also = (
        f" For small live moves: Preferences > Control/OSC/web > Add > OSC, with the pattern config {names}."
    )
    return layout.next + (also if patterns else "")
