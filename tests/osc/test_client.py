"""The client against a real endpoint that loses, refuses and restarts."""

from __future__ import annotations

import json
import os

import pytest

from bridge.errors import Unavailable
from bridge.osc import discovery
from bridge.osc.client import Client, Rejected, new_id
from bridge.osc.endpoint import Endpoint
from bridge.osc.messages import Ack, Jobs, Ping, Process, Progress, Result, Status
from bridge.osc.peers import Access
from tests.osc.serving import serving


class Daemon:
    """Accepts `process`, loses the first `deaf` of them, and gives the result only when asked `slow` times again."""

    def __init__(self, deaf=0, slow=0, token=None):
        self.heard = []
        self.deaf, self.slow = deaf, slow
        handlers = {Process: self.process, Status: self.status, Ping: self.ping}
        self.endpoint = Endpoint(handlers, Access("127.0.0.1", token), "9")

    async def process(self, asked, peer):
        self.heard.append(asked)
        if len(self.heard) <= self.deaf:
            return ()
        if asked.words == "no":
            return (Ack(asked.id, "rejected", "no is not a wish"),)
        status = "accepted" if len(self.heard) == self.deaf + 1 else "duplicate"
        answers = [Ack(asked.id, status, "job"), Progress(asked.id, 0.5, "render")]
        if len(self.heard) > self.deaf + self.slow:
            answers.append(Result(asked.id, "done", "/out/result.json"))
        return answers

    async def status(self, asked, peer):
        return (Ack(asked.id, "accepted", ""), *(Jobs(asked.id, n, 3, json.dumps([n])) for n in (2, 3, 1)))

    async def ping(self, asked, peer):
        return (Ack(asked.id, "accepted", ""),)


def request(words="warmer"):
    return Process(new_id(), "/x.wav", words)


def test_a_request_is_sent_again_until_it_is_acknowledged():
    daemon = Daemon(deaf=2)
    with serving(daemon.endpoint) as (host, port), Client(host, port) as client:
        assert client.request(request()).verdict == "accepted"
        assert len(daemon.heard) == 3
        assert len({asked.id for asked in daemon.heard}) == 1


def test_result_and_progress_arrive():
    steps = []
    with serving(Daemon().endpoint) as (host, port), Client(host, port) as client:
        asked = request()
        client.request(asked)
        answer = client.wait(asked, timeout_s=10, on_progress=lambda *step: steps.append(step))
    assert (answer.status, answer.path) == ("done", "/out/result.json")
    assert steps == [(0.5, "render")]


def test_a_lost_result_is_asked_for_again(monkeypatch):
    monkeypatch.setattr("bridge.osc.client.ASK_AGAIN_S", 0.2)
    with serving(Daemon(slow=2).endpoint) as (host, port), Client(host, port) as client:
        asked = request()
        client.request(asked)
        assert client.wait(asked, timeout_s=20).status == "done"


def test_a_rejection_carries_the_reason():
    with (
        serving(Daemon().endpoint) as (host, port),
        Client(host, port) as client,
        pytest.raises(Rejected, match="no is not a wish"),
    ):
        client.request(request("no"))


def test_a_wrong_token_is_rejected_and_the_right_one_works():
    with serving(Daemon(token="t").endpoint) as (host, port):
        with Client(host, port, token="x") as client, pytest.raises(Rejected, match="token"):
            client.hello()
        with Client(host, port, token="t") as client:
            assert client.request(Ping(new_id())).verdict == "accepted"


def test_a_restarted_daemon_is_greeted_again():
    with serving(Daemon(token="t").endpoint) as (host, port):
        client = Client(host, port, token="t")
        client.request(Ping(new_id()))
    with serving(Daemon(token="t").endpoint, port), client:
        assert client.request(Ping(new_id())).verdict == "accepted"


def test_pages_of_a_status_come_in_order():
    with serving(Daemon().endpoint) as (host, port), Client(host, port) as client:
        assert client.jobs(Status(new_id())) == ["[1]", "[2]", "[3]"]


def test_nobody_there_is_said_with_the_next_step():
    with serving(Daemon().endpoint) as (host, port):
        pass
    with Client(host, port, timeout_s=0.5) as client, pytest.raises(Unavailable, match="dawbridge serve"):
        client.hello()


def test_the_daemon_is_found_by_its_file(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with pytest.raises(Unavailable, match="no daemon is running"):
        Client()
    with serving(Daemon(token="t").endpoint) as (host, port):
        file = discovery.path()
        file.parent.mkdir()
        file.write_text(json.dumps(discovery.Discovery(1, os.getpid(), host, port, "t").to_json()))
        with Client() as client:
            assert client.hello().protocol == 1


@pytest.mark.parametrize(
    "content", ["", "{}", "[1]", '{"protocol": 1}', "\x00", '{"protocol":"x","pid":1,"osc":{}}']
)
def test_a_broken_discovery_file_is_named(tmp_path, monkeypatch, content):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    discovery.path().parent.mkdir()
    discovery.path().write_text(content)
    with pytest.raises(Unavailable, match=r"dawbridge\.json cannot be read"):
        discovery.read()
