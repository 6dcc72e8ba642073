"""Left and right: pan and balance by words and numbers."""

from __future__ import annotations

from bridge.planning.frames import Frame
from bridge.planning.hearing.ear import Ear
from bridge.planning.polarity import Polarity
from bridge.planning.tokens import Token

PLAIN_PERCENT = 30.0


def hear_pan(ear: Ear, frame: Frame, wish: Polarity) -> list[Token]:
    """ "pan 30 % left", "a bit to the right", "hard left", "pan it back to the middle"."""
    if any(token.says("leans") for token in frame.tokens) and not frame.has(
        "make", "more", "less", "quantity"
    ):
        return hear_balance(ear, frame, wish)  # "everything leans to the left" is a complaint
    side, used = _side(frame)
    numbers = [*frame.quantities("%"), *frame.quantities("")]
    said = {name for token in frame.tokens for name in token.named("all_the_way", "middle")}
    if numbers and (side or numbers[0].signed):
        position = abs(numbers[0].middle) * side if side else numbers[0].middle
    elif side:
        position = side * (100.0 if "all_the_way" in said else PLAIN_PERCENT * wish.amount)
    elif "middle" in said:
        position = 0.0
    else:
        ear.ask(f"{frame.text}: how far, and to which side (30 % left)?")
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
    said = [(token, side) for token in frame.tokens for side in token.named("left", "right")]
    sides = {side for _, side in said}
    if len(sides) != 1:
        return 0, [token for token, _ in said]
    return (-1 if sides == {"left"} else 1), [token for token, _ in said]
