"""An answer that comes in pieces: server-sent events of a streamed completion, put together as they arrive.

Source: the wire of `POST /chat/completions` with `stream: true`: lines `data: {...}` with `choices[0].delta`, the usage
in a last chunk without choices, then `data: [DONE]`. A server that does not stream sends one JSON object: that is kept
as it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Told = Callable[[int], None]
"""Is told how many characters of the answer have come so far."""


class Answer:
    """Bytes in, the body of one whole completion out, however they were cut."""

    def __init__(self, told: Told = lambda characters: None) -> None:
        self._told = told
        self._plain = bytearray()
        self._rest = b""
        self._streamed: bool | None = None
        self._content: list[str] = []
        self._length = 0
        self._refusal: list[str] = []
        self._finish: Any = None
        self._usage: Any = None
        self._error: Any = None

    def push(self, data: bytes) -> None:
        if self._streamed is None:
            self._plain += data
            start = bytes(self._plain).lstrip()
            if len(start) < len(b"event:"):
                return
            self._streamed = start.startswith((b"data:", b"event:", b"id:", b"retry:", b":"))
            if not self._streamed:
                return
            data, self._plain = bytes(self._plain), bytearray()
        if not self._streamed:
            self._plain += data
            return
        *lines, self._rest = (self._rest + data).replace(b"\r\n", b"\n").split(b"\n")
        for line in lines:
            self._line(line)

    def body(self) -> bytes:
        """The completion as a server that does not stream would have sent it."""
        if not self._streamed:
            return bytes(self._plain)
        self._line(self._rest)
        if self._error is not None and not self._content:
            return json.dumps({"error": self._error}).encode()
        message = {"role": "assistant", "content": "".join(self._content)}
        if self._refusal:
            message["refusal"] = "".join(self._refusal)
        choice = {"index": 0, "finish_reason": self._finish, "message": message}
        return json.dumps({"choices": [choice], "usage": self._usage}).encode()

    def _line(self, line: bytes) -> None:
        """Takes one event; what is none (comments, names, [DONE], noise) says nothing."""
        if not line.startswith(b"data:"):
            return
        try:
            event = json.loads(line[len(b"data:") :].decode("utf-8", errors="replace"))
        except (ValueError, RecursionError):
            return
        if isinstance(event, dict):
            self._event(event)

    def _event(self, event: dict[str, Any]) -> None:
        self._usage = event.get("usage") or self._usage
        self._error = event.get("error") or self._error
        choices = event.get("choices")
        if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
            return
        self._finish = choices[0].get("finish_reason") or self._finish
        delta = choices[0].get("delta")
        if not isinstance(delta, dict):
            return
        if isinstance(delta.get("refusal"), str):
            self._refusal.append(delta["refusal"])
        text = delta.get("content")
        if isinstance(text, str) and text:
            self._content.append(text)
            self._length += len(text)
            self._told(self._length)
