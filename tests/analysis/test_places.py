"""Faults of waveform and channels, planted by hand at a known place, are found there and named for what they are."""

from __future__ import annotations

import io
import shutil
import subprocess

import numpy as np
import pytest
import soundfile
import soxr

from bridge.analysis import Analysis, findings
from bridge.analysis.finding import Finding
from bridge.analysis.mirrored import mirrored, swapped_channels
from bridge.audio import Audio
from tests.analysis.standard_signals import measured
from tests.real import must_have
from tests.signals import music_like, pink, rng, sine, white


def found(audio: Audio) -> dict[str, Finding]:
    return {f.code: f for f in findings(measured(audio))}


def faded(audio: Audio, seconds: float = 0.5) -> Audio:
    """From silence to silence."""
    length = round(seconds * audio.rate)
    shape = np.minimum(1, np.minimum(np.arange(audio.frames), np.arange(audio.frames)[::-1]) / length)
    return Audio((audio.samples * shape).astype(np.float32), audio.rate)


@pytest.mark.parametrize("at_s", [1.5, 4.0])
def test_a_quarter_rate_tone_with_its_samples_beside_the_crests_is_over_between_them(at_s):
    """fs/4 at 45 degrees: samples at 0.707 of the crest, the textbook case; crest 1.2, on the right alone."""
    samples = faded(pink(-30, 6)).samples.copy()
    start = round(at_s * 48000)
    burst = 1.2 * np.sin(np.pi / 2 * np.arange(480) + np.pi / 4) * np.hanning(480)
    samples[1, start : start + 480] += burst.astype(np.float32)
    assert np.abs(samples).max() < 1.0
    analysis = measured(Audio(samples, 48000))
    finding = next(f for f in findings(analysis) if f.code == "inter_sample_overs")
    assert finding.at_s == pytest.approx(at_s + 0.005, abs=0.012)
    assert finding.remedy.words == "limit to -1 dBTP"
    assert analysis.curves["channels"]["over_0_dbtp"][0] == 0
    assert analysis.curves["channels"]["over_0_dbtp"][1] >= 1


def test_a_tone_below_full_scale_is_over_nowhere():
    analysis = measured(sine(997, -0.5, 3))
    assert analysis["inter_sample_overs"].value == 0
    assert analysis.curves["defects"]["inter_sample_overs_s"] == []


@pytest.mark.parametrize(("lower", "edge_hz"), [(16000, 8000), (22050, 11025), (32000, 16000)])
def test_sound_converted_up_ends_in_a_wall_at_half_the_lower_rate(lower, edge_hz):
    noise = faded(pink(-20, 6, 48000)).samples.T
    there = soxr.resample(soxr.resample(noise, 48000, lower), lower, 48000)
    finding = found(Audio(np.ascontiguousarray(there.T, np.float32), 48000))["brick_wall"]
    assert edge_hz * 0.88 < finding.value < edge_hz * 1.02


@pytest.mark.parametrize(("level", "low_hz", "high_hz"), [(0.65, 15000, 17600), (0.75, 14000, 17000)])
def test_mp3_at_a_low_rate_ends_in_a_wall(level, low_hz, high_hz):
    """LAME, as libsndfile ships it, cuts at 15 to 17.5 kHz from 96 to 128 kbit/s."""
    file = io.BytesIO()
    with soundfile.SoundFile(
        file,
        "w",
        44100,
        2,
        "MPEG_LAYER_III",
        format="MP3",
        bitrate_mode="CONSTANT",
        compression_level=level,
    ) as out:
        out.write(faded(pink(-20, 6, 44100)).samples.T)
    file.seek(0)
    decoded, rate = soundfile.read(file, dtype="float32", always_2d=True)
    finding = found(Audio(np.ascontiguousarray(decoded.T), rate))["brick_wall"]
    assert low_hz < finding.value < high_hz


@pytest.mark.parametrize(("level", "low_hz", "high_hz"), [(0.9, 15000, 17000), (0.7, 16000, 18500)])
def test_ogg_at_a_low_rate_ends_in_a_wall(level, low_hz, high_hz):
    """Vorbis, as libsndfile ships it, at about 85 and 115 kbit/s of pink noise."""
    file = io.BytesIO()
    with soundfile.SoundFile(file, "w", 44100, 2, "VORBIS", format="OGG", compression_level=level) as out:
        out.write(faded(pink(-20, 6, 44100)).samples.T)
    file.seek(0)
    decoded, rate = soundfile.read(file, dtype="float32", always_2d=True)
    finding = found(Audio(np.ascontiguousarray(decoded.T), rate))["brick_wall"]
    assert low_hz < finding.value < high_hz


@pytest.mark.real
@pytest.mark.parametrize(
    ("codec", "rate", "low_hz", "high_hz"),
    [("aac", "96k", 13000, 18500), ("libmp3lame", "112k", 14500, 17000)],
)
def test_lossy_files_of_ffmpeg_at_a_low_rate_end_in_a_wall(codec, rate, low_hz, high_hz, tmp_path):
    """AAC as ffmpeg encodes it, and MP3 by LAME; pink noise has content everywhere."""
    must_have("ffmpeg", shutil.which("ffmpeg") is not None)
    soundfile.write(tmp_path / "in.wav", faded(pink(-20, 6, 44100)).samples.T, 44100)
    for one, other in (("in.wav", "lossy.mka"), ("lossy.mka", "out.wav")):
        into = ["-c:a", codec, "-b:a", rate] if other == "lossy.mka" else ["-c:a", "pcm_f32le"]
        command = ["ffmpeg", "-nostdin", "-v", "error", "-i", tmp_path / one, *into, tmp_path / other]
        subprocess.run(command, check=True)
    decoded, _ = soundfile.read(tmp_path / "out.wav", dtype="float32", always_2d=True)
    finding = found(Audio(np.ascontiguousarray(decoded.T), 44100))["brick_wall"]
    assert low_hz < finding.value < high_hz


@pytest.mark.parametrize("order", [1, 2, 4])
def test_a_gentle_low_pass_and_a_tone_are_no_wall(order):
    """Butterworth, 6 to 24 dB an octave above 5 kHz."""
    spectrum = np.fft.rfft(pink(-20, 6).samples)
    hz = np.fft.rfftfreq(6 * 48000, 1 / 48000)
    dark = np.fft.irfft(spectrum / np.sqrt(1 + (hz / 5000) ** (2 * order)), 6 * 48000)
    assert "brick_wall" not in found(Audio(dark.astype(np.float32), 48000))
    assert "brick_wall" not in found(sine(1000, -6, 4))


@pytest.mark.parametrize("side", [0, 1])
def test_a_side_that_drops_out_is_found_where_it_does(side):
    middle = pink(-20, 8, channels=1).samples
    samples = np.repeat(middle, 2, axis=0) + white(-40, 8).samples
    samples[side, 3 * 48000 : 5 * 48000] = 0.0
    finding = found(faded(Audio(samples, 48000)))["channel_loss"]
    assert finding.value == 1
    assert finding.at_s == pytest.approx(3.0, abs=0.012)


def test_an_instrument_that_stops_on_its_side_is_no_lost_channel():
    """Left and right have nothing in common: nothing is missing on the left when it stops."""
    samples = white(-20, 8).samples.copy()
    samples[0, 3 * 48000 : 5 * 48000] = 0.0
    assert "channel_loss" not in found(Audio(samples, 48000))


def test_a_side_turned_down_with_its_bass_is_a_warning_and_without_it_is_meant():
    whole = faded(music_like(8))
    turned = Audio(whole.samples * np.array([[1.0], [0.5]], np.float32), whole.rate)
    finding = found(turned)["imbalance"]
    assert finding.severity == "warning"
    assert finding.value == pytest.approx(-6.0, abs=0.5)
    spread = whole.samples.copy()
    spread[0] += (0.7 * np.sin(2 * np.pi * 440 * np.arange(whole.frames) / whole.rate)).astype(np.float32)
    assert found(faded(Audio(spread, whole.rate)))["imbalance"].severity == "note"


@pytest.mark.parametrize(("start", "end"), [(3, 6), (5, 8), (0, 2)])
def test_a_side_turned_over_for_a_while_is_found_where_it_begins(start, end):
    """A middle 12 dB over unrelated sides: correlation 0.94, and -0.94 for a while."""
    samples = np.repeat(pink(-20, 8, channels=1).samples, 2, axis=0) + white(-32, 8).samples
    samples[1, start * 48000 : end * 48000] *= -1
    finding = found(faded(Audio(samples, 48000)))["inverted_channel"]
    assert finding.at_s == pytest.approx(start, abs=0.4)
    assert finding.remedy is None


def test_a_part_that_is_only_wide_is_not_turned_over():
    """Unrelated sides for three seconds, correlation 0."""
    samples = np.repeat(pink(-20, 8, channels=1).samples, 2, axis=0)
    samples[:, 144000:288000] = white(-20, 3).samples
    assert "inverted_channel" not in found(faded(Audio(samples, 48000)))


@pytest.mark.parametrize("delay", [-240, 31, 480])
def test_the_delay_between_the_sides_is_told_to_the_sample(delay):
    mono = pink(-20, 6, channels=1).samples[0]
    analysis = measured(Audio(np.stack([mono, np.roll(mono, delay)]), 48000))
    assert analysis["channel_delay"].value == pytest.approx(1000 * delay / 48000, abs=1e-6)
    assert "late_channel" in {f.code for f in findings(analysis)}


@pytest.mark.parametrize("angle", [0, 60, 90, 180])
def test_the_angle_between_the_sides_is_told_per_band(angle):
    spectrum = np.fft.rfft(pink(-20, 6, channels=1).samples[0])
    turned = np.fft.irfft(spectrum * np.exp(1j * np.deg2rad(angle)), 6 * 48000)
    analysis = measured(Audio(np.stack([np.fft.irfft(spectrum), turned]).astype(np.float32), 48000))
    for band in ("low", "mid", "high"):
        assert analysis[f"phase_{band}"].value == pytest.approx(angle, abs=2)


def test_music_cut_out_of_its_middle_has_neither_beginning_nor_end():
    """A swelling chord, 2 s to 6 s of it: hard at both ends is how a loop is meant, at one end something is cut."""
    t = np.arange(8 * 48000) / 48000
    chord = sum(np.sin(2 * np.pi * hz * t + 1) for hz in (110.0, 277.2, 415.3)) * np.sin(np.pi * t / 8)
    chord *= 0.12 * (1 + 0.5 * np.sin(2 * np.pi * 1.3 * t))
    whole = Audio(np.repeat(chord[None].astype(np.float32), 2, axis=0), 48000)
    assert not {"cut_start", "cut_end"} & set(found(whole))
    middle = found(Audio(whole.samples[:, 96000:288000], 48000))
    assert {middle[code].severity for code in ("cut_start", "cut_end")} == {"note"}
    late = found(Audio(whole.samples[:, 96000:], 48000))
    assert late["cut_start"].severity == "note"
    assert "cut_end" not in late
    early = found(Audio(whole.samples[:, :288000], 48000))
    assert early["cut_end"].at_s == pytest.approx(6.0)
    assert "cut_start" not in early


def test_a_sound_that_was_trimmed_to_its_first_zero_has_no_cut_start():
    """As one-shots and loops are: they sound at once, but their first sample is zero."""
    swelling = pink(-20, 3).samples * np.linspace(0.3, 1.0, 3 * 48000, dtype=np.float32)
    for first, cut in ((0.0, False), (0.1, True)):
        swelling[:, 0] = first
        assert ("cut_start" in found(Audio(swelling, 48000))) == cut


def test_of_a_sound_of_a_few_samples_nothing_is_said_of_its_channels():
    said = set(found(Audio(np.array([[0.5] * 9, [-0.5] * 9], np.float32), 48000)))
    assert not said & {"inverted_channel", "low_end_cancels", "imbalance", "mono_as_stereo", "dead_channel"}
    assert "dead_channel" not in found(Audio(np.array([[0.5], [0.0]], np.float32), 48000))


@pytest.mark.parametrize(("other", "severity"), [(0.0, "warning"), (15.0, "note")])
def test_a_delay_is_a_warning_where_both_sides_are_one_source(other, severity):
    mono = pink(-20, 6, channels=1, seed=3).samples[0]
    late = np.roll(mono, 48) + other * pink(-20, 6, channels=1, seed=4).samples[0]
    assert found(Audio(np.stack([mono, late / (1 + other)]), 48000))["late_channel"].severity == severity


@pytest.mark.parametrize(("left", "right"), [(440, 554), (440, 660), (1000, 1001), (1000, 1200), (333, 777)])
def test_unrelated_pure_tones_left_and_right_have_no_delay(left, right):
    t = np.arange(4 * 48000) / 48000
    tones = np.stack([np.sin(2 * np.pi * left * t), np.sin(2 * np.pi * right * t + 1)])
    analysis = measured(Audio((0.3 * tones).astype(np.float32), 48000))
    assert analysis["channel_delay"].value is None
    assert "late_channel" not in {finding.code for finding in findings(analysis)}


@pytest.mark.parametrize("frames", [8 * 4096, 8 * 4096 - 100])
def test_an_over_in_the_last_samples_is_found(frames):
    """A quarter of the rate at 45 degrees: its samples reach 0.71 of the height between them."""
    samples = np.zeros((2, frames), np.float32)
    samples[1, -14:-2] = 0.95 * np.resize([1, 1, -1, -1], 12)
    analysis = measured(Audio(samples, 48000))
    assert analysis["inter_sample_overs"].value == 1
    (place,) = analysis.curves["defects"]["inter_sample_overs_s"]
    assert place == pytest.approx(frames / 48000, abs=0.012)


def test_a_hit_on_the_first_sample_is_no_cut():
    t = np.arange(3 * 48000) / 48000
    hit = (0.8 * rng(1).standard_normal((2, t.size)) * np.exp(-25 * t)).astype(np.float32)
    assert "cut_start" not in found(Audio(np.clip(hit, -0.9, 0.9), 48000))


@pytest.mark.parametrize("level_dbfs", [-60.0, -50.0])
def test_hiss_between_the_notes_is_told_with_its_level(level_dbfs):
    """White noise under notes of 0.3 s every second; 14.99 of its 24 kHz lie in the bands that are read."""
    t = np.arange(8 * 48000) / 48000
    swell = (t % 1.0 < 0.3) * np.sin(np.pi * np.minimum(t % 1.0 / 0.3, 1))
    notes = sum(0.2 * np.sin(2 * np.pi * 220 * k * t + k * k) for k in range(1, 60)) / 4 * swell
    noise = white(level_dbfs, 8).samples
    finding = found(Audio((noise + notes).astype(np.float32), 48000))["broadband_noise"]
    assert finding.value == pytest.approx(level_dbfs + 10 * np.log10(14.99 / 24), abs=0.5)
    assert finding.remedy.effect == "denoise"
    assert "broadband_noise" not in found(Audio(np.repeat(notes[None], 2, axis=0).astype(np.float32), 48000))


def test_dc_that_comes_for_half_a_minute_is_found_there():
    samples = pink(-20, 90).samples.copy()
    samples[:, 30 * 48000 : 60 * 48000] += np.float32(0.01)
    samples[:, 60 * 48000 :] -= np.float32(0.01)
    analysis = measured(Audio(samples, 48000))
    assert abs(analysis["dc_offset"].value) < 0.1
    finding = next(f for f in findings(analysis) if f.code == "dc_offset")
    assert finding.at_s == pytest.approx(30.0, abs=0.1)
    assert "not all the time" in finding.sentence
    assert finding.remedy.words == "high-pass at 20 Hz"


def test_an_lfe_with_highs_is_named_and_the_channel_that_should_be_it():
    """L R C Ls Rs LFE instead of L R C LFE Ls Rs."""
    samples = pink(-25, 5, channels=6).samples.copy()
    spectrum = np.fft.rfft(samples[5])
    spectrum[np.fft.rfftfreq(samples.shape[1], 1 / 48000) > 100] = 0
    samples[5] = np.fft.irfft(spectrum, samples.shape[1])
    finding = found(Audio(samples, 48000))["channel_order"]
    assert "channel 6" in finding.sentence
    right = samples[[0, 1, 2, 5, 3, 4]]
    assert "channel_order" not in found(Audio(np.ascontiguousarray(right), 48000))


def test_two_versions_with_sides_exchanged_are_told_from_two_with_the_same():
    audio = faded(music_like(8))
    lows, highs = sine(300, -20, 8).samples[0], sine(3000, -20, 8).samples[0]
    samples = audio.samples + np.stack([lows, highs])
    one, other = (measured(Audio(s, 48000)) for s in (samples, np.ascontiguousarray(samples[::-1] * 0.7)))
    assert swapped_channels(other, one).code == "swapped_channels"
    assert swapped_channels(one, one) is None
    assert mirrored(one, Analysis.from_readings({})) is None
