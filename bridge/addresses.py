"""Network addresses as people write them, and which of them stay on this machine."""

from __future__ import annotations

import ipaddress

from bridge.errors import BadInput


def is_loopback(host: str) -> bool:
    """True for localhost, 127.0.0.0/8 and ::1; a name that would need a look-up counts as outside."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    """ "192.168.1.7" or "192.168.1.0/24" as a network. Raises ValueError that says what to write."""
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise ValueError(
            f"{text!r} is no address and no network; write 192.168.1.7 or 192.168.1.0/24"
        ) from None


def host_and_port(text: str) -> tuple[str, int]:
    """ "127.0.0.1:9190", "[::1]:9190", ":9190" (loopback) -> host, port. Raises BadInput."""
    host, colon, port = text.rpartition(":")
    if not colon or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise BadInput(f"{text!r} is no HOST:PORT; write 127.0.0.1:9190 (port 0 takes any free one).")
    return host.removeprefix("[").removesuffix("]") or "127.0.0.1", int(port)
