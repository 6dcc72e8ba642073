"""Turn: one exchange, as it happened. Turns are only ever added."""

from __future__ import annotations

from bridge.planning.plan import Outcome
from bridge.planning.value import Value


class Turn(Value):
    """words: what was said. outcome: what came of it; its plan, if any, is a version of the sound."""

    words: str
    outcome: Outcome
