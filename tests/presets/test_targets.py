"""The target files: enough of them, every number with its source, and genres that do not swallow words of taste."""

from __future__ import annotations

import math
import re
import tomllib

import pytest

from bridge.analysis.reading import Analysis
from bridge.analysis.target import Target
from bridge.bootstrap.planning import named_target
from bridge.errors import BadInput
from bridge.planning.planner import plan
from bridge.presets import data_folder, load_lexicon, load_targets
from tests.planning.casebook import outcome_of

TARGETS = load_targets()
FILES = sorted((data_folder() / "targets").glob("*.toml"))
GENRES = [target for target in TARGETS.values() if target.kind == "genre"]
SHAPED = [target for target in GENRES if target.spectrum]

TABLE_1 = {200: -2.350, 400: -3.668, 800: -4.985, 1600: -6.303, 3200: -7.621}
"""dB an octave of the mean spectrum of 12,345 tracks: Elowsson and Friberg 2017, table 1."""


def test_there_are_16_genres_and_12_platforms():
    assert len(GENRES) >= 16
    assert len(TARGETS) - len(GENRES) >= 12


def test_no_word_means_two_targets():
    words = [
        word.lower() for target in TARGETS.values() for word in {target.name.replace("_", " "), *target.words}
    ]
    assert sorted(set(words)) == sorted(words)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_number_says_its_own_source_and_date(path):
    data = tomllib.loads(path.read_text("utf-8"))
    for name, item in [
        *data["expects"].items(),
        *([("spectrum", data["spectrum"])] if "spectrum" in data else []),
    ]:
        assert len(item.get("source", "")) > 20, name
        assert re.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])", item.get("date", "")), name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_source_breaks_off_within_its_brackets(path):
    data = tomllib.loads(path.read_text("utf-8"))
    for source in (data["source"], *(item["source"] for item in data["expects"].values())):
        assert source.count("(") == source.count(")"), source


@pytest.mark.parametrize("target", GENRES, ids=lambda target: target.name)
def test_a_genre_expects_loudness_range_dynamics_and_a_ceiling(target):
    assert {"integrated_loudness", "true_peak", "loudness_range", "plr"} <= set(target.expects)
    assert target.spectrum or "spectral_tilt" in target.expects
    span = target.expects["integrated_loudness"]
    assert span.high - span.low >= 5, "a genre is a wide thing"


@pytest.mark.parametrize("target", SHAPED, ids=lambda target: target.name)
def test_the_curve_of_popular_music_falls_as_the_paper_says(target):
    """Third-octave levels less the width of the bands, over two octaves about each frequency of the table."""
    shape = target.spectrum.shape
    level = dict(zip(shape.centre_hz, shape.level_db, strict=True))

    def density(hz: float) -> float:
        nearest = min(level, key=lambda centre: abs(math.log(centre / hz)))
        return level[nearest] - 10 * math.log10(nearest)

    for hz, slope in TABLE_1.items():
        low, high = (min(level, key=lambda c, at=at: abs(math.log(c / at))) for at in (hz / 2, hz * 2))
        assert (density(high) - density(low)) / math.log2(high / low) == pytest.approx(slope, abs=0.1)


@pytest.mark.parametrize("words", ["pop", "ambient", "lo-fi", "drums and bass louder", "more metallic"])
def test_a_word_of_taste_stays_one_though_a_genre_is_called_so(words):
    outcome = outcome_of(words)
    assert "target" not in [intent.operation for intent in (outcome.plan.intents if outcome.plan else ())]


@pytest.mark.parametrize(
    ("words", "name"),
    [("like a jazz record", "jazz"), ("make it a techno master", "techno"), ("hip hop record", "hip_hop")],
)
def test_a_genre_is_asked_for_by_more_than_its_bare_word(words, name):
    outcome = outcome_of(words, "loud")
    told = [intent.subject for intent in outcome.plan.intents] if outcome.plan else []
    assert name in told or outcome.kind == "no_op"


def test_a_genre_brings_its_loudness_and_tells_what_else_is_missed():
    narrow = Analysis.from_readings(
        {"integrated_loudness": -8.0, "true_peak": 0.2, "side_to_mid": -40.0},
        rate=48000,
        channels=2,
        frames=480000,
    )
    outcome = plan("like a jazz record", narrow, lexicon=load_lexicon(), targets=TARGETS)
    settings = outcome.plan.steps[-1].parameters
    assert (settings["target_lufs"], settings["ceiling_dbtp"]) == (-9.5, -1.0)
    assert [text for text in outcome.warnings if text.endswith('Ask for: "wider".')]


@pytest.mark.parametrize(
    "spelt", ["hip_hop", "hip-hop", "Hip Hop", "rap", "Drum and Bass", "R&B", "EBU", " jazz "]
)
def test_a_target_is_named_however_it_is_spelt(spelt):
    assert isinstance(named_target(spelt, TARGETS), Target)


@pytest.mark.parametrize(
    ("wrong", "meant"), [("spotfy", "spotify"), ("tecno", "techno"), ("clasical", "classical")]
)
def test_a_misspelt_target_names_the_nearest_and_where_all_stand(wrong, meant):
    with pytest.raises(BadInput, match=f"Nearest: .*{meant}.*dawbridge targets"):
        named_target(wrong, TARGETS)


def test_a_broken_curve_is_named():
    data = {"title": "T", "kind": "genre", "source": "s", "date": "2026-01", "expects": {"rms": {"aim": -18}}}
    short, falling, whole = [[100, 0]], [[200, 0], [100, 1]], [[100, 0], [200, 1]]
    for spectrum in (
        {"points": short, "tolerance_db": 3},
        {"points": falling, "tolerance_db": 3},
        {"points": whole},
        {"points": whole, "tolerance_db": 3, "q": 1},
    ):
        with pytest.raises(BadInput, match="spectrum"):
            Target.from_dict("broken", data | {"spectrum": spectrum})
