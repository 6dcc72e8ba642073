"""What the names of plugins in a request come to: tokens that are plugins, warnings where one was guessed, and the
question where a name does not tell two plugins apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from bridge.effects import BY_NAME
from bridge.planning.context import Context
from bridge.planning.intent import Heard
from bridge.planning.lexicon import Lexicon
from bridge.planning.particles import Particles
from bridge.planning.phrases import Meaning, Phrases, phrase_words
from bridge.planning.plugins.names import Index
from bridge.planning.plugins.products import Products
from bridge.planning.plugins.spotting import Mention, mentions
from bridge.planning.tokens import Token, tokenise

_PLACEHOLDER = "zzplugin{}zz"
_COLON = re.compile(r"(zzplugin\d+zz)\s*:(?=\s)")
"""Behind a plugin: what follows is what it shall do."""
_NEAR = 16
"""Characters behind a name that may say how often it shall play."""
_ARROW = re.compile(r"(zzplugin\d+zz)\s*(?:[-=]?>|→|⇒)\s*(?=zzplugin)")
"""Between two plugins: first one, then the other."""


def _any(little: Particles, *names: str) -> str:
    """The particles as alternatives of a pattern; one that no text has where there are none."""
    words = sorted(word for word in little.all(*names) if word)
    return "|".join(re.escape(word) for word in words) or r"(?!)"


def _to_a_band(little: Particles) -> re.Pattern[str]:
    """Between a plugin and a band of an equalizer: "use ZamEQ2 to cut 3 dB at 300 Hz"."""
    to, verbs = _any(little, "to_do"), _any(little, "band_verb")
    return re.compile(
        rf"(zzplugin\d+zz)\s+(?:{to})\s+(?=(?:{verbs})\b[^,;]{{0,80}}\d\s*(?:k|hz|khz)\b)", re.IGNORECASE
    )


def _next(little: Particles) -> re.Pattern[str]:
    """Between two mentions of a plugin that shall play twice."""
    joined = _any(little, "and")
    return re.compile(rf"^\s*(?:{joined}|&|\+)\s*$|\b(?:{_any(little, 'next')})\b|[-=]?>|→|⇒", re.IGNORECASE)


def _twice(little: Particles) -> re.Pattern[str]:
    return re.compile(rf"\W*(?:{_any(little, 'twice')})\b", re.IGNORECASE)


class _Known:
    """Words that mean something, also in other forms than the lexicon's."""

    def __init__(self, lexicon: Lexicon, others: Iterable[str]) -> None:
        self._words = lexicon.phrases.words
        self._others = {part for name in others for part in phrase_words(name)}
        self._lexicon = lexicon

    def __contains__(self, word: object) -> bool:
        if word in self._words or word in self._others:
            return True
        return not self._lexicon.forms.none and bool(self._lexicon.reader.read(str(word)))


def heard_names(words: str, context: Context) -> Names:
    """The plugins that the request names, installed or not."""
    called = ((plugin.name, plugin.called or plugin.name) for plugin in context.plugins)
    plays = {
        plugin.name: [
            word for effect, trusted in plugin.plays.items() if trusted for word in BY_NAME[effect].words
        ]
        for plugin in context.plugins
        if not plugin.absent
    }
    index = Index(called, context.products, plays)
    others = [*context.analyses, *context.chains, *context.targets]
    others += [word for chain in context.chains.values() for word in chain.words]
    others += [word for target in context.targets.values() for word in target.words]
    return Names(
        words,
        tuple(spotted(words, index, context.products, context.lexicon, others)),
        context.lexicon.little_words,
    )


def with_named(words: str, context: Context) -> Context:
    """The context with the plugins that the request names and that are not here, as missing ones."""
    missing = {mention.name: mention for mention in heard_names(words, context).found if not mention.here}
    plugins = (*context.plugins, *(context.plugin_or_missing(name) for name in missing))
    return replace(context, plugins=plugins) if missing else context


def spotted(
    words: str, index: Index, products: Products, lexicon: Lexicon, others: Iterable[str] = ()
) -> list[Mention]:
    """The names in the words. others: names of this moment that are no plugins (stems, chains, targets)."""
    known = _Known(lexicon, others)
    return mentions(
        words, index, products, known, lambda word: lexicon.phrases.repaired(word) is not None, lexicon
    )


@dataclass(frozen=True)
class Names:
    """The request and the plugins that it names."""

    words: str
    found: tuple[Mention, ...]
    little: Particles

    def tokens(self, lexicon: Lexicon, names: Phrases) -> list[Token]:
        """The request's tokens, each name one of role "plugin"."""
        if not self.found:
            return tokenise(self.words, lexicon, names)
        text, end = [], 0
        names = names.copied()
        for number, mention in enumerate(self.found):
            text += [self.words[end : mention.start], f" {_PLACEHOLDER.format(number)} "]
            end = mention.end
            names.add(_PLACEHOLDER.format(number), Meaning("plugin", mention.name))
        by_text = {_PLACEHOLDER.format(number): mention.said for number, mention in enumerate(self.found)}
        then = lexicon.little_words.first("then")
        whole = _ARROW.sub(rf"\1 {then} ", "".join([*text, self.words[end:]]))
        whole = _to_a_band(lexicon.little_words).sub(r"\1, ", _COLON.sub(r"\1,", whole))
        made = tokenise(whole, lexicon, names)
        return [
            replace(token, text=" ".join(by_text[token.text].lower().split()))
            if token.text in by_text
            else token
            for token in made
        ]

    def _twice(self, heard: Heard) -> Iterator[str]:
        """The plugins that shall play twice one behind the other, which a plan from words has once."""
        for name in dict.fromkeys(mention.name for mention in self.found):
            named = [mention for mention in self.found if mention.name == name]
            between = [self.words[one.end : two.start] for one, two in pairwise(named)]
            after = [self.words[mention.end : mention.end + _NEAR] for mention in named]
            places = {
                item.where for item in heard.intents if name in (item.subject, item.given.get("plugin"))
            }
            if len(places) < 2 and (
                any(map(_next(self.little).search, between)) or any(map(_twice(self.little).match, after))
            ):
                yield name

    def told(self, heard: Heard) -> Heard:
        """With what there is to say of the names."""
        unclear = next((mention for mention in self.found if len(mention.here) > 1), None)
        if unclear is not None:
            which = " and ".join(unclear.here)
            question = f"Which {unclear.said}? There are {which}; say it with what stands in brackets."
            return Heard(question=question, language=heard.language)
        guesses = [
            f'"{mention.said}" was read as {mention.name}, the nearest plugin here.'
            for mention in self.found
            if mention.guessed
        ]
        guesses += [
            f"{name} plays once: what was said of it is taken together. For a second pass process the result again."
            for name in self._twice(heard)
        ]
        return (
            heard.model_copy(update={"warnings": (*dict.fromkeys(guesses), *heard.warnings)})
            if guesses
            else heard
        )
