"""A step's parameters, evidence and limits as text, with units."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from bridge.effects import BY_NAME
from bridge.effects.quantity import quantity_of
from bridge.planning.plan import Step

_NOT_FOR_PEOPLE = ("state_base64", "state_sha256", "sha256")


def placed(step: Step) -> str:
    """Where, on what part, when and how much: " on vocals, from 10 to 20 s, 50 % wet"; "" for all of it."""
    parts = [] if step.where == "input" else [f" on {step.where}"]
    parts += [] if step.part == "all" else [f", {step.part} only"]
    if step.region is not None:
        parts.append(f", from {step.region.start_s:g} to {step.region.end_s:g} s")
        parts.append(f" with {step.region.fade_ms:g} ms fades")
    parts += [] if step.wet == 1.0 else [f", {step.wet * 100:.0f} % wet"]
    return "".join(parts)


def figures(step: Step) -> str:
    """Every parameter by its name, with its unit: "threshold -18 dBFS, ratio 2 :1"."""
    kind = BY_NAME.get(step.effect)
    told = [
        _told(kind, name, value)
        for name, value in step.parameters.items()
        if value is not None and name not in _NOT_FOR_PEOPLE
    ]
    return ", ".join(text for text in told if text) or "no parameters"


def _told(kind: type[BaseModel] | None, name: str, value: Any) -> str:
    if isinstance(value, (list, tuple)):
        from bridge.planning.clamp import inner_model

        info = kind.model_fields.get(name) if kind is not None else None
        inner = inner_model(info.annotation) if info else None
        items = [
            "(" + ", ".join(_told(inner, *pair) for pair in item.items()) + ")"
            if isinstance(item, dict)
            else str(item)
            for item in value
        ]
        return f"{name} {' '.join(items)}" if items else ""
    if isinstance(value, dict):
        return f"{name} (" + ", ".join(_told(None, key, each) for key, each in value.items()) + ")"
    unit = unit_of(kind, name)
    number = (
        f"{value:g}"
        if isinstance(value, float)
        else "on"
        if value is True
        else "off"
        if value is False
        else value
    )
    return f"{_called(name, unit)} {number}{' ' if unit else ''}{unit}"


def unit_of(kind: type[BaseModel] | None, name: str) -> str:
    """As the effect declares it; "" where it has none."""
    info = kind.model_fields.get(name) if kind is not None else None
    quantity = quantity_of(info) if info is not None else None
    return quantity.unit if quantity is not None else ""


def _called(name: str, unit: str) -> str:
    """Without the unit at its end, which stands behind the number."""
    for end in ("_db", "_hz", "_ms", "_s", "_dbtp", "_lufs", "_dbfs", "_lu", "_bpm"):
        if unit and name.endswith(end):
            return name.removesuffix(end).replace("_", " ")
    return name.replace("_", " ")


def evidence(step: Step) -> str:
    """ "band low mid -4.2 dB (threshold -5)"."""
    return ", ".join(
        f"{item.metric.replace('_', ' ')} {_number(item.value)} {item.unit}".rstrip()
        + (f" (threshold {item.threshold:g})" if item.threshold is not None else "")
        for item in step.evidence
    )


def _number(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.4g}"


def clamped(step: Step) -> str:
    return ", ".join(f"{path} was asked {asked:g}" for path, asked in step.clamped_from.items())
