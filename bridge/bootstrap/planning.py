"""Words to an outcome with everything wired: lexicon, targets, chains, plugins, and the model that may hear first."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from bridge.bootstrap.ports import catalogue, known_plugins
from bridge.errors import BadInput, BridgeError
from bridge.planning.place import MIX

if TYPE_CHECKING:
    from bridge.analysis.reading import Analysis
    from bridge.analysis.target import Target
    from bridge.config import Settings
    from bridge.planning.context import Context
    from bridge.planning.intent import Heard
    from bridge.planning.matching.reference import Aspect, Reference
    from bridge.planning.mixing.ensemble import Ensemble
    from bridge.planning.own_impulse import OwnImpulse
    from bridge.planning.plan import Outcome, Plan, PlannerInfo
    from bridge.session import SoFar

log = logging.getLogger(__name__)


def plan_words(
    words: str,
    analyses: Mapping[str, Analysis],
    settings: Settings,
    *,
    previous: Plan | None = None,
    target: str | None = None,
    planner: str | None = None,
    reference: Reference | None = None,
    match: Mapping[Aspect, float] | None = None,
    ensemble: Ensemble | None = None,
    impulse: OwnImpulse | None = None,
    so_far: SoFar | None = None,
    told: Callable[[int], None] = lambda characters: None,
) -> Outcome:
    """What the words come to for these sounds: one, or stems by name with their "mix".

    reference, match: what is to be matched, and how far where the words do not say. ensemble: what there
    is to hear of several stems, asked where the words want that.
    impulse: how an impulse response of the user's own is found. so_far: the conversation that the words go on with.
    planner: "offline", "model", or None for the model where one is configured. A model that fails, lies or is absent
    is replaced by the offline planner, and the plan says why. Raises BadRequest for words that cannot be read at
    all, BadInput for an unknown target.
    """
    from bridge.planning.listen import intents_from_words
    from bridge.planning.own_impulse import OwnImpulse, with_impulse
    from bridge.planning.plan import PlannerInfo

    before = so_far.plan if so_far else previous
    context = planning_context(words, analyses, settings, before, target)
    open_question = None
    if so_far is not None:
        from bridge.planning.asked import meant

        context = replace(context, versions=so_far.names)
        answer = meant(words, so_far.question, context)
        # Words that answered it are the whole request now.
        open_question = so_far.question if answer == words else None
        words = answer
    file, said = (impulse or OwnImpulse()).heard(words, context.lexicon)
    context = replace(
        context, reference=reference, match=match or {}, ensemble=ensemble, asked=open_question,
        impulse=PurePath(file).name,
    )  # fmt: skip
    info = PlannerInfo(kind="offline")
    if asks_a_model(settings, planner) and not _of_versions(words, context):
        from bridge.llm.planner import model_intents
        from bridge.llm.spent import Spent

        spent = Spent()
        try:
            heard = model_intents(said, context, settings, spent, told)
            info = PlannerInfo(kind="model", model=settings.model_name, usage=spent.usage(settings))
            return _heard_by(info, with_impulse(heard, file, context.main), context, words)
        except BridgeError as error:
            log.warning("planner fallback: %s", error.message)
            took = spent.usage(settings)
            info = PlannerInfo(kind="offline", fallback_reason=error.message, usage=took)
    heard = with_impulse(intents_from_words(said, context), file, context.main)
    return _heard_by(info, heard, context, words)


def _of_versions(words: str, context: Context) -> bool:
    """Words about the versions of a conversation are no model's matter: it does not know them."""
    from bridge.planning.listen import version_said

    return version_said(words, context) is not None


def names_a_part(words: str) -> bool:
    """Whether the words name a part of a song, so that its form must be known."""
    from bridge.planning.song_parts import names_a_part as named
    from bridge.presets import load_lexicon, load_tongues

    return named(words, load_lexicon("en"), load_tongues())


def asks_a_model(settings: Settings, planner: str | None) -> bool:
    """Whether a model hears the words first: the one asked for, or else one that is configured."""
    return planner == "model" or (planner is None and bool(settings.model_base_url or settings.model_api_key))


def _heard_by(who: PlannerInfo, heard: Heard, context: Context, words: str) -> Outcome:
    """The outcome, which names its planner also where it is a question or nothing is to be done."""
    from bridge.planning.planner import respond

    return respond(heard, context, words, who).model_copy(update={"planner": who})


def planning_context(
    words: str,
    analyses: Mapping[str, Analysis],
    settings: Settings,
    previous: Plan | None,
    target: str | None,
) -> Context:
    """All that a planner may know of these sounds and these words. Raises BadInput for an unknown target."""
    from bridge.planning.context import Context
    from bridge.planning.mixing.groups import found_roles, groups_of
    from bridge.presets import (
        load_chains,
        load_lexicon,
        load_products,
        load_roles,
        load_targets,
        load_tongues,
    )

    targets = load_targets()
    plugins, players = known_plugins(words, catalogue(settings))
    roles = load_roles()
    stems = {name: analysis for name, analysis in analyses.items() if name != MIX}
    return Context(
        analyses=stems or analyses,
        mix=analyses.get(MIX) if stems else None,
        lexicon=load_lexicon("en"),
        tongues=load_tongues(),
        targets=targets,
        chains=load_chains(),
        plugins=plugins,
        players=players,
        products=load_products(),
        roles=roles,
        groups=groups_of(found_roles(stems, roles)) if len(stems) > 1 else {},
        previous=previous,
        target=named_target(target, targets),
        tempo_bpm=settings.tempo_bpm,
    )


def named_target(name: str | None, targets: Mapping[str, Target]) -> Target | None:
    """The target of that name or word, however it is spelt. Raises BadInput with the nearest ones."""
    if name is None:
        return None
    from difflib import get_close_matches

    known = {_spelt(word): target for target in targets.values() for word in target.words}
    known |= targets
    found = known.get(_spelt(name))
    if found is None:
        near = dict.fromkeys(known[word].name for word in get_close_matches(_spelt(name)[:80], known, 5, 0.5))
        meant = f" Nearest: {', '.join(near)}." if near else ""
        raise BadInput(f"There is no target {name!r}.{meant} `dawbridge targets` lists all {len(targets)}.")
    return found


def _spelt(name: str) -> str:
    return name.strip().lower().replace(" ", "_").replace("-", "_")
