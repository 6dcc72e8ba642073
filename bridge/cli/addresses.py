"""HOST:PORT as people type it."""

from __future__ import annotations

from bridge.errors import BadInput


def host_and_port(text: str) -> tuple[str, int]:
    """ "127.0.0.1:9190", "[::1]:9190", ":9190" (loopback) -> host, port. Raises BadInput."""
    host, colon, port = text.rpartition(":")
    if not colon or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise BadInput(f"{text!r} is no HOST:PORT; write 127.0.0.1:9190 (port 0 takes any free one).")
    return host.removeprefix("[").removesuffix("]") or "127.0.0.1", int(port)
