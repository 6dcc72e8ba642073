"""Edits of one number: a band of the equalizer, a setting of a step, the number that was said last."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from bridge.effects import BY_NAME
from bridge.planning.clauses import Clause
from bridge.planning.given import OWNER, Given
from bridge.planning.intent import Intent, Operation
from bridge.planning.plan import Plan, Step
from bridge.planning.tokens import Token

_NEAR = 1.06
"""A semitone: who says 300 means the band at 300 Hz."""
_LOWEST_HZ = 20.0
_LENGTHS = {"reverb": "decay_s", "convolution_reverb": "decay_s", "delay": "time_ms"}
_LONGER, _SHORTER = 0.4, 0.3
_STEP_DB = 3.0
"""A plain step of a threshold or another level."""
_BY_UNIT = {"lufs": ("target_lufs",), "": ("target_lufs", "ratio"), ":1": ("ratio",), "%": ("mix",), "s": ("decay_s",),
            "ms": ("time_ms", "pre_delay_ms"), "db": ("gain_db",), "dbtp": ("ceiling_dbtp", "peak_dbtp")}  # fmt: skip


@dataclass(frozen=True)
class Edit:
    """operation "refine" for a band, else "effect". where: of the step that is meant; "" for where the words say."""

    operation: Operation
    subject: str
    given: Given = field(default_factory=dict)
    where: str = ""


def band_edit(clause: Clause, names: Collection[str], plan: Plan, amount: float) -> Edit | None:
    """ "make the cut at 300 narrower", "move it to 350 Hz", "remove the cut at 300", "make the 300 Hz cut 5 dB"."""
    known = [item for item in plan.intents if item.operation == "band"]
    said = [token for token in clause.tokens if _is_frequency(token)]
    meant = [(item, token) for item in known for token in said if _near(item, token)]
    changes = bool({"narrower", "broader", "deeper", "shallower"} & set(names))
    gains = [token for token in clause.tokens if token.role == "quantity" and token.unit == "db"]
    removes = any(token.role == "remove" for token in clause.tokens)
    spoken_of = meant or (not said and "band" in names and changes)
    if not known or any(
        token.role in ("effect", "descriptor") and token.text not in _OWN for token in clause.tokens
    ):
        return None
    if ({"move", "instead"} & set(names)) and len(said) == 1 and not meant:
        return _refine(known[-1], {"frequency_hz": said[0].middle})
    if not spoken_of:
        return None
    band = meant[0][0] if meant else known[-1]
    if removes and meant and not gains:
        return _refine(band, {"remove": 1.0})
    if gains and meant and "band" in names and any(token.role == "make" for token in clause.tokens):
        return _refine(band, {"gain_db": _signed(abs(gains[0].middle), band)})
    return _refine(band, _changed(band, names, amount)) if changes else None


_OWN = ("narrower", "wider", "broader", "tighter", "narrow", "wide", "deeper")
"""Beside a band these speak of its width and depth, not of the stereo image or of the bass."""


def _refine(band: Intent, given: Given) -> Edit:
    return Edit("refine", "band", {"at_hz": float(band.given["frequency_hz"]), **given}, band.where)


def _changed(band: Intent, names: Collection[str], amount: float) -> Given:
    factor = 2.0**amount
    q = float(band.given.get("q", 1.0))
    if "narrower" in names:
        return {"q": round(q * factor, 2)}
    if "broader" in names:
        return {"q": round(q / factor, 2)}
    gain = float(band.given.get("gain_db", 0.0))
    part = 1 + 0.5 * amount if "deeper" in names else 1 - 0.5 * min(1.6, amount)
    return {"gain_db": round(gain * part, 2)}


def _signed(size: float, band: Intent) -> float:
    return -size if float(band.given.get("gain_db", 0.0)) < 0 else size


def _is_frequency(token: Token) -> bool:
    return token.role == "quantity" and (token.unit == "hz" or (not token.unit and token.value >= _LOWEST_HZ))


def _near(band: Intent, token: Token) -> bool:
    hz = float(band.given.get("frequency_hz", 0.0))
    return hz > 0 and 1 / _NEAR <= token.middle / hz <= _NEAR


def number_edit(clause: Clause, names: Collection[str], plan: Plan) -> Edit | None:
    """ "make that -13", "30 % instead": of the last wish that has such a number."""
    numbers = [token for token in clause.tokens if token.role == "quantity"]
    others = [
        t
        for t in clause.tokens
        if t.role not in ("filler", "mark", "make", "quantity", "at", "unknown", "not")
    ]
    if not ({"that", "instead"} & set(names)) or len(numbers) != 1 or others:
        return None
    for intent in reversed(plan.intents):
        for name in _BY_UNIT.get(numbers[0].unit, ()):
            if name in intent.given and intent.operation == "effect" and _can_be(name, numbers[0]):
                return Edit("effect", intent.subject, {name: _value(name, numbers[0])}, intent.where)
    return None


def _can_be(name: str, token: Token) -> bool:
    return name != "target_lufs" or 6 <= abs(token.value) <= 36


def _value(name: str, token: Token) -> float:
    if name in ("target_lufs", "ceiling_dbtp", "peak_dbtp"):
        return -abs(token.middle)
    return token.middle / 100 if token.unit == "%" else token.middle


def step_edit(clause: Clause, names: Collection[str], plan: Plan, amount: float) -> Edit | None:
    """ "the reverb shorter", "more feedback on the delay", "lower the threshold by 4 dB"."""
    parameter = next((t.subject for t in clause.tokens if t.role == "parameter"), "")
    named = next((t.subject for t in clause.tokens if t.role == "effect"), "")
    longer = 1 if "longer" in names else -1 if "shorter" in names else 0
    if longer and not parameter:
        step = _step(plan, named, _LENGTHS.get(named, "")) or (None if named else _with_length(plan))
        if step is None:
            return None
        name = _LENGTHS[step.effect]
        return _set(step, name, _factor(longer, amount))
    way = longer or _way(clause)
    step = _step(plan, named, parameter) if parameter and way else None
    numbers = [token for token in clause.tokens if token.role == "quantity"]
    if step is None or (numbers and "by" not in names):
        return None
    now = float(step.parameters[parameter])
    if numbers:
        return Edit(
            "effect", step.effect, {parameter: round(now + way * abs(numbers[0].middle), 3)}, step.where
        )
    if parameter.endswith(("_db", "_dbtp", "_lufs")):
        return Edit("effect", step.effect, {parameter: round(now + way * _STEP_DB * amount, 3)}, step.where)
    return _set(step, parameter, 1 + way * 0.5 * min(1.6, amount))


def _factor(way: int, amount: float) -> float:
    return 1 + _LONGER * amount if way > 0 else max(0.2, 1 - _SHORTER * amount)


def _way(clause: Clause) -> int:
    for token in clause.tokens:
        if token.role in ("more", "less"):
            return 1 if token.role == "more" else -1
    return 0


def _set(step: Step, name: str, factor: float) -> Edit:
    return Edit("effect", step.effect, {name: round(float(step.parameters[name]) * factor, 3)}, step.where)


def _with_length(plan: Plan) -> Step | None:
    return next((step for step in reversed(plan.steps) if step.effect in _LENGTHS), None)


def _step(plan: Plan, effect: str, parameter: str) -> Step | None:
    """The last step of that effect, or that has that parameter and owns its name."""
    able: list[Step] = [
        step for step in plan.steps if parameter in step.parameters and _is_number(step.parameters[parameter])
    ]
    if effect:
        able = [step for step in able if step.effect == effect]
    owner = OWNER.get(parameter, "")
    return next((step for step in able if step.effect == owner), able[-1] if able else None)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


if not set(_LENGTHS) <= set(BY_NAME):
    raise TypeError("lengths are those of effects")
