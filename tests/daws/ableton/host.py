"""Live as a remote script sees it: the modules that it imports, and the object that it is given. Strict: what a script
asks for and Live does not have raises."""

from __future__ import annotations

import importlib.util
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.daws.ableton.model import Song
from tests.daws.ableton.ticking import Ticking

SCRIPT = Path(__file__).parents[3] / "daw_scripts" / "ableton" / "dawbridge"


class Instance:
    """c_instance: what Live hands to create_instance()."""

    __slots__ = ("_song", "logged", "shown", "ticking")

    def __init__(self, song: Song, ticking: Ticking) -> None:
        self._song, self.ticking = song, ticking
        self.logged: list[str] = []
        self.shown: list[str] = []

    def song(self) -> Song:
        return self._song

    def log_message(self, text: str) -> None:
        self.logged.append(text)

    def show_message(self, text: str) -> None:
        self.shown.append(text)


class ControlSurface:
    """Of `ableton.v2.control_surface`, as far as a script without controls uses it."""

    def __init__(self, c_instance: Instance) -> None:
        self._c_instance = c_instance

    def schedule_message(self, delay_in_ticks: int, callback: Callable[[], object]) -> None:
        self._c_instance.ticking.schedule(delay_in_ticks, callback)

    def show_message(self, text: str) -> None:
        self._c_instance.show_message(text)

    def log_message(self, *texts: str) -> None:
        self._c_instance.log_message(" ".join(texts))

    def disconnect(self) -> None:
        self._c_instance.logged.append("disconnected")


def started(song: Song, ticking: Ticking, monkeypatch: Any, port: int = 0) -> Any:
    """The script as Live starts it: the folder is a package, and the control surface comes from it."""
    modules = {
        name: types.ModuleType(name) for name in ("ableton", "ableton.v2", "ableton.v2.control_surface")
    }
    modules["ableton.v2.control_surface"].ControlSurface = ControlSurface  # type: ignore[attr-defined]
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setenv("DAWBRIDGE_LIVE_PORT", str(port))
    package = _imported(monkeypatch)
    return package.create_instance(Instance(song, ticking))


def _imported(monkeypatch: Any) -> Any:
    name = "dawbridge_in_live"
    for old in [each for each in sys.modules if each.split(".")[0] == name]:
        monkeypatch.delitem(sys.modules, old)
    spec = importlib.util.spec_from_file_location(
        name, SCRIPT / "__init__.py", submodule_search_locations=[str(SCRIPT)]
    )
    assert spec is not None
    assert spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, package)
    spec.loader.exec_module(package)
    return package
