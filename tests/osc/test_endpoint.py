"""The endpoint on real UDP: answers, refusals, trust, rate, and that nothing stops it."""

from __future__ import annotations

import asyncio
import socket
import struct

import pytest

from bridge.errors import BadRequest, BadSetting, Unavailable
from bridge.osc import codec
from bridge.osc.endpoint import Endpoint, listen
from bridge.osc.messages import Ack, Hello, Jobs, Ping, Process, Result
from bridge.osc.peers import Access, Peers
from tests.osc.packets import PING, bundle, message, nested, text
from tests.osc.serving import Bare, serving

LOOPBACK = Access("127.0.0.1")


async def ping(asked, peer):
    return (Ack(asked.id, "accepted", ""),)


async def process(asked, peer):
    if asked.words == "refuse":
        raise BadRequest("these words say nothing")
    if asked.words == "break":
        raise RuntimeError("a mistake of ours")
    if asked.words == "long":
        return (Ack(asked.id, "rejected", "ü" * 3000), Result(asked.id, "done", "/" + "x" * 2000))
    return (Ack(asked.id, "accepted", asked.path),)


def endpoint(access=LOOPBACK, **options):
    return Endpoint({Ping: ping, Process: process}, access, "1.2.3", **options)


def asked(words):
    return codec.encode(Process("p", "/x.wav", words))


def test_hello_is_answered_with_version_capabilities_and_protocol():
    with serving(endpoint()) as address, Bare(address) as me:
        me.send(codec.encode(Hello("test", "1", 0)))
        assert me.hear() == ("/bridge/v1/welcome", ["1.2.3", "ping process", 1])


def test_answers_go_to_the_reply_port():
    with serving(endpoint()) as address, Bare(address) as me, Bare(address) as ear:
        me.send(codec.encode(Hello("test", "1", ear.port)))
        assert ear.hear()[0] == "/bridge/v1/welcome"
        me.send(PING)
        assert ear.hear() == ("/bridge/v1/ack", ["one", "accepted", ""])


@pytest.mark.parametrize("port", [-1, 65536, 2**31 - 1])
def test_a_reply_port_that_is_none_is_refused(port):
    with serving(endpoint()) as address, Bare(address) as me:
        me.send(codec.encode(Hello("test", "1", port)))
        assert "not a UDP port" in me.hear()[1][1]


def test_messages_of_a_bundle_are_answered_one_by_one():
    two = message("/bridge/v1/ping", "s", text("two"))
    with serving(endpoint()) as address, Bare(address) as me:
        me.send(bundle(PING, bundle(two), time_tag=b"\xff" * 8))
        assert [me.hear()[1][0], me.hear()[1][0]] == ["one", "two"]


@pytest.mark.parametrize(
    ("data", "id", "words"),
    [
        (b"junk", "", "no end"),
        (PING + b"\0", "", "multiple of 4"),
        (message("/bridge/v1/*", "s", text("a")), "", "patterns"),
        (nested(50), "", "nested"),
        (b"#bundle\0" + bytes(8) + struct.pack(">i", -8) + PING, "", "claims -8"),
        (message("/bridge/v1/dance", "s", text("a")), "a", "unknown address"),
        (message("/bridge/v1/process", "sis", text("a"), bytes(4), text("w")), "a", "path must be text"),
        (codec.encode(Ack("a", "accepted", "")), "a", "not a request"),
        (codec.encode(Jobs("a", 1, 1, "[]")), "a", "not a request"),
    ],
)
def test_anything_else_is_answered_with_one_error_and_the_next_message_is_served(data, id, words):
    with serving(endpoint()) as address, Bare(address) as me:
        me.send(data)
        where, (got_id, reason) = me.hear()
        assert (where, got_id) == ("/bridge/v1/error", id)
        assert words in reason
        assert "\n" not in reason
        me.send(PING)
        assert me.hear()[0] == "/bridge/v1/ack"


def test_a_handlers_refusal_is_a_rejected_ack_with_its_reason():
    with serving(endpoint()) as address, Bare(address) as me:
        me.send(asked("refuse"))
        assert me.hear() == ("/bridge/v1/ack", ["p", "rejected", "these words say nothing"])


def test_a_mistake_in_a_handler_does_not_end_the_endpoint(caplog):
    with serving(endpoint()) as address, Bare(address) as me:
        me.send(asked("break"))
        assert me.hear()[1][:2] == ["p", "rejected"]
        me.send(PING)
        assert me.hear()[1][:2] == ["one", "accepted"]
    assert "a mistake of ours" in caplog.text


def test_answers_stay_under_1400_bytes():
    with serving(endpoint()) as address, Bare(address) as me:
        me.send(asked("long"))
        first = me.socket.recv(65536)
        assert len(first) < 1400
        assert "too long for a datagram" in me.hear()[1][1]


def test_without_the_token_only_hello_is_heard():
    with serving(endpoint(Access("127.0.0.1", "s3cret"))) as address, Bare(address) as me:
        me.send(PING)
        assert me.hear() == ("/bridge/v1/error", ["one", "say hello with the token first"])
        me.send(codec.encode(Hello("test", "1", 0, "wrong")))
        assert "token is missing or wrong" in me.hear()[1][1]
        me.send(PING)
        assert me.hear()[0] == "/bridge/v1/error"
        me.send(codec.encode(Hello("test", "1", 0, "s3cret")))
        assert me.hear()[0] == "/bridge/v1/welcome"
        me.send(PING)
        assert me.hear()[0] == "/bridge/v1/ack"


def test_the_token_of_one_client_does_not_open_the_door_to_another():
    with (
        serving(endpoint(Access("127.0.0.1", "s3cret"))) as address,
        Bare(address) as me,
        Bare(address) as you,
    ):
        me.send(codec.encode(Hello("test", "1", 0, "s3cret")))
        me.hear()
        you.send(PING)
        assert you.hear()[0] == "/bridge/v1/error"


def test_an_open_address_needs_a_token():
    with pytest.raises(BadSetting, match="osc_token"):
        Access("0.0.0.0")
    with pytest.raises(BadSetting, match="no address and no network"):
        Access("0.0.0.0", "t", ["studio"])


def test_only_listed_networks_may_speak():
    access = Access("0.0.0.0", "t", ["192.168.1.0/24", "fd00::7"])
    assert [access.admits(a) for a in ("127.0.0.1", "192.168.1.9", "192.168.2.9", "fd00::7", "fd00::8")] == [
        True, True, False, True, False,
    ]  # fmt: skip


def test_a_flood_is_dropped_and_the_bucket_fills_again():
    peers = Peers(LOOPBACK, rate=10, burst=20)
    peer = peers.at(("127.0.0.1", 5), 0.0)
    assert sum(peers.spends(peer, 0.0) for _ in range(100)) == 20
    assert sum(peers.spends(peer, 1.0) for _ in range(100)) == 10
    assert sum(peers.spends(peer, 100.0) for _ in range(100)) == 20


def test_senders_remembered_are_limited():
    peers = Peers(LOOPBACK)
    for port in range(5000):
        peers.at(("127.0.0.1", port), 0.0)
    assert len(peers) == 1024


def test_a_flood_of_one_client_does_not_silence_another():
    with serving(served := endpoint(rate=20)) as address, Bare(address) as loud, Bare(address) as quiet:
        for _ in range(2000):
            loud.send(PING)
        quiet.insists_on(PING)
        assert served.tally.counts["sender too fast"] > 0


def test_a_taken_port_is_said_with_the_next_step():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(Unavailable, match=rf"UDP port {port} .* in use .* --osc"):
            asyncio.run(listen(endpoint(), "127.0.0.1", port))
