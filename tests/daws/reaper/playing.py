"""The real Lua scripts in Lua 5.4, on a strict REAPER that is none: see mock.lua."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from tests.real import must_have

TESTS = Path(__file__).parent
SCRIPTS = TESTS.parents[2] / "daw_scripts" / "reaper" / "dawbridge"
PATIENCE_S = 90.0
ROUND_S = 0.01
"""REAPER calls what was deferred some thirty times a second."""


class ScriptFailed(AssertionError):
    """An error that came out of a script: an unknown call, a wrong argument, something of its own."""


class Reaper:
    """state: the bridge's state folder, which the scripts find by BRIDGE_STATE. Use as a context manager."""

    def __init__(self, state: Path, project: Path, scripts: Path = SCRIPTS) -> None:
        must_have("Lua 5.4", shutil.which("lua5.4") is not None)
        self.scripts = scripts
        self.state: dict[str, Any] = {}
        self._process = subprocess.Popen(
            ["lua5.4", str(TESTS / "driver.lua"), str(scripts), str(TESTS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "BRIDGE_STATE": str(state)},
        )
        self.do(f"mock.project.path = {json.dumps(str(project))}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(PATIENCE_S)
        self._process.stdout.close()

    def _step(self, **step: Any) -> Any:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(step) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "Lua has ended"
        answer = json.loads(line)
        self.state = answer["state"]
        if not answer["ok"]:
            raise ScriptFailed(answer["error"])
        return answer.get("value")

    def do(self, code: str) -> Any:
        """Lua inside REAPER; its value."""
        return self._step(do="eval", code=code)

    def run(self, action: str, *answers: str | bool) -> None:
        """Starts an action. answers: to its dialogs, in order; False cancels."""
        for answer in answers:
            self.do(f"table.insert(mock.answers, {lua(answer)})")
        self._step(do="run", script=str(self.scripts / f"dawbridge_{action}.lua"))

    def tick(self) -> None:
        self._step(do="tick")

    def until_idle(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        """Rounds of `defer`, until no script waits for anything."""
        deadline = time.monotonic() + PATIENCE_S
        while self.state["waiting"]:
            assert time.monotonic() < deadline, f"still waiting: {self.state}"
            meanwhile()
            time.sleep(ROUND_S)
            self.tick()

    # -- the project -------------------------------------------------------------------------------------------------

    def track(self, name: str, selected: bool = False) -> str:
        return str(
            self.do(f"local t = mock.add_track({lua(name)}); t.selected = {lua(selected)}; return t.guid")
        )

    def item(
        self,
        track: str,
        sound: Path,
        position: float = 0.0,
        *,
        length: float | None = None,
        selected: bool = True,
        **values: float,
    ) -> str:
        """An item with one take that plays the whole sound, or `length` seconds. values: of the take."""
        set_values = "".join(f"k.values.{name} = {value}; " for name, value in values.items())
        return str(
            self.do(
                f"local t = {found(track)}; local s = mock.length_s({lua(str(sound))}); "
                f"local i = mock.add_item(t, {position}, {'s' if length is None else length}); "
                f"local k = mock.add_take(i, {lua(str(sound))}, s); k.texts.P_NAME = {lua(sound.stem)}; "
                f"i.selected = {lua(selected)}; {set_values} return i.guid"
            )
        )

    def tracks(self) -> list[dict[str, Any]]:
        """Name, guid, values and items {guid, values, active, takes {guid, name, path, values}} of each."""
        return list(
            self.do(
                """
                local found = {}
                for _, t in ipairs(mock.project.tracks) do
                  local items = {}
                  for _, i in ipairs(t.items) do
                    local takes, active = {}, 0
                    for n, k in ipairs(i.takes) do
                      if k == i.active then active = n end
                      takes[n] = { id = k.guid, name = k.texts.P_NAME, path = k.source and k.source.path,
                        values = k.values }
                    end
                    items[#items + 1] = { id = i.guid, values = i.values, active = active, takes = takes,
                      selected = i.selected }
                  end
                  found[#found + 1] = { id = t.guid, name = t.texts.P_NAME, values = t.values, items = items,
                    selected = t.selected }
                end
                return found
                """
            )
        )

    def settings(self) -> Any:
        """What a script must leave as it was: render settings, time selection, what is selected."""
        kept = self.do("return {mock.project.render, mock.project.render_text, mock.project.range}")
        chosen = [
            (track["id"], track["selected"], [(item["id"], item["selected"]) for item in track["items"]])
            for track in self.tracks()
        ]
        return kept, chosen

    def remembered(self, key: str) -> Any:
        text = self.do(f"return mock.project.extstate['dawbridge/{key}'] or '[]'")
        return json.loads(text)


def lua(value: str | bool) -> str:
    """As a Lua literal."""
    if isinstance(value, bool):
        return "true" if value else "false"
    escaped = "".join(c if c.isalnum() or c in " ,._-/{}():" else f"\\u{{{ord(c):x}}}" for c in value)
    return f'"{escaped}"'


def found(guid: str) -> str:
    """Lua that finds a track of the mock."""
    return f"mock.track({lua(guid)})"


def rendering_of(source: Path) -> str:
    """Lua after which every render gives a copy of that file."""
    copied = f"io.open(r.path, 'wb'):write(io.open({str(source)!r}, 'rb'):read('a')):close()"
    return f"mock.rendering = function(r) {copied} end"


def result(
    output: Path, offset_s: float = 0.0, before: float = -20.0, after: float = -14.0
) -> dict[str, Any]:
    """What of a result.json the scripts read: where the sound lies, and LUFS before and after."""
    readings = [{"integrated_loudness": {"value": value, "unit": "LUFS"}} for value in (before, after)]
    return {"output": str(output), "offset_s": offset_s, "before": readings[0], "after": readings[1]}
