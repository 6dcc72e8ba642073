"""Edits of one number: a setting of a step, the number that was said last."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from bridge.effects import BY_NAME
from bridge.planning.clauses import Clause
from bridge.planning.frames import Frame
from bridge.planning.given import OWNER, fits, in_unit
from bridge.planning.hearing.edit_bands import Edit, is_frequency, refine
from bridge.planning.history import latest_of
from bridge.planning.intent import Intent
from bridge.planning.plan import Plan, Step
from bridge.planning.tokens import Token

_LENGTHS = {
    "reverb": ("decay_s",),
    "convolution_reverb": ("decay_s",),
    "delay": ("time_ms",),
    "fade": ("out_s", "in_s"),
}
_LONGER, _SHORTER = 0.4, 0.3
_FACTORS = {"twice_as_long": 2.0, "half_as_long": 0.5}
"""Phrases of `edits` that say by how much."""
_MEANT = {
    "delay": ("time_ms", 20.0, 3000.0), "reverb": ("decay_s", 0.2, 20.0), "convolution_reverb": ("decay_s", 0.2, 20.0),
    "compressor": ("ratio", 1.5, 20.0), "multiband_compressor": ("ratio", 1.5, 20.0),
    "gate": ("threshold_db", -90.0, -10.0),
    "limiter": ("ceiling_dbtp", -12.0, -0.1), "loudness": ("target_lufs", -36.0, -6.0), "fade": ("out_s", 0.1, 60.0),
}  # fmt: skip
"""What a number without a unit is behind the name of an effect, and the span in which it can be that."""
_STEP_DB = 3.0
"""A plain step of a threshold or another level."""
_BY_UNIT = {
    "lufs": ("target_lufs",), ":1": ("ratio",), "x": ("ratio",), "st": ("semitones",), "hz": ("mains_hz", "rate_hz"),
    "%": ("mix", "position"), "s": ("decay_s", "out_s", "in_s"), "ms": ("time_ms", "pre_delay_ms"),
    "bpm": ("to_bpm", "tempo_bpm"),
    "db": ("gain_db", "drive_db", "amount_db", "reduction_db"), "dbtp": ("ceiling_dbtp", "peak_dbtp"),
    "": ("target_lufs", "ratio", "gain_db", "semitones", "drive_db", "out_s", "in_s", "decay_s", "position",
         "time_ms"),
}  # fmt: skip
"""What a number with that unit may be, in this order."""
_UNSAID = ("mains_hz", "rate_hz", "mix", "decay_s", "time_ms")
"""Settings that are meant by their unit although nobody gave them a number before."""
_KEEPS_ITS_SIGN = ("gain_db", "semitones", "position")


def setting_edit(clause: Clause, plan: Plan) -> Edit | None:
    """ "20 % wet is enough", "threshold -55": of the last wish, else of the last step that has such a setting."""
    names = [token.subject for token in clause.tokens if token.role == "parameter"]
    numbers = [token for token in clause.tokens if token.role == "quantity"]
    silent = ("filler", "mark", "make", "quantity", "at", "parameter", "enough", "place", "question")
    if len(names) != 1 or len(numbers) != 1 or any(token.role not in silent for token in clause.tokens):
        return None
    name, places = names[0], {token.subject for token in clause.tokens if token.role == "place"}
    if not fits(name, numbers[0].unit):
        return None
    able = [
        step
        for step in plan.steps
        if _is_number(step.parameters.get(name)) and (not places or step.where in places)
    ]
    latest = {(intent.subject, intent.where) for intent in latest_of(plan)}
    meant = [step for step in able if (step.effect, step.where) in latest] or [
        step for step in able if step.effect == OWNER.get(name, step.effect)
    ]
    found = (meant or able)[-1:]
    if not found or found[0].effect in ("loudness", "limiter"):
        return None
    step = found[0]
    frame = Frame(None, list(clause.tokens))
    return Edit("effect", step.effect, {name: in_unit(name, numbers[0], frame)}, step.where)


def bare_edit(clause: Clause, plan: Plan) -> Edit | None:
    """ "Make the delay 450": a number and the name of a step, and nothing else."""
    named = [token.subject for token in clause.tokens if token.role == "effect"]
    numbers = [token for token in clause.tokens if token.role == "quantity"]
    plain = ("filler", "mark", "make", "quantity", "at", "effect", "place", "back")
    if len(named) != 1 or len(numbers) != 1 or numbers[0].unit or named[0] not in _MEANT:
        return None
    name, low, high = _MEANT[named[0]]
    places = {token.subject for token in clause.tokens if token.role == "place"}
    steps = [s for s in plan.steps if s.effect == named[0] and (not places or s.where in places)]
    if not steps or any(t.role not in plain for t in clause.tokens) or not low <= numbers[0].middle <= high:
        return None
    return Edit("effect", named[0], {name: numbers[0].middle}, steps[-1].where)


def number_edit(clause: Clause, names: Collection[str], plan: Plan, alone: bool = True) -> Edit | None:
    """ "make that -13", "30 % instead", "no, 4 dB": of the last wish that has such a number.

    alone: nothing was asked for before it in the same breath, so that a number by itself speaks of the plan.
    """
    numbers = [token for token in clause.tokens if token.role == "quantity"]
    silent = ("filler", "mark", "make", "quantity", "at", "unknown", "not", "place", "back", "undo", "degree",
              "enough", "question")  # fmt: skip
    beside = [t for t in clause.tokens if t.role not in silent and not (t.role == "sound" and t.text)]
    if len(numbers) != 1 or beside:
        return None
    enough = any(token.role == "enough" for token in clause.tokens)
    number, said = numbers[0], enough or bool({"that", "instead"} & set(names))
    spare = any(token.role in ("unknown", "not") for token in clause.tokens)
    if not said and (not alone or spare or (number.signed and number.unit in ("db", "lu"))):
        return None
    sounds = any(token.role == "sound" for token in clause.tokens)
    if sounds and number.unit != "%":
        return None
    places = {token.subject for token in clause.tokens if token.role == "place"}
    latest = latest_of(plan)
    known = [item for item in plan.intents if not places or item.where in places]
    if number.signed and not number.unit and _can_be("target_lufs", number):
        aims = [item for item in known if "target_lufs" in item.given]
        known = aims or known
    for intent in [*reversed([item for item in known if item in latest]), *reversed(known)]:
        name = _named_by(number, intent, plan)
        if name and (said or intent in latest or places or sounds):
            return _renumber(intent, name, number)
    return None


def _named_by(number: Token, intent: Intent, plan: Plan) -> str:
    """The parameter of that wish that the number is, "" for none."""
    if intent.operation == "band":
        passes = intent.given.get("kind") in ("high_pass", "low_pass")
        if passes and is_frequency(number):
            return "frequency_hz"
        gain = number.unit in ("db", "") and "gain_db" in intent.given and abs(number.value) <= _MOST_DB
        return "gain_db" if gain else ""
    if intent.operation not in ("effect", "level"):
        return ""
    if intent.operation == "level" and number.unit in ("db", "lu") and "peak_dbtp" not in intent.given:
        return "gain_db"
    if number.unit == "%" and "speed" in intent.given:
        return "speed"
    step = _step(plan, intent.subject, "") if intent.operation == "effect" else None
    for name in _BY_UNIT.get(number.unit, ()):
        unsaid = name in _UNSAID and number.unit and step is not None and name in step.parameters
        if (name in intent.given or unsaid) and _can_be(name, number):
            return name
    return ""


_MOST_DB = 24.0


def _renumber(intent: Intent, name: str, number: Token) -> Edit:
    value = number.middle if name == "position" else _value(name, number)
    if name == "speed":
        value = round(1 + (-value if float(intent.given[name]) < 1 else value), 4)
    if name == "gain_db" and name not in intent.given and not number.signed and intent.amount < 0:
        value = -abs(value)
    if name in _KEEPS_ITS_SIGN and not number.signed and float(intent.given.get(name, 0.0)) < 0:
        value = -abs(value)
    if intent.operation == "band":
        return refine(intent, {name: value})
    if intent.operation == "level":
        return Edit("refine", "level:", {name: value}, intent.where)
    return Edit("effect", intent.subject, {name: value}, intent.where)


_SHORTEST_MS = 20.0
"""Of a delay said without a unit."""


def _can_be(name: str, token: Token) -> bool:
    if name == "time_ms" and not token.unit:
        return token.value >= _SHORTEST_MS
    return name != "target_lufs" or 6 <= abs(token.value) <= 36


def _value(name: str, token: Token) -> float:
    if name in ("target_lufs", "ceiling_dbtp", "peak_dbtp"):
        return -abs(token.middle)
    return token.middle / 100 if token.unit == "%" else token.middle


def step_edit(clause: Clause, names: Collection[str], plan: Plan, amount: float) -> Edit | None:
    """ "the reverb shorter", "more feedback on the delay", "lower the threshold by 4 dB"."""
    parameter = next((t.subject for t in clause.tokens if t.role == "parameter"), "")
    named = next((t.subject for t in clause.tokens if t.role == "effect"), "")
    exactly = next((_FACTORS[name] for name in names if name in _FACTORS), 0.0)
    longer = 1 if "longer" in names or exactly > 1 else -1 if "shorter" in names or exactly else 0
    places = {token.subject for token in clause.tokens if token.role == "place"}
    if longer and not parameter:
        step = _with_length(plan, named, places)
        if step is None:
            return None
        name = next(name for name in _LENGTHS[step.effect] if float(step.parameters[name]))
        length = next((t for t in clause.tokens if t.role == "quantity" and t.unit in ("s", "ms")), None)
        if length is not None:
            return _to_length(clause, step, name, longer, length)
        return _set(step, name, exactly or _factor(longer, amount))
    way = longer or _way(clause)
    step = _step(plan, named, parameter) if parameter and way else None
    numbers = [token for token in clause.tokens if token.role == "quantity"]
    if step is None or (numbers and "by" not in names and not _by_so_much(clause, numbers[0])):
        return None
    now = float(step.parameters[parameter])
    if numbers:
        return Edit(
            "effect", step.effect, {parameter: round(now + way * abs(numbers[0].middle), 3)}, step.where
        )
    if parameter.endswith(("_db", "_dbtp", "_lufs")):
        return Edit("effect", step.effect, {parameter: round(now + way * _STEP_DB * amount, 3)}, step.where)
    return _set(step, parameter, 1 + way * 0.5 * min(1.6, amount))


def _to_length(clause: Clause, step: Step, name: str, way: int, length: Token) -> Edit:
    """ "Shorten it to 1.5 s" arrives there; "10 ms shorter" and "by half a second" are steps."""
    size = in_unit(name, length, Frame(None, list(clause.tokens)))
    arrives = any(token.says("to") or token.says("towards") for token in clause.tokens)
    value = size if arrives else max(0.0, float(step.parameters[name]) + way * abs(size))
    return Edit("effect", step.effect, {name: round(value, 3)}, step.where)


def _by_so_much(clause: Clause, number: Token) -> bool:
    """ "threshold down 3 dB": a step, where no word says that it is to arrive there."""
    arrives = any(token.says("to", "towards") for token in clause.tokens)
    return number.unit in ("db", "lu") and not number.signed and not arrives


def _factor(way: int, amount: float) -> float:
    return 1 + _LONGER * amount if way > 0 else max(0.2, 1 - _SHORTER * amount)


def _way(clause: Clause) -> int:
    for token in clause.tokens:
        if token.role in ("more", "less"):
            return 1 if token.role == "more" else -1
    return 0


def _set(step: Step, name: str, factor: float) -> Edit:
    return Edit("effect", step.effect, {name: round(float(step.parameters[name]) * factor, 3)}, step.where)


def _with_length(plan: Plan, effect: str, places: Collection[str]) -> Step | None:
    """The step with a length that was spoken of last; of that effect and at that place, where one was named."""
    able = [
        step
        for step in plan.steps
        if effect in ("", step.effect)
        and (not places or step.where in places)
        and any(step.parameters[name] for name in _LENGTHS.get(step.effect, ()))
    ]
    return max(enumerate(able), key=lambda each: (each[1].turn, each[0]))[1] if able else None


def _step(plan: Plan, effect: str, parameter: str) -> Step | None:
    """The last step of that effect, or that has that parameter and owns its name."""
    able: list[Step] = [
        step
        for step in plan.steps
        if not parameter or (parameter in step.parameters and _is_number(step.parameters[parameter]))
    ]
    if effect:
        able = [step for step in able if step.effect == effect]
    owner = OWNER.get(parameter, "")
    return next((step for step in able if step.effect == owner), able[-1] if able else None)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


if not set(_LENGTHS) <= set(BY_NAME):
    raise TypeError("lengths are those of effects")
