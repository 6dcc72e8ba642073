"""Left and right: pan and balance by words and numbers."""

from __future__ import annotations

from bridge.planning.frames import Frame
from bridge.planning.hearing.ear import Ear
from bridge.planning.polarity import Polarity
from bridge.planning.tokens import Token

PLAIN_PERCENT = 30.0
_ALL_THE_WAY = ("hard", "fully", "completely", "all the way", "entirely")
_MIDDLE = ("center", "centre", "middle", "centered", "centred")


def hear_pan(ear: Ear, frame: Frame, wish: Polarity) -> list[Token]:
    """ "pan 30 % left", "a bit to the right", "hard left", "pan it back to the middle"."""
    side, used = _side(frame)
    numbers = [*frame.quantities("%"), *frame.quantities("")]
    words = {word for token in frame.tokens for word in token.text.split()}
    if numbers and (side or numbers[0].signed):
        position = abs(numbers[0].middle) * side if side else numbers[0].middle
    elif side:
        position = side * (100.0 if words & set(_ALL_THE_WAY) else PLAIN_PERCENT * wish.amount)
    elif words & set(_MIDDLE):
        position = 0.0
    else:
        ear.question = f"{frame.text}: how far, and to which side (30 % left)?"
        return [*numbers, *used]
    ear.add(frame, "effect", "pan", 1.0, {"position": round(position, 1)})
    return [*numbers[:1], *used]


def hear_balance(ear: Ear, frame: Frame, wish: Polarity) -> list[Token]:
    """ "balance the sides" mends what was measured; "balance 2 dB to the right" says how much."""
    side, used = _side(frame)
    numbers = frame.quantities("db")
    if numbers and (side or numbers[0].signed):
        raised = abs(numbers[0].middle) * side if side else numbers[0].middle
        ear.add(frame, "effect", "balance", 1.0, {"right_over_left_db": raised})
        return [*numbers[:1], *used]
    ear.add(frame, "effect", "balance", wish.amount)
    return used


def _side(frame: Frame) -> tuple[int, list[Token]]:
    """-1 for left, 1 for right, 0 for neither or both; and the tokens that said it."""
    said = [
        (token, word) for token in frame.tokens for word in token.text.split() if word in ("left", "right")
    ]
    sides = {word for _, word in said}
    if len(sides) != 1:
        return 0, [token for token, _ in said]
    return (-1 if sides == {"left"} else 1), [token for token, _ in said]
