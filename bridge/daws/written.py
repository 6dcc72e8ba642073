"""Written and Applied: what became of each parameter, as it was read back. Nothing else is called done."""

from __future__ import annotations

from typing import Literal

from bridge.planning.value import Value

Verdict = Literal["applied", "clamped", "failed"]


class Written(Value):
    """One parameter of one device. asked, got, before: in the DAW's units; got: as it was read back, None where it
    could not be. reason: why it is not as asked. of: our parameter and its value as the plan says it."""

    step: str
    track: str
    device: str
    parameter: str
    of: str = ""
    asked: float
    got: float | None = None
    before: float | None = None
    unit: str = ""
    shown: str = ""
    verdict: Verdict
    reason: str = ""


class Undone(Value):
    """What of a step was not tried, and why."""

    step: str
    effect: str
    reason: str


class Applied(Value):
    """The account of one `apply` or `revert`. id: by which it is reverted."""

    id: str
    daw: str
    plan: str = ""
    written: tuple[Written, ...] = ()
    left: tuple[Undone, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Every parameter that was tried is as asked, or as near as the device goes."""
        return all(one.verdict != "failed" for one in self.written)
