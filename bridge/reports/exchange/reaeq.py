"""ReaEQ's state in a REAPER chain, as REAPER 7 writes it: read from chunks that it wrote, never written by guess.

A header of 60 bytes (plugin's id, 0xFEED5EEE, two inputs and two outputs with their pins, length of the state), the
state (33, number of bands, 33 bytes each, its end), and the program.
"""

from __future__ import annotations

import base64
import math
import struct

from bridge.effects.equalizer import Band
from bridge.units import gain_from_db, octaves_from_q

HEAD = '<VST "VST: ReaEQ (Cockos)" reaeq.dll 0 "" 1919247729<56535472656571726561657100000000> ""'
_ID, _MARK = 1919247729, 0xFEED5EEE
_LOW_SHELF, _HIGH_SHELF, _LOW_PASS, _HIGH_PASS, _BELL = 0, 1, 3, 4, 8
_KINDS = {
    "bell": _BELL, "low_shelf": _LOW_SHELF, "high_shelf": _HIGH_SHELF, "high_pass": _HIGH_PASS, "low_pass": _LOW_PASS,
}  # fmt: skip
BUTTERWORTH = {
    12: (math.sqrt(0.5),),
    24: (1 / (2 * math.cos(math.pi / 8)), 1 / (2 * math.cos(3 * math.pi / 8))),
}
"""Q of the parts that a pass of that slope is made of."""
_END = struct.pack("<iidiiii", 1, 1, 1.0, 0, 509, 348, 2)
"""Two switches, the gain of the whole (linear), and how its window looks."""
_PROGRAM = struct.pack("<BBBBBB", 0, 0, 16, 0, 0, 0)
_LINE = 96


def lines(bands: tuple[Band, ...]) -> list[str]:
    """The chunk without its end."""
    state = _state(bands)
    header = struct.pack("<II", _ID, _MARK) + struct.pack("<i", 2) + struct.pack("<qq", 1, 2)
    header += struct.pack("<i", 2) + struct.pack("<qq", 1, 2) + struct.pack("<iii", len(state), 1, 0x00100000)
    blocks = [header, *(state[at : at + _LINE] for at in range(0, len(state), _LINE)), _PROGRAM]
    return [HEAD, *("  " + base64.b64encode(block).decode() for block in blocks)]


def _state(bands: tuple[Band, ...]) -> bytes:
    made = [one for band in bands for one in _bands(band)]
    return struct.pack("<ii", 33, len(made)) + b"".join(made) + _END


def _bands(band: Band) -> list[bytes]:
    """A pass of 24 dB an octave is two of 12, as a Butterworth filter is made of them."""
    if band.is_pass:
        qs = BUTTERWORTH[band.slope_db_per_octave]
        return [_band(band, 0.0, q) for q in qs]
    return [_band(band, band.gain_db, band.q)]


def _band(band: Band, gain_db: float, q: float) -> bytes:
    return struct.pack(
        "<iidddB", _KINDS[band.kind], 1, band.frequency_hz, gain_from_db(gain_db), octaves_from_q(q), 1
    )
