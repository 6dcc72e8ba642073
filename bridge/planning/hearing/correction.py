"""People who correct themselves: "cut at 300, no wait, 400", "six dB per... no wait, just a low cut at 60 Hz"."""

from __future__ import annotations

from bridge.planning.tokens import Token

_NUMBERS_ONLY = frozenset(("quantity", "filler", "mark", "at", "and"))


def corrected(tokens: list[Token]) -> list[Token]:
    """The request as it is meant: what comes behind the correction takes the place of what it corrects."""
    at = next((index for index in reversed(range(len(tokens))) if tokens[index].says("correction")), None)
    if at is None:
        return tokens
    before, behind = corrected(tokens[:at]), tokens[at + 1 :]
    if all(token.role in _NUMBERS_ONLY - {"quantity"} | {"unknown"} for token in before):
        return tokens  # "I meant -16" corrects the turn before
    said = [token for token in behind if token.role == "quantity"]
    if said and all(token.role in _NUMBERS_ONLY for token in behind):
        return _with_number(before, said[0])
    return [*_sentences_before(before), *behind]


def _with_number(tokens: list[Token], number: Token) -> list[Token]:
    """The last number of the same unit is another one."""
    out = list(tokens)
    for index in reversed(range(len(out))):
        if out[index].role == "quantity" and (out[index].unit == number.unit or not number.unit):
            unit = out[index].unit if not number.unit else number.unit
            out[index] = Token("quantity", number.text, value=number.value, unit=unit, high=number.high,
                               signed=number.signed, little=number.little)  # fmt: skip
            break
    return out


def _sentences_before(tokens: list[Token]) -> list[Token]:
    """Up to the last full stop; three of them are a pause."""
    ends = [
        index for index, token in enumerate(tokens)
        if token.text == "." and not any(_is_stop(tokens, near) for near in (index - 1, index + 1))
    ]  # fmt: skip
    return tokens[: ends[-1] + 1] if ends else []


def _is_stop(tokens: list[Token], index: int) -> bool:
    return 0 <= index < len(tokens) and tokens[index].text == "."
