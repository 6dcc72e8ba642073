"""What holds for any chain of effects, anywhere in their spans, over any sound that people have."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bridge.audio import Audio, Samples
from bridge.effects import BY_NAME
from bridge.errors import BadInput
from bridge.planning.plan import Plan, Step, Tail
from bridge.rendering import line, pipeline
from bridge.rendering.render import render, render_stream
from tests import signals
from tests.effects.drawing import OWN, steps
from tests.effects.judges import true_peak_dbtp

STREAMED = [kind for kind in OWN if not kind.retimes]

quick = settings(
    max_examples=6, derandomize=True, deadline=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
long = settings(quick, max_examples=40, derandomize=False, print_blob=True)


def square(seconds: float = 0.4, rate: int = 48000) -> Audio:
    wave = np.where(np.arange(round(seconds * rate)) // 120 % 2, 1.0, -1.0)
    return Audio(np.stack([wave, wave]).astype(np.float32), rate)


def denormal(seconds: float = 0.4) -> Audio:
    noise = signals.rng(3).standard_normal((2, round(seconds * 48000))) * 1e-41
    return Audio(noise.astype(np.float32), 48000)


SOUNDS = {
    "music": signals.music_like(0.5),
    "0.3 s": signals.music_like(0.3),
    "one sample": Audio(np.full((2, 1), 0.5, np.float32), 48000),
    "constant": Audio(np.full((2, 19200), 0.7, np.float32), 48000),
    "full-scale square": square(),
    "8 kHz": signals.music_like(0.4, 8000),
    "192 kHz": signals.music_like(0.15, 192000),
    "mono": signals.pink(-20, 0.4, channels=1),
    "5.1": signals.pink(-20, 0.3, channels=6),
    "denormals": denormal(),
    "silence": signals.silence(0.4),
}

SLOW_KINDS = (
    "pitch_corrector", "time_stretch", "pitch_shift", "enhancer", "saturation", "declick", "declip", "denoise",
    "multiband_compressor", "dehum",
)  # fmt: skip
"""Dearer than all others together; only the long runs draw them."""


def made(sound: Audio, chain_of: tuple[Step, ...], tail: str = "trim") -> tuple[Samples, int]:
    """What a chain makes of a sound, and how many frames were promised."""
    plan = Plan(steps=chain_of, tail=Tail.model_validate(tail)).with_id()
    blocks: list[Samples] = [np.zeros((sound.channels, 0), np.float32)]
    streamed = render_stream(sound, plan, blocks.append)
    return np.concatenate(blocks, axis=1), streamed.promised


def holds_for(sound: Audio, chain_of: tuple[Step, ...]) -> None:
    """Finite, of the right length and shape, silent for silence; the same bits each time and in blocks of any size."""
    out, promised = made(sound, chain_of)
    retimed = any(BY_NAME[step.effect].retimes for step in chain_of)
    assert out.shape == (sound.channels, promised if retimed else sound.frames)
    assert out.dtype == np.float32 and np.isfinite(out).all()
    if not sound.samples.any():
        assert not out.any()
    again, _ = made(sound, chain_of)
    assert np.array_equal(out, again)
    with pytest.MonkeyPatch.context() as patch:
        for module in (pipeline, line):
            patch.setattr(module, "BLOCK", 1013)
        assert np.array_equal(out, made(sound, chain_of)[0])


def kinds_of(wanted: bool) -> list[type]:
    return [kind for kind in OWN if wanted or kind.name not in SLOW_KINDS]


@pytest.mark.parametrize("name", SOUNDS)
@quick
@given(data=st.data())
def test_any_chain_gives_finite_sound_of_the_right_length_the_same_each_time(name, data):
    sound = SOUNDS[name]
    holds_for(sound, data.draw(steps(kinds_of(False), 4, sound.channels)))


@pytest.mark.slow
@pytest.mark.parametrize("name", SOUNDS)
@long
@given(data=st.data())
def test_any_long_chain_of_all_effects_does_so_too(name, data):
    sound = SOUNDS[name]
    holds_for(sound, data.draw(steps(kinds_of(True), 6, sound.channels)))


def keeps_its_ceiling(sound: Audio, chain_of: tuple[Step, ...], ceiling_dbtp: float, loud: bool) -> None:
    last = {"target_lufs": -9.0, "ceiling_dbtp": ceiling_dbtp} if loud else {"ceiling_dbtp": ceiling_dbtp}
    end = Step(id="last", effect="loudness" if loud else "limiter", parameters=last)
    out, _ = made(sound, (*chain_of, end))
    assert true_peak_dbtp(out) <= ceiling_dbtp + 0.05


@quick
@given(data=st.data())
def test_a_chain_that_ends_in_a_ceiling_keeps_it_at_16_times_the_rate(data):
    sound = data.draw(st.sampled_from([signals.music_like(0.5), square()]))
    chain_of = data.draw(steps([kind for kind in kinds_of(False) if not kind.retimes], 3))
    keeps_its_ceiling(sound, chain_of, data.draw(st.floats(-12, -0.1)), data.draw(st.booleans()))


@pytest.mark.slow
@long
@given(data=st.data())
def test_any_long_chain_that_ends_in_a_ceiling_keeps_it(data):
    sound = data.draw(st.sampled_from([signals.music_like(1.0), square(), signals.pink(-20, 0.5)]))
    keeps_its_ceiling(
        sound, data.draw(steps(OWN, 6)), data.draw(st.floats(-12, -0.1)), data.draw(st.booleans())
    )


PLAIN = [BY_NAME[name] for name in ("gain", "gate", "limiter", "fade", "channels", "tremolo", "align")]


@quick
@given(chain_of=steps(PLAIN, 6))
def test_a_chain_of_gains_gets_no_louder_than_its_gains_explain(chain_of):
    sound = square()
    out, _ = made(sound, tuple(step.model_copy(update={"part": "all"}) for step in chain_of))
    gains = sum(max(0.0, step.parameters.get("gain_db", 0.0)) for step in chain_of)
    assert 20 * np.log10(np.abs(out).max(initial=1e-9)) <= gains + 0.05


class Cut(Audio):
    """The same sound, read in blocks of random sizes."""

    def blocks(self, frames: int = 65536) -> Iterator[Samples]:
        sizes, at = signals.rng(9), 0
        while at < self.frames:
            size = int(sizes.integers(1, 5000))
            yield self.samples[:, at : at + size]
            at += size


@quick
@given(chain_of=steps(kinds_of(False), 5))
def test_how_a_source_is_cut_changes_no_bit_of_what_a_chain_makes(chain_of):
    sound = SOUNDS["music"]
    whole, _ = made(sound, chain_of)
    assert np.array_equal(whole, made(Cut(sound.samples, sound.rate), chain_of)[0])


@pytest.mark.parametrize("kind", OWN, ids=lambda kind: kind.name)
def test_a_sound_that_holds_no_number_is_refused_by_its_place_whatever_the_effect(kind):
    samples = signals.music_like(0.5).samples.copy()
    samples[1, 12000] = np.nan
    for wrong in (np.nan, np.inf):
        samples[1, 12000] = wrong
        plan = Plan(steps=(Step(id="s1", effect=kind.name, parameters=kind().parameters()),)).with_id()
        with pytest.raises(BadInput, match=r"not a number|finite"):
            render(Audio(samples, 48000), plan)


def test_tails_keep_what_a_chain_of_rooms_and_echoes_has_to_say():
    chain_of = (
        Step(id="a", effect="delay", parameters={"mix": 0.5}),
        Step(id="b", effect="reverb", parameters={"mix": 0.5}),
    )
    sound = SOUNDS["music"]
    kept, promised = made(sound, chain_of, "keep")
    cut, _ = made(sound, chain_of, "trim")
    assert kept.shape[1] == promised > sound.frames == cut.shape[1]
