"""How far a render has got, as one fraction that never falls."""

from __future__ import annotations

from collections.abc import Callable

Report = Callable[[float, str], None]
"""(fraction 0..1, stage). May raise Cancelled, which ends the render."""

_BLOCKS_OF_A_SEARCH = 8


class Progress:
    """Passes over the sound count alike; a search, whose length nobody knows, creeps towards the end of its pass."""

    def __init__(self, report: Report | None, passes: int, frames: int, block: int) -> None:
        self._report = report or (lambda fraction, stage: None)
        self._passes = max(passes, 1)
        self._passed = 0
        self._fraction = 0.0
        self._search_blocks = max(1, _BLOCKS_OF_A_SEARCH * frames // block)

    def streaming(self, part: float, stage: str) -> None:
        """part: of this pass, 0..1."""
        self._say(self._passed + min(part, 1.0), stage)

    def searching(self, stage: str) -> Callable[[], None]:
        """To be called at each block read in a search."""
        read = 0

        def heard() -> None:
            nonlocal read
            read += 1
            self._say(self._passed + read / (read + self._search_blocks), stage)

        return heard

    def passed(self) -> None:
        """A pass is over."""
        self._passed += 1

    def _say(self, passes: float, stage: str) -> None:
        self._fraction = max(self._fraction, min(passes / self._passes, 1.0))
        self._report(self._fraction, stage)
