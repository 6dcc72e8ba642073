"""Parameters of a hosted plugin by the plugin's own names: "ZamComp with threshold -20 and ratio 4"."""

from __future__ import annotations

from bridge.planning.context import KnownPlugin
from bridge.planning.given import Given
from bridge.planning.normalise import normalise
from bridge.planning.tokens import Token

_REACH = 3
"""Words that may stand between a parameter's name and its number."""

_UNITS = frozenset(("db", "ms", "s", "hz", "khz", "x", "percent"))
"""Hosts end a parameter's name with its unit ("threshold_db"); people leave it out."""


def plugin_parameters(plugin: KnownPlugin, tokens: list[Token]) -> tuple[Given, list[Token]]:
    """Parameters named in the tokens with the numbers that follow, in the plugin's spelling, and the numbers used."""
    words = [token.text.split() for token in tokens]
    flat = [(word, index) for index, group in enumerate(words) for word in group]
    given: Given = {}
    used: list[Token] = []
    for name in sorted(plugin.parameters, key=lambda item: (-len(item.split()), item)):
        spelled = normalise(name.replace("_", " ")).split()
        end = _find(spelled, flat)
        if end is None and spelled[-1] in _UNITS:
            end = _find(spelled[:-1], flat)
        number = _number_after(tokens, end) if end is not None else None
        if number is not None and not any(number is token for token in used):
            given[name] = number.middle
            used.append(number)
    return given, used


def _find(words: list[str], flat: list[tuple[str, int]]) -> int | None:
    """Index of the token in which the words end."""
    for start in range(len(flat) - len(words) + 1):
        if words and [word for word, _ in flat[start : start + len(words)]] == words:
            return flat[start + len(words) - 1][1]
    return None


def _number_after(tokens: list[Token], end: int) -> Token | None:
    reach = tokens[end + 1 : end + 1 + _REACH]
    return next((token for token in reach if token.role == "quantity"), None)
