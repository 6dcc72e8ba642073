"""Which stems are microphones of one source, how far apart they are, and with which polarity."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from bridge.analysis.together import Alignment, analyze_together
from bridge.audio import Audio
from tests import signals
from tests.analysis.together.miked import RATE, drums, late, plucked, sound, two_microphones
from tests.signals import rng


def aligned(first: Audio, second: Audio) -> Alignment:
    return analyze_together({"first": first, "second": second}).pairs[0].alignment


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("delay", [0.0, 0.3, 7.75, 96.5, 480.0, 960.0, -33.4])
def test_a_plain_delay_is_told_to_a_tenth_of_a_sample(delay, sign):
    source = plucked(1)
    found = aligned(sound(late(source, max(0.0, -delay))), sound(sign * 0.6 * late(source, max(0.0, delay))))
    assert found.related and found.inverted is (sign < 0)
    assert found.delay_samples == pytest.approx(delay, abs=0.1)
    assert found.delay_ms == pytest.approx(1000 * delay / RATE, abs=0.1 / 48)
    assert found.confidence > 0.5


def test_microphones_with_tone_noise_and_bleed_of_their_own_are_told_apart_by_polarity_and_delay():
    """0 to 20 ms; within 0.15 ms, since each filter adds some group delay of its own. 12 cases, one may miss."""
    generator = rng(2026)
    right = 0
    for case in range(12):
        source, neighbour = (
            (plucked, drums)[case % 2](100 + case, 4.0),
            (drums, plucked)[case % 2](200 + case, 4.0),
        )
        delay, sign = generator.uniform(0, 0.020) * RATE, int(generator.choice([-1, 1]))
        found = aligned(*two_microphones(source, neighbour, delay, sign, generator))
        right += (
            found.related
            and found.inverted is (sign < 0)
            and found.delay_samples is not None
            and abs(found.delay_samples - delay) <= 0.00015 * RATE
        )
    assert right >= 11


def test_separate_stems_are_unrelated():
    """Noise, plucked notes, drums on the same beat and tones: 66 pairs, at most 3 false alarms (5 %)."""
    stems = {
        **{f"plucked {seed}": sound(plucked(seed, 5.0)) for seed in range(4)},
        **{f"drums {seed}": sound(drums(seed + 50, 5.0)) for seed in range(3)},
        **{f"noise {seed}": signals.pink(-20, 5.0, channels=1, seed=seed) for seed in range(3)},
        "tone": signals.sine(440, -12, 5.0, channels=1),
        "other tone": signals.sine(523.25, -12, 5.0, channels=1, phase_deg=77),
    }
    pairs = analyze_together(stems).pairs
    false = [(pair.first, pair.second) for pair in pairs if pair.alignment.related]
    assert len(pairs) == len(list(combinations(stems, 2))) == 66 and len(false) <= 3, false


def test_one_tone_twice_is_no_proof():
    """A sine shifted by a whole period is itself again: no delay can be told."""
    found = aligned(
        signals.sine(440, -12, 5.0, channels=1), signals.sine(440, -12, 5.0, channels=1, phase_deg=90)
    )
    assert not found.related and found.delay_samples is None


def test_stems_that_never_sound_together_say_so():
    source = plucked(3, 4.0)
    rest = np.zeros_like(source)
    found = aligned(sound(np.concatenate([source, rest])), sound(np.concatenate([rest, source])))
    assert not found.related and "hardly sound at the same time" in (found.reason or "")


def test_a_rate_too_low_for_any_window_is_an_answer_and_no_error():
    noise = Audio(rng(3).normal(0, 0.1, (1, 8000)).astype(np.float32), 400)
    assert not aligned(noise, noise).related


def test_an_offset_in_the_song_is_taken_into_account():
    """The second file begins one second into the song and holds the same moment."""
    source = plucked(4)
    heard = analyze_together(
        {"whole": sound(source), "later": sound(late(source, 12.5)[RATE:])}, offsets_s={"later": 1.0}
    )
    assert heard.pairs[0].alignment.delay_samples == pytest.approx(12.5, abs=0.1)


def test_the_finding_says_who_is_late_and_what_to_do():
    source = plucked(5)
    heard = analyze_together({"close": sound(source), "room": sound(-0.5 * late(source, 240.0))})
    (finding,) = [item for item in heard.findings if item.code == "double_miked"]
    assert finding.severity == "warning" and finding.value == pytest.approx(5.0, abs=0.01)
    assert "room comes 5.00 ms (240.0 samples) after close, with opposite polarity" in finding.sentence
    assert finding.stems == ("close", "room")
    assert not [item for item in heard.findings if item.code == "masking"]


def test_microphones_at_one_place_are_no_fault():
    source = plucked(6)
    heard = analyze_together({"left": sound(source), "right": sound(0.7 * source)})
    assert heard.pairs[0].alignment.related and not heard.findings
