"""Words of taste, areas, shapes and frequencies -> descriptors and bands."""

from __future__ import annotations

from bridge.planning import bands as equalizing
from bridge.planning.frames import Frame
from bridge.planning.given import Given
from bridge.planning.hearing.ear import Ear
from bridge.planning.hearing.level import level, levels
from bridge.planning.polarity import Polarity
from bridge.planning.tokens import Token


def hear_descriptor(ear: Ear, frame: Frame, wish: Polarity) -> list[Token]:
    assert frame.subject is not None
    sign, name = frame.subject.meaning.sign, frame.name
    if name == "clicky" and _is_there(frame):
        ear.add(frame, "effect", "declick", wish.amount)
        return frame.quantities("s")
    if wish.wish in ("forbid", "keep"):
        ear.add(frame, "keep", f"descriptor:{name}", sign if wish.wish == "forbid" else -sign)
        return []
    if frame.quantities("hz"):
        return bands(ear, frame.without_subject(), Polarity("do", sign * wish.sign, wish.amount, wish.said))
    decibels = frame.quantities("db")
    if decibels and not frame.quantities("lufs", "dbtp") and _lifts(ear, name):
        way = sign * wish.sign
        gain = decibels[0].middle if decibels[0].signed and way > 0 else way * abs(decibels[0].middle)
        ear.add(frame, "descriptor", name, way, {"gain_db": gain})
        return decibels[:1]
    if _by_half(ear, frame, name):
        _halve(ear, frame, name)
        return [token for token in frame.tokens if ear.context.lexicon.numbers.get(token.spelt) == 0.5]
    percent = frame.quantities("%")
    amount = percent[0].middle / 30 if percent else wish.amount
    ear.add(frame, "descriptor", name, sign * wish.sign * amount)
    return [*percent, *_nothing_but_numbers(ear, frame, wish)]


def _is_there(frame: Frame) -> bool:
    """ "There's a nasty click at 12 seconds" tells of one, and asks for no attack of that kind."""
    before = frame.tokens[: [token is frame.subject for token in frame.tokens].index(True)]
    return any(token.says("gets") for token in before) and not frame.has(
        "more", "less", "not", "remove", "too"
    )


def _by_half(ear: Ear, frame: Frame, name: str) -> bool:
    """ "Back off the air by half": of what stands in the plan."""
    numbers = ear.context.lexicon.numbers
    plan = ear.context.previous
    stands = plan is not None and any(i.operation == "descriptor" and i.subject == name for i in plan.intents)
    return stands and frame.has("less") and any(numbers.get(token.spelt) == 0.5 for token in frame.tokens)


def _halve(ear: Ear, frame: Frame, name: str) -> None:
    plan = ear.context.previous
    standing = plan.intents if plan is not None else ()
    for where in ear.wheres(frame):
        stands = [i for i in standing if (i.operation, i.subject, i.where) == ("descriptor", name, where)]
        there = Frame(frame.subject, frame.tokens, frame.opener, frame.text, frame.confidence, (where,))
        for intent in stands:
            ear.add(there, "descriptor", name, -intent.amount / 2)


def _lifts(ear: Ear, name: str) -> bool:
    """Whether decibels can say how much of a word of taste is meant: "2 dB of air"."""
    found = ear.context.lexicon.descriptor(name)
    return found is not None and any(move.parameters.get("gain_db") for move in found.more)


def _nothing_but_numbers(ear: Ear, frame: Frame, wish: Polarity) -> list[Token]:
    """Levels said in the same breath as a descriptor: "warmer to -14 LUFS"."""
    return (
        levels(ear, frame, wish, frame.quantities("lufs", "dbtp")) if frame.quantities("lufs", "dbtp") else []
    )


def hear_shape(ear: Ear, frame: Frame, wish: Polarity) -> list[Token]:
    if wish.wish in ("remove", "forbid") and frame.name != "notch" and not frame.quantities("hz"):
        ear.add(frame, "remove", "equalizer")
        return []
    if frame.name in equalizing.PASSES:
        return bands(ear, frame, Polarity("do", 1, wish.amount, wish.said))
    taken = bands(ear, frame, wish)
    if not taken and not frame.quantities("hz"):
        ear.ask(f"{frame.text}: at which frequency, and by how many dB?")
    return taken


def hear_area(ear: Ear, frame: Frame, wish: Polarity) -> list[Token]:
    if wish.wish in ("forbid", "keep"):
        ear.add(frame, "keep", f"area:{frame.name}", 1 if wish.wish == "forbid" else 0)
        return []
    if not wish.said and not frame.has("quantity") and _does_something(frame):
        wish = Polarity("do", -1, wish.amount, True)
    return bands(ear, frame, wish)


def _does_something(frame: Frame) -> bool:
    """ "The bass swallows everything": what a region does to the rest, in a word that nobody knows, is too much."""
    behind = frame.tokens[[token is frame.subject for token in frame.tokens].index(True) + 1 :]
    if any(token.role == "unknown" and token.says("hurts") for token in behind):
        return True
    first = next((token for token in behind if token.role != "filler"), None)
    return first is not None and first.role == "unknown" and first.says("does")


def bands(ear: Ear, frame: Frame, wish: Polarity) -> list[Token]:
    found = equalizing.bands(frame, wish, ear.context.lexicon)
    first = len(ear.intents)
    area = frame.name if frame.role() == "area" else ""
    for band in found.given:
        ear.add(frame, "band", area, wish.sign * wish.amount, band)
    _close_bands(ear, found)
    if found.open and found.given and found.given[0]["kind"] not in equalizing.PASSES:
        ear.open_bands += range(first, len(ear.intents))
    return found.used


def _close_bands(ear: Ear, found: equalizing.Bands) -> None:
    """ "cut 250 and 500 Hz by 3 dB": the gain said last holds for the bands before that had none."""
    gain = found.given[-1].get("gain_db") if found.given else None
    if not found.open and gain is not None:
        for index in ear.open_bands:
            intent = ear.intents[index]
            if not intent.subject and intent.given.get("frequency_hz"):
                ear.intents[index] = intent.model_copy(update={"given": intent.given | {"gain_db": gain}})
    if not found.open:
        ear.open_bands = []


def hear_everything(ear: Ear, frame: Frame, wish: Polarity) -> list[Token]:
    """ "cut everything below 80 Hz", "keep everything else"."""
    if frame.quantities("hz"):
        return bands(ear, frame.without_subject(), wish)
    if frame.quantities("lufs", "dbtp"):
        return levels(ear, frame, wish, frame.quantities("lufs", "dbtp"))
    if frame.quantities("db", "lu") and (wish.said or frame.quantities("db", "lu")[0].signed):
        return level(ear, _on_the_rest(ear, frame), wish)
    if wish.wish in ("keep", "forbid"):
        ear.add(frame, "keep", "rest")
    elif wish.wish == "remove":
        ear.add(frame, "remove", "*")
    return []


def _on_the_rest(ear: Ear, frame: Frame) -> Frame:
    """Everything of several stems: each of them but those that are to be left as they are."""
    kept = {
        intent.where for intent in ear.intents if intent.operation == "keep" and intent.subject == "place"
    }
    rest = tuple(name for name in ear.context.analyses if name not in kept) if kept else frame.wheres
    return Frame(None, frame.tokens, frame.opener, frame.text, frame.confidence, rest)


def band_detail(frame: Frame) -> tuple[Given, list[Token]]:
    q = next((t for t in frame.tokens if t.role == "parameter" and t.subject == "q"), None)
    number = next((t for t in frame.tokens if t.role == "quantity" and not t.unit), None)
    slope = frame.quantities("db_oct")
    if q is not None and number is not None:
        return {"q": number.middle}, [number]
    if slope:
        return {"slope_db_per_octave": abs(slope[0].middle)}, slope
    return {}, []
