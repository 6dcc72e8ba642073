"""Bytes of a server -> the JSON object that the model meant, however it was wrapped."""

from __future__ import annotations

import json
import re
from typing import Any

from bridge.errors import Unavailable

_FENCE = re.compile(r"```(?:json|JSON)?\s*\n?(.*?)```", re.DOTALL)
_MOST_STARTS = 50
"""Braces at which an object is looked for; more is no answer but noise."""


class Unusable(Exception):
    """What came back is no answer; the message says why, for the repair turn and the fallback."""


def content(body: bytes) -> str:
    """The text of the first choice. Raises Unavailable where there is no completion, Unusable for an empty one."""
    try:
        data = json.loads(body.decode("utf-8", errors="replace"))
    except (ValueError, RecursionError):
        raise Unavailable(
            "the server's answer is not JSON; is the address that of an OpenAI-compatible API?"
        ) from None
    message = _message(data)
    if message.get("refusal"):
        raise Unavailable("the model refused to answer")
    text = _joined(message.get("content"))
    if not text.strip():
        raise Unusable("the answer was empty")
    return text


def _message(data: Any) -> dict[str, Any]:
    choices = data.get("choices") if isinstance(data, dict) else None
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise Unavailable("the server's answer holds no completion")
    if choices[0].get("finish_reason") == "content_filter":
        raise Unavailable("the server's content filter withheld the answer")
    message = choices[0].get("message")
    if not isinstance(message, dict):
        raise Unavailable("the server's answer holds no message")
    return message


def _joined(value: Any) -> str:
    """Content is a text, or a list of parts with texts."""
    if isinstance(value, list):
        return "".join(str(part.get("text", "")) for part in value if isinstance(part, dict))
    return value if isinstance(value, str) else ""


def json_object(text: str) -> dict[str, Any]:
    """The object in the text: all of it, in a fence, or the first balanced one in prose. Raises Unusable."""
    for candidate in (text.strip(), *_FENCE.findall(text)):
        found = _loaded(candidate)
        if found is not None:
            return found
    decoder = json.JSONDecoder(parse_constant=_constant)
    for start in [match.start() for match in re.finditer(r"\{", text)][:_MOST_STARTS]:
        try:
            found, _ = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict) and ("steps" in found or "outcome" in found):
            return found
    raise Unusable("it holds no complete JSON object with outcome and steps")


def _loaded(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text, parse_constant=_constant)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _constant(name: str) -> Any:
    """NaN and Infinity are no JSON; the field's own validation names them."""
    return name


def usage(body: bytes) -> dict[str, Any] | None:
    """Tokens as the server counts them, and `cost` where it says; None where it does not say, which is not 0."""
    try:
        found = json.loads(body).get("usage")
    except (ValueError, AttributeError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    kept = {key: found.get(key) for key in ("prompt_tokens", "completion_tokens")}
    if any(not isinstance(value, int) or isinstance(value, bool) or value < 0 for value in kept.values()):
        return None
    return kept | {"cost": found.get("cost")}
