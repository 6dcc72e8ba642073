"""The OSC port: free, answered by a daemon of ours, or taken by somebody else."""

from __future__ import annotations

import socket
from collections.abc import Iterator

from bridge.cli.health.symptom import Symptom
from bridge.errors import BridgeError

PATIENCE_S = 1.0


def look() -> Iterator[Symptom]:
    from bridge.cli.settings import loaded

    settings = loaded().settings
    host, port = settings.osc_host, settings.osc_port
    token = settings.osc_token.get_secret_value() if settings.osc_token else None
    version = _answering(host, port, token)
    if version:
        yield Symptom("osc", "ok", f"a daemon (dawbridge {version}) answers on {host}:{port}")
        return
    error = _cannot_bind(host, port)
    if error is None:
        yield Symptom("osc", "ok", f"UDP port {port} on {host} is free; no daemon is running there")
    else:
        mend = f"close the program that has port {port}, or choose another: dawbridge serve --osc {host}:0"
        yield Symptom("osc", "fail", f"{host}:{port} cannot be used: {error}; no daemon answers there", mend)


def _answering(host: str, port: int, token: str | None) -> str | None:
    """The version of the daemon that answers there, or None."""
    from bridge.osc.client import Client

    if port == 0:
        return None
    try:
        with Client(host, port, token=token, name="doctor", timeout_s=PATIENCE_S) as client:
            return client.hello().version
    except (BridgeError, OSError):
        return None


def _cannot_bind(host: str, port: int) -> str | None:
    """Why the port cannot be had, or None; it is given back at once."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0][0]
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((host, port))
    except OSError as error:
        return error.strerror or str(error)
    return None
