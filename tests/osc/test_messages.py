"""Every address of the protocol survives the wire, and what is not one of ours is named in one line."""

from __future__ import annotations

import math
import struct

import pytest
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from bridge.osc import codec, guard, messages
from bridge.osc.messages import BY_ADDRESS, REPLIES, REQUESTS, arguments
from tests.osc.packets import message, text

CONTRACT = {
    "hello": "ssis", "welcome": "ssi", "process": "ssss", "analyze": "ssss", "plan": "ssss", "apply": "ssss",
    "revert": "ssss", "capture": "sfs", "cancel": "ss", "status": "ss", "ping": "s", "file/ready": "ssh",
    "ack": "sss", "progress": "sfs", "result": "sss", "suggest": "sssfss", "error": "ss",
}  # fmt: skip
EXAMPLE = {"s": "ünïcode", "i": -7, "h": 1 << 40, "f": 0.25}


def example(kind):
    return kind(*("an-id" if a.name == "id" else EXAMPLE[a.tag] for a in arguments(kind)))


@pytest.mark.parametrize("name", CONTRACT)
def test_addresses_and_type_tags_are_those_of_protocol_v1(name):
    assert "".join(a.tag for a in arguments(BY_ADDRESS[f"/bridge/v1/{name}"])) == CONTRACT[name]


@pytest.mark.parametrize("kind", [*REQUESTS, *REPLIES], ids=lambda kind: kind.name)
def test_every_message_survives_the_wire(kind):
    data = codec.encode(example(kind))
    assert guard.admit(data).messages == (data,)
    assert codec.decode(data) == example(kind)


@pytest.mark.parametrize("kind", [*REQUESTS, *REPLIES], ids=lambda kind: kind.name)
def test_every_message_and_argument_has_a_sentence(kind):
    assert kind.__doc__
    assert all(a.sentence and a.tag in messages.TYPES for a in arguments(kind))


def test_optional_arguments_may_be_left_out():
    data = message("/bridge/v1/process", "sss", text("a"), text("/x.wav"), text("warmer"))
    assert codec.decode(data) == messages.Process("a", "/x.wav", "warmer", "")


def test_a_size_may_come_as_32_bits_and_a_number_as_64():
    ready = message("/bridge/v1/file/ready", "ssi", text("a"), text("/x.wav"), struct.pack(">i", 9))
    capture = message("/bridge/v1/capture", "sds", text("a"), struct.pack(">d", 1.5), text("dry"))
    assert codec.decode(ready).size == 9
    assert codec.decode(capture).seconds == 1.5


def built(address, *values):
    builder = OscMessageBuilder(address)
    for value, tag in values:
        builder.add_arg(value, tag)
    return builder.build().dgram


BAD = {
    "unknown address": (built("/bridge/v1/dance", ("a", "s")), "a", "unknown address /bridge/v1/dance"),
    "another program's": (built("/live/song/start"), "", "unknown address"),
    "number for text": (built("/bridge/v1/process", ("a", "s"), (5, "i"), ("w", "s")), "a",
                        "path must be text, not a whole number"),
    "text for number": (built("/bridge/v1/file/ready", ("a", "s"), ("/x", "s"), ("9", "s")), "a",
                        "size must be a whole number (64 bits), not text"),
    "fraction for size": (built("/bridge/v1/file/ready", ("a", "s"), ("/x", "s"), (1.5, "f")), "a", "not a number"),
    "true for number": (built("/bridge/v1/capture", ("a", "s"), (True, "T"), ("w", "s")), "a", "true or false"),
    "blob for text": (built("/bridge/v1/cancel", ("a", "s"), (b"xx", "b")), "a", "a blob"),
    "nothing for text": (built("/bridge/v1/cancel", ("a", "s"), (None, "N")), "a", "nothing"),
    "not a number": (built("/bridge/v1/capture", ("a", "s"), (math.nan, "f"), ("w", "s")), "a", "not a number"),
    "infinite": (built("/bridge/v1/capture", ("a", "s"), (math.inf, "f"), ("w", "s")), "a", "infinite"),
    "too few": (built("/bridge/v1/process", ("a", "s")), "a", "1 arguments came"),
    "too many": (built("/bridge/v1/ping", ("a", "s"), ("b", "s")), "a", "2 arguments came"),
    "none": (built("/bridge/v1/ping"), "", "0 arguments came"),
    "empty id": (built("/bridge/v1/ping", ("", "s")), "", "id must be"),
    "id with a slash": (built("/bridge/v1/ping", ("../x", "s")), "", "id must be"),
    "id of 65": (built("/bridge/v1/ping", ("a" * 65, "s")), "", "id must be"),
    "id with a newline": (built("/bridge/v1/ping", ("a\n", "s")), "", "id must be"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "id", "words"), BAD.values(), ids=BAD)
def test_a_misread_message_says_what_is_wrong_and_whose_it_is(data, id, words):
    assert guard.admit(data).messages == (data,)
    with pytest.raises(codec.Misread) as caught:
        codec.decode(data)
    assert caught.value.id == id
    assert words in caught.value.message


def test_an_empty_text_travels():
    data = codec.encode(messages.Status("a", ""))
    assert OscMessage(data).params == ["a", ""]
