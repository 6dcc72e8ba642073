"""Boom, mud, boxiness, harshness, thinness, dullness, resonances and sibilance: found where they are, and mended."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

import bridge
from bridge.analysis import analyze, findings
from bridge.analysis.finding import Finding
from bridge.audio import Audio
from tests.analysis import pieces
from tests.analysis.corpus import recordings
from tests.analysis.corpus.plants import PLANTS
from tests.analysis.corpus.tone import bell, shaped
from tests.real import must_have
from tests.signals import pink, rng, sine, white

TONES = {"boom", "mud", "boxy", "harsh", "thin", "dull", "resonance", "sibilance"}


def heard(audio: Audio) -> dict[str, Finding]:
    found = findings(analyze(audio, ("tempo", "key")))
    return {finding.code: finding for finding in found if finding.code in TONES}


@lru_cache(maxsize=4)
def music(seconds: float = 8.0, seed: int = 5) -> Audio:
    """Tones over noise that falls by 5 dB an octave as music does."""
    noise = pink(-20, seconds, seed=seed)
    fallen = shaped(noise, lambda hz: -2.0 * np.log2(np.maximum(hz, 100.0) / 100.0))
    played = pieces.progression(3, "minor", seed)
    tones = np.zeros_like(fallen.samples)
    length = min(tones.shape[1], played.frames)
    tones[:, :length] = 0.1 * played.samples[:, :length]
    return Audio(fallen.samples + tones, fallen.rate)


def test_noise_that_falls_as_music_does_has_the_tone_of_music():
    assert heard(music()) == {}


@pytest.mark.parametrize("code", ["boom", "mud", "boxy", "harsh", "thin", "dull", "resonance"])
def test_a_planted_fault_is_named_and_its_remedy_mends_it(code):
    spoilt = PLANTS[code](music(), np.random.default_rng(11))
    found = heard(spoilt)
    assert code in found
    outcome = bridge.plan(found[code].remedy.words, analyze(spoilt, ("tempo", "key")))
    mended = heard(bridge.render(spoilt, outcome.plan).audio)
    assert code not in mended or mended[code].value <= found[code].value - 3.0


@pytest.mark.parametrize(
    ("name", "hz", "q"),
    [("boom", 100, 1.5), ("mud", 270, 0.95), ("boxiness", 510, 1.2), ("harshness", 3350, 1.05)],
)
def test_a_bell_raises_its_reading_by_its_own_height(name, hz, q):
    plain, raised = (
        analyze(audio, ("tempo", "key", "resonance")).number(name)
        for audio in (music(), shaped(music(), bell(hz, 8.0, q)))
    )
    assert raised - plain == pytest.approx(8.0, abs=1.0)


def test_a_second_fault_hides_no_boom():
    """A blanket over a booming mix: both are named."""
    both = shaped(shaped(music(), bell(100, 12.0, 1.4)), lambda hz: -10 * np.log10(1 + (hz / 3000) ** 4))
    assert {"boom", "dull"} <= heard(both).keys()


@pytest.mark.parametrize(
    ("hz", "q", "gain_db"),
    [(430.0, 8.0, 12.0), (800.0, 5.0, 10.0), (1500.0, 30.0, 15.0), (4000.0, 12.0, 9.0)],
)
def test_a_resonance_is_read_with_its_frequency_q_and_level(hz, q, gain_db):
    spoilt = shaped(music(), bell(hz, gain_db, q))
    found = analyze(spoilt, ("tempo", "key")).curves["resonances"]
    assert len(found) == 1
    assert found[0]["frequency_hz"] == pytest.approx(hz, rel=0.02)
    assert 1 / 1.5 < found[0]["q"] / q < 1.5
    assert found[0]["level_db"] == pytest.approx(gain_db, abs=3.0)


def test_two_resonances_are_two():
    spoilt = shaped(shaped(music(), bell(600, 12, 10)), bell(2400, 13, 14))
    found = analyze(spoilt, ("tempo", "key")).curves["resonances"]
    assert sorted(one["frequency_hz"] for one in found) == pytest.approx([600, 2400], rel=0.02)


def test_a_held_tone_is_no_resonance():
    noise = music()
    tone = sine(437.0, -20, 8.0)
    assert "resonance" not in heard(Audio(noise.samples + tone.samples, noise.rate))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_notes_of_a_key_are_no_resonances(seed):
    mono = pieces.progression(seed, "major", seed)
    assert "resonance" not in heard(Audio(np.repeat(mono.samples, 2, axis=0), mono.rate))


def test_a_long_sound_is_heard_at_moments_all_over_it():
    """20 s: more frames than are kept, so that every second is."""
    spoilt = shaped(music(20.0), bell(1200, 12, 10))
    found = analyze(spoilt, ("tempo", "key")).curves["resonances"]
    assert [one["frequency_hz"] for one in found] == [pytest.approx(1200, rel=0.02)]


def _hats(seconds: float) -> Audio:
    """A voice's vowels under open and closed hats of white noise above 6 kHz, two a second."""
    frames = round(seconds * 48000)
    beat = np.arange(frames) / 48000 % 0.5
    hiss = shaped(Audio(white(-10, seconds).samples, 48000), lambda hz: -60.0 * (hz < 6000))
    vowel = sum(np.sin(2 * np.pi * 150 * k * np.arange(frames) / 48000) / k for k in range(1, 20))
    return Audio((hiss.samples * np.exp(-12 * beat) + 0.05 * vowel).astype(np.float32), 48000)


def test_hats_are_no_sibilance():
    assert "sibilance" not in heard(_hats(8.0))


def _spoken() -> Audio:
    must_have("alsa-utils and sonic-pi-samples", recordings.available())
    said = [recordings.at_speed(name, 48000, 1.0) for name in recordings.SAID]
    return Audio((0.5 * np.concatenate(said, axis=1)).astype(np.float32), 48000)


@pytest.mark.real
def test_plain_speech_is_not_sibilant():
    assert "sibilance" not in heard(_spoken())


@pytest.mark.real
def test_sharp_speech_is_sibilant_where_its_s_sounds_are_and_the_remedy_softens_them():
    """ "Side left", the third of the words, begins with the s that is heard best."""
    spoken = _spoken()
    sharp = shaped(spoken, bell(7000, 10, 1.2))
    analysis = analyze(sharp, ("tempo", "key"))
    found = heard(sharp)["sibilance"]
    side_s = sum(recordings.at_speed(name, 48000, 1.0).shape[1] for name in recordings.SAID[:2]) / 48000
    assert any(side_s - 0.1 <= at <= side_s + 0.5 for at in analysis.curves["defects"]["sibilance_s"])
    mended = bridge.render(sharp, bridge.plan(found.remedy.words, analysis).plan).audio
    after = analyze(mended, ("tempo", "key")).number("sibilance")
    assert after <= found.value - 3.0


@pytest.mark.real
def test_most_single_instruments_are_left_as_they_are():
    must_have("alsa-utils and sonic-pi-samples", recordings.available())
    names = (*recordings.BASSES, *recordings.CHORDS, *recordings.RIDES, *recordings.KICKS)
    named = [
        name
        for name in names
        if heard(Audio(recordings.at_speed(name, 44100, 1.0).astype(np.float32), 44100))
    ]
    assert len(named) <= len(names) // 4


@pytest.mark.real
def test_what_rings_in_an_instrument_alone_is_a_note_and_in_a_mix_a_warning():
    must_have("alsa-utils and sonic-pi-samples", recordings.available())
    guitar = Audio(recordings.at_speed("guit_harmonics", 44100, 1.0).astype(np.float32), 44100)
    assert heard(guitar)["resonance"].severity == "note"
    assert heard(shaped(music(), bell(700, 14, 8)))["resonance"].severity == "warning"


def test_short_sound_is_not_judged():
    short = shaped(pink(-20, 2.0), bell(250, 12, 1.0))
    assert heard(short) == {}


def test_random_cuts_into_blocks_change_no_resonance():
    from bridge.analysis import Analyzer

    spoilt = shaped(music(), bell(900, 12, 9))
    whole = analyze(spoilt, ("tempo", "key")).curves["resonances"]
    analyzer, generator, at = Analyzer(spoilt.rate, 2, ("tempo", "key")), rng(3), 0
    while at < spoilt.frames:
        step = int(generator.integers(1, 30000))
        analyzer.push(spoilt.samples[:, at : at + step])
        at += step
    assert analyzer.result().curves["resonances"] == whole
