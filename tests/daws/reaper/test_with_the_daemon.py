"""The scripts and the real daemon: a wish from the dialog comes back as sound, measured."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from tests.daemon.living import Daemon, until
from tests.daws.reaper.playing import Reaper

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    running = Daemon(tmp_path_factory.mktemp("daemon")).start()
    until((running.state / "mailbox" / "heartbeat.json").exists)
    yield running
    running.stop()


@pytest.fixture
def reaper(daemon: Daemon, tmp_path: Path) -> Iterator[Reaper]:
    (tmp_path / "project").mkdir()
    with Reaper(daemon.state, tmp_path / "project") as running:
        yield running


def peak_db(path: str) -> float:
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
    (version,) = reaper.remembered("versions")[0]["parts"]
    assert version["after"] - version["before"] == pytest.approx(-6.0, abs=0.05)


def test_two_items_go_as_stems_and_each_comes_back_to_its_own(reaper, sound):
    for name, hertz in (("vocal", 220.0), ("bass", 60.0)):
        reaper.item(reaper.track(name), sound(name, 2.0, hertz), 1.0)
    reaper.run("send", "vocal 3 dB quieter\nbefore\ntake")
    reaper.until_idle()
    assert reaper.state["boxes"] == []
    takes = [track["items"][0]["takes"] for track in reaper.tracks()]
    assert len(takes[0]) == 2
    (version,) = reaper.remembered("versions")[0]["parts"]
    assert version["after"] - version["before"] == pytest.approx(-3.0, abs=0.05)
    assert peak_db(takes[0][1]["path"]) - peak_db(takes[0][0]["path"]) == pytest.approx(-3.0, abs=0.05)


def test_suggestions_name_what_stands_out_and_what_would_mend_it(reaper, tmp_path):
    at = np.arange(96_000) / 48_000
    hum = 0.05 * np.sin(2 * np.pi * 330 * at) + 0.2  # a constant beside the sound
    path = tmp_path / "offset.wav"
    soundfile.write(path, hum, 48_000, subtype="PCM_24")
    reaper.item(reaper.track("Vocal"), path)
    reaper.run("suggestions")
    reaper.until_idle()
    assert "shifted by 20.00 %" in reaper.do("return mock.window.menu")


def test_a_wish_becomes_native_effects_and_the_daemon_keeps_the_account(reaper, daemon, sound):
    reaper.item(reaper.track("Vocal"), sound("vocal", 2.0))
    reaper.run("apply", "compress 4:1 at -20 dB, cut 3 dB at 250 Hz\nbefore")
    reaper.until_idle()
    (told,) = reaper.state["boxes"]
    assert " 0 failed." in told
    track = reaper.tracks()[0]["id"]
    shown = {one["kind"]: one for one in reaper.do(f"return mock.shown(mock.track('{track}'))")}
    assert shown["ReaComp"]["shown"]["Ratio"] == "4.00 : 1"
    assert "-3.0 dB" in [band["db"] for band in shown["ReaEQ"]["bands"]]
    kept = until(lambda: [text for text in accounts(daemon) if "written" in text])
    assert {one["verdict"] for one in kept[0]["written"]} <= {"applied", "clamped"}


def accounts(daemon: Daemon) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in (daemon.state / "daws").glob("*.result.json")]


def asked(daemon: Daemon, id: str, message: str, **fields: Any) -> dict[str, Any]:
    """The first answer to a request that is put into the mailbox by hand."""
    box = daemon.state / "mailbox"
    fresh = box / "requests" / f".{id}.tmp"
    fresh.write_text(json.dumps({"message": message, "id": id, **fields}))
    fresh.rename(box / "requests" / f"{id}.json")
    answer = box / "replies" / f"{id}.1.json"
    until(answer.exists, what=id)
    return json.loads(answer.read_text())


@pytest.mark.parametrize(
    ("message", "fields", "said"),
    [
        ("orders", {"path": "/etc/passwd", "daw": "reaper"}, "outside the allowed folders"),
        ("orders", {"path": "/etc/passwd", "daw": "live"}, "use apply"),
        ("report", {"orders": "never", "account_json": {}}, "no orders 'never'"),
        ("report", {"orders": "../../x", "account_json": {}}, "no orders"),
        ("process", {"path": "/etc/passwd", "words": "warmer"}, "outside the allowed folders"),
    ],
)
def test_what_the_mailbox_must_not_do_is_rejected(daemon, message, fields, said):
    id = f"{message}-{len(said)}-{len(str(fields))}"
    told = asked(daemon, id, message, **fields)
    assert (told["message"], told["verdict"]) == ("ack", "rejected")
    assert said in told["reason"]
