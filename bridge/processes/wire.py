"""JSON lines, and errors that cross a pipe as what they were."""

from __future__ import annotations

import json
from typing import Any

from bridge import errors

Message = dict[str, Any]

MAX_LINE_BYTES = 64 << 20


def encode(message: Message) -> bytes:
    """One line; NaN and infinities are refused (ValueError)."""
    return json.dumps(message, allow_nan=False, separators=(",", ":")).encode() + b"\n"


def decode(line: bytes) -> Message | None:
    """None for what is no JSON object."""
    try:
        message = json.loads(line)
    except ValueError:
        return None
    return message if isinstance(message, dict) else None


def error_message(error: BaseException) -> Message:
    """An exception as a message of kind "error"; foreign ones are programmer's errors and say so."""
    if isinstance(error, errors.BridgeError):
        name, text = type(error).__name__, error.message
    else:
        name, text = (
            "Failed",
            f"Internal error: {type(error).__name__}: {error}. Please report it with the log.",
        )
    return {"kind": "error", "error": name, "message": text, "details": _details(error)}


def _details(error: BaseException) -> list[str]:
    """What an error of ours carries beside its message: a file's verdict, a plugin's name and fault."""
    return [str(item) for item in error.__reduce__()[1][1:]] if isinstance(error, errors.BridgeError) else []


def error_of(message: Message) -> errors.BridgeError:
    """The exception that `error_message` was made of."""
    kind: Any = getattr(errors, str(message.get("error")), errors.Failed)
    text = str(message.get("message"))
    if isinstance(kind, type) and issubclass(kind, errors.BridgeError):
        return kind(text, *message.get("details", ()))
    return errors.Failed(text)
