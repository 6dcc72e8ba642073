"""Faults of a recording ("hiss", "clicks", "hum", "clipping") -> the effects that mend them."""

from __future__ import annotations

from bridge.analysis.metrics.hum import HUM_DB
from bridge.analysis.reading import Analysis
from bridge.planning.frames import Frame
from bridge.planning.given import Given, given_to
from bridge.planning.hearing.ear import Ear
from bridge.planning.hearing.tone import bands
from bridge.planning.polarity import Polarity
from bridge.planning.tokens import Token

PROFILE = "noise_profile"
_LENGTH = "profile_length_s"


def hear_repair(ear: Ear, frame: Frame, wish: Polarity) -> list[Token]:
    """ "remove the noise", "less hiss", "the clicks are annoying", "remove the 60 Hz hum"; a fault that shall stay, or
    come, is no wish for its repair."""
    if frame.name == PROFILE:
        return _profile(ear, frame)
    given, used = given_to(frame.name, frame)
    if wish.wish in ("keep", "forbid"):
        return used
    if frame.name == "declick" and frame.quantities("hz") and wish.sign < 0:  # "it clicks around 4k"
        return bands(ear, frame.without_subject(), wish)
    if wish.sign > 0:
        ear.unsupported.append(frame.text)
    elif frame.name == "dehum":
        _hum(ear, frame, wish, given)
    else:
        ear.add(frame, "effect", frame.name, wish.amount, given)
    return used


def _hum(ear: Ear, frame: Frame, wish: Polarity, given: Given) -> None:
    """Where no frequency is said, of the one that was heard in the sound."""
    for where in ear.wheres(frame):
        mains = given.get("mains_hz", _heard_hz(ear.context.analysis(where)))
        if mains is None:
            ear.ask(
                f"{frame.text}: no hum was heard; is it of 50 or of 60 Hz?",
                *((f"{hz} Hz", f"{frame.text} {hz} hz") for hz in (50, 60)),
            )
            return
        place = Frame(frame.subject, frame.tokens, frame.opener, frame.text, frame.confidence, (where,))
        ear.add(place, "effect", "dehum", wish.amount, given | {"mains_hz": mains})


def _heard_hz(analysis: Analysis | None) -> float | None:
    clear = analysis.number("hum") if analysis is not None else None
    return analysis.number("hum_frequency") if analysis is not None and clear and clear >= HUM_DB else None


def _profile(ear: Ear, frame: Frame) -> list[Token]:
    """ "use the first second as the noise profile": the stretch is said beside it, and settled once the clause is
    over."""
    ear.add(frame, "effect", "denoise", 1.0, {"profile_start_s": 0.0, _LENGTH: 0.0})
    return []


def settle_profile(ear: Ear, first: int) -> None:
    """Where the wishes from `first` on tell of a noise profile, the time that was said is that of the profile, and the
    noise is taken out everywhere."""
    told = [index for index in range(first, len(ear.intents)) if _LENGTH in ear.intents[index].given]
    for index in told:
        intent = ear.intents[index]
        if intent.span is not None:
            length = round(min(60.0, intent.span.end_s - intent.span.start_s), 3)
            given = intent.given | {"profile_start_s": intent.span.start_s, _LENGTH: length}
            ear.intents[index] = intent.model_copy(update={"given": given, "span": None})
        elif not intent.given[_LENGTH]:
            ear.ask(f"{intent.words}: from when to when is there nothing but noise?")
    if told:
        for index in range(first, len(ear.intents)):
            if ear.intents[index].subject == "denoise":
                ear.intents[index] = ear.intents[index].model_copy(update={"span": None})
