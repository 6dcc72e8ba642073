"""Answers to a question: "the first", "-14", "peak", "from 1:05 to 1:20" -> the request that is meant.

The question before and what it was asked about are remembered in its Outcome. Words that answer nothing are a request
of their own, and the question is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bridge.planning.context import Context
from bridge.planning.intent import Heard
from bridge.planning.lexicon import Lexicon
from bridge.planning.listen import LONGEST, intents_from_words, tokens_of
from bridge.planning.normalise import normalise
from bridge.planning.option import Option
from bridge.planning.plan import Outcome
from bridge.planning.tokens import Token
from bridge.planning.tongues import spoken

_PLACES = ("first_choice", "second_choice", "third_choice", "fourth_choice")
_LONGEST_ANSWER = 200
"""Characters; who says more says something new."""


def meant(words: str, asked: Outcome | None, context: Context) -> str:
    """The request that these words make, once the question before is taken into account."""
    if asked is None or asked.kind != "clarify" or len(words) > _LONGEST_ANSWER:
        return words
    words = _picked(words, asked, context) or words
    if _stands_alone(intents_from_words(words, replace(context, previous=None))):
        return words
    return _joined(words, asked.request, context) or words


def _stands_alone(heard: Heard) -> bool:
    return heard.mood not in ("wish", "off_topic") or bool(heard.intents or heard.tail)


def _joined(words: str, request: str, context: Context) -> str | None:
    """The request with what it lacked: "+3" and "dB", "more reverb in the chorus" and "from 1:05 to 1:20"."""
    request, words = request.rstrip(" .?!"), words.strip()
    for whole in (f"{request} {words}", f"{words} {request}"):
        if request and len(whole) <= LONGEST:
            heard = intents_from_words(whole, context)
            if heard.intents and not heard.question:
                return whole
    return None


def _picked(words: str, asked: Outcome, context: Context) -> str | None:
    choices = asked.choices
    if not choices:
        return None
    before = spoken(asked.request, context.tongues, context.lexicon).lexicon.language
    context = replace(context, lexicon=spoken(words, context.tongues, context.lexicon, before).lexicon)
    said = _without(normalise(words).strip(" .!?,").split(), context.lexicon.answers.get("polite", ()))
    place = _place(said, len(choices), context.lexicon)
    if place is not None:
        return choices[place].words
    return _by_number(words, choices, context) or _by_label(said, choices)


def _without(said: list[str], polite: Iterable[str]) -> str:
    """Less "please", "let's take" and the like at both ends; what is nothing else stays."""
    phrases = [phrase.split() for phrase in polite]
    while True:
        shorter = next((rest for phrase in phrases if (rest := _shortened(said, phrase))), None)
        if shorter is None:
            return " ".join(said)
        said = shorter


def _shortened(said: list[str], phrase: list[str]) -> list[str] | None:
    """What stands before or behind the phrase, where it stands at an end."""
    if said[: len(phrase)] == phrase:
        return said[len(phrase) :]
    return said[: -len(phrase)] if said[-len(phrase) :] == phrase else None


def _place(said: str, count: int, lexicon: Lexicon) -> int | None:
    if count == 1 and said in lexicon.answers.get("yes", ()):
        return 0
    for place, role in enumerate(_PLACES[:count]):
        if said in lexicon.answers.get(role, ()):
            return place
    return count - 1 if said in lexicon.answers.get("last_choice", ()) else None


def _by_number(words: str, choices: tuple[Option, ...], context: Context) -> str | None:
    """A number and nothing else: the choice that has it, or else the one whose number is nearest, with this one."""
    number = _only_number(tokens_of(words, context))
    if number is None:
        return None
    offered = [(choice, token) for choice in choices for token in _numbers(choice.words, context)]
    fitting = [(c, t) for c, t in offered if not number.unit or number.unit == t.unit]
    if not fitting or len({choice.words for choice, _ in fitting}) != len(fitting):
        return None
    choice, near = min(fitting, key=lambda pair: abs(abs(pair[1].value) - abs(number.value)))
    if abs(near.value) == abs(number.value):
        return choice.words
    unit = near.text.partition(" ")[2]
    return (
        f"{-abs(number.value) if near.value < 0 else number.value:g} {unit}"
        if _alone(choice, context)
        else None
    )


def _alone(choice: Option, context: Context) -> bool:
    return _only_number(tokens_of(choice.words, context)) is not None


def _only_number(tokens: list[Token]) -> Token | None:
    heard = [token for token in tokens if token.role not in ("mark", "filler", "at")]
    return heard[0] if len(heard) == 1 and heard[0].role == "quantity" else None


def _numbers(words: str, context: Context) -> list[Token]:
    return [token for token in tokens_of(words, context) if token.role == "quantity" and token.unit]


def _by_label(said: str, choices: tuple[Option, ...]) -> str | None:
    """The one choice in whose label all these words stand."""
    words = set(said.split())
    labels = [
        set(normalise(choice.label).replace(",", " ").replace("(", " ").replace(")", " ").split())
        for choice in choices
    ]
    exact = [choice.words for choice in choices if normalise(choice.label) == said]
    fitting = exact or [c.words for c, label in zip(choices, labels, strict=True) if words and words <= label]
    return fitting[0] if len(fitting) == 1 else None
