"""French: how it is told from the other languages (the rest: test_foreign)."""

from __future__ import annotations

import pytest

from tests.planning.casebook import outcome_of


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("rends la voix plus chaude", "fr"),
        ("plus chaud et plus sombre", "fr"),
        ("plus de reverb sur les drums", "fr"),
        ("plus de punch", "fr"),
        ("un peu plus de presence sur le lead vocal", "fr"),
        ("moins sourd", "fr"),
        ("mach den Gesang wärmer", "de"),
        ("make the vocal warmer", "en"),
        ("cut the mids and boost the air", "en"),
        ("-14 LUFS", "en"),
    ],
)
def test_french_is_told_from_the_other_languages(words, language):
    assert outcome_of(words).plan.language == language


def test_where_two_languages_know_as_many_words_the_turn_before_decides():
    before = outcome_of("plus chaud").plan
    assert outcome_of("compression", previous=before).plan.language == "fr"
    assert outcome_of("compression").plan.language == "en"
