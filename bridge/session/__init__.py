"""One conversation about one piece of sound: turns, versions, undo. Pure; who keeps it is somebody else's matter."""

from __future__ import annotations

from bridge.session.session import SCHEMA, Session, why
from bridge.session.so_far import SoFar
from bridge.session.turn import Turn
from bridge.session.version import Version

__all__ = ["SCHEMA", "Session", "SoFar", "Turn", "Version", "why"]
