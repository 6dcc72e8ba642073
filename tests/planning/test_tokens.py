"""Numbers and units as people write them."""

from __future__ import annotations

import pytest

from bridge.planning.normalise import normalise
from bridge.planning.tokens import named_phrases, tokenise
from bridge.presets import load_lexicon


def quantities(words: str) -> list[tuple[float, str]]:
    tokens = tokenise(words, load_lexicon(), named_phrases(()))
    return [(token.middle, token.unit) for token in tokens if token.role == "quantity"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("3dB", [(3, "db")]),
        ("-3.5 dB", [(-3.5, "db")]),
        ("−3,5 dB", [(-3.5, "db")]),
        ("+.5 dB", [(0.5, "db")]),
        ("8k", [(8000, "hz")]),
        ("2.5khz", [(2500, "hz")]),
        ("1,000 Hz", [(1000, "hz")]),
        ("1,5 kHz", [(1500, "hz")]),
        ("-14LUFS", [(-14, "lufs")]),
        ("-1 dB TP", [(-1, "dbtp")]),
        ("-18 dB FS", [(-18, "dbfs")]),
        ("4:1", [(4, ":1")]),
        ("2.5 : 1", [(2.5, ":1")]),
        ("4 to 1", [(4, ":1")]),
        ("three to one", [(3, ":1")]),
        ("1:05", [(65, "time")]),
        ("12 dB/oct", [(12, "db_oct")]),
        ("24 db per octave", [(24, "db_oct")]),
        ("2 to 4 dB", [(3, "db")]),
        ("200-800 Hz", [(400, "hz")]),
        ("200–800 Hz", [(400, "hz")]),
        ("1 to 4k", [(2000, "hz")]),
        ("-2 to -4 dB", [(-3, "db")]),
        ("30%", [(30, "%")]),
        ("minus fourteen lufs", [(-14, "lufs")]),
        ("a couple of dB", [(2, "db")]),
        ("half a dB", [(0.5, "db")]),
        ("two hundred Hz", [(200, "hz")]),
        ("twenty five ms", [(25, "ms")]),
        ("1.5 s", [(1.5, "s")]),
        ("this one", []),
        ("250 and 500 Hz", [(250, "hz"), (500, "hz")]),
        ("9" * 400 + " dB", [(1e12, "db")]),
    ],
)
def test_a_quantity_is_read(words, found):
    assert quantities(words) == [(pytest.approx(value), unit) for value, unit in found]


@pytest.mark.parametrize(
    ("words", "plain"),
    [
        ("High-Pass", "high pass"),
        ("ＷＡＲＭＥＲ", "warmer"),
        ("don’t", "don't"),
        ("war\u200bmer", "warmer"),
        ("a\x00b\tc", "a b c"),
        ("−14", "-14"),
        ("warmer \x1b[31mred\x07 -16 LUFS\x1b[0m", "warmer red -16 lufs"),
    ],
)
def test_words_come_to_one_spelling(words, plain):
    assert normalise(words) == plain


@pytest.mark.parametrize(
    ("typed", "meant"), [("brigther", "bright"), ("hrash", "harsh"), ("warmr", "warm"), ("muddyy", "muddy")]
)
def test_one_slip_is_mended_against_the_lexicon(typed, meant):
    token = tokenise(typed, load_lexicon(), named_phrases(()))[0]
    assert (token.role, token.subject) == ("descriptor", meant)


@pytest.mark.parametrize("typed", ["vocls", "cat", "zamcom", "wxrmxr"])
def test_names_short_words_and_two_slips_are_not_mended(typed):
    token = tokenise(typed, load_lexicon(), named_phrases((("vocalist", "place", "vocalist"),)))[0]
    assert token.role in ("unknown", "sound")
