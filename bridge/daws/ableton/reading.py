"""Small readings of a device as it stands, for the translations: names that changed between versions of Live and
nearest steps."""

from __future__ import annotations

from collections.abc import Sequence

from bridge.daws.table import Present, Setting


def named(present: Present, *names: str) -> str:
    """The first of these names that is there; the newest comes first. The newest where none is."""
    return next((name for name in names if name in present), names[0])


def displayed(parameter: str, value: float, of: str, unit: str, asked: float | None = None) -> Setting:
    """A setting that is found on the display. value: as it is displayed (ms, dB, %, :1); asked: as the plan says it."""
    return Setting(parameter, value, of, value if asked is None else asked, unit, by_display=True)


def switch(parameter: str, on: bool, of: str) -> Setting:
    return Setting(parameter, float(on), of, "on" if on else "off")


def step(parameter: str, steps: Sequence[float], value: float, of: str, unit: str) -> tuple[Setting, str]:
    """The nearest of a device's steps, and what is to be told where it is not the value."""
    at = min(range(len(steps)), key=lambda n: abs(steps[n] - value))
    far = abs(steps[at] - value) > 0.02 * abs(value)
    told = f"its {parameter.lower()} has steps: {steps[at]:g} {unit} for {value:g}" if far else ""
    return Setting(parameter, float(at), of, value, unit), told


def there(present: Present, *settings: Setting) -> list[Setting]:
    """Those whose parameter this version of the device has."""
    return [setting for setting in settings if setting.parameter in present]
