"""Degrees that come late: "tape saturation, subtle" and "more bass, just a little" speak of the wish before them."""

from __future__ import annotations

from bridge.planning.clauses import Clause
from bridge.planning.hearing.ear import Ear
from bridge.planning.intent import Intent
from bridge.planning.polarity import STRONGEST

_BESIDE = frozenset(("degree", "filler", "mark", "make"))


def afterthought(ear: Ear, clause: Clause) -> bool:
    """Scales what the clause before asked for, where this one holds nothing but degrees."""
    roles = {token.role for token in clause.tokens}
    asked = ear.intents[ear.latest :]
    again = _says_it_again(ear, asked, clause, roles) and clause.opener in (",", "and", ".")
    if again and "degree" not in roles:
        return True
    if not again and ("degree" not in roles or roles - _BESIDE or not asked or clause.opener == "."):
        return False
    factor = 1.0
    for token in clause.tokens:
        factor *= token.meaning.number if token.role == "degree" else 1.0
    ear.intents[ear.latest :] = [
        _scaled(intent, clause.text, factor, ear.latest + position in ear.open_bands)
        for position, intent in enumerate(asked)
    ]
    return True


def _says_it_again(ear: Ear, asked: list[Intent], clause: Clause, roles: set[str]) -> bool:
    """ "There are clicks, remove them": what a complaint has asked for already."""
    if asked and asked[-1].subject == "pitch_shift" and asked[-1].given and _only_up_or_down(roles):
        return True  # "it's 30 cents flat, bring it up by that"
    sided = asked and asked[-1].subject in ("balance", "pan")
    if (
        sided
        and any(token.named("middle") for token in clause.tokens)
        and not roles & {"quantity", "descriptor"}
    ):
        return True  # "it leans to the left, put it back in the middle"
    away = roles & {"remove", "less"}
    if away and ear.question and not asked and not roles - away - _BESIDE:
        return True  # "the amp was humming, remove it", where the hum was asked about
    if not away or roles - away - _BESIDE - {"at"} or not asked:
        return False
    repairs = ear.context.lexicon.repairs
    return any(intent.subject in repairs or intent.amount < 0 for intent in asked)


def _only_up_or_down(roles: set[str]) -> bool:
    moved = roles & {"louder", "quieter", "more", "less", "remove"}
    return bool(moved) and not roles - moved - _BESIDE - {"at"}


def _scaled(intent: Intent, words: str, factor: float, open_band: bool) -> Intent:
    """Numbers that were said stay; a band whose gain was not said has a plain one, which follows the degree."""
    given = dict(intent.given)
    gain = given.get("gain_db")
    if open_band and isinstance(gain, (int, float)):
        given["gain_db"] = round(gain * factor, 2)
    amount = max(-STRONGEST, min(STRONGEST, round(intent.amount * factor, 3)))
    return intent.model_copy(update={"amount": amount, "given": given, "words": f"{intent.words}, {words}"})
