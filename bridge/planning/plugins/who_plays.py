"""Which plugin shall play which effect: "use my ZamComp for compression", "gate it with ZamGateX2".

Looked for before the clauses are cut, because "with" cuts them. What says who plays is taken out of the words, so that
the rest is heard as if nobody had been named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bridge.planning.clauses import cut
from bridge.planning.context import Context
from bridge.planning.frames import SUBJECTS
from bridge.planning.intent import PRESET, Intent
from bridge.planning.plugins.parameters import SCALED, plugin_parameters
from bridge.planning.tokens import Token

_BETWEEN_ROLES = frozenset(("filler", "at", "degree", "less", "more"))
_KEPT = frozenset(("degree", "less", "more"))
_DEGREES = ("degree", "more", "less", "quantity", "setting")
_NEGATED = ("not", "without", "remove")
_FURTHEST = 7
_AROUND = 96
"""Tokens that are looked at around one, so that reading stays linear in their number."""


@dataclass(frozen=True)
class Said:
    """One wish for a plugin. gone: indices of the tokens that said it."""

    intents: tuple[Intent, ...]
    gone: frozenset[int]


def who_plays(tokens: list[Token], context: Context) -> tuple[list[Token], tuple[Intent, ...]]:
    """The tokens without those that only say who plays, and the intents that these were."""
    if not any(token.role == "plugin" or token.role == "use" for token in tokens):
        return tokens, ()
    tokens = [
        replace(token, role="not") if token.says("stop") and after.role in ("use", "plugin") else token
        for token, after in zip(tokens, [*tokens[1:], Token("mark", "")], strict=True)
    ]
    gone: set[int] = set()
    intents: list[Intent] = []
    for stretch in _stretches(tokens):
        for said in _in_stretch(stretch, tokens, context):
            gone |= said.gone
            intents += said.intents
    return [token for index, token in enumerate(tokens) if index not in gone], tuple(intents)


def _stretches(tokens: list[Token]) -> Iterator[range]:
    """Between the cuts; "with" does not cut here."""
    start = 0
    for index, token in enumerate([*tokens, Token("mark", ".")]):
        goes_on = token.text == "," and index + 1 < len(tokens) and tokens[index + 1].role == "preset"
        ends = cut(token) is not None and not token.says("with") and not goes_on
        if ends or index - start >= _AROUND:
            if index > start:
                yield range(start, index)
            start = index + ends


def _in_stretch(stretch: range, tokens: list[Token], context: Context) -> Iterator[Said]:
    negated = any(tokens[index].role in _NEGATED for index in stretch)
    plugins = [index for index in stretch if tokens[index].role == "plugin"]
    _own_parameters(plugins, stretch, tokens, context)
    for at in plugins:
        name = tokens[at].subject
        said = _preset(at, stretch, tokens, context)
        said = said or _for_effect(name, range(at, at + 1), stretch, tokens, context, negated)
        if said is None and not negated:
            said = _by_plugin(at, stretch, tokens, context)
        if said is not None:
            yield said
        elif negated and at > stretch.start and tokens[at - 1].says("plays_by"):
            yield Said((), frozenset((at - 1,)))  # "not with ZamEQ2"
    if plugins:
        yield Said((), frozenset(i for i in stretch if _says_nothing(tokens[i])))
    back = _built_in(stretch, tokens, context) if not plugins and not negated else None
    if back is not None:
        yield back


def _own_parameters(plugins: list[int], stretch: range, tokens: list[Token], context: Context) -> None:
    """ "use ZamHeadX2 with width 1.5": the names of its own parameters say nothing else behind it."""
    for at, end in zip(plugins, [*plugins, stretch.stop][1:], strict=True):
        plugin = context.plugin_or_missing(tokens[at].subject)
        given, used = plugin_parameters(plugin, tokens[at + 1 : end])
        if given and end == stretch.stop:
            given, used = plugin_parameters(plugin, tokens[at + 1 : _list_end(end, tokens)])
        numbers = set(given.values())
        for index in range(at + 1, min(len(tokens), at + 1 + _AROUND) if given else at):
            token = tokens[index]
            values = {token.middle, *(scaled(token.middle) for scaled in SCALED)}
            is_value = token.role == "quantity" and not values.isdisjoint(numbers)
            if any(token is other for other in used) and not is_value:
                tokens[index] = replace(token, role="filler", unit="")


def _list_end(start: int, tokens: list[Token]) -> int:
    """ "..., slew 3 and ratio 4": the end of a list that goes on from here."""
    for index in range(start, min(len(tokens), start + _AROUND)):
        if cut(tokens[index]) not in (None, ",", "and") or tokens[index].role == "plugin":
            return index
    return min(len(tokens), start + _AROUND)


def _says_nothing(token: Token) -> bool:
    """Beside a name, the word "plugin" asks for no other one."""
    return token.says("beside_a_plugin") or (token.role == "effect" and token.subject == "hosted_plugin")


def _preset(at: int, stretch: range, tokens: list[Token], context: Context) -> Said | None:
    """ "ZamComp with preset Vocals", "the Vocals preset of ZamComp"; the name as it is known, else as it was said."""
    word = next((index for index in stretch if tokens[index].role == "preset"), None)
    plugin = context.plugin_or_missing(tokens[at].subject)
    if word is None:
        return None
    known = {_letters(name): name for name in plugin.presets}
    behind = [range(word + 1, end) for end in range(min(stretch.stop, word + 1 + _FURTHEST), word + 1, -1)]
    before = [range(start, word) for start in range(max(stretch.start, word - _FURTHEST), word)]
    said = [(span, _letters("".join(tokens[i].text for i in span))) for span in (*behind, *before)]
    where, name = next(((span, known[letters]) for span, letters in said if letters in known), (range(0), ""))
    if not name:
        unknown = (span for span in behind if all(tokens[i].role == "unknown" for i in span))
        one = range(word + 1, min(stretch.stop, word + 2))
        where = next(unknown, one if all(not _links(tokens[i]) for i in one) else range(0))
        name = " ".join(tokens[i].text for i in where)
    first, last = min(at, word, *where), max(at, word, *where)
    gone = {
        *range(first, last + 1),
        *_use_before(first, stretch, tokens),
        *_effect_behind(last, stretch, tokens),
    }
    gone |= {i for i in stretch if tokens[i].role == "effect" and tokens[i].subject in plugin.plays}
    given: dict[str, float | str] = {PRESET: name}
    return Said(_intents("plugin", tokens[at].subject, given, stretch, tokens, context), frozenset(gone))


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text.lower())


def _effect_behind(last: int, stretch: range, tokens: list[Token]) -> range:
    """ "for compression" behind a preset, which says what that does anyway."""
    linked = False
    for index in range(last + 1, min(stretch.stop, last + 1 + _FURTHEST)):
        linked = linked or _links(tokens[index])
        if linked and tokens[index].role == "effect":
            return range(last + 1, index + 1)
    return range(0)


def _for_effect(
    name: str, name_at: range, stretch: range, tokens: list[Token], context: Context, negated: bool
) -> Said | None:
    """ "NAME for gentle compression": the name goes, and the effect stays where it is more than who plays."""
    linked = False
    for index in range(name_at.stop, min(stretch.stop, name_at.stop + _FURTHEST)):
        token = tokens[index]
        linked = linked or _links(token)
        if token.role == "effect" and linked:
            break
        if (
            token.role not in _BETWEEN_ROLES
            and not _links(token)
            and not token.says("between_plugin_and_effect")
        ):
            return None
    else:
        return None
    links = {i for i in range(name_at.stop, index) if tokens[i].role not in _KEPT or _links(tokens[i])}
    if negated:  # "don't use ZamComp for the compression": of the plugin alone
        return Said((), frozenset((*links, index)))
    gone = {*links, *name_at, *_use_before(name_at.start, stretch, tokens)}
    if _nothing_new(index, stretch, tokens, context):
        gone.add(index)
    effect = tokens[index].subject
    return Said(_intents("play", effect, {"plugin": name}, stretch, tokens, context), frozenset(gone))


def _links(token: Token) -> bool:
    return bool(token.named("plays_for"))


def _nothing_new(at: int, stretch: range, tokens: list[Token], context: Context) -> bool:
    """Whether the effect is asked for elsewhere, so that saying it once more must not make it stronger."""
    effect = tokens[at].subject
    if any(tokens[i].role in _DEGREES and not _links(tokens[i]) for i in stretch):
        return False
    before = context.previous.intents if context.previous else ()
    if effect == "equalizer" or any(item.operation == "effect" and item.subject == effect for item in before):
        return True
    near = tokens[max(0, at - _AROUND) : at] + tokens[at + 1 : at + _AROUND]
    return any(token.role == "effect" and token.subject == effect for token in near)


def _by_plugin(at: int, stretch: range, tokens: list[Token], context: Context) -> Said | None:
    """ "compress gently with ZamComp": of the effect that was named before, or of the one that the plugin plays."""
    link = at - 1
    while link > stretch.start and tokens[link].role == "filler" and not tokens[link].says("plays_by", "for"):
        link -= 1
    before = range(stretch.start, link)
    replaced = any(tokens[i].says("in_its_place") for i in before)
    by = ("plays_by", "for") if replaced else ("plays_by",)
    if link < stretch.start or not tokens[link].says(*by):
        return None
    if not any(tokens[i].role in SUBJECTS or tokens[i].role == "quantity" for i in before):
        return None
    plays = context.plugin_or_missing(tokens[at].subject).plays
    named = [tokens[i].subject for i in before if tokens[i].role == "effect"]
    effect = next((name for name in named if name in plays), None) or next(iter((*named, *plays)), None)
    if effect is None:
        return None
    given: dict[str, float | str] = {"plugin": tokens[at].subject}
    gone = {*range(link, at + 1), *(i for i in before if tokens[i].says("in_its_place"))}
    return Said(_intents("play", effect, given, stretch, tokens, context), frozenset(gone))


def _built_in(stretch: range, tokens: list[Token], context: Context) -> Said | None:
    """ "use the built-in compressor again": whatever plugin plays it in the plan before plays no more."""
    effect = next((index for index in stretch if tokens[index].role == "effect"), None)
    before = " ".join(tokens[index].spelt for index in range(stretch.start, effect or stretch.start))
    built_in = any(phrase in before for phrase in context.lexicon.little_words.all("built_in"))
    if effect is None or not built_in or context.previous is None:
        return None
    names = [
        str(item.given.get("plugin", item.subject))
        for item in context.previous.intents
        if (item.operation == "play" and item.subject == tokens[effect].subject)
        or (item.operation == "plugin" and _can_play(context, item.subject, tokens[effect].subject))
    ]
    if not names:
        return None
    sent = (_intents("remove", f"plugin:{name}", {}, stretch, tokens, context)[0] for name in names)
    return Said(tuple(sent), frozenset(stretch))


def _can_play(context: Context, plugin: str, effect: str) -> bool:
    found = context.plugin(plugin)
    return found is not None and effect in found.plays


def _use_before(at: int, stretch: range, tokens: list[Token]) -> Iterable[int]:
    """The "use my" before a name."""
    start = at
    while start > stretch.start and tokens[start - 1].role in ("filler", "use"):
        start -= 1
    return range(start, at)


def _intents(
    operation: str,
    subject: str,
    given: dict[str, float | str],
    stretch: range,
    tokens: list[Token],
    context: Context,
) -> tuple[Intent, ...]:
    places = dict.fromkeys(tokens[i].subject for i in stretch if tokens[i].role == "place")
    words = " ".join(tokens[i].text for i in stretch)
    made = {"operation": operation, "subject": subject, "given": given, "words": words}
    return tuple(Intent.model_validate({**made, "where": where}) for where in places or (context.main,))
