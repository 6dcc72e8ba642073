"""Whether words name a part of a song ("the chorus"), for which its form must be known: it is sought only then."""

from __future__ import annotations

from bridge.planning.clauses import split
from bridge.planning.hearing.kinds import as_effects
from bridge.planning.lexicon import Lexicon
from bridge.planning.listen import LONGEST
from bridge.planning.tokens import named_phrases, tokenise
from bridge.planning.tongues import Tongues, spoken


def names_a_part(words: str, usual: Lexicon, tongues: Tongues) -> bool:
    """In the language that the words are in. "Add chorus" names none."""
    if len(words) > LONGEST:
        return False
    tokens = tokenise(words, spoken(words, tongues, usual).lexicon, named_phrases(()))
    return any(token.role == "section" for clause in split(tokens) for token in as_effects(clause).tokens)
