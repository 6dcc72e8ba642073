"""Which stem hides which, in which band, when, and what would help."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.signal import resample_poly

from bridge.analysis.together import Together, analyze_together
from bridge.audio import Audio
from bridge.errors import BadInput
from tests import signals
from tests.signals import rng

RATE = 48000


def band(low_hz: float, high_hz: float, level_dbfs_rms: float, seconds: float, seed: int) -> np.ndarray:
    """Noise between two frequencies and nowhere else [shape=(frames,)]."""
    frames = round(seconds * RATE)
    spectrum = np.fft.rfft(rng(seed).standard_normal(frames))
    hz = np.fft.rfftfreq(frames, 1 / RATE)
    noise = np.fft.irfft(np.where((hz >= low_hz) & (hz < high_hz), spectrum, 0), frames)
    return noise / np.sqrt(np.mean(noise**2)) * 10 ** (level_dbfs_rms / 20)


def mono(wave: np.ndarray) -> Audio:
    return Audio(wave[None].astype(np.float32), RATE)


def bands(low_hz: float, high_hz: float, heard: Together, masked: str, masker: str) -> list[float]:
    """Shares hidden in the Bark bands between two edges."""
    (one,) = [m for m in heard.pair(masked, masker).masking if m.masked == masked]
    return [item.hidden for item in one.bands if item.low_hz >= low_hz and item.high_hz <= high_hz]


def vocals_and_guitars() -> Together:
    """Guitars 15 dB over the vocals from 2 to 3.15 kHz, and 30 dB below them elsewhere, from 8 to 14 s of 20."""
    seconds = 20.0
    vocals = band(200, 5300, -20, seconds, 1)
    share = (3110 - 2040) / (5300 - 200)
    inside = band(2040, 3110, -20 + 10 * np.log10(share) + 15, seconds, 2)
    gate = np.zeros(vocals.size)
    gate[8 * RATE : 14 * RATE] = 1.0
    return analyze_together(
        {"vocals": mono(vocals), "guitars": mono(inside * gate + band(200, 5300, -60, seconds, 3))}
    )


@pytest.fixture(scope="module")
def hidden_vocals() -> Together:
    return vocals_and_guitars()


def test_vocals_under_guitars_are_hidden_where_and_when_they_are(hidden_vocals):
    (finding,) = hidden_vocals.findings
    assert finding.code == "masking" and finding.stems == ("vocals", "guitars") and finding.where == "guitars"
    # 15 dB reach one band beyond each edge: the neighbours' excitation lies 4 dB (above) and 8 dB (below) down.
    assert finding.sentence.startswith("vocals masked by guitars, 1.7-3.7 kHz, ")
    assert finding.at_s == pytest.approx(8.0, abs=0.2)
    (one,) = [m for m in hidden_vocals.pairs[0].masking if m.masked == "vocals"]
    from bridge.analysis.together.spots import spots

    (start, end), *_ = spots(one)[0].stretches_s
    assert (start, end) == (pytest.approx(8.0, abs=0.2), pytest.approx(14.0, abs=0.2))
    assert spots(one)[0].excess_db == pytest.approx(15.0, abs=1.5)


def test_guitars_hardly_suffer_from_the_vocals(hidden_vocals):
    vocals, _ = hidden_vocals.pairs[0].masking
    assert vocals.lost > 0.05 and bands(2000, 3150, hidden_vocals, "vocals", "guitars") == pytest.approx(
        [1.0] * 3, abs=0.1
    )
    assert bands(2000, 3150, hidden_vocals, "guitars", "vocals") == pytest.approx([0.0] * 3, abs=0.05)


def test_the_remedy_is_understood_by_the_planner(hidden_vocals, tmp_path):
    from bridge.analysis.reading import Analysis
    from bridge.bootstrap.planning import plan_words
    from bridge.config import load

    (finding,) = hidden_vocals.findings
    settings = load({"state": str(tmp_path)}, env={}).settings
    analysis = Analysis.from_readings({"integrated_loudness": -20.0, "rms": -22.0}, RATE, 2, 480000)
    outcome = plan_words(finding.remedy.words, {finding.where: analysis}, settings, planner="offline")
    (step,) = outcome.plan.steps
    assert (step.effect, step.where, outcome.unsupported) == ("equalizer", "guitars", ())
    (asked,), (planned,) = finding.remedy.parameters["bands"], step.parameters["bands"]
    assert {key: planned[key] for key in asked} == asked
    assert -4.0 <= asked["gain_db"] < 0 and 2000 < asked["frequency_hz"] < 3150


@pytest.mark.parametrize(
    ("name", "words"),
    [("bass_voxy_c", "4 dB quieter"), ("vocals", "2.5 dB louder"), ("gtr_L-02", "1.5 dB quieter")],
)
def test_the_other_remedies_are_understood_too(name, words, tmp_path):
    from bridge.analysis.reading import Analysis
    from bridge.bootstrap.planning import plan_words
    from bridge.config import load

    settings = load({"state": str(tmp_path)}, env={}).settings
    analysis = Analysis.from_readings({"integrated_loudness": -20.0, "rms": -22.0}, RATE, 2, 480000)
    outcome = plan_words(words, {name: analysis}, settings, planner="offline")
    (step,) = outcome.plan.steps
    assert (step.effect, step.where, outcome.unsupported) == ("gain", name, ())
    asked = float(words.split()[-3]) * (1 if "louder" in words else -1)
    assert step.parameters["gain_db"] == pytest.approx(asked)


def test_stems_in_bands_of_their_own_hide_nothing():
    heard = analyze_together(
        {"bass": mono(band(40, 200, -18, 6.0, 5)), "hat": mono(band(7000, 15000, -24, 6.0, 6))}
    )
    assert heard.findings == () and all(one.lost == 0 for one in heard.pairs[0].masking)


def test_equal_levels_in_one_band_are_shared_and_not_hidden():
    one, other = (mono(band(500, 2000, -20, 6.0, seed)) for seed in (7, 8))
    masking = analyze_together({"one": one, "other": other}).pairs[0].masking[0]
    inside = [item for item in masking.bands if item.low_hz >= 510 and item.high_hz <= 2000]
    assert all(item.shared > 0.75 and item.hidden < 0.2 for item in inside)


def test_masking_spreads_upwards_more_than_downwards():
    """Schroeder, Atal and Hall 1979: a masker 3 Bark below brings -21 dB, one 3 Bark above -51 dB."""
    low, high = (mono(band(*edges, -30, 6.0, 9)) for edges in ((920, 1080), (1480, 1720)))
    loud_low, loud_high = (mono(band(*edges, 0, 6.0, 10)) for edges in ((920, 1080), (1480, 1720)))
    up = analyze_together({"soft": high, "loud": loud_low})
    down = analyze_together({"soft": low, "loud": loud_high})
    assert bands(1480, 1720, up, "soft", "loud") == pytest.approx([1.0], abs=0.1)
    assert bands(920, 1080, down, "soft", "loud") == [0.0]


def test_many_small_maskers_are_blamed_together():
    """Three stems each 2 dB over the fourth: none hides it (6 dB), all three together do."""
    maskers = {f"m{n}": mono(band(200, 5300, -18, 8.0, 20 + n)) for n in range(3)}
    heard = analyze_together({"vocals": mono(band(200, 5300, -20, 8.0, 30)), **maskers})
    (against,) = [one for one in heard.against_others if one.masked == "vocals"]
    assert max(one.lost for pair in heard.pairs for one in pair.masking) < 0.2 < against.lost
    assert any(item.stems == ("vocals", "the others") for item in heard.findings)


def test_the_cut_of_the_blocks_changes_nothing():
    class Cut:
        def __init__(self, audio, size):
            self.audio, self.size, self.rate, self.channels = audio, size, audio.rate, audio.channels

        def blocks(self, frames=65536):
            yield from self.audio.blocks(self.size)

    stems = {"one": signals.music_like(5.3), "two": signals.pink(-25, 4.1, channels=1)}
    whole = analyze_together(stems).to_json()
    for size in (999, 65536):
        assert analyze_together({name: Cut(audio, size) for name, audio in stems.items()}).to_json() == whole


@pytest.mark.parametrize(
    "audio",
    [
        signals.silence(3.0),
        Audio(np.zeros((1, 0), np.float32), RATE),
        Audio(np.ones((1, 1), np.float32), RATE),
        Audio(np.full((2, 5 * RATE), np.nan, np.float32), RATE),
        Audio(np.full((33, 30000), 0.5, np.float32), RATE),
        signals.white(-20, 0.1),
    ],
)
def test_odd_stems_are_measured_without_a_fuss(audio):
    heard = analyze_together({"odd": audio, "music": signals.music_like(3.0), "more": signals.pink(-20, 2.0)})
    json.dumps(heard.to_json(), allow_nan=False)


def test_a_stem_of_another_rate_hides_as_much_as_at_the_same_rate():
    voice, noise = signals.music_like(4.0), signals.pink(-3, 4.0, rate=96000)
    same = Audio(resample_poly(noise.samples, 1, 2, axis=1).astype(np.float32), 48000)
    lost = [
        analyze_together({"voice": voice, "noise": other}).pair("voice", "noise").masking[0].lost
        for other in (noise, same)
    ]
    assert lost[0] == pytest.approx(lost[1], abs=0.03) and lost[1] > 0.1


def test_one_stem_alone_is_refused():
    with pytest.raises(BadInput, match="Two stems"):
        analyze_together({"a": signals.silence(1.0)})
    with pytest.raises(BadInput, match="no stem 'c'"):
        analyze_together({"a": signals.silence(1.0), "b": signals.silence(1.0)}, offsets_s={"c": 1.0})
    with pytest.raises(BadInput, match="negative"):
        analyze_together({"a": signals.silence(1.0), "b": signals.silence(1.0)}, offsets_s={"b": -1.0})


@pytest.mark.parametrize("offset_s", [float("inf"), float("nan"), 86401.0])
def test_an_offset_of_more_than_a_day_is_refused(offset_s):
    with pytest.raises(BadInput, match="24 hours"):
        analyze_together({"a": signals.silence(1.0), "b": signals.silence(1.0)}, offsets_s={"b": offset_s})


def test_more_than_64_stems_are_refused():
    with pytest.raises(BadInput, match="64"):
        analyze_together({str(number): signals.silence(0.1) for number in range(65)})


def test_what_is_kept_of_a_pair_does_not_grow_with_its_length(hidden_vocals):
    assert all(one.hidden.size == 0 == one.counted.size for one in hidden_vocals.pairs[0].masking)
