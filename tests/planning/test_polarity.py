"""Words of taste do what they say: rendered and measured, more and less move the figure that each names in opposite
ways, and degrees grow. A sample here; all of them, on several sounds, in the long run and in tests/benchmarks."""

from __future__ import annotations

import pytest

from bridge.analysis.reading import Analysis
from bridge.planning.shows import Shows
from bridge.presets import load_lexicon
from tests.analysis.corpus import recordings
from tests.planning import polarity
from tests.real import must_have

NAMES = [descriptor.name for descriptor in load_lexicon().descriptors]
SAMPLE = (
    "warm", "bright", "airy", "present", "muddy", "boomy", "harsh", "thin", "fat", "punchy", "snappy", "dense", "roomy",
    "cavernous", "close", "telephone", "underwater", "lofi", "gritty", "steady",
)  # fmt: skip


def _must_hold(name: str, sound: str) -> None:
    must_have("alsa-utils and sonic-pi-samples", recordings.available())
    found = polarity.figures(name, sound)
    if found is not None:
        assert found.ok, found.line()


@pytest.mark.real
@pytest.mark.parametrize("name", SAMPLE)
def test_more_and_less_go_opposite_ways_and_degrees_grow(name):
    _must_hold(name, "loop_tabla")


@pytest.mark.real
@pytest.mark.parametrize("name", ["sibilant", "present", "roomy"])
def test_of_a_voice_too(name):
    _must_hold(name, "voice")


@pytest.mark.parametrize("name", ["narrow", "enveloping", "bright"])
def test_of_made_sound_too(name):
    found = polarity.figures(name, "synthetic")
    assert found is not None and found.ok, found


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_every_word_of_taste(name):
    _must_hold(name, "loop_tabla")


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_every_word_of_taste_on_a_song(name):
    _must_hold(name, "song 7")


@pytest.mark.real
@pytest.mark.parametrize("law", polarity.EFFECT_LAWS, ids=[law.word for law in polarity.EFFECT_LAWS])
def test_effects_by_name_grow_with_the_degree(law):
    """ "a bit more reverb" is less of it than "much more reverb"."""
    must_have("alsa-utils and sonic-pi-samples", recordings.available())
    moved = polarity.grown(law, load_lexicon())
    assert moved == sorted(moved) and moved[0] > 0 and moved[-1] > moved[0], moved


def _pauses(*rms: float) -> Analysis:
    return Analysis({}, 1000, 1, len(rms) * 85, {"waveform": {"rms_step_s": 0.085, "rms": list(rms)}})


def test_dips_are_the_mean_power_over_the_mean_of_the_levels():
    """Half the time at 1, half at 0.1 (-20 dB): 10 lg 0.505 - (-10) = 7.03 dB."""
    assert Shows(figure="dips").read(_pauses(1.0, 0.1, 1.0, 0.1)) == pytest.approx(7.03, abs=0.01)


def test_a_tail_behind_the_end_of_the_source_fills_no_pause():
    source, longer = _pauses(1.0, 0.1, 1.0, 0.1), _pauses(1.0, 0.1, 1.0, 0.1, 0.01, 0.001)
    assert Shows(figure="dips").moved(source, longer) == pytest.approx(0.0, abs=1e-9)


def test_a_sound_without_pauses_shows_no_room():
    assert Shows(figure="dips").moved(_pauses(1.0, 0.9), _pauses(1.0, 0.9)) is None


def _spectrum(**levels_db: float) -> Analysis:
    centres = {"low": 100.0, "mid": 1000.0, "high": 10000.0}
    return Analysis(
        {},
        curves={
            "spectrum": {
                "centre_hz": [centres[name] for name in levels_db],
                "level_db": list(levels_db.values()),
            }
        },
    )


def test_a_region_is_told_by_its_power_against_the_rest():
    """-3.01 dB of the power in the middle, the rest in two equal parts: 0 dB against both, 3.01 against one."""
    sound = _spectrum(low=-6.02, mid=-3.01, high=-6.02)
    assert Shows(band_hz=(500, 2000)).read(sound) == pytest.approx(0.0, abs=0.01)
    assert Shows(band_hz=(500, 2000), against_hz=(5000, 20000)).read(sound) == pytest.approx(3.01, abs=0.01)


def test_less_of_what_a_sign_turns_round_is_more_of_it():
    before, after = _spectrum(low=0.0, mid=-10.0), _spectrum(low=0.0, mid=-12.0)
    assert Shows(band_hz=(500, 2000), sign=-1).moved(before, after) == pytest.approx(2.0, abs=0.01)


@pytest.mark.parametrize("fields", [{}, {"metric": "rms", "figure": "dips"}, {"band_hz": (200, 100)}])
def test_a_figure_is_one_and_has_its_ends_in_order(fields):
    with pytest.raises(ValueError):
        Shows(**fields)
