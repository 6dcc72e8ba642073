"""Doubt: readings that are a guess, and when a guess is not worth showing as a figure."""

from __future__ import annotations

from bridge.analysis.reading import Analysis

CONFIDENCE_OF = {"tempo": "tempo_confidence", "key": "key_confidence"}
"""Reading -> the reading (0 to 1) that says how sure it is."""

SURE = 0.4
"""Below it another tempo or key is about as likely; own judgement."""


def is_guess(name: str, confidence: float | None) -> bool:
    """Whether people should see this reading as a question. Without a confidence nothing is doubted."""
    return name in CONFIDENCE_OF and confidence is not None and confidence < SURE


def guessed(analysis: Analysis, name: str) -> bool:
    """The same of a whole analysis."""
    return is_guess(name, analysis.number(CONFIDENCE_OF.get(name, name)))
