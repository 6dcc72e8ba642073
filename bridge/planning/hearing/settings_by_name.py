"""Words that name a setting only beside a number: "chorus, depth 40 %, mix 25"; elsewhere they mean something else."""

from __future__ import annotations

from dataclasses import replace

from bridge.effects import BY_NAME
from bridge.planning.clauses import Clause
from bridge.planning.hearing.ear import Ear
from bridge.planning.phrases import Meaning
from bridge.planning.tokens import Token

_OF_PARTS = ("%", "")
_ALIKE = ("descriptor", "sound", "degree")


def as_parameters(ear: Ear, clause: Clause) -> Clause:
    """The clause with such words as parameters, where the effect that is spoken of has them."""
    fields = _settings(ear, clause)
    if not fields:
        return clause
    said = ear.context.lexicon.parameters
    names = {
        word.split()[0]: name for name in sorted(fields) for word in said.get(name, ())
    }  # "mix amount 20", "mix 20"
    names |= {word: name for name in fields for word in said.get(name, ())}
    tokens = list(clause.tokens)
    for index, token in enumerate(tokens):
        name = names.get(token.spelt) if token.role in _ALIKE else None
        if name is not None and _numbered(tokens, index):
            tokens[index] = replace(token, role="parameter", meaning=Meaning("parameter", name))
    return replace(clause, tokens=tuple(tokens))


def _settings(ear: Ear, clause: Clause) -> set[str]:
    """Of the effect in the clause, or of the one before it."""
    said = [token.subject for token in clause.tokens if token.role == "effect"]
    before = [intent.subject for intent in ear.intents if intent.operation == "effect"]
    spoken_of = next((name for name in (*said, *reversed(before)) if name in BY_NAME), None)
    return set(BY_NAME[spoken_of].model_fields) if spoken_of else set()


def _numbered(tokens: list[Token], index: int) -> bool:
    """Whether a number stands beside it, with no more than a little word between."""
    ahead = [token for token in tokens[index + 1 : index + 3] if token.role not in ("filler", "at")]
    near = [*ahead[:1], *tokens[max(0, index - 1) : index]]
    return any(token.role == "quantity" and token.unit in _OF_PARTS for token in near)
