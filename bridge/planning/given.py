"""Numbers of a frame -> parameters of an effect, by the name beside them or by their unit."""

from __future__ import annotations

from itertools import pairwise

from bridge.effects import BY_NAME, EFFECTS
from bridge.planning.frames import Frame
from bridge.planning.tokens import Token

Given = dict[str, float | str]

OWNER = {name: effect.name for effect in EFFECTS for name in effect.owns}
"""Whom a parameter belongs to when it is named alone."""
_PARTS = ("mix", "feedback", "damping", "depth", "width", "strength")
_PASSIVE = frozenset(("unknown", "filler", "at", "mark", "sound", "make", "above", "below", "degree", "too"))


def given_to(effect: str, frame: Frame) -> tuple[Given, list[Token]]:
    """Parameters said in the frame, and the quantities that they used up."""
    given: Given = {}
    used: list[Token] = []
    known = _known(effect)
    for name, token in _named(frame.tokens):
        if name not in known:
            continue
        given[name] = in_unit(name, token, frame)
        used.append(token)
    for token in frame.tokens:
        if token.role != "quantity" or any(token is other for other in used):
            continue
        parameter = _by_unit(effect, token)
        if parameter and parameter not in given:
            given[parameter] = in_unit(parameter, token, frame)
            used.append(token)
    if "threshold_db" in known and "threshold_db" not in given:
        level = _at_a_level(frame, used)
        if level is not None:
            given["threshold_db"] = level.middle
            used.append(level)
    bare = [token for token in frame.quantities("") if token.signed and token.value < 0]
    if "threshold_db" in known and "threshold_db" not in given and len(bare) == 1 and not used:
        given["threshold_db"] = bare[0].value  # "gate everything below -50"
        used.append(bare[0])
    for token in frame.tokens:  # a number says more than a word: "parallel compression, 30 %"
        if token.role == "setting" and token.subject in known:
            given.setdefault(token.subject, token.meaning.number)
            used.append(token)
    return given, used


def _at_a_level(frame: Frame, used: list[Token]) -> Token | None:
    """ "4:1 at -20": a negative number without a unit behind "at" is where it begins to work."""
    for before, token in pairwise(frame.tokens):
        bare = token.role == "quantity" and not token.unit and token.signed and token.value < 0
        if bare and before.role == "at" and not any(token is other for other in used):
            return token
    return None


_BESIDES = {
    "compressor": ("reduction_db",),
    "loudness": ("peak_dbtp", "rms_dbfs"),
    "staging": ("peak_dbtp", "rms_dbfs", "ceiling_dbtp"),
}
"""Numbers that are not the effect's own parameters, but from which the builder finds them."""


def _known(effect: str) -> set[str]:
    kind = BY_NAME.get(effect)
    return {*(kind.model_fields if kind else ()), *_BESIDES.get(effect, ())}


def others(effect: str, frame: Frame) -> list[str]:
    """Effects whose parameters are named beside this effect: "compress, ceiling -1 dBTP" in one breath."""
    named = [OWNER[name] for name, _ in _named(frame.tokens) if name in OWNER and name not in _known(effect)]
    return list(dict.fromkeys(named))


def _named(tokens: list[Token]) -> list[tuple[str, Token]]:
    """(parameter, quantity) pairs. Names stand before their numbers or all behind them, as the first one does."""
    heard = [token for token in tokens if token.role not in _PASSIVE]
    first = next(  # a ratio needs no name: "comp 4:1 att 30 rel 100"
        (t for t in heard if (t.role == "quantity" and t.unit != ":1") or _names(t)), None
    )
    ahead = first is not None and first.role != "quantity"
    return _pairs(heard, ahead) or _pairs(heard, not ahead)


def _pairs(heard: list[Token], ahead: bool) -> list[tuple[str, Token]]:
    pairs = []
    for one, two in pairwise(heard):
        name, number = (one, two) if ahead else (two, one)
        if number.role == "quantity" and _names(name) and fits(name.subject, number.unit):
            pairs.append((name.subject, number))
    return pairs


def _names(token: Token) -> bool:
    """A parameter; or a word for one of its settings, of which the number says more ("slow attack, 30 ms")."""
    in_units = token.role == "setting" and token.subject.endswith(("_ms", "_db", "_hz"))
    return token.role == "parameter" or in_units


_FITTING = {
    "_lufs": ("lufs", "db", ""), "_dbtp": ("dbtp", "dbfs", "db", ""), "_dbfs": ("dbfs", "db", ""),
    "_db": ("db", "dbfs", "lu", ""), "_ms": ("ms", "s", ""), "_s": ("s", "ms", ""), "ratio": (":1", "x", ""),
    "q": ("",), "_hz": ("hz", ""),
}  # fmt: skip


def fits(name: str, unit: str) -> bool:
    """Whether a number with that unit can be that parameter: a ceiling is never said in LUFS."""
    return next(
        (unit in units for ending, units in _FITTING.items() if name.endswith(ending)), unit in ("", "%", "x")
    )


def _by_unit(effect: str, token: Token) -> str | None:
    kind = BY_NAME.get(effect)
    name = kind.units.get(token.unit) if kind else None
    if effect == "compressor" and name == "threshold_db" and token.value > 0 and not token.signed:
        return "reduction_db"  # "compress 3 dB" speaks of gain reduction
    return name


def in_unit(name: str, token: Token, frame: Frame) -> float:
    value = token.middle
    if name.endswith("_ms") and token.unit == "s":
        return value * 1000
    if name.endswith("_s") and token.unit == "ms":
        return value / 1000
    if name == "width" and token.unit == "%":
        return _width(token, frame)
    if name in _PARTS and (token.unit == "%" or value > 2):
        return value / 100
    if name in ("ceiling_dbtp", "target_lufs", "peak_dbtp", "rms_dbfs", "threshold_db") and not token.signed:
        return -abs(value)
    return value


def _width(token: Token, frame: Frame) -> float:
    """ "120 % wide" is a width, "20 % wider" is a change."""
    part = token.middle / 100
    if token.signed or frame.has("less", "more") or _comparative(frame):
        sign = -1 if frame.has("less", "too") or (frame.subject and frame.subject.meaning.sign < 0) else 1
        return 1 + sign * part
    return part


def _comparative(frame: Frame) -> bool:
    return frame.subject is not None and frame.subject.says("changed")
