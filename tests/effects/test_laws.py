"""What holds for every effect: one that is listed is tested the moment it is listed."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bridge.audio import Audio
from bridge.effects import BY_NAME, EFFECTS
from bridge.effects.effect import STAGES, Effect
from bridge.effects.equalizer import Band
from bridge.effects.quantity import quantity_of
from bridge.planning.plan import Plan, Step
from tests import signals
from tests.effects.drawing import OWN, UNDRAWN, any_effect, drawn, drawn_fields, length
from tests.effects.streams import through

few = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def every_own(test):
    return pytest.mark.parametrize("kind", OWN, ids=lambda kind: kind.name)(test)


def made(effect: Effect, audio: Audio, cuts: list[int] | None = None) -> np.ndarray:
    processor = effect.processor(audio.rate, audio.channels, audio if effect.hears_first else None)
    return through(processor, audio.samples, cuts)


def test_every_field_of_every_effect_is_drawn():
    """A field that nothing draws is tested nowhere: `drawn_fields` fails for it by its name."""
    for kind in OWN:
        assert set(drawn_fields(kind)) == set(kind.model_fields) - set(UNDRAWN), kind.name


def test_the_registry_stands_in_the_order_of_a_chain():
    stages = [STAGES.index(kind.stage) for kind in EFFECTS]
    assert stages == sorted(stages) and list(BY_NAME) == [kind.name for kind in EFFECTS]


@pytest.mark.parametrize("kind", EFFECTS, ids=lambda kind: kind.name)
def test_an_effect_lives_in_the_file_of_its_name_and_says_what_it_is(kind):
    assert kind.__module__ == f"bridge.effects.{kind.name}"
    assert kind.title and kind.words and kind.__doc__
    assert all(word == word.lower() for word in kind.words)


def test_no_two_effects_answer_to_the_same_word():
    words = [word for kind in EFFECTS for word in kind.words]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("kind", [*EFFECTS, Band], ids=lambda kind: kind.__name__)
def test_every_number_has_a_unit_a_span_and_a_sentence_in_the_schema(kind):
    schema = kind.model_json_schema(by_alias=True)["properties"]
    for name, info in kind.model_fields.items():
        found = quantity_of(info)
        if found is None:
            continue
        assert found.low < found.high and len(found.sentence) > 5
        assert schema[name]["unit"] == found.unit and schema[name]["description"] == found.sentence
        low, high = found.soft_low, found.soft_high
        assert low is None or (high is not None and found.low <= low < high <= found.high)
        default = info.default
        assert default is None or not isinstance(default, float) or found.low <= default <= found.high


@every_own
def test_a_number_that_is_not_finite_or_out_of_its_span_is_refused(kind):
    for name, item in kind.quantities().items():
        for bad in (float("nan"), float("inf"), item.high + 1, item.low - 1):
            with pytest.raises(ValidationError):
                kind(**{name: bad})


@few
@given(any_effect)
def test_a_step_survives_json(effect):
    plan = Plan(steps=(Step(id="s1", effect=effect.name, parameters=effect.parameters()),)).with_id()
    again = Plan.model_validate(json.loads(json.dumps(plan.to_json())))
    assert again == plan and again.with_id().id == plan.id
    assert BY_NAME[effect.name].model_validate(again.steps[0].parameters) == effect
    assert effect.describe()


@every_own
@few
@given(data=st.data())
def test_at_every_corner_sound_stays_finite_and_comes_out_whole(kind, data):
    effect = data.draw(drawn(kind))
    rate = data.draw(st.sampled_from([8000, 44100, 48000, 192000]))
    channels = data.draw(st.sampled_from([1, 2, 6]))
    audio = signals.white(-12, 0.45, rate, channels)
    processor = effect.processor(rate, channels, audio if effect.hears_first else None)
    out = through(processor, audio.samples)
    assert out.shape == (channels, length(effect, audio) + processor.latency_frames)
    assert out.dtype == np.float32 and np.isfinite(out).all()
    assert np.abs(out).max() > 0 or kind.name in (
        "align",
        "gate",
        "equalizer",
        "reverb",
        "delay",
        "stereo_width",
    )


@every_own
@few
@given(data=st.data())
def test_silence_stays_silence(kind, data):
    effect = data.draw(drawn(kind))
    assert not made(effect, signals.silence(0.5)).any()


@every_own
@few
@given(data=st.data())
def test_how_a_stream_is_cut_changes_no_bit(kind, data):
    effect = data.draw(drawn(kind))
    audio = signals.music_like(0.6, data.draw(st.sampled_from([8000, 48000])))
    cuts = data.draw(st.lists(st.integers(1, 9000), min_size=1, max_size=4).filter(lambda c: sum(c) > 200))
    assert np.array_equal(made(effect, audio), made(effect, audio, cuts))


@every_own
@pytest.mark.parametrize("frames", [0, 1, 2, 50])
def test_a_sound_of_hardly_any_frames_passes(kind, frames):
    audio = Audio(np.full((2, frames), 0.5, np.float32), 48000)
    processor = kind().processor(48000, 2, audio if kind.needs_sound else None)
    out = through(processor, audio.samples)
    assert out.shape == (2, length(kind(), audio) + processor.latency_frames) and np.isfinite(out).all()


@every_own
def test_its_own_judgement_is_valid_or_nothing_and_none_for_silence(kind):
    from bridge.analysis import analyze

    for audio in (signals.music_like(4.0), signals.pink(-30, 4.0), signals.sine(100, -3, 4.0, channels=1)):
        for amount in (0.3, 1.0, 2.0):
            found = kind.auto(analyze(audio, without=("tempo", "key")), amount)
            assert found is None or kind.model_validate(found.parameters()) == found
    assert kind.auto(analyze(signals.silence(2.0), without=("tempo", "key"))) is None


def test_listing_the_effects_loads_no_signal_processing():
    program = (
        "import sys, bridge.effects; "
        "print([name for name in ('scipy', 'pedalboard', 'soundfile', 'librosa') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
