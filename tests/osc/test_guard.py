"""What python-osc cannot survive, and everything else that is not OSC, is turned away in one line."""

from __future__ import annotations

import random
import struct

import pytest
from pythonosc.osc_message import OscMessage

from bridge.osc.guard import admit
from tests.osc.packets import PING, bundle, fuzzed, message, nested, text

REFUSED = {
    "empty": (b"", "empty"),
    "too large": (message("/x", "b", struct.pack(">i", 8192) + bytes(8192)), "more than 8192"),
    "odd length": (PING + b"\0", "not a multiple of 4"),
    "noise": (b"\xde\xad\xbe\xef" * 5, "address"),
    "text without zero": (b"hello there!", "no end"),
    "not an address": (text("hello") + text(","), "no address"),
    "address with a space": (message("/bridge/v1/pi ng"), "characters"),
    "address of 256": (message("/" + "a" * 255), "longer than 255"),
    "wildcards": (message("/" + "*a" * 20 + "b"), "patterns"),
    "braces": (message("/bridge/{v1,v2}/ping"), "patterns"),
    "class": (message("/bridge/v[1-9]/ping"), "patterns"),
    "question mark": (message("/bridge/v?/ping"), "patterns"),
    "no comma": (text("/x") + text("si"), "do not begin"),
    "unknown tag": (message("/x", "m", bytes(4)), "type tag 'm'"),
    "array tags": (message("/x", "[i]", bytes(4)), "type tag '['"),
    "not UTF-8": (message("/x", "s", text(b"\xff\xfe")), "not UTF-8"),
    "overlong UTF-8": (message("/x", "s", text(b"\xc0\xae\xc0\xae/")), "not UTF-8"),
    "dirty padding": (message("/x", "s", b"a\0b\0"), "not padded"),
    "number cut off": (message("/x", "h", bytes(4)), "cut off"),
    "text cut off": (message("/x", "s", b"abcd"), "no end"),
    "missing argument": (message("/x", "ss", text("a")), "no end"),
    "left over bytes": (message("/x", "i", bytes(8)), "4 bytes follow"),
    "blob negative": (message("/x", "b", struct.pack(">i", -4)), "claims -4"),
    "blob oversized": (message("/x", "b", struct.pack(">i", 2**31 - 1) + bytes(4)), "claims 2147483647"),
    "bundle without time": (b"#bundle\0" + bytes(4), "too short"),
    "element negative": (b"#bundle\0" + bytes(8) + struct.pack(">i", -8) + PING, "claims -8"),
    "element zero": (b"#bundle\0" + bytes(8) + bytes(4) + PING, "claims 0"),
    "element oversized": (b"#bundle\0" + bytes(8) + struct.pack(">i", 4096) + PING, "claims 4096"),
    "element odd": (b"#bundle\0" + bytes(8) + struct.pack(">i", 3) + PING, "claims 3"),
    "nested 9 deep": (nested(9), "deeper than 8"),
    "nested 400 deep": (nested(400), "deeper than 8"),
    "257 elements": (bundle(*[text("/x")] * 257), "more than 256"),
    "256 + 1 elements inside": (bundle(bundle(*[text("/x")] * 256)), "more than 256"),
    "one bad among good": (bundle(PING, message("/*"), PING), "patterns"),
}  # fmt: skip


@pytest.mark.parametrize(("datagram", "words"), REFUSED.values(), ids=REFUSED)
def test_a_bad_datagram_is_refused_as_a_whole_with_its_reason(datagram, words):
    packet = admit(datagram)
    assert packet.messages == ()
    assert words in packet.refusal
    assert "\n" not in packet.refusal


def test_a_single_message_passes_unchanged():
    assert admit(PING).messages == (PING,)


def test_a_message_without_type_tags_passes():
    assert admit(text("/x")).messages == (text("/x"),)


def test_messages_of_nested_bundles_keep_their_order():
    one, two, three, four = (message(f"/{name}") for name in ("one", "two", "three", "four"))
    assert admit(bundle(one, bundle(two, bundle(three)), four)).messages == (one, two, three, four)


def test_eight_levels_pass():
    assert admit(nested(8)).messages == (PING,)


def test_a_time_tag_of_the_far_future_means_now():
    assert admit(bundle(PING, time_tag=b"\xff" * 8)).messages == (PING,)


def test_whatever_passes_the_guard_is_parsed_by_python_osc():
    """30,000 mutated datagrams, seeded: the guard never raises, and what it admits never makes the parser raise."""
    generator = random.Random(440)
    admitted = refused = 0
    for _ in range(30_000):
        packet = admit(fuzzed(generator))
        refused += packet.refusal is not None
        for raw in packet.messages:
            OscMessage(raw)
            admitted += 1
    assert admitted > 500
    assert refused > 5_000
