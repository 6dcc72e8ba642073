"""Conversations from Python, as the documentation shows them."""

from __future__ import annotations

import re
from pathlib import Path

import soundfile

import bridge
from tests.signals import music_like

PAGE = Path(__file__).resolve().parents[2] / "docs" / "chat.md"


def test_the_example_of_the_page_runs_and_ends_at_the_named_version(tmp_path, monkeypatch, capsys):
    audio = music_like(3.0, level_dbfs_peak=-12.0)
    soundfile.write(tmp_path / "vocal.wav", audio.samples.T, audio.rate, subtype="PCM_24")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BRIDGE_STATE", str(tmp_path / "state"))
    (example,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    found: dict[str, object] = {}
    exec(example, found)
    titles = [line.split(" -> ")[1] for line in capsys.readouterr().out.splitlines()]
    assert titles == ["version 1", "version 2", "version 2", "version 1", "version 2"]
    session, render = found["session"], found["render"]
    assert isinstance(session, bridge.Session) and isinstance(render, bridge.Render)
    assert session.plan == session.versions[2].plan and session.names == {"dark": 2}
    assert render.audio.samples.shape == audio.samples.shape
