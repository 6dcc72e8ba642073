"""Louder, quieter, levels to arrive at, gain staging, dynamics."""

from __future__ import annotations

from bridge.planning.frames import Frame
from bridge.planning.given import Given, given_to
from bridge.planning.hearing.ear import STAGED, Ear
from bridge.planning.levels import PLAIN_DB
from bridge.planning.polarity import Polarity
from bridge.planning.tokens import Token


def hear_louder(ear: Ear, frame: Frame, wish: Polarity) -> list[Token]:
    if _sides_differ(frame):
        return _other_side_up(ear, frame, wish)
    return level(ear, frame, wish)


def hear_quieter(ear: Ear, frame: Frame, wish: Polarity) -> list[Token]:
    if _sides_differ(frame):
        return hear_louder(ear, frame, wish)
    if frame.has("too"):
        return level(ear, frame, Polarity("do", 1, wish.amount, True))
    return level(ear, frame, Polarity(wish.wish, -wish.sign, wish.amount, True))


def _other_side_up(ear: Ear, frame: Frame, wish: Polarity) -> list[Token]:
    """What was measured is mended; a number that is said tells by how much, with the side that was said first."""
    sides = [side for token in frame.tokens for side in token.named("left", "right")]
    numbers = frame.quantities("db", "lu")
    louder = frame.role() == "louder"
    given: Given = {}
    if numbers and sides:
        right_is_louder = (sides[0] == "right") == louder
        given = {"right_over_left_db": abs(numbers[0].middle) * (-1 if right_is_louder else 1)}
    ear.add(frame, "effect", "balance", 1.0, given)
    return [*numbers[:1], *(token for token in frame.tokens if token.named("left", "right"))]


def _sides_differ(frame: Frame) -> bool:
    """ "The left is louder than the right", "one ear is quieter": that is about the balance and not the level."""
    said = {
        name
        for token in frame.tokens
        for name in token.named("left", "right", "than", "one_side", "other_side", "copula")
    }
    one_of_two = "one_side" in said and bool(said & {"than", "other_side"})
    return one_of_two or bool(said & {"left", "right"} and said & {"than", "copula"})


def level(ear: Ear, frame: Frame, wish: Polarity) -> list[Token]:
    if wish.wish in ("forbid", "keep"):
        ear.add(frame, "keep", "dynamics" if frame.name == "dynamics" else "level")
        return []
    absolute = frame.quantities("lufs", "dbtp", "dbfs")
    if absolute:
        return levels(ear, frame, wish, absolute)
    numbers = frame.quantities("db", "lu")
    part = part_of(ear, frame)
    if part:
        step = numbers[0].middle if numbers and numbers[0].signed else wish.sign * _step(numbers)
        if ear.part != part or not ear.question or numbers:
            _whose(ear, frame, part, step)
        ear.part = part
        return numbers
    if not numbers and frame.has("at") and (arrives := _lufs_alone(frame)) and not frame.wheres:
        ear.warnings.append(f"{arrives[0].text} is read as LUFS.")
        ear.add(frame, "effect", "loudness", 1.0, {"target_lufs": arrives[0].value})
        return arrives
    if not numbers and frame.quantities("", "%"):
        ear.ask(f"{frame.text}: by how many dB?")
        return frame.quantities("", "%")
    sign = -1.0 if _takes_away(frame, wish) else wish.sign
    given: Given = {}
    if numbers:
        value = numbers[0].middle
        given = {"gain_db": value if numbers[0].signed else sign * abs(value)}
    ear.add(frame, "level", "", sign * wish.amount, given)
    return numbers


_LUFS = (-36.0, -6.0)


def _lufs_alone(frame: Frame) -> list[Token]:
    """ "Bring it up to -14": a number that can only be a loudness to arrive at."""
    bare = [token for token in frame.quantities("") if token.signed and _LUFS[0] <= token.value <= _LUFS[1]]
    return bare if len(bare) == 1 == len(frame.quantities("", "%")) else []


def _takes_away(frame: Frame, wish: Polarity) -> bool:
    """ "trim 3 dB" takes 3 dB off; "trim +3 dB" and "more trim" say what they want."""
    return frame.subject is not None and frame.subject.says("take_level") and not wish.said


def _step(numbers: list[Token]) -> float:
    return abs(numbers[0].middle) if numbers else PLAIN_DB


def part_of(ear: Ear, frame: Frame) -> str:
    """The instrument that a level wish is about, where no sound of that name is given; "" for the sound as a whole.

    "it" in the next clause is still that instrument: "the kick is too loud, bring it down 2 dB".
    """
    if frame.wheres:
        return ""
    heard = [token for token in frame.tokens if token.role == "sound"]
    return next((token.subject for token in heard if token.subject), "" if heard else ear.part)


def _whose(ear: Ear, frame: Frame, part: str, change_db: float) -> None:
    """What to say first, with what can be had."""
    stems = [name for name in ear.context.analyses if name != "input"]
    if len(stems) > 1:
        there = f'"{frame.text}": no stem is called {part}; there are {", ".join(stems)}.'
        each = [(stem, f"{stem.replace('_', ' ')} {change_db:+g} dB") for stem in stems]
        ear.ask(f"{there} Which one, or the whole mix?", *each, ("the whole mix", f"{change_db:+g} dB"))
        return
    turn = f"turn it {'up' if change_db > 0 else 'down'} {abs(change_db):g} dB"
    ear.ask(
        f'"{frame.text}": is this file the {part} alone? Then say "{turn}". In a mix the level of a part cannot be '
        "changed: give its stem, or say at which frequencies to cut or boost.",
        (f"{part} alone: {turn}", f"{change_db:+g} dB"),
    )


def levels(ear: Ear, frame: Frame, wish: Polarity, numbers: list[Token]) -> list[Token]:
    """Levels to arrive at: loudness, ceiling, peak, RMS."""
    given, used = given_to("loudness", frame)
    for number in numbers:
        if any(number is token for token in used):
            continue
        given |= {"dbfs": {"peak_dbtp": number.middle}}.get(number.unit, {})
        used.append(number)
    _measures(ear, frame, given)
    return used


def _measures(ear: Ear, frame: Frame, given: Given) -> None:
    if "rms_dbfs" in given:
        ear.add(frame, "staging", "", 1.0, {k: v for k, v in given.items() if k in ("rms_dbfs", "peak_dbtp")})
    elif "peak_dbtp" in given and frame.has("below", "not"):  # "keep the peaks under -3" raises nothing to it
        ear.add(frame, "effect", "limiter", 1.0, {"ceiling_dbtp": given["peak_dbtp"]})
    elif "peak_dbtp" in given:
        ear.add(frame, "level", "", 1.0, {"peak_dbtp": given["peak_dbtp"]})
    if "target_lufs" in given:
        ear.add(
            frame,
            "effect",
            "loudness",
            1.0,
            {k: given[k] for k in ("target_lufs", "ceiling_dbtp") if k in given},
        )
    elif "ceiling_dbtp" in given and "rms_dbfs" not in given:
        ear.add(frame, "effect", "limiter", 1.0, {"ceiling_dbtp": given["ceiling_dbtp"]})


def hear_staging(ear: Ear, frame: Frame, wish: Polarity) -> list[Token]:
    given, used = given_to("staging", frame)
    for token in frame.quantities("db", "dbfs", "dbtp", ""):
        if any(token is other for other in used):
            continue
        given["true_peak_dbtp" if token.unit == "dbtp" else "rms_dbfs"] = -abs(token.middle)
        used.append(token)
    ear.add(frame, "staging", "", 1.0, {STAGED.get(name, name): value for name, value in given.items()})
    return used


def hear_dynamics(ear: Ear, frame: Frame, wish: Polarity) -> list[Token]:
    if wish.wish in ("keep", "forbid"):
        ear.add(frame, "keep", "dynamics")
    elif wish.sign < 0:
        ear.add(frame, "effect", "compressor", wish.amount)
    else:
        ear.impossible.append(
            "More dynamics: compression cannot be undone; a slower, lighter compressor is what is possible."
        )
    return []


def bare_number(ear: Ear, frame: Frame) -> list[Token]:
    """ "bring it to -14": a number without a unit that can only be a loudness; any other is asked about."""
    bare = [token for token in frame.quantities("") if token.signed]
    if len(bare) != 1 or any(token.role in ("unknown", "parameter") for token in frame.tokens):
        return []
    to = frame.has("at") or any(t.role == "filler" and t.says("towards") for t in frame.tokens)
    if to and -36 <= bare[0].value <= -6:
        ear.warnings.append(f"{bare[0].text} is read as LUFS.")
        ear.add(frame, "effect", "loudness", 1.0, {"target_lufs": bare[0].value})
    else:
        number = bare[0]
        way = "louder" if number.value > 0 else "quieter"
        ear.ask(
            f"{number.text}: dB {way}, LUFS, or something else?",
            (f"{abs(number.value):g} dB {way}", f"{number.value:+g} dB"),
            *([(f"{number.value:g} LUFS", f"{number.value:g} LUFS")] if -36 <= number.value <= -6 else []),
        )
    return bare


def measured(frame: Frame) -> bool:
    return any(
        t.role == "parameter" and t.subject in ("peak_dbtp", "rms_dbfs") for t in frame.tokens
    ) and any(t.role == "quantity" for t in frame.tokens)
