"""When and whether a step happens: seconds, parts of the song by name, and conditions on the measurement.

The program looks up both itself, as for words without a model: where the parts lie, and what was measured.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bridge.llm.extract import Unusable
from bridge.llm.schema import ReplyStep
from bridge.planning.context import Context
from bridge.planning.hearing.condition import holds
from bridge.planning.hearing.ear import Ear
from bridge.planning.hearing.sections import stretches
from bridge.planning.intent import Span
from bridge.planning.listen import clauses
from bridge.planning.option import Option

_PLACES = ("first_choice", "second_choice", "third_choice", "fourth_choice")


@dataclass(frozen=True)
class Times:
    """spans: none where it happens all the time. question, choices: where the part could not be told from the sound.
    told: what was taken for it."""

    spans: tuple[Span, ...] = ()
    question: str = ""
    choices: tuple[Option, ...] = ()
    told: str = ""


def times(step: ReplyStep, context: Context) -> Times:
    """Raises Unusable for a time before itself and for a part that no song has."""
    if step.section:
        return _of_section(step.section, step.words or step.section, context)
    if step.start_s is None or step.end_s is None:
        return Times()
    if not 0 <= step.start_s < step.end_s:
        raise Unusable("start_s must lie before end_s")
    return Times((Span(start_s=step.start_s, end_s=step.end_s),))


def _of_section(section: str, words: str, context: Context) -> Times:
    """section: "chorus", "verse 2", "chorus last"."""
    known = context.lexicon.sections
    found = re.fullmatch(r"(\w+?)(?:[ _](\d|last))?", section.strip().lower().replace("-", "_"))
    if found is None or found[1] not in known:
        raise Unusable(f"section {section[:40]!r} is none of {', '.join(known)}")
    place = found[2] or ""
    if place.isdigit() and not 1 <= int(place) <= len(_PLACES):
        raise Unusable(f"section {section[:40]!r}: 1 to {len(_PLACES)} or last says which")
    role = "last_choice" if place == "last" else _PLACES[int(place) - 1] if place else ""
    which = next(iter(context.lexicon.answers.get(role, ())), "") if role else ""
    told = stretches([found[1]], which, words, context)
    choices = tuple(Option(label=label, words=said) for label, said in told.choices)
    return Times(told.spans, told.question, choices, told.told)


@dataclass
class Verdict:
    """wanted: whether the step is made at all, and what is said of that."""

    wanted: bool = True
    warnings: list[str] = field(default_factory=list)
    satisfied: list[str] = field(default_factory=list)
    impossible: list[str] = field(default_factory=list)


def verdict(step: ReplyStep, context: Context) -> Verdict:
    """Whether the measurement meets the step's condition; a step without one is wanted."""
    if not step.condition:
        return Verdict()
    ear = Ear(context)
    asked = clauses(step.condition, context)
    wish = clauses(step.words or "", context)
    wanted = bool(asked) and holds(ear, asked[0], wish[0] if wish else None)
    if not asked:
        ear.impossible.append(f'"{step.condition}": nothing was measured that could tell.')
    return Verdict(wanted, ear.warnings, ear.satisfied, ear.impossible)
