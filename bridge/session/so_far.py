"""SoFar: what words need to know of the conversation that they go on with."""

from __future__ import annotations

from bridge.planning.plan import Outcome, Plan
from bridge.planning.value import Value


class SoFar(Value):
    """plan: the one that is heard now ("even more"); None is the untouched sound. names: of versions ("go back to
    dark"). question: the outcome before, where it asked one."""

    plan: Plan | None = None
    names: tuple[str, ...] = ()
    question: Outcome | None = None
