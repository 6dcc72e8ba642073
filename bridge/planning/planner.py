"""plan(): words and a measurement to an Outcome, offline. Same words, same measurement, same bytes."""

from __future__ import annotations

from collections.abc import Mapping

from bridge.analysis.reading import Analysis
from bridge.analysis.target import Target
from bridge.planning.answer import answer
from bridge.planning.asked import meant
from bridge.planning.build import build
from bridge.planning.chain import Chain
from bridge.planning.context import Context, KnownPlugin
from bridge.planning.intent import Heard, Intent
from bridge.planning.lexicon import Lexicon
from bridge.planning.listen import intents_from_words
from bridge.planning.plan import Outcome, Plan, PlannerInfo
from bridge.planning.tongues import Tongues
from bridge.planning.twins import asked_of_twins
from bridge.planning.version import VersionWish

ASK = "What would you like to change? For example: warmer, -14 LUFS, less harsh, high-pass at 80 Hz, a bit of reverb."
NO_VERSIONS = "Versions belong to a conversation: `dawbridge chat FILE` keeps one."
OFF_TOPIC = "That is not about the sound. I can change tone, dynamics, space, width and level of this track."


def plan(
    words: str,
    analysis: Analysis | Mapping[str, Analysis],
    *,
    lexicon: Lexicon,
    previous: Plan | None = None,
    target: Target | None = None,
    targets: Mapping[str, Target] | None = None,
    chains: Mapping[str, Chain] | None = None,
    plugins: tuple[KnownPlugin, ...] = (),
    tongues: Tongues | None = None,
    asked: Outcome | None = None,
) -> Outcome:
    """The offline planner: no network, no clock, no model.

    analysis: of the sound, or of each stem by name. asked: the outcome before, whose question these words may answer.
    Raises BadRequest for a request longer than `listen.LONGEST`.
    """
    analyses = {"input": analysis} if isinstance(analysis, Analysis) else dict(analysis)
    context = Context(
        analyses,
        lexicon,
        targets or {},
        chains or {},
        plugins,
        previous,
        target,
        tongues=tongues or Tongues(),
    )
    words = meant(words, asked, context)
    return respond(intents_from_words(words, context), context, words)


def respond(heard: Heard, context: Context, words: str, planner: PlannerInfo | None = None) -> Outcome:
    """What was heard -> the outcome; the same for both planners."""
    words = words.encode(
        "utf-8", "replace"
    ).decode()  # half a surrogate pair is no text that JSON could carry
    context = context.speaking(heard.language)
    outcome = _responded(_with_reference(_with_target(heard, context), context), context, words, planner)
    return outcome.model_copy(update={"request": words}) if outcome.kind == "clarify" else outcome


def _responded(heard: Heard, context: Context, words: str, planner: PlannerInfo | None) -> Outcome:
    if heard.version is not None:
        return of_versions(heard.version)
    if heard.mood == "empty":
        return Outcome(kind="clarify", question=ASK)
    if heard.mood == "off_topic":
        return Outcome(kind="off_topic", answer=OFF_TOPIC, unsupported=heard.unsupported)
    if heard.mood == "question" and heard.answer:
        return Outcome(kind="answer", answer=heard.answer)
    if heard.mood == "question":
        return answer(heard, context)
    if heard.mood in ("undo", "redo", "compare"):
        return Outcome(kind=heard.mood)
    by_words = planner is None or planner.kind == "offline"  # a model spells the names as they are
    twins = asked_of_twins(heard, context) if by_words else None
    return Outcome(kind="clarify", question=twins) if twins else build(heard, context, words, planner)


def of_versions(wish: VersionWish) -> Outcome:
    """Settled by the session that has the versions; without one the answer says where there is one."""
    if wish.do == "go":
        redo = wish.which is not None and wish.which.back < 0
        return Outcome(kind="redo" if redo else "undo", version=wish)
    if wish.do == "compare":
        return Outcome(kind="compare", version=wish)
    return Outcome(kind="answer", answer=NO_VERSIONS, version=wish)


def _with_reference(heard: Heard, context: Context) -> Heard:
    """A reference given beside the words asks for being matched, unless the words say how, or ask for a balance, which
    looks itself whether the reference is a mix of these stems."""
    if context.reference is None or heard.mood not in ("wish", "empty") or heard.question:
        return heard
    if context.previous or any(intent.operation in ("match", "balance") for intent in heard.intents):
        return heard
    asked = Intent(operation="match", where=context.main, words=f"match {context.reference.name}")
    return heard.model_copy(update={"mood": "wish", "intents": (asked, *heard.intents)})


def _with_target(heard: Heard, context: Context) -> Heard:
    """A target given beside the words asks for its loudness, unless the words name one."""
    if context.target is None or heard.mood not in ("wish", "empty") or heard.question or context.previous:
        return heard
    if any(
        i.operation == "target" or (i.operation == "effect" and i.subject == "loudness")
        for i in heard.intents
    ):
        return heard
    asked = Intent(
        operation="target", subject=context.target.name, where=context.main, words=context.target.title
    )
    return heard.model_copy(update={"mood": "wish", "intents": (*heard.intents, asked)})
