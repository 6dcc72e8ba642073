"""A real HTTP server on loopback that speaks the chat-completions wire, scripted one answer a request.

An answer is a function that gets the request handler; it may be honest, slow, wrong or rude. The last one repeats.
Every request is kept as (path, headers, body), so that a test can look at what left the machine.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Seen:
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


Answer = Callable[["Handler"], None]


@dataclass
class Wire:
    base_url: str
    seen: list[Seen] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wire: Wire
    answers: list[Answer]
    lock: threading.Lock

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        with self.lock:
            answer = self.answers[min(len(self.wire.seen), len(self.answers) - 1)]
            self.wire.seen.append(Seen(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        _check(self.path, body)
        answer(self)

    def reply(self, status: int, data: bytes, kind: str = "application/json", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"content-type": kind, "content-length": str(len(data)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)


def _check(path: str, body: dict[str, Any]) -> None:
    """What any compatible server insists on; a client that sends less is wrong, whatever the answer."""
    assert path.endswith("/chat/completions"), path
    assert isinstance(body["model"], str) and body["model"]
    assert body["messages"] and all({"role", "content"} == set(message) for message in body["messages"])
    assert not {"max_tokens", "temperature"} & set(body), "reasoning models and some servers refuse these"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    broken: list[str]

    def handle_error(self, request: Any, client_address: Any) -> None:
        import sys

        error = sys.exc_info()[1]
        if not isinstance(error, OSError):  # a client that hangs up is no fault of the server
            self.broken.append(repr(error))


@contextmanager
def serving(*answers: Answer) -> Iterator[Wire]:
    """The server for the time of the block; a broken assertion of its own fails the test."""
    wire = Wire("")
    handler = type("Scripted", (Handler,), {"wire": wire, "answers": list(answers), "lock": threading.Lock()})
    server = _Server(("127.0.0.1", 0), handler)
    server.broken = []
    wire.base_url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield wire
    finally:
        wire.stop.set()
        server.shutdown()
        server.server_close()
        thread.join()
    assert not server.broken, server.broken


def completion(content: Any, finish: str = "stop", **message: Any) -> dict[str, Any]:
    whole = {"role": "assistant", "content": content, **message}
    return {
        "id": "c", "object": "chat.completion", "created": 1, "model": "m",
        "choices": [{"index": 0, "finish_reason": finish, "message": whole}],
        "usage": {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12},
    }  # fmt: skip


def says(content: Any, finish: str = "stop", **message: Any) -> Answer:
    """A completion with this content; a dict is sent as its JSON text."""
    text = json.dumps(content) if isinstance(content, dict) else content
    return sends(json.dumps(completion(text, finish, **message)).encode())


def sends(data: bytes, status: int = 200, kind: str = "application/json", **headers: str) -> Answer:
    return lambda handler: handler.reply(status, data, kind, **headers)


def fails(status: int, message: str = "no", code: str | None = None, **headers: str) -> Answer:
    error = {"error": {"message": message, "type": "error", "code": code}}
    return sends(json.dumps(error).encode(), status, **headers)


def hangs() -> Answer:
    """Says nothing until the test is over."""
    return lambda handler: handler.wire.stop.wait(30) and None


def drips(content: dict[str, Any], pause_s: float = 0.1) -> Answer:
    """A valid answer, a few bytes at a time: no timeout per read ever fires."""

    def answer(handler: Handler) -> None:
        data = json.dumps(completion(json.dumps(content))).encode()
        handler.send_response(200)
        handler.send_header("content-type", "application/json")
        handler.send_header("content-length", str(len(data)))
        handler.end_headers()
        for start in range(0, len(data), 8):
            handler.wfile.write(data[start : start + 8])
            handler.wfile.flush()
            if handler.wire.stop.wait(pause_s):
                return

    return answer


def hangs_up() -> Answer:
    """Closes the connection without a word; `close` alone would leave it open, for two files hold it."""

    def answer(handler: Handler) -> None:
        handler.close_connection = True
        handler.connection.shutdown(socket.SHUT_RDWR)

    return answer


def breaks_off() -> Answer:
    """Promises more bytes than it sends."""

    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("content-type", "application/json")
        handler.send_header("content-length", "5000")
        handler.end_headers()
        handler.wfile.write(b'{"choices": [{"mess')
        handler.close_connection = True

    return answer


def streams(
    content: dict[str, Any],
    pieces: int = 40,
    usage: Any = "told",
    ending: bytes = b"\n",
    seconds: float = 0.0,
) -> Answer:
    """The answer as server-sent events: a role, the text in pieces, why it ends, the usage, and [DONE].

    seconds: how long it takes.
    """
    text = json.dumps(content)
    size = max(1, len(text) // pieces)
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": text[start : start + size]} for start in range(0, len(text), size)]
    events = [{"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
    events.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    if usage == "told":
        usage = completion("")["usage"]
    if usage is not None:
        events.append({"choices": [], "usage": usage})
    lines = [b": a comment", *(b"data: " + json.dumps(event).encode() for event in events), b"data: [DONE]"]
    data = b"".join(line + ending + ending for line in lines)

    def answer(handler: Handler) -> None:
        assert handler.wire.seen[-1].body.get("stream") is True
        assert handler.wire.seen[-1].body.get("stream_options") == {"include_usage": True}
        handler.send_response(200)
        handler.send_header("content-type", "text/event-stream")
        handler.end_headers()
        for start in range(0, len(data), 37):  # cut anywhere, as the network does
            handler.wfile.write(data[start : start + 37])
            handler.wfile.flush()
            if seconds and handler.wire.stop.wait(seconds * 37 / len(data)):
                break
        handler.close_connection = True

    return answer
