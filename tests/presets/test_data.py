"""Every data file loads, and means something to the planner."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import pytest

from bridge.analysis.metrics import unit_of
from bridge.effects import BY_NAME
from bridge.errors import BadInput
from bridge.planning.lexicon import Lexicon
from bridge.planning.normalise import normalise
from bridge.planning.planner import plan
from bridge.presets import data_folder, languages, load_chains, load_lexicon, load_targets
from tests.planning.casebook import SOUNDS, outcome_of

CHAINS, TARGETS = load_chains(), load_targets()


def test_every_descriptor_names_effects_parameters_and_metrics_that_exist():
    for descriptor in load_lexicon().descriptors:
        assert descriptor.words or descriptor.faults or descriptor.inverse, descriptor.name
        assert descriptor.explains and descriptor.shows_in, descriptor.name
        if descriptor.shows_in.metric:
            unit_of(descriptor.shows_in.metric)
        if descriptor.measure:
            unit_of(descriptor.measure.metric)
            assert descriptor.measure.low != descriptor.measure.high
        for move in (*descriptor.more, *descriptor.less):
            known = _band_fields() if move.effect == "equalizer" else set(BY_NAME[move.effect].model_fields)
            assert set(move.parameters) <= known, descriptor.name


def test_there_are_at_least_150_words_of_taste():
    assert len(load_lexicon().descriptors) >= 150


def _band_fields() -> set[str]:
    from bridge.effects.equalizer import Band

    return set(Band.model_fields)


def _meanings(lexicon: Lexicon) -> dict[tuple[str, ...], list[tuple[str, str, int]]]:
    found: dict[tuple[str, ...], list[tuple[str, str, int]]] = {}
    for descriptor in lexicon.descriptors:
        for phrase, meaning in descriptor.phrases():
            found.setdefault(tuple(normalise(phrase).split()), []).append(
                (descriptor.name, phrase, meaning.sign)
            )
    return found


@pytest.mark.parametrize("language", languages())
def test_no_word_of_taste_belongs_to_two_descriptors(language):
    double = {words: owners for words, owners in _meanings(load_lexicon(language)).items() if len(owners) > 1}
    assert not double


def _spectral() -> list[str]:
    """Descriptors that the equalizer has a part in, both ways."""
    return [
        d.name
        for d in load_lexicon().descriptors
        if all(_equalizes(moves) for moves in (d.more, d.less or d.more))
    ]


def _equalizes(moves) -> bool:
    return any(
        "gain_db" in move.parameters or move.kind == "high_pass"
        for move in moves
        if move.effect == "equalizer"
    )


def test_what_is_no_matter_of_the_spectrum_moves_something_else():
    """Their two ways differ: wider against narrower, reverb against a gate, saturation against a softer top; and what
    is of hits and of s sounds (snap, sustain, sibilance) is a matter of time."""
    rest = [d for d in load_lexicon().descriptors if d.name not in _spectral()]
    assert len(rest) < len(_spectral()) / 4
    for descriptor in rest:
        assert descriptor.less and descriptor.less != descriptor.more
    narrow, wide = (
        outcome_of(words).plan.steps[0].parameters["width"] for words in ("narrower", "immersive")
    )
    assert narrow < 1 < wide


@pytest.mark.parametrize("name", _spectral())
@pytest.mark.parametrize("sound", ["song"])
def test_more_and_less_of_a_word_move_the_curve_in_opposite_ways(name, sound):
    """Each descriptor: the response at its own frequencies is pushed one way by more and the other way by less."""
    descriptor = load_lexicon().descriptor(name)
    assert descriptor is not None
    more, less = _curve(descriptor, 1.0, sound), _curve(descriptor, -1.0, sound)
    assert sum(a * b for a, b in zip(more, less, strict=True)) < 0


def _curve(descriptor, amount: float, sound: str) -> list[float]:
    """Response in dB at third octaves of the equalizer that the builder makes, from the effect's own filters."""
    from scipy.signal import sosfreqz

    from bridge.effects.equalizer import Equalizer, sections
    from bridge.planning.build import build
    from bridge.planning.context import Context
    from bridge.planning.intent import Heard, Intent

    intent = Intent(operation="descriptor", subject=descriptor.name, amount=amount, words=descriptor.name)
    outcome = build(
        Heard(intents=(intent,)), Context({"input": SOUNDS[sound]}, load_lexicon()), descriptor.name
    )
    steps = [step for step in outcome.plan.steps if step.effect == "equalizer"] if outcome.plan else []
    rows = [
        row for step in steps for band in Equalizer(**step.parameters).bands for row in sections(band, 48000)
    ]
    if not rows:
        return []
    frequencies = [1000 * 2 ** (i / 3) for i in range(-16, 13)]
    _, response = sosfreqz(rows, frequencies, fs=48000)
    return [20 * math.log10(max(abs(value), 1e-6)) for value in response]


@pytest.mark.parametrize("name", _spectral())
def test_a_touch_plain_and_much_grow(name):
    descriptor = load_lexicon().descriptor(name)
    sizes = [sum(abs(value) for value in _curve(descriptor, amount, "song")) for amount in (0.4, 1.0, 1.6)]
    assert sizes[0] <= sizes[1] <= sizes[2]
    assert sizes[0] < sizes[2] or _only_passes(descriptor.more)


def _only_passes(moves) -> bool:
    """A pass has no gain to grow with the degree; other effects of the same word do."""
    return all(move.kind in ("high_pass", "low_pass") for move in moves if move.effect == "equalizer")


@pytest.mark.parametrize("name", CHAINS)
def test_every_chain_gives_a_plan_by_its_name_and_its_words(name):
    chain = CHAINS[name]
    assert chain.title and chain.explains
    for words in (name, name.replace("_", "-"), name.replace("_", " "), *chain.words):
        outcome = outcome_of(words)
        assert outcome.plan is not None and outcome.plan.steps, words
        assert any(
            intent.operation == "chain" and intent.subject == name for intent in outcome.plan.intents
        ), words


@pytest.mark.parametrize("name", CHAINS)
@pytest.mark.parametrize("sound", ["song", "loud", "bright", "mono"])
def test_a_chain_listens_to_the_sound(name, sound):
    outcome = outcome_of(CHAINS[name].words[0], sound)
    assert outcome.plan is not None
    for step in outcome.plan.steps:
        BY_NAME[step.effect].model_validate(step.parameters)


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_is_reached_by_its_file_name(name):
    assert outcome_of(name).kind in ("plan", "no_op")


@pytest.mark.parametrize("name", TARGETS)
def test_every_target_with_a_loudness_is_reached_by_its_name(name):
    target = TARGETS[name]
    outcome = plan("warmer", SOUNDS["song"], lexicon=load_lexicon(), targets=TARGETS, target=target)
    assert outcome.plan is not None
    span = target.expects.get("integrated_loudness")
    if span is None:
        return
    levels = [step.parameters["target_lufs"] for step in outcome.plan.steps if step.effect == "loudness"]
    assert all(span.holds(level) for level in levels)
    assert levels or span.holds(SOUNDS["song"].number("integrated_loudness"))


def test_the_data_folder_is_the_checkout_s():
    assert (data_folder() / "lexicon" / "en.toml").is_file()


def _with_language(folder: Path, name: str, words: str) -> Path:
    shutil.copytree(data_folder() / "lexicon", folder / "lexicon")
    (folder / "lexicon" / f"{name}.toml").write_text(words, encoding="utf-8")
    return folder


_ITALIAN = """
language = "it"
name = "Italiano"
roles = { more = ["più"] }
degrees = { "un po'" = 0.5 }
areas = { bass = ["bassi"] }
[descriptors.warm]
words = ["caldo"]
[impossible.dereverb]
words = ["senza riverbero"]
[concepts.lufs]
words = ["lufs"]
"""


def test_a_language_is_a_file_of_words_beside_the_meanings(tmp_path: Path):
    folder = _with_language(tmp_path, "it", _ITALIAN)
    assert set(languages(folder)) == {*languages(), "it"}
    italian, english = load_lexicon("it", folder), load_lexicon("en", folder)
    warm, warm_in_english = italian.descriptor("warm"), english.descriptor("warm")
    assert warm is not None and warm_in_english is not None
    assert warm.words == ("caldo",) and warm.more == warm_in_english.more
    bass = italian.area("bass")
    assert bass is not None and bass.words == ("bassi",) and bass.frequency_hz == 110
    assert italian.concepts[0].metric == "integrated_loudness"


def test_a_sentence_that_a_language_has_not_is_the_english_one(tmp_path: Path):
    folder = _with_language(tmp_path, "it", _ITALIAN)
    italian, english = load_lexicon("it", folder), load_lexicon("en", folder)
    wish = italian.impossible_wish("dereverb")
    assert wish.sentence == english.impossible_wish("dereverb").sentence
    assert wish.words == ("senza riverbero",)


def test_a_word_of_taste_without_a_meaning_is_named(tmp_path: Path):
    folder = _with_language(tmp_path, "it", _ITALIAN + '[descriptors.wurm]\nwords = ["verme"]\n')
    with pytest.raises(BadInput, match=r"it\.toml: descriptors\.wurm"):
        load_lexicon("it", folder)


def test_a_broken_meaning_is_named(tmp_path: Path):
    folder = _with_language(tmp_path, "meanings", '[[descriptors]]\nname = "odd"\nmore = [{ effect = 3 }]\n')
    with pytest.raises(BadInput, match=r"meanings\.toml: descriptors\.0\.more"):
        load_lexicon("en", folder)


@pytest.mark.parametrize(
    ("text", "said"),
    [("language = ", "en.toml"), ("language = 'en'\nname = 'x'\nroles = 3\ndegrees = {}", "roles")],
)
def test_a_broken_lexicon_is_named(tmp_path: Path, text: str, said: str):
    (tmp_path / "lexicon").mkdir()
    shutil.copy(data_folder() / "lexicon" / "meanings.toml", tmp_path / "lexicon")
    (tmp_path / "lexicon" / "en.toml").write_text(text)
    with pytest.raises(BadInput, match=said):
        load_lexicon("en", tmp_path)


@pytest.mark.parametrize("language", ["xx", "../../etc/passwd", ""])
def test_a_language_that_is_not_there_is_named(language):
    with pytest.raises(BadInput, match="no lexicon"):
        load_lexicon(language)


def test_a_broken_chain_is_named(tmp_path: Path):
    (tmp_path / "chains").mkdir()
    (tmp_path / "chains" / "odd.toml").write_text("title = 'Odd'\n[[intents]]\noperation = 'explode'\n")
    with pytest.raises(BadInput, match="Chain odd"):
        load_chains(tmp_path)
