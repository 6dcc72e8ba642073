"""The scripts and the real daemon: a wish from the dialog comes back as sound, measured."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile

from tests.daemon.living import Daemon
from tests.daws.reaper.playing import Reaper

pytestmark = pytest.mark.real


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    running = Daemon(tmp_path / "home").start()
    yield running
    running.stop()


@pytest.fixture
def reaper(daemon: Daemon, tmp_path: Path) -> Iterator[Reaper]:
    (tmp_path / "project").mkdir()
    with Reaper(daemon.state, tmp_path / "project") as running:
        yield running


def peak_db(path: str) -> float:
    import numpy as np

    samples, _ = soundfile.read(path)
    return float(20 * np.log10(np.abs(samples).max()))


def test_a_wish_in_reaper_comes_back_from_the_daemon_as_a_take_that_is_as_wished(reaper, sound):
    source = sound("vocal", 2.0)
    reaper.item(reaper.track("Vocal"), source, 3.0)
    reaper.run("send", "6 dB quieter\nbefore\ntake")
    reaper.until_idle()
    assert reaper.state["boxes"] == []
    (item,) = reaper.tracks()[0]["items"]
    assert item["active"] == 2
    heard = peak_db(item["takes"][1]["path"]) - peak_db(str(source))
    assert heard == pytest.approx(-6.0, abs=0.05)


def test_two_items_go_as_stems_and_each_comes_back_to_its_own(reaper, sound):
    for name, hertz in (("vocal", 220.0), ("bass", 60.0)):
        reaper.item(reaper.track(name), sound(name, 2.0, hertz), 1.0)
    reaper.run("send", "vocal 3 dB quieter\nbefore\ntake")
    reaper.until_idle()
    assert reaper.state["boxes"] == []
    takes = [track["items"][0]["takes"] for track in reaper.tracks()]
    assert len(takes[0]) == 2
    assert peak_db(takes[0][1]["path"]) - peak_db(takes[0][0]["path"]) == pytest.approx(-3.0, abs=0.05)
