"""Tokens -> clauses: cut at punctuation and conjunctions, each clause knowing the word that opened it.

What only goes on with the clause before stays in it: "at 250 and 500", "2 dB with a shelf at 100 Hz".
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bridge.planning.tokens import Token

_CUTS = frozenset(",;.!?\n&+")
_CONJUNCTIONS = frozenset(("and", "then", "but", "or"))


@dataclass(frozen=True)
class Clause:
    """opener: the role of the conjunction before it ("and", "then", "but", "or"), "," or "." or "" at the start.

    said: its words, where tokens were taken out of it.
    """

    tokens: tuple[Token, ...]
    opener: str = ""
    said: str = ""

    @property
    def text(self) -> str:
        return self.said or " ".join(token.text for token in self.tokens if token.text).replace(" ,", ",")


def split(tokens: list[Token]) -> list[Clause]:
    """The clauses in order; empty ones vanish, and of two openers in a row the stronger ("but") stays."""
    clauses: list[Clause] = []
    opener, current = "", list[Token]()
    for index, token in enumerate(tokens):
        opens = cut(token)
        if opens is None:
            current.append(token)
        elif current and _goes_on(current, tokens, index):
            current.append(replace(token, role="filler"))
        elif current:
            clauses.append(Clause(_in_hertz(_in_decibels(current)), opener))
            opener, current = opens, []
        elif opens in _CONJUNCTIONS and opener != "but":
            opener = opens
    if current:
        clauses.append(Clause(_in_hertz(_in_decibels(current)), opener))
    return clauses


_HEARD_HZ = (20.0, 20000.0)
_FURTHEST, _LONGEST = 16, 96
"""Tokens behind and before a conjunction that are looked at, so that reading stays linear in their number."""


def _goes_on(current: list[Token], tokens: list[Token], index: int) -> bool:
    """Whether the words behind this conjunction are no wish of their own but the rest of the one before it."""
    if len(current) > _LONGEST:
        return False
    behind: list[Token] = []
    for token in tokens[index + 1 : index + 1 + _FURTHEST]:
        if cut(token) is not None:
            break
        behind.append(token)
    if tokens[index].says("with"):
        return (
            _gives_its_shape(current, behind)
            or _takes_its_place(current, behind)
            or _complains_of(current, behind)
        )
    if tokens[index].text == "," and (_says_how_much(current, behind) or _says_only_where(current, behind)):
        return True
    joins = tokens[index].says("and") or tokens[index].text in (",", "&")
    return joins and (_another_place(current, behind) or _another_stem(current, behind))


def _another_stem(current: list[Token], behind: list[Token]) -> bool:
    """ "Gate the snare and the kick", "bass and drums are fighting": the names of several stems are said together."""
    before = [token for token in current if token.role not in ("filler", "mark")]
    after = [token for token in behind if token.role not in ("filler", "mark")]
    if not before or not after or after[0].role != "place":
        return False
    only = all(token.role in ("place", "at", "quantity") for token in after)
    return (only and before[-1].role == "place") or all(token.role == "place" for token in before)


_MEASURES = {"faster": ("%", "x"), "slower": ("%", "x"), "louder": ("db", "lu"), "quieter": ("db", "lu"),
             "dehum": ("hz",)}  # fmt: skip
"""In which units more or less of it is counted; a hum in hertz."""


def _says_how_much(current: list[Token], behind: list[Token]) -> bool:
    """ "make it faster, 10 %", "louder, by 3 dB": a wish without a number, and a number with nothing else."""
    if any(token.role in ("quantity", "not", "without", "too") for token in current):
        return False
    units = [
        unit for token in current for name in {token.role, token.subject} for unit in _MEASURES.get(name, ())
    ]
    meant = [token for token in behind if token.role not in ("filler", "at", "degree")]
    return len(meant) == 1 and meant[0].role == "quantity" and not meant[0].signed and meant[0].unit in units


def _says_only_where(current: list[Token], behind: list[Token]) -> bool:
    """ "between 200 and 400 Hz, cut 2 dB": a frequency and no wish, and decibels without a place."""
    if not all(token.role in ("filler", "at") or token.unit == "hz" for token in current):
        return False
    placed = any(
        token.unit == "hz" or token.role in ("area", "effect", "parameter", "shape") for token in behind
    )
    gains = any(token.role == "quantity" and token.unit in ("db", "lu") for token in behind)
    return gains and not placed and any(token.unit == "hz" for token in current)


def _gives_its_shape(current: list[Token], behind: list[Token]) -> bool:
    """ "cut 2 dB with a shelf at 100 Hz": decibels without a frequency, and a shape that has one."""
    gains = any(t.role == "quantity" and t.unit in ("db", "lu") for t in current)
    placed = any(t.role in ("shape", "effect") or t.unit == "hz" for t in current)
    return gains and not placed and any(t.role == "shape" for t in behind)


def _takes_its_place(current: list[Token], behind: list[Token]) -> bool:
    """ "Replace the compressor with a multiband one"."""
    replaces = any(token.says("in_its_place") for token in current)
    return replaces and all(any(t.role == "effect" for t in part) for part in (current, behind))


def _complains_of(current: list[Token], behind: list[Token]) -> bool:
    """ "My ears hurt with those highs": a complaint, and what it is about."""
    fault = any(token.role == "descriptor" and token.meaning.fault for token in current)
    meant = [token.role for token in behind if token.role not in ("filler", "at", "sound", "place")]
    return fault and bool(meant) and all(role == "area" for role in meant)


def _another_place(current: list[Token], behind: list[Token]) -> bool:
    """ "cut 3 dB at 250 and 500": behind a gain and a frequency, another frequency and nothing else."""
    said = [t for t in _in_hertz(current) if t.role == "quantity"]
    shaped = any(t.role == "shape" for t in current)
    if not said or said[-1].unit != "hz" or not (shaped or any(t.unit in ("db", "lu") for t in said)):
        return False
    if any(t.role == "parameter" for t in current):
        return False
    meant = [t for t in behind if t.role not in ("filler", "at")]
    return len(meant) == 1 and _is_frequency(meant[0])


def _is_frequency(token: Token) -> bool:
    if token.role != "quantity" or token.signed or token.unit not in ("", "hz"):
        return False
    return token.unit == "hz" or _HEARD_HZ[0] <= token.value <= _HEARD_HZ[1]


def _in_hertz(tokens: list[Token]) -> tuple[Token, ...]:
    """ "take 3 dB off around 300", "at 250 and 500": beside decibels, numbers without a unit that say where; beside a
    complaint too ("boomy around 120")."""
    numbers = [token for token in tokens if token.role == "quantity"]
    gains = any(token.unit in ("db", "lu") for token in numbers)
    measured = gains
    gains = gains or (len(numbers) == 1 and any(t.role == "descriptor" and t.meaning.fault for t in tokens))
    shaped = any(token.role == "shape" for token in tokens) and not any(
        token.unit == "hz" for token in numbers
    )
    shaped = shaped or _cut_at_an_edge(tokens)
    measured = measured or shaped
    if not (gains or shaped) or any(t.role == "parameter" and t.subject != "q" for t in tokens):
        return tuple(tokens)
    out: list[Token] = []
    for token in tokens:
        bare = token.role == "quantity" and not token.unit
        if bare and _is_frequency(token) and _says_where(out) and (measured or out[-1].role == "at"):
            token = replace(token, unit="hz", text=f"{token.text} hz")
        out.append(token)
    return tuple(out)


def _cut_at_an_edge(tokens: list[Token]) -> bool:
    """ "Cut below 90": a number behind "below" that something is taken from."""
    edges = [
        index for index, token in enumerate(tokens[1:], 1)
        if tokens[index - 1].role in ("above", "below") and _is_frequency(token)
    ]  # fmt: skip
    roles = {token.role for token in tokens}
    return (
        bool(edges)
        and bool(roles & {"less", "remove", "more"})
        and not roles & {"effect", "plugin", "staging"}
    )


def joined(clause: Clause) -> bool:
    """Whether its stems are said in one breath ("bass and drums"), so that none of them is a region."""
    named = [token for token in clause.tokens if token.role == "place" or token.says("and")]
    roles = [token.role == "place" for token in named]
    return any(
        one and not two and three for one, two, three in zip(roles, roles[1:], roles[2:], strict=False)
    )


_MOST_DB = 24.0


def _in_decibels(tokens: list[Token]) -> list[Token]:
    """ "Boost 8k by 2", "the kick down 1.5": beside a frequency or a stem, by how much without a unit."""
    tokens = _signed_at_a_place(tokens)
    of = any(token.unit == "hz" or token.role == "place" for token in tokens)
    gains = any(token.unit in ("db", "lu") for token in tokens)
    moved = any(token.role in ("more", "less", "louder", "quieter") for token in tokens)
    if not of or gains or not moved or any(token.role in ("parameter", "effect") for token in tokens):
        return tokens
    out: list[Token] = []
    for token in tokens:
        bare = token.role == "quantity" and not token.unit and token.high is None
        near = bool(out) and (out[-1].says("by") or out[-1].role in ("more", "less", "louder", "quieter"))
        if bare and near and abs(token.value) <= _MOST_DB:
            token = replace(token, unit="db", text=f"{token.text} db")
        out.append(token)
    return out


def _signed_at_a_place(tokens: list[Token]) -> list[Token]:
    """ "+3 at 100": a number with a sign, right before a frequency, is by how much; "scoop 400 by 2.5"."""
    out = list(tokens)
    for index, token in enumerate(tokens[:-2]):
        behind, place = tokens[index + 1 : index + 3]
        alone = token.role == "quantity" and token.signed and not token.unit and abs(token.value) <= _MOST_DB
        if alone and behind.role == "at" and _is_frequency(place) and place.value > _MOST_DB:
            out[index] = replace(token, unit="db", text=f"{token.text} db")
        where = (
            index and _is_frequency(token) and not token.unit and tokens[index - 1].role in ("more", "less")
        )
        if where and behind.says("by") and place.role == "quantity":  # "scoop 400 by 2.5"
            out[index] = replace(token, unit="hz", text=f"{token.text} hz")
    return out


def _says_where(before: list[Token]) -> bool:
    """Behind "at" or "from", or behind "at 250 and"."""
    if (
        len(before) >= 2
        and before[-1].role == "filler"
        and (before[-1].says("and") or before[-1].text in (",", "&"))
    ):
        return before[-2].unit == "hz"
    return bool(before) and (before[-1].role in ("at", "above", "below") or before[-1].says("from"))


def cut(token: Token) -> str | None:
    """What a token opens where it ends a clause: a conjunction's role, "," or "."; None where it does not."""
    if token.role in _CONJUNCTIONS:
        return token.role
    if token.role == "mark" and token.text in _CUTS:
        return "," if token.text in ",&+" else "."
    return None
