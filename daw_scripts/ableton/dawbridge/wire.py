"""OSC 1.0 messages of int32, float32 and text, and answers in parts that fit a datagram. Raises ValueError."""

import struct

PREFIX = "/dawbridge/live/1/"
"""Of the addresses that this script and the bridge speak; 1 is the version of what they say."""

PART = 6000
"""Characters of one part: below what any system takes as one datagram."""


def encode(address, *values):
    """One message as bytes. Values: int, float or text."""
    tags, data = ",", b""
    for value in values:
        if isinstance(value, str):
            tags, data = tags + "s", data + _text(value)
        elif isinstance(value, int):
            tags, data = tags + "i", data + struct.pack(">i", value)
        else:
            tags, data = tags + "f", data + struct.pack(">f", value)
    return _text(address) + _text(tags) + data


def decode(data):
    """Address and list of values of one message."""
    address, at = _read_text(data, 0)
    if not address.startswith("/"):
        raise ValueError("no OSC address")
    tags, at = _read_text(data, at)
    if not tags.startswith(","):
        raise ValueError("no OSC type tags")
    values = []
    for tag in tags[1:]:
        if tag == "s":
            value, at = _read_text(data, at)
        elif tag in "if":
            if at + 4 > len(data):
                raise ValueError("cut short")
            (value,) = struct.unpack(">" + tag, data[at : at + 4])
            at += 4
        else:
            raise ValueError("type %r is not spoken here" % tag)
        values.append(value)
    return address, values


def parts(text):
    """ASCII text in pieces of PART characters; one empty piece for no text."""
    return [text[at : at + PART] for at in range(0, len(text), PART)] or [""]


def _text(text):
    data = text.encode("utf-8") + b"\0"
    return data + b"\0" * (-len(data) % 4)


def _read_text(data, at):
    end = data.find(b"\0", at)
    if end < 0:
        raise ValueError("text without an end")
    return data[at:end].decode("utf-8"), end + 4 - (end - at) % 4
