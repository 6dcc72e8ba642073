"""What the turns before have made of the wishes: which turn asked for what, halfway back, and back again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bridge.planning.dose import times
from bridge.planning.given import Given
from bridge.planning.intent import Intent
from bridge.planning.merged import aspect
from bridge.planning.plan import Before, Plan, Step

_HALF = 0.5
SILENT = ("keep", "order", "switch", "play")


def latest_of(plan: Plan | None) -> list[Intent]:
    """What the last turn asked for or changed. Of plans that know no turns: the intents with the last one's words."""
    known = [item for item in (plan.intents if plan else ()) if item.operation not in SILENT[:3]]
    if not known:
        return []
    last = max(item.turn for item in known)
    if last:
        return [item for item in known if item.turn == last]
    return [item for item in known if item.words == known[-1].words]


def stamped(intents: Iterable[Intent], previous: Plan | None) -> list[Intent]:
    """The intents with the number of the turn that made or changed them."""
    old = previous.intents if previous else ()
    earlier = (*old, *(previous.before.intents if previous and previous.before else ()))
    turn = 1 + max((item.turn for item in earlier), default=0)
    return [item if item in old else item.model_copy(update={"turn": turn}) for item in intents]


def remembered(previous: Plan | None) -> Before | None:
    """Of the plan before: what the next turn may go back to."""
    if previous is None:
        return None
    silent = {"reason": "", "evidence": (), "clamped_from": {}, "intent": ""}
    return Before(
        intents=previous.intents, steps=tuple(step.model_copy(update=silent) for step in previous.steps)
    )


def was_raised(intent: Intent, before: Before | None) -> bool:
    """Whether the last turn made more of a wish that stood before, or brought it to another level."""
    then = next((each for each in (before.intents if before else ()) if _key(each) == _key(intent)), None)
    if then is None or then == intent:
        return False
    numbers = [name for name, value in intent.given.items() if isinstance(value, (int, float))]
    more = [
        name for name in numbers if abs(float(intent.given[name])) > abs(float(then.given.get(name, 0.0)))
    ]
    return intent.subject == "loudness" or abs(intent.amount) > abs(then.amount) or bool(more)


def halfway(intents: Sequence[Intent], before: Before | None) -> list[Intent]:
    """The wishes between what they were before the last turn and what they are. What is new is halved, what went comes
    back by half."""
    now = {_key(item) for item in intents}
    gone = [item for item in (before.intents if before else ()) if _key(item) not in now]
    return [*(back_halfway(item, before) for item in intents), *(_half(item) for item in gone)]


def back_halfway(intent: Intent, before: Before | None) -> Intent:
    """One wish between what it was and what it is."""
    then = next((each for each in (before.intents if before else ()) if _key(each) == _key(intent)), None)
    return _between(then, intent, before)


def come_back(intents: Sequence[Intent], before: Before | None, subject: str) -> list[Intent]:
    """What the last turn took away, of that effect where one is named."""
    now = {_key(item) for item in intents}
    return [
        item
        for item in (before.intents if before else ())
        if _key(item) not in now and item.operation not in SILENT[:3] and subject in ("", item.subject)
    ]


def _key(intent: Intent) -> tuple[object, ...]:
    if intent.operation != "band":
        return aspect(intent)
    return (*aspect(intent), intent.given.get("frequency_hz"), intent.given.get("kind"))


def _half(intent: Intent) -> Intent:
    return intent if intent.operation in SILENT else times(intent, _HALF)


def _between(then: Intent | None, now: Intent, before: Before | None) -> Intent:
    if then is None:
        return _half(now)
    if then == now or now.operation in SILENT:
        return now
    given: Given = dict(now.given)
    for name, value in now.given.items():
        was = then.given.get(name, _stood(now, name, before.steps if before else ()))
        if isinstance(value, (int, float)) and isinstance(was, (int, float)):
            given[name] = round((float(value) + float(was)) / 2, 3)
    return now.model_copy(update={"amount": round((then.amount + now.amount) / 2, 3), "given": given})


def _stood(intent: Intent, name: str, steps: Iterable[Step]) -> object:
    """What that number was, where no words had said it."""
    for step in steps:
        if step.effect == intent.subject and step.where == intent.where:
            return step.parameters.get(name)
    return None
