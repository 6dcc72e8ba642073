"""The daemon: one process that joins hot folder, OSC, ledger and workers, from start to clean stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridge.config import Settings

__all__ = ["serve"]


def serve(settings: Settings) -> int:
    """Runs the daemon until SIGINT or SIGTERM; returns the exit code: 0, or 130 after an interrupt.

    Raises Unavailable (another daemon on the state folder, the port in use) and OutputFailed (a folder that cannot
    be made), each with the next step.
    """
    from bridge.daemon.serving import serve as run

    return run(settings)
