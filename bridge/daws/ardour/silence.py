"""Why Ardour does not answer: nothing there, another program on the port, or answers that go somewhere else."""

from __future__ import annotations

import contextlib

from bridge.daws.ardour.surface import REPLIES, STRIPS, coming, nobody_listens, put, udp_for
from bridge.errors import Unavailable

USUAL_PORT, PORTS_AFTER = 3819, 10
"""Where it listens, and how many ports further it may have gone where that was taken."""
MANUAL_REPLY_PORT = 8000
"""Where its answers go in manual port mode, unless that was changed there."""

_PATIENCE_S = 0.25
_SWITCH_ON = "Edit > Preferences > Control Surfaces > Open Sound Control (OSC)"


def answers(host: str, port: int, reply_port: int = 0) -> bool:
    """Whether an Ardour answers there. reply_port: on which we listen, any by default."""
    try:
        opened = udp_for(host, reply_port)
    except OSError:
        return False
    with contextlib.closing(opened), contextlib.suppress(Unavailable):
        put(opened, (host, port), "/set_surface", (0, STRIPS, REPLIES, 0, 0, 0))
        put(opened, (host, port), "/set_surface")
        return any(address == "/set_surface" for address, _ in coming(opened, _PATIENCE_S))
    return False


def elsewhere(host: str, port: int) -> int | None:
    """The port near the usual one on which an Ardour answers."""
    near = range(USUAL_PORT, USUAL_PORT + PORTS_AFTER)
    return next(
        (each for each in near if each != port and not nobody_listens(host, each) and answers(host, each)),
        None,
    )


def why_silent(host: str, port: int) -> str:
    """A sentence, and what to do. Asks the ports around, which takes a second at most where nothing answers."""
    other = elsewhere(host, port)
    if nobody_listens(host, port):
        if other is not None:
            return f"Nothing listens at {host}:{port}, but Ardour answers at port {other}: {_setting(host, other)}"
        return f"Nothing listens at {host}:{port}. Open a session in Ardour and switch OSC on ({_SWITCH_ON})."
    if answers(host, port, MANUAL_REPLY_PORT):
        return (
            f"Ardour at {host}:{port} sends its answers to UDP port {MANUAL_REPLY_PORT}, not to who asks: set Port "
            f"Mode to Auto ({_SWITCH_ON} > Show Protocol Settings), then open the session again."
        )
    if other is not None:
        return f"Another program has {host}:{port}; Ardour answers at port {other}: {_setting(host, other)}"
    return (
        f"What listens at {host}:{port} does not answer as Ardour does. Is a session open, and is Port Mode set to "
        f"Auto ({_SWITCH_ON} > Show Protocol Settings)? If another program has the port, Ardour has taken the next "
        "one that was free when it started."
    )


def _setting(host: str, port: int) -> str:
    return f'set ardour_osc = "{host}:{port}" in config.toml, or BRIDGE_ARDOUR_OSC.'
