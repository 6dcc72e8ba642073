"""Parameters of a hosted plugin by the plugin's own names: "ZamComp with threshold -20 and ratio 4"."""

from __future__ import annotations

from bridge.planning.context import KnownPlugin
from bridge.planning.given import Given
from bridge.planning.plugins.products import letters
from bridge.planning.tokens import Token

_REACH = 3
"""Words that may stand between a parameter's name and its number."""
_LONGEST = 6
"""Words of a parameter's name."""

_UNITS = frozenset(("db", "ms", "s", "hz", "khz", "x", "percent"))
"""Hosts end a parameter's name with its unit ("threshold_db"); people leave it out."""


def plugin_parameters(plugin: KnownPlugin, tokens: list[Token]) -> tuple[Given, list[Token]]:
    """Parameters named in the tokens with the numbers that follow, in the plugin's spelling, and the tokens used."""
    spelt = [letters(token.text) for token in tokens]
    given: Given = {}
    used: list[Token] = []
    for name in sorted(plugin.parameters, key=lambda item: (-len(letters(item)), item)):
        found = _find(_spellings(name), spelt)
        number = _number_after(tokens, found.stop) if found else None
        if number is None or any(number is token for token in used):
            continue
        given[name] = _value(number, name, plugin.parameters[name])
        used += [*(tokens[index] for index in found or ()), number]
    return given, used


def _spellings(name: str) -> tuple[str, ...]:
    bare = name.rpartition("_")
    return (letters(name), letters(bare[0])) if bare[0] and bare[2].lower() in _UNITS else (letters(name),)


def _find(names: tuple[str, ...], spelt: list[str]) -> range | None:
    """The tokens that make up one of the names."""
    for name in names:
        for start in range(len(spelt)):
            run = ""
            for end in range(start, min(len(spelt), start + _LONGEST)):
                run += spelt[end]
                if run == name:
                    return range(start, end + 1)
                if not spelt[start] or not name.startswith(run):
                    break
    return None


def _number_after(tokens: list[Token], end: int) -> Token | None:
    return next((token for token in tokens[end : end + _REACH] if token.role == "quantity"), None)


def _value(number: Token, name: str, span: tuple[float, float] | None) -> float:
    """ "40 %" of a parameter that goes from 0 to 1 is 0.4, and "5 s" of one in milliseconds 5000."""
    unit = name.rpartition("_")[2].lower()
    if (number.unit, unit) == ("s", "ms"):
        return _thousandfold(number.middle)
    if (number.unit, unit) == ("ms", "s"):
        return _thousandth(number.middle)
    parts = number.unit == "%" and span is not None and max(map(abs, span)) <= _WHOLE
    return _hundredth(number.middle) if parts else number.middle


def _hundredth(value: float) -> float:
    return value / 100


def _thousandth(value: float) -> float:
    return value / 1000


def _thousandfold(value: float) -> float:
    return value * 1000


SCALED = (_hundredth, _thousandth, _thousandfold)
"""What may become of a number that was said before it is a parameter's value."""
_WHOLE = 1.0
