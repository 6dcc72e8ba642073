"""Words -> Heard, offline: tokens, clauses and frames become intents in the order spoken. Deterministic, no model."""

from __future__ import annotations

from dataclasses import replace

from bridge.analysis.target import Target
from bridge.errors import BadRequest
from bridge.planning.clauses import Clause, joined, split
from bridge.planning.context import Context
from bridge.planning.frames import SUBJECTS
from bridge.planning.hearing import hear
from bridge.planning.hearing.auto import for_genres
from bridge.planning.hearing.condition import as_conditions, without_conditions
from bridge.planning.hearing.correction import corrected
from bridge.planning.hearing.ear import Ear
from bridge.planning.hearing.exceptions import without_exceptions
from bridge.planning.hearing.version import version_and_more, version_wish
from bridge.planning.intent import Heard, Intent, Mood
from bridge.planning.lent import with_loans
from bridge.planning.lexicon import Lexicon
from bridge.planning.matching.words import asked_to_match
from bridge.planning.mixing.groups import found_roles, words_for
from bridge.planning.normalise import normalise
from bridge.planning.phrases import Meaning, Phrases
from bridge.planning.plugins.mentions import heard_names
from bridge.planning.plugins.who_plays import who_plays
from bridge.planning.tail_words import tail_said
from bridge.planning.tokens import Token, named_phrases
from bridge.planning.tongues import Spoken, Tongue, spoken

LONGEST = 32_768
"""Characters of a request. A page of wishes is 3,000; more is a file in the wrong place."""

_TURNS: dict[str, Mood] = {"undo": "undo", "redo": "redo", "compare": "compare"}


def intents_from_words(words: str, context: Context) -> Heard:
    """What the words ask for. Raises BadRequest for a request longer than LONGEST characters."""
    if len(words) > LONGEST:
        raise BadRequest(
            f"The request has {len(words):,} characters; up to {LONGEST:,} are read. Say it in a few sentences."
        )
    said = _spoken(words, context)
    version = version_said(words, context, said.lexicon)
    if version is not None:
        return version
    context = replace(context, lexicon=said.lexicon)
    if said.foreign is not None:
        return _refused(words, said.foreign, context)
    named = _by_name(words, context)
    if named is not None:
        return Heard(intents=(named,), language=context.lexicon.language)
    names = heard_names(words, context)
    tokens = names.tokens(context.lexicon, _names(context))
    tokens, lent = with_loans(tokens, context.lexicon, context.tongues.understood)
    if all(token.role in ("mark", "filler") for token in tokens):
        return _heard(tokens, context) if _praised(words, context) else _nothing(context)
    tokens = as_conditions(without_exceptions(tokens, context))
    tokens = _reverb_in_rooms(_areas_in_places(tokens, context), context)
    mood = _mood(tokens)
    if mood == "question":
        return _asked(tokens, context)
    if mood != "wish":
        return Heard(mood=mood, language=context.lexicon.language)
    heard = names.told(_heard(tokens, context))
    return _as_written(heard.model_copy(update={"warnings": (*lent, *heard.warnings)}), words)


def _nothing(context: Context) -> Heard:
    return Heard(mood="empty", language=context.lexicon.language)


def _praised(words: str, context: Context) -> bool:
    """ "Perfect, thanks": of a plan that stands, it stays as it is."""
    said = normalise(words).replace(",", " ").replace(".", " ").replace("!", " ")
    praise = context.lexicon.edits.get("praise", ())
    return context.previous is not None and any(f" {phrase} " in f" {said} " for phrase in praise)


def _spoken(words: str, context: Context) -> Spoken:
    before = context.previous.language if context.previous is not None else ""
    return spoken(words, context.tongues, context.lexicon, before)


def version_said(words: str, context: Context, lexicon: Lexicon | None = None) -> Heard | None:
    """What the words ask of versions, and nothing else. lexicon: of the language that was spoken, beside the usual."""
    lexicon = lexicon or _spoken(words, context).lexicon
    for each in (context.lexicon, lexicon):
        wish = version_wish(words, each, context.versions)
        if wish is not None:
            return Heard(version=wish, language=each.language)
    two = version_and_more(words, context.lexicon, context.versions)
    if two is None:
        return None
    asked = f'These are two turns: first "{two[0]}", then "{two[1]}". Say one after the other.'
    return Heard(question=asked, language=context.lexicon.language)


def _refused(words: str, foreign: Tongue, context: Context) -> Heard:
    """Politely, with the languages that are understood, and in the words of the one that is not."""
    known = f"{foreign.name} is not understood yet; {context.tongues.names()} are. {foreign.sentence}".strip()
    return Heard(impossible=(f"{words.strip()[:200]}: {known}",), language=context.lexicon.language)


_QUOTED_AS_WRITTEN = 2000
"""Characters of a request up to which its words are looked up again for their capitals."""


def _as_written(heard: Heard, words: str) -> Heard:
    """The words of each wish with the capitals that the user gave them, where they stand so in the request."""
    low = words.lower()
    if len(words) > _QUOTED_AS_WRITTEN or len(low) != len(words):
        return heard
    intents = []
    for intent in heard.intents:
        at = low.find(intent.words)
        written = words[at : at + len(intent.words)] if at >= 0 else intent.words
        intents.append(intent.model_copy(update={"words": written}))
    return heard.model_copy(update={"intents": tuple(intents)})


def _by_name(words: str, context: Context) -> Intent | None:
    """The name of a chain or target and nothing else, as a hot folder's subfolder says it ("snare", "lead_vocal")."""
    name = normalise(words).replace(" ", "_")
    if name in context.chains:
        return Intent(operation="chain", subject=name, where=context.main, words=normalise(words))
    target = context.targets.get(name)
    if target is not None and (target.kind != "genre" or not _in_lexicon(words, context)):
        return Intent(operation="target", subject=name, where=context.main, words=normalise(words))
    return None


def _in_lexicon(words: str, context: Context) -> bool:
    """Names of genres are words of taste too ("ambient", "pop"); as words they keep their meaning."""
    return tuple(normalise(words).split()) in context.lexicon.phrases.by_words


def _heard(tokens: list[Token], context: Context) -> Heard:
    ear = Ear(context)
    tokens = corrected(tokens)
    about = tokens
    tokens, tail = tail_said(tokens, context.lexicon)
    tokens, matches, spare = asked_to_match(tokens, context)
    ear.unsupported += spare
    tokens, plays = who_plays(for_genres(tokens, context), context)
    ear.warnings += [f'"{_first(token)}" was read as "{token.read_as}".' for token in tokens if token.read_as]
    for clause in without_conditions(ear, split(tokens)):
        hear(ear, clause)
    heard = ear.heard()
    heard = heard.model_copy(update={"intents": (*matches, *heard.intents, *plays), "tail": tail})
    if heard.intents or heard.impossible or heard.satisfied or heard.question or tail:
        return heard
    return heard.model_copy(update={"mood": "wish" if _about_sound(about) else "off_topic"})


def _first(token: Token) -> str:
    return token.text.split()[0]


def _areas_in_places(tokens: list[Token], context: Context) -> list[Token]:
    """ "more bass in the drums": where a stem is called bass, another stem in the clause makes it a region again."""
    regions: set[int] = set()
    for clause in split(tokens):
        several = len({token.subject for token in clause.tokens if token.role == "place"}) > 1
        if several and not joined(clause):
            regions |= {
                id(token) for token in clause.tokens if token.role == "place" and _area(token, context)
            }
    return [
        replace(t, role="area", meaning=found) if id(t) in regions and (found := _area(t, context)) else t
        for t in tokens
    ]


def _reverb_in_rooms(tokens: list[Token], context: Context) -> list[Token]:
    """ "put the vocal in a big room": where a stem is the room, "a room" and "some room" are a reverb all the same."""
    rooms = ((word,) for word in context.lexicon.particles.get("room", ()))
    meant = next(filter(None, map(context.lexicon.phrases.by_words.get, rooms)), None)
    made: list[Token] = []
    for token in tokens:
        any_room = any(before.says("article", "some") for before in made[-_BEFORE_A_ROOM:])
        called = token.role == "place" and token.says("room")
        made.append(
            replace(token, role=meant.role, meaning=meant) if meant and called and any_room else token
        )
    return made


_BEFORE_A_ROOM = 3
"""Words back to the article: "a very big room"."""


def _area(token: Token, context: Context) -> Meaning | None:
    found = context.lexicon.phrases.by_words.get((token.spelt,))
    return found if found is not None and found.role == "area" else None


def _names(context: Context) -> Phrases:
    """Names that this moment knows, beside those of plugins: stems, chains, targets."""
    named = [(name.replace("_", " "), "place", name) for name in context.analyses if name != "input"]
    parts = set(context.lexicon.instruments)
    others = [(other, name) for name in context.analyses for other in _numbers_of(name, context)]
    named += [
        (other, "place", name) for other, name in others if other in parts
    ]  # "vocals" for the stem "vocal"
    nouns = context.lexicon.instruments
    found = found_roles(context.analyses, context.roles)
    called = words_for(found, context.groups, nouns, context.lexicon.little_words)
    named += [(word, "place", where) for word, where in called]
    named += [(word, "place", where) for _, _, where in named for word in _in_its_own_words(where, context)]
    named += [(word, "preset", "") for word in context.lexicon.particles.get("preset", ())]
    for chain in context.chains.values():
        named += [(word, "chain", chain.name) for word in (chain.name.replace("_", " "), *chain.words)]
    for target in context.targets.values():
        named += [(word, "target", target.name) for word in _called(target)]
    return named_phrases(tuple(named))


def _in_its_own_words(where: str, context: Context) -> list[str]:
    """What a stem with a name of another language is called ("vocals": "Gesang")."""
    name = where.replace("_", " ").lower()
    nouns = context.lexicon.nouns
    return [*nouns.get(name, ()), *nouns.get(name.removesuffix("s"), ())]


def _numbers_of(name: str, context: Context) -> list[str]:
    """A name as several, or as one of several."""
    return [
        name.removesuffix(plural) if name.endswith(plural) else f"{name}{plural}"
        for plural in context.lexicon.forms.plurals
    ]


def _called(target: Target) -> list[str]:
    """What a target is called inside a request. "More metal", "a country twang" mean no master of that genre, so a
    genre is called by more than one word there ("metal record")."""
    if target.kind != "genre":
        return [target.name.replace("_", " "), *target.words]
    return [word for word in target.words if " " in word]


def _mood(tokens: list[Token]) -> Mood:
    turn = [token.role for token in tokens if token.role in _TURNS]
    others = [token for token in tokens if token.role in SUBJECTS or token.role == "quantity"]
    if turn and not others:
        return _TURNS[turn[0]]
    before = ("filler", "mark", "and", "degree")
    first = next((token for token in tokens if token.role not in before), None)
    if first is not None and any(token.says("pronoun", "person") for token in tokens[: tokens.index(first)]):
        return "wish"  # "it should feel huge" tells, "should it feel huge" asks
    if first is None or first.role != "question" or _complains_at_once(first, tokens):
        return "wish"
    return "question"


def _complains_at_once(first: Token, tokens: list[Token]) -> bool:
    """ "Is too quiet", without a subject, tells; "is it too quiet" asks."""
    behind = tokens[tokens.index(first) + 1 :]
    return bool(behind) and behind[0].role == "too" and not any(token.text == "?" for token in behind)


def _asked(tokens: list[Token], context: Context) -> Heard:
    """A question: its topics in the order said, and its clauses for the log of what was not understood."""
    about = (*SUBJECTS, "concept", "parameter", "quantity")
    topics = tuple(_topic(token) for token in tokens if token.role in about)
    if any(token.role == "off_topic" for token in tokens) and not topics:
        return Heard(mood="off_topic", language=context.lexicon.language)
    text = " ".join(token.text for token in tokens if token.text)
    about_us = context.lexicon.little_words.named(text, "about_the_plan", "would")
    meant = [token for token in tokens if token.role in about and token.role != "quantity"]
    if not meant and not _about_sound(tokens) and context.previous is None and not about_us:
        return Heard(mood="off_topic", language=context.lexicon.language)
    return Heard(mood="question", question=text, topics=topics, language=context.lexicon.language)


def _topic(token: Token) -> str:
    return f"{token.role}:{token.subject or token.text}"


def _about_sound(tokens: list[Token]) -> bool:
    if any(token.role == "off_topic" for token in tokens):
        return False
    return any(token.role not in ("filler", "mark", "unknown", "quantity", "question", "degree", "and", "then", "but",
                                  "at", "not", "undo", "redo", "compare") for token in tokens)  # fmt: skip


def tokens_of(words: str, context: Context) -> list[Token]:
    """The words as typed tokens."""
    return heard_names(words, context).tokens(context.lexicon, _names(context))


def clauses(words: str, context: Context) -> list[Clause]:
    """The clauses as heard; for tests and for looking over the planner's shoulder."""
    return split(tokens_of(words, context))
