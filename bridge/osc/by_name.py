"""Messages as JSON objects, fields by name: what travels through the mailbox, for scripts without sockets.

{"message": "process", "id": "r1", "path": "/in/vocal.wav", "words": "warmer", "options_json": {"target": "podcast"}}
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from bridge.osc.codec import Misread, checked
from bridge.osc.messages import BY_ADDRESS, PREFIX, Message, arguments

KIND = "message"
"""The key that says which message it is; the name is the OSC address without its prefix."""

_JSON = "_json"
"""Fields that end so may be written as the object itself instead of its text."""


def to_object(message: Message) -> dict[str, Any]:
    named = {field.name: getattr(message, field.name) for field in fields(message)}  # type: ignore[arg-type]
    return {KIND: message.name, **named}


def from_object(data: object) -> Message:
    """Raises Misread: no object, an unknown message, unknown or missing fields, values of another type."""
    if not isinstance(data, Mapping):
        raise Misread("a request is one JSON object")
    name = data.get(KIND)
    kind = BY_ADDRESS.get(f"{PREFIX}{name}") if isinstance(name, str) else None
    if kind is None:
        raise Misread(f'"{KIND}" must name a request, such as "process"')
    expected = arguments(kind)
    unknown = sorted(set(map(str, data)) - {KIND, *(each.name for each in expected)})
    if unknown:
        raise Misread(f"{kind.name} has no field {unknown[0][:80]!r}")
    values = []
    for each in expected:
        if each.name not in data:
            if not each.optional:
                raise Misread(f"{kind.name} needs {each.name!r}")
            break  # what follows may be left out too, and stands by its default
        values.append(_text_of(data[each.name]) if each.name.endswith(_JSON) else data[each.name])
    late = [each.name for each in expected[len(values) :] if each.name in data]
    if late:
        raise Misread(f"{kind.name}: {late[0]!r} needs {expected[len(values)].name!r} before it")
    return checked(kind, values)


def _text_of(value: object) -> object:
    return json.dumps(value) if isinstance(value, Mapping) else value
