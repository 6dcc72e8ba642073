"""The shape of a clause: what asks for something, and what only tells how the sound came about.

"I recorded this in my bedroom last night" tells: its unknown words are no wishes. A word that nobody knows is one where
the grammar makes it so: as the object of a request ("add a flurg", "make it zorpy", "too zorpy", "without zorp"), as an
imperative ("zorp the vocals"), or said alone behind a wish ("more reverb and a flurg"). Languages whose little words
for people are not written down yet have no stories: there every unknown word is told.
"""

from __future__ import annotations

from bridge.planning.clauses import Clause
from bridge.planning.frames import SUBJECTS
from bridge.planning.particles import Particles
from bridge.planning.tokens import Token

_GOVERNING = frozenset(("more", "less", "remove", "make", "too", "use", "not", "without", "enough", "keep"))
"""Roles whose object is asked for."""
_BETWEEN = frozenset(("filler", "degree", "sound", "place"))
"""Roles that may stand between a request and its object: "make the vocal zorpy"."""
_LOOSE = frozenset(("unknown", "off_topic", "concept"))
_SIDES = ("invert_left", "invert_right")
"""One side of a sound, which can be turned over and nothing else."""
_COMPLAINTS = frozenset(("too", "repair", "enough"))
_LONGEST_ELLIPSIS = 4
"""Words of an object that is said alone behind a wish."""


def loose(clause: Clause, used: list[Token]) -> list[str]:
    """The words of a clause that was understood which ask for something that nobody took up."""
    found: list[str] = []
    run: list[int] = []
    tokens = (*clause.tokens, Token("mark", ""))
    for index, token in enumerate(tokens):
        taken = any(token is other for other in used)
        counts = token.role in _LOOSE or token.role == "quantity" or token.subject in _SIDES
        if not taken and counts:
            run.append(index)
        elif run and token.role != "filler":
            if _asked_for(tokens, run) and not _lies_there(tokens, run, used):
                found.append(" ".join(tokens[at].text for at in run))
            run = []
    return found


def _lies_there(tokens: tuple[Token, ...], run: list[int], used: list[Token]) -> bool:
    """ "Less of the pokey stuff around 2.5k": the word says what lies at a frequency that was taken."""
    words = all(tokens[at].role in _LOOSE for at in run)
    return words and any(token.unit == "hz" and any(token is t for t in tokens[run[-1] :]) for token in used)


def _asked_for(tokens: tuple[Token, ...], run: list[int]) -> bool:
    words = [at for at in run if tokens[at].role in _LOOSE]
    numbers = [at for at in run if at not in words]
    if not _knows_people(tokens[run[0]].little) or _for_machines(tokens):
        return True
    if any(tokens[at].unit or tokens[at].signed or tokens[at].subject in _SIDES for at in numbers):
        return True
    if numbers and (not words or words[0] < numbers[-1]):
        return not words or _governed(tokens, run[0])
    if _laid_on(tokens, run):
        return True
    return _governed(tokens, run[0]) and not _describes(tokens, run)


def _governed(tokens: tuple[Token, ...], index: int) -> bool:
    """Whether a request stands right before these words."""
    for token in reversed(tokens[:index]):
        if token.role in _GOVERNING:
            return True
        if token.role not in _BETWEEN:
            return _its_object(tokens, index)
    return index == 0 or _imperative(tokens)


def _its_object(tokens: tuple[Token, ...], index: int) -> bool:
    """ "Warm the flurg": behind the first word and an article stands what is to become so."""
    before = [token for token in tokens[:index] if token.role != "mark"]
    return len(before) == 2 and before[1].says("definite", "article")


def _for_machines(tokens: tuple[Token, ...]) -> bool:
    """Whether the words stand between braces, as no story does."""
    return any(token.text in ("{", "}") for token in tokens)


def _laid_on(tokens: tuple[Token, ...], run: list[int]) -> bool:
    """ "Add reverb to the kazoo": at the end, what an effect is laid on, which no stem or part is called."""
    last = tokens[run[-1] + 1 :]
    if any(token.role not in ("mark", "filler") for token in last):
        return False
    if not any(token.role == "effect" for token in tokens[: run[0]]):
        return False
    words = [word for token in tokens[: run[0]] for word in token.spelt.split()][-2:]
    little = tokens[run[0]].little
    return (
        len(words) == 2 and little.has(words[0], "to", "laid_on") and little.has(words[1], "definite", "my")
    )


def _describes(tokens: tuple[Token, ...], run: list[int]) -> bool:
    """ "Add a flurgy reverb": the words only say of what kind the next one is, which was understood. "Make the kazoo
    brighter" says what is to become so."""
    behind, before = tokens[run[-1] + 1], tokens[run[0] - 1] if run[0] else None
    if behind.role == "descriptor" and before is not None and before.says("definite"):
        return False
    return behind.role in SUBJECTS


def tells(clause: Clause, beside_a_wish: bool) -> bool:
    """Whether a clause of which nothing was understood only tells a story. beside_a_wish: it follows a request."""
    little = _little(clause)
    if not _knows_people(little):
        return False
    if _asks(clause, little):
        return False
    if _about_people(clause, little):
        return True
    roles = {token.role for token in clause.tokens}
    if roles & (_GOVERNING | SUBJECTS) or "quantity" in roles or _imperative(clause.tokens):
        return False
    return not (beside_a_wish and clause.opener in ("and", "or", ",") and _object_alone(clause))


def happened(clause: Clause) -> bool:
    """Whether a clause tells what people did ("we tracked the bass through a pedal"), which asks for nothing."""
    little = _little(clause)
    if not _knows_people(little) or _asks(clause, little):
        return False
    if any(_complains(clause, index) for index in range(len(clause.tokens))):
        return False
    person = False
    for word in _words(clause)[:_FURTHEST_VERB]:
        if person and little.has(word, "did"):
            return True
        person = person or little.has(word, "person")
    return False


_FURTHEST_VERB = 5
"""Words of a clause among which its first verb stands."""


def goes_on(clause: Clause) -> bool:
    """Whether a clause behind a story only goes on with it: "... with two mics in a church"."""
    roles = {token.role for token in clause.tokens}
    if clause.opener not in ("and", ",") or roles & _GOVERNING or _asks(clause, _little(clause)):
        return False
    return not any(
        token.role == "sound" or _complains(clause, index) for index, token in enumerate(clause.tokens)
    )


def _complains(clause: Clause, index: int) -> bool:
    """Whether this word names a fault. A place is none: "in a small closet"."""
    token = clause.tokens[index]
    if token.role in _COMPLAINTS:
        return True
    if not token.meaning.fault:
        return False
    before = next((t for t in reversed(clause.tokens[:index]) if t.role not in _NEAR_A_NOUN), None)
    return before is None or before.role != "at"


_NEAR_A_NOUN = frozenset(("filler", "degree", "descriptor"))


def _asks(clause: Clause, little: Particles) -> bool:
    return any(little.has(token.spelt, "asking") for token in clause.tokens) or any(
        little.has(word, "asking") for word in _words(clause)
    )


def signature(clause: Clause) -> bool:
    """ "Many thanks, Margaret": a name behind thanks, and nothing else."""
    return len(clause.tokens) <= _LONGEST_NAME and all(token.role == "unknown" for token in clause.tokens)


_LONGEST_NAME = 2


def _about_people(clause: Clause, little: Particles) -> bool:
    """Whether somebody is spoken of before anything is asked for."""
    for token in clause.tokens:
        if any(little.has(word, "person") for word in token.spelt.split()):
            return True
        if token.role in _GOVERNING | SUBJECTS:
            return False
    return False


def _imperative(tokens: tuple[Token, ...]) -> bool:
    """ "Zorp the vocals", "zorp it": an unknown word first, and behind it what it is done to."""
    meant = [at for at, token in enumerate(tokens) if token.role not in ("filler", "mark")]
    if not meant or tokens[meant[0]].role not in _LOOSE or meant[0] + 1 >= len(tokens):
        return False
    if any(not token.says("politeness") for token in tokens[: meant[0]]):
        return False
    words = tokens[meant[0] + 1].spelt.split()
    little = tokens[meant[0]].little
    return bool(words) and any(
        little.has(words[0], name) for name in ("definite", "article", "pronoun", "all")
    )


def _object_alone(clause: Clause) -> bool:
    return len(clause.tokens) <= _LONGEST_ELLIPSIS and all(
        token.role in _LOOSE or token.says("article", "definite", "some") for token in clause.tokens
    )


def _words(clause: Clause) -> list[str]:
    return [word for token in clause.tokens for word in token.spelt.split()]


def _little(clause: Clause) -> Particles:
    return clause.tokens[0].little if clause.tokens else Particles({})


def _knows_people(little: Particles) -> bool:
    return bool(little.said.get("person"))
