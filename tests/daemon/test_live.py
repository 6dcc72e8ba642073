"""The daemon's live input: suggestions to who said hello, captures as jobs, over ReaStream from a sender of our own."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bridge.osc import codec, guard
from bridge.osc.client import Rejected, new_id
from bridge.osc.messages import Capture, Hello, Suggest, Welcome
from tests.daemon.living import PATIENCE_S, living, until
from tests.metering.sending import Sender, tone


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture(scope="module")
def port():
    return free_port()


@pytest.fixture(scope="module")
def daemon(tmp_path_factory, port):
    with living(tmp_path_factory.mktemp("live"), live_input=f"reastream@127.0.0.1:{port}") as daemon:
        yield daemon


def answers(listener: socket.socket, kind: type):
    """The first answer of that kind."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        message = codec.decode(guard.admit(listener.recv(65536)).messages[0])
        if isinstance(message, kind):
            return message
    raise AssertionError(f"no {kind.__name__}")


def captured(daemon, seconds: float, words: str, id: str):
    """The daemon may not have opened its input yet, or not have heard all."""

    def asked():
        try:
            return client.request(Capture(id, seconds, words))
        except Rejected as why:
            assert "heard" in why.message or "Nothing" in why.message, why.message
            return None

    with daemon.client() as client:
        ack = until(asked, what="an accepted capture")
        return ack, client.wait(Capture(id, seconds, words), timeout_s=PATIENCE_S)


def test_without_live_sound_a_capture_is_rejected_in_words(daemon, port):
    with daemon.client() as client, pytest.raises(Rejected) as why:
        client.request(Capture(new_id(), 5.0, "warmer"))
    assert "Nothing has been heard on the live input" in why.value.message


@pytest.mark.parametrize("seconds", [0.0, -1.0, 1e6])
def test_a_capture_of_an_impossible_length_is_rejected(daemon, seconds):
    with daemon.client() as client, pytest.raises(Rejected, match="keeps the last 60 s"):
        client.request(Capture(new_id(), seconds, "warmer"))


def test_the_last_seconds_become_a_stem_and_a_job(daemon, port):
    sound = tone(3.0, 0.1, 440.0)
    with Sender(port) as sender:
        sender.play(sound, lambda sent: time.sleep(0.001))
        id = new_id()
        ack, answer = captured(daemon, 2.0, "gain -6 dB", id)
    assert answer.status == "done"
    result = json.loads(Path(answer.path).read_text())
    assert result["source"]["path"].endswith(f"capture-{id}.wav")
    stem, rate = soundfile.read(result["source"]["path"], always_2d=True)
    assert rate == 48000 and stem.shape == (96000, 2)
    assert np.array_equal(stem.T.astype(np.float32), sound[:, -96000:])
    out, _ = soundfile.read(result["output"], always_2d=True)
    assert 20 * np.log10(np.abs(out).max() / 0.1) == pytest.approx(-6.0, abs=0.05)
    with daemon.client() as client:
        again = client.request(Capture(id, 2.0, "gain -6 dB"))
    assert again.verdict == "duplicate" and again.reason == ack.reason


def test_clipping_is_suggested_to_who_has_said_hello(daemon, port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener, Sender(port) as sender:
        listener.settimeout(PATIENCE_S)
        listener.sendto(codec.encode(Hello("test", "1", 0, "")), daemon.address)
        assert "capture" in answers(listener, Welcome).capabilities.split()
        sender.identifier = "loud"

        def suggestion():
            sender.play(tone(0.1, 1.5))
            listener.settimeout(0.05)
            try:
                return answers(listener, Suggest)
            except TimeoutError:
                return None

        told = until(suggestion, what="a suggestion")
    assert (told.device, told.parameter, told.unit) == ("gain", "gain_db", "dB")
    assert told.source == 'ReaStream "loud"'
    assert told.value == pytest.approx(-3.0)
    assert "+3.5 dBFS" in told.reason
    kept = daemon.state / "mailbox" / "suggestions.json"
    until(lambda: kept.exists() and told.reason in kept.read_text(), what="the suggestion in the mailbox")
    assert {one["message"] for one in json.loads(kept.read_text())["suggestions"]} == {"suggest"}
