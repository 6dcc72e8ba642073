"""Control: one thing that MIDI can turn, and the bytes that turn it (MIDI 1.0 Detailed Specification, 4.2, table 3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["cc", "cc14", "nrpn"]

CONTROL_CHANGE = 0xB0
DATA_COARSE, DATA_FINE, NRPN_FINE, NRPN_COARSE, RPN_FINE, RPN_COARSE = 6, 38, 98, 99, 100, 101
FINE = 32
"""Controllers 0 to 31 have their fine halves 32 higher."""
NO_CONTROLLERS = frozenset({0, 6, 32, 38, 96, 97, 98, 99, 100, 101, *range(120, 128)})
"""Bank select, data entry, numbers of parameters mean something to every receiver; 120 and above switch sound off."""
SEVEN_BITS, FOURTEEN_BITS = 127, 16383
NRPN_NONE = 16383


@dataclass(frozen=True)
class Control:
    """kind: a 7-bit controller, a 14-bit pair, or a non-registered parameter (14 bits). channel: 1 to 16."""

    kind: Kind
    number: int
    channel: int

    @property
    def highest(self) -> int:
        """Its positions are 0 to this."""
        return SEVEN_BITS if self.kind == "cc" else FOURTEEN_BITS

    @property
    def takes(self) -> frozenset[int]:
        """Controllers of its channel that nothing else may use."""
        if self.kind == "cc":
            return frozenset({self.number})
        return frozenset({self.number, self.number + FINE} if self.kind == "cc14" else ())

    def messages(self, position: int) -> tuple[bytes, ...]:
        """The messages, in this order: the coarse half first, since a receiver clears the fine one when that comes."""
        if not 0 <= position <= self.highest:
            raise ValueError(f"{self} has no position {position}")
        coarse, fine = position >> 7, position & 0x7F
        if self.kind == "cc":
            return (self._change(self.number, position),)
        if self.kind == "cc14":
            return self._change(self.number, coarse), self._change(self.number + FINE, fine)
        return (
            self._change(NRPN_COARSE, self.number >> 7),
            self._change(NRPN_FINE, self.number & 0x7F),
            self._change(DATA_COARSE, coarse),
            self._change(DATA_FINE, fine),
        )

    def afterwards(self) -> tuple[bytes, ...]:
        """After an NRPN no parameter stays chosen, so that a data entry from elsewhere turns nothing of ours."""
        if self.kind != "nrpn":
            return ()
        return self._change(RPN_COARSE, SEVEN_BITS), self._change(RPN_FINE, SEVEN_BITS)

    def _change(self, controller: int, value: int) -> bytes:
        return bytes((CONTROL_CHANGE | (self.channel - 1), controller, value))

    def __str__(self) -> str:
        pair = f"CC {self.number} and {self.number + FINE}" if self.kind == "cc14" else f"CC {self.number}"
        return f"{f'NRPN {self.number}' if self.kind == 'nrpn' else pair}, channel {self.channel}"


def why_not(kind: Kind, number: int) -> str:
    """Why there is no such control, or ""."""
    if kind == "nrpn":
        return "" if 0 <= number < NRPN_NONE else f"nrpn = {number}: NRPNs are 0 to {NRPN_NONE - 1}"
    if kind == "cc14" and not 1 <= number < FINE:
        return f"cc14 = {number}: a 14-bit pair is 1 to 31, and its fine half lies 32 above"
    if not 0 <= number <= SEVEN_BITS:
        return f"cc = {number}: controllers are 1 to 119"
    if {number, number + FINE if kind == "cc14" else number} & NO_CONTROLLERS:
        return f"{kind} = {number}: this controller has a meaning of its own in every DAW; take another"
    return ""
