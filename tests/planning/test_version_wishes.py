"""Words about the versions of a conversation, and words that only sound like it."""

from __future__ import annotations

import pytest

from bridge.planning.hearing.version import version_and_more, version_wish
from bridge.planning.version import VersionWish, Which
from bridge.presets import load_lexicon

NAMES = ("dark", "Big Room")


def heard(words: str) -> VersionWish | None:
    return version_wish(words, load_lexicon("en"), NAMES)


def going(**which: object) -> VersionWish:
    return VersionWish(do="go", which=Which.model_validate(which))


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        ("undo", going(back=1)),
        ("Undo that, please!", going(back=1)),
        ("undo twice", going(back=2)),
        ("undo the last two", going(back=2)),
        ("go back three steps", going(back=3)),
        ("redo", going(back=-1)),
        ("redo 2 times", going(back=-2)),
        ("go back to version 2", going(number=2)),
        ("back to v3", going(number=3)),
        ("Version 1 please", going(number=1)),
        ("I liked the second version", going(number=2)),
        ("use version 4 again", going(number=4)),
        ("go back to the original", going(number=0)),
        ("start over from the beginning", going(number=0)),
        ("go back to the previous version", going(back=1)),
        ("the latest version", going(newest=True)),
        ("go back to dark", going(name="dark")),
        ("go back to big room", going(name="Big Room")),
        ('go back to the version called "Sunday"', going(name="Sunday")),
        ("go back to the version before the delay", going(before="delay", topics=("effect:delay",))),
        ("take me back to before we added the reverb", going(before="reverb", topics=("effect:reverb",))),
        ("the version before version 3", going(number=2)),
        ("call this dark", VersionWish(do="name", name="dark")),
        ('name this version "Final Mix"', VersionWish(do="name", name="Final Mix")),
        ("list versions", VersionWish(do="list")),
        ("which versions are there?", VersionWish(do="list")),
        ("compare with version 2", VersionWish(do="compare", against=Which(number=2))),
        ("compare this with dark", VersionWish(do="compare", against=Which(name="dark"))),
        ("compare with the original", VersionWish(do="compare", against=Which(number=0))),
        ("compare version 1 and 3",
         VersionWish(do="compare", against=Which(number=1), which=Which(number=3))),
        ("A/B dark against version 2",
         VersionWish(do="compare", against=Which(name="dark"), which=Which(number=2))),
    ],
)  # fmt: skip
def test_these_words_speak_of_versions(words, wish):
    assert heard(words) == wish


def test_going_back_and_more_is_told_apart():
    lexicon = load_lexicon("en")
    two = ("go back to version 2", "make it brighter")
    assert version_and_more("go back to version 2 and make it brighter", lexicon) == two
    assert version_and_more("undo, please", lexicon) is None
    assert version_and_more("warmer and wider", lexicon) is None


@pytest.mark.parametrize(
    "words",
    [
        "", "make it dark", "darker", "go back to -14 LUFS", "take 3 dB off", "back off a bit", "more delay", "start",
        "use the compressor", "put the vocal back", "without the reverb", "no delay before the chorus", "step on it",
        "push the vocal back 2 dB", "undo the compression a bit", "halfway back", "even more", "compare",
        "version", "x" * 300, "undo " * 30, "go back to " + "very " * 40 + "dark",
    ],
)  # fmt: skip
def test_these_words_do_not(words):
    assert heard(words) is None
