"""One conversation about one piece of sound: turns, versions, undo. Pure; who keeps it is somebody else's matter."""

from __future__ import annotations

from bridge.session.session import Session
from bridge.session.turn import Turn

__all__ = ["Session", "Turn"]
