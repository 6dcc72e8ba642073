"""Job ids: 13 characters that sort by time and are safe as folder names on every system."""

from __future__ import annotations

import secrets
import time

# Crockford's base 32 in lower case: no i, l, o, u; unambiguous when read aloud, equal when case is ignored.
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH = 13
_RANDOM_BITS = 20


def _text(number: int) -> str:
    digits = [_DIGITS[(number >> (5 * place)) & 31] for place in range(_LENGTH)]
    return "".join(reversed(digits))


def _number(text: str) -> int:
    value = 0
    for character in text:
        value = value * 32 + _DIGITS.index(character)
    return value


def new_ids(count: int, last: str | None) -> list[str]:
    """`count` ids in rising order, all above `last`, also when the clock was set back."""
    start = (time.time_ns() // 1_000_000) << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
    if last is not None:
        start = max(start, _number(last) + 1)
    return [_text(start + offset) for offset in range(count)]


def is_id(text: str) -> bool:
    """True for what `new_ids` makes; nothing else is ever used as a folder name."""
    return len(text) == _LENGTH and all(character in _DIGITS for character in text)
