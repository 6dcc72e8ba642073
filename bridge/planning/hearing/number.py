"""Clauses without a subject: numbers that belong to the wish before, or whose units say what they are."""

from __future__ import annotations

from bridge.effects import BY_NAME
from bridge.planning.context import KnownPlugin
from bridge.planning.frames import Frame
from bridge.planning.given import OWNER, Given, given_to
from bridge.planning.hearing.ear import BACK, BARE, MORE_AGAIN, STAGED, Ear
from bridge.planning.hearing.edges import SHAPES
from bridge.planning.hearing.effect import effect_by_parameter, unknown_plugin
from bridge.planning.hearing.kinds import ROOMS_S, rooms_s
from bridge.planning.hearing.level import bare_number, level, levels, measured, part_of
from bridge.planning.hearing.sides import hear_pan
from bridge.planning.hearing.tone import band_detail, bands
from bridge.planning.intent import Intent
from bridge.planning.plugins.parameters import plugin_parameters
from bridge.planning.polarity import Polarity
from bridge.planning.tokens import Token


def hear_nothing(ear: Ear, frame: Frame, wish: Polarity) -> list[Token]:
    """Numbers alone: they belong to the wish before, or their units say what they are."""
    if wish.wish == "keep" and frame.wheres and not frame.has("quantity", "parameter"):
        ear.add(frame, "keep", "place")
        return []
    if (
        wish.wish == "keep"
        and any(token.says("squash") for token in frame.tokens)
        and not frame.has("quantity")
    ):
        ear.add(frame, "keep", "dynamics")
        return []
    if ear.intents and ear.intents[-1].operation == "plugin" and (own := _continued(ear, frame)):
        return own
    if _only_where(frame) and (own := _continued(ear, frame)):
        return own  # "de-ess it gently, around 6.5k"
    if frame.quantities("hz") and not _swings(ear, frame):
        if _complains_of(frame, wish):
            wish = Polarity("do", -1, wish.amount, True)
        return bands(ear, frame, wish)
    if frame.quantities("%") and any(token.named("left", "right") for token in frame.tokens):
        return hear_pan(ear, frame, wish)
    continued = _continued(ear, frame) or _further_back(ear, frame)
    if continued:
        return continued
    named = next(
        (t.subject for t in frame.tokens if t.role in ("parameter", "setting") and t.subject in OWNER),
        None,
    )
    if frame.quantities("lufs", "dbtp", "dbfs") or (
        named in ("target_lufs", "ceiling_dbtp") or measured(frame)
    ):
        return levels(ear, frame, wish, frame.quantities("lufs", "dbtp", "dbfs"))
    if named or frame.quantities(":1"):
        return effect_by_parameter(ear, frame, OWNER.get(named or "", "compressor"))
    if frame.quantities("db", "lu") and (wish.said or frame.quantities("db", "lu")[0].signed):
        return level(ear, frame, wish)
    return bare_number(ear, frame) or _more_of_it(ear, frame, wish)


def _only_where(frame: Frame) -> bool:
    """A frequency and nothing that would be done there."""
    meant = [token for token in frame.tokens if token.role not in ("filler", "at", "mark", "degree")]
    return len(meant) == 1 and meant[0].unit == "hz"


def _complains_of(frame: Frame, wish: Polarity) -> bool:
    """ "It gets pokey around 3k": a word that nobody knows, and no request, says what is wrong there."""
    told = any(token.says("copula", "gets") for token in frame.tokens) and frame.has("unknown")
    told = told or _sounds_there(frame.tokens)
    asks = any(
        token.unit in ("db", "lu") or token.role in ("make", "above", "below") for token in frame.tokens
    )
    return told and not asks and not wish.said


def _sounds_there(tokens: list[Token]) -> bool:
    """ "The snare rings at 900 Hz", "something rattles around 220": what a sound does there."""
    place = next(index for index, token in enumerate(tokens) if token.unit == "hz")
    verb = next((t for t in reversed(tokens[:place]) if t.role not in ("at", "degree", "mark")), None)
    return (
        verb is not None
        and verb.role in ("unknown", "filler")
        and verb.says("does")
        and not verb.says("pronoun")
    )


_HEARD_HZ = 20.0


def _swings(ear: Ear, frame: Frame) -> bool:
    """ "Chorus, 0.5 Hz": slower than any tone, behind an effect that swings, it can only be how fast."""
    last = ear.intents[-1] if ear.intents else None
    if last is None or last.operation != "effect" or last.subject not in BY_NAME:
        return False
    swinging = "rate_hz" in BY_NAME[last.subject].model_fields
    return swinging and all(token.middle < _HEARD_HZ for token in frame.quantities("hz"))


def _further_back(ear: Ear, frame: Frame) -> list[Token]:
    """ "Gate it tight, threshold -45": a parameter by its name is of the last effect that has it, whatever word of
    taste stands between."""
    named = {token.subject for token in frame.tokens if token.role in ("parameter", "setting")}
    for index in reversed(range(len(ear.intents))):
        intent = ear.intents[index]
        if named == {"q"} and intent.operation == "band" and "q" in band_detail(frame)[0]:
            shape, used = band_detail(frame)  # "notch 2.7k, pretty tight, Q 8"
            ear.intents[index] = intent.model_copy(update={"given": intent.given | shape})
            return used
        if intent.operation != "effect" or intent.subject not in BY_NAME:
            continue
        fields = set(BY_NAME[intent.subject].model_fields)
        if not named <= fields or not (named or frame.quantities("s", "ms", ":1")):
            continue
        given, used = given_to(intent.subject, frame)
        said = set(intent.given) - _by_a_word(ear, intent)
        if given and set(given) <= fields and not set(given) & said:
            ear.intents[index] = intent.model_copy(update={"given": intent.given | given})
            return used
    return []


def _continued(ear: Ear, frame: Frame) -> list[Token]:
    """Parameters for the effect or plugin that was spoken of last: "..., threshold -18, attack 10 ms"."""
    last = ear.intents[-1] if ear.intents else None
    if last is None or last.operation not in ("effect", "plugin", "band", "staging"):
        return []
    if last.operation == "staging":
        given, used = given_to("staging", frame)
        given = {STAGED[name]: value for name, value in given.items() if name in STAGED}
        if not given:
            return []
    elif last.operation == "plugin":
        plugin = ear.context.plugin_or_missing(last.subject)
        given, used = plugin_parameters(plugin, frame.tokens)
        if not given:
            return _of_what_it_plays(ear, frame, plugin)
    elif last.operation == "band":
        given, used = band_detail(frame)
        if not given and len(ear.intents) - 1 in ear.open_bands:
            given, used = _late_gain(frame)
    else:
        given, used = given_to(last.subject, frame)
        if last.subject == "fade" and (shape := next((t for t in frame.tokens if t.role in SHAPES), None)):
            given, used = (
                {**given, "shape": SHAPES[shape.role]},
                [*used, shape],
            )  # "fade out over 8 s, linear"
        known = {*BY_NAME[last.subject].model_fields, "reduction_db"}
        unfit = frame.quantities("lufs") and last.subject != "loudness"
        if not set(given) <= known or unfit:
            return []
    if last.operation == "effect" and set(given) & set(last.given) - _by_a_word(ear, last):
        return []  # said already: "-14 LUFS or -16 LUFS" are two wishes
    if given:
        for index in range(min(ear.latest, len(ear.intents) - 1), len(ear.intents)):
            wish = ear.intents[index]
            if (wish.operation, wish.subject, wish.words) == (last.operation, last.subject, last.words):
                alike = wish is last or wish.given == last.given
                ear.intents[index] = wish.model_copy(update={"given": wish.given | given}) if alike else wish
    return used


_MOST_DB = 30.0


def _late_gain(frame: Frame) -> tuple[Given, list[Token]]:
    """ "notch at 1.85k, -6", "low shelf at 90, plus 2": a signed number and nothing else, behind a band without one."""
    signed = [token for token in frame.quantities("", "db") if token.signed and abs(token.value) <= _MOST_DB]
    alone = len(signed) == 1 and len([token for token in frame.tokens if token.role == "quantity"]) == 1
    return ({"gain_db": signed[0].middle}, signed) if alone else ({}, [])


_LONGEST_SETTING = 3


def _by_a_word(ear: Ear, wish: Intent) -> set[str]:
    """Parameters that a word of the wish stands for ("parallel" is a mix of 50 %), so that a number may follow."""
    words = wish.words.lower().split()
    runs = (
        tuple(words[start : start + length])
        for start in range(len(words))
        for length in range(1, _LONGEST_SETTING + 1)
    )
    known = ear.context.lexicon.phrases.by_words
    meant = [found for run in runs if (found := known.get(run)) is not None and found.role == "setting"]
    named = {found.subject for found in meant if wish.given.get(found.subject) == found.number}
    rooms = rooms_s(ear.context.lexicon.little_words.named(wish.words.lower(), *ROOMS_S))
    return named | ({"decay_s"} if wish.given.get("decay_s") in rooms else set())


def _of_what_it_plays(ear: Ear, frame: Frame, plugin: KnownPlugin) -> list[Token]:
    """ "use ZamDelay, 300 ms": a number whose unit says what it is. Decibels may be anything's."""
    effect = next((effect for effect, trusted in plugin.plays.items() if trusted), None)
    given, used = given_to(effect, frame) if effect and not frame.quantities("db", "hz", "lufs") else ({}, [])
    if effect and given:
        plugin_wish = ear.intents.pop()
        ear.add(frame, "effect", effect, 1.0, given)
        ear.intents.append(plugin_wish)
    return used


def _more_of_it(ear: Ear, frame: Frame, wish: Polarity) -> list[Token]:
    """ "a bit more", "more": of what came before. Unknown names after "use" or "through" meet the plugins."""
    if all(token.role in BARE for token in frame.tokens):
        if wish.said and frame.has("more", "less") and (frame.wheres or part_of(ear, frame)):
            return level(ear, frame, wish)  # "more vocals" is a matter of level
        if frame.has("too") and not frame.has("not"):
            ear.complaint = frame
        if wish.said and frame.has("more", "less") and (ear.context.previous or ear.intents):
            step = MORE_AGAIN if wish.sign > 0 else BACK
            ear.add(frame, "again", "", 1 + (step - 1) * min(1.0, wish.amount))
        return []
    unknown_plugin(ear, frame)
    return []
