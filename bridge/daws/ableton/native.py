"""Live's own devices by the names that do not change when somebody renames one: class -> what the browser calls it."""

from __future__ import annotations

from collections.abc import Sequence

from bridge.daws.link import ACTIVE, Device, Parameter, ParameterKind

NATIVE = {
    "Eq8": "EQ Eight",
    "Compressor2": "Compressor",
    "GlueCompressor": "Glue Compressor",
    "Limiter": "Limiter",
    "Gate": "Gate",
    "StereoGain": "Utility",
    "Saturator": "Saturator",
    "Reverb": "Reverb",
    "Delay": "Delay",
}
DEVICE_ON = "Device On"
_STEP = 1e-4
"""Share of a parameter's span that is the same value: floats of 32 bits on the way."""


def chain(found: Sequence[tuple[str, str, object]]) -> list[Device]:
    """(name, class, where it is) of each device -> devices, counted by name."""
    devices: list[Device] = []
    seen: dict[str, int] = {}
    for given, kind, at in found:
        name = NATIVE.get(kind, given)
        seen[name] = seen.get(name, 0) + 1
        devices.append(Device(name, seen[name], at))
    return devices


def parameter(
    at: int,
    name: str,
    value: float,
    low: float,
    high: float,
    quantized: bool,
    items: Sequence[str] = (),
    shown: str = "",
) -> Parameter:
    """As Live tells it; the switch of the device is called as every DAW's is."""
    return Parameter(
        ACTIVE if at == 0 and name == DEVICE_ON else name,
        value,
        low,
        high,
        kind=_kind(low, high, quantized, items),
        tolerance=0.0 if quantized else _STEP * abs(high - low),
        shown=shown,
        choices=tuple((text, low + n) for n, text in enumerate(items)),
        at=at,
    )


def _kind(low: float, high: float, quantized: bool, items: Sequence[str]) -> ParameterKind:
    if not quantized:
        return "continuous"
    if (low, high) == (0.0, 1.0):
        return "toggle"
    return "choice" if items else "integer"
