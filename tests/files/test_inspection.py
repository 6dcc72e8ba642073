"""Verdicts on files that are not whole sound files, and on those that are."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bridge.errors import FileRefused
from bridge.files import VERDICTS, Limits, inspect, open_sound, read
from tests import signals
from tests.files.made import aiff, chunk, fmt, rf64, wav


def judged(tmp_path: Path, data: bytes, name: str = "x.wav", **how: object) -> str:
    path = tmp_path / name
    path.write_bytes(data)
    found = inspect(path, **how)
    assert found.sentence.startswith(name), found.sentence
    assert found.sentence.isprintable()
    if found.state != "complete":
        assert found.state in VERDICTS
        with pytest.raises(FileRefused) as caught:
            read(path, limits=how.get("limits", Limits()))
        assert (caught.value.verdict, caught.value.message) == (found.state, found.sentence)
    return found.state


def test_whole_files_are_complete(tmp_path):
    assert judged(tmp_path, wav()) == "complete"
    assert judged(tmp_path, aiff(b"\1\2" * 500), "x.aif") == "complete"
    assert judged(tmp_path, rf64(b"\1\2\3\4" * 500)) == "complete"
    assert judged(tmp_path, rf64(b"\1\2\3\4" * 500, magic=b"BW64")) == "complete"


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.99])
@pytest.mark.parametrize(
    ("container", "subtype"),
    [
        ("WAV", "PCM_16"),
        ("WAV", "FLOAT"),
        ("RF64", "PCM_24"),
        ("W64", "PCM_24"),
        ("AIFF", "PCM_16"),
        ("CAF", "PCM_16"),
    ],
)
def test_a_cut_off_file_is_truncated_without_decoding(tmp_path, container, subtype, kept):
    whole = tmp_path / "whole"
    soundfile.write(whole, signals.white(-20, 0.5).samples.T, 48000, format=container, subtype=subtype)
    data = whole.read_bytes()
    assert judged(tmp_path, data) == "complete"
    assert judged(tmp_path, data[: int(len(data) * kept)]) == "truncated"


@pytest.mark.parametrize(
    ("container", "subtype"), [("OGG", "VORBIS"), ("OGG", "OPUS"), ("MP3", "MPEG_LAYER_III")]
)
def test_a_cut_off_lossy_file_is_truncated(tmp_path, container, subtype):
    whole = tmp_path / "whole"
    soundfile.write(whole, signals.white(-20, 2).samples.T, 48000, format=container, subtype=subtype)
    data = whole.read_bytes()
    assert judged(tmp_path, data) == "complete"
    assert judged(tmp_path, data[: len(data) // 2]) == "truncated"


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24"])
@pytest.mark.parametrize("kept", [0.02, 0.1, 0.5, 0.9, 0.99])
def test_a_cut_off_flac_is_truncated_without_decoding(tmp_path, subtype, kept):
    """The last frame's header says where it stands; cut inside the last frame, only decoding tells."""
    whole = tmp_path / "whole"
    soundfile.write(whole, signals.white(-20, 20).samples.T, 48000, format="FLAC", subtype=subtype)
    data = whole.read_bytes()
    assert inspect(whole).state == "complete"
    cut = tmp_path / "x.flac"
    cut.write_bytes(data[: int(len(data) * kept)])
    assert inspect(cut).state == "truncated"
    assert "x.flac is cut off after" in inspect(cut).sentence
    cut.write_bytes(data[:-3])
    assert inspect(cut).state == "complete"
    assert inspect(cut, decode=True).state in ("truncated", "damaged")
    cut.write_bytes(data + b"TAG" + bytes(125))
    assert inspect(cut).state == "complete"


@pytest.mark.parametrize("seconds", [0.001, 0.0853, 0.5, 3])
@pytest.mark.parametrize("sound", [signals.silence, lambda seconds: signals.white(-3, seconds, channels=8)])
def test_whole_flacs_of_any_content_are_complete(tmp_path, seconds, sound):
    path = tmp_path / "x.flac"
    soundfile.write(path, sound(seconds).samples.T, 48000, subtype="PCM_16")
    assert inspect(path).state == "complete"
    assert inspect(path, decode=True).state == "complete"


def test_where_a_flac_is_cut_off_is_where_libsndfile_stops(tmp_path):
    whole, cut = tmp_path / "whole", tmp_path / "x.flac"
    soundfile.write(whole, signals.music_like(8).samples.T, 48000, format="FLAC", subtype="PCM_16")
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 2 // 3])
    decoded = 0
    with soundfile.SoundFile(cut) as file, pytest.raises(soundfile.LibsndfileError):
        for _ in range(8 * 48000):
            decoded += len(file.read(64))
    said = re.search(r"after ([\d,]+) of 384,000 frames", inspect(cut).sentence)
    assert said is not None
    # The header of the frame that is cut is there, its end is not: one block of 4096 frames at most.
    assert 0 <= int(said[1].replace(",", "")) - decoded <= 4096 + 64


def test_a_cut_off_flac_is_found_by_decoding(tmp_path):
    whole = tmp_path / "whole"
    soundfile.write(whole, signals.white(-20, 2).samples.T, 48000, format="FLAC", subtype="PCM_16")
    data = whole.read_bytes()
    assert judged(tmp_path, data, decode=True) == "complete"
    assert judged(tmp_path, data[: len(data) // 2], decode=True) in ("truncated", "damaged")
    assert judged(tmp_path, data[:60]) == "truncated"


@pytest.mark.parametrize("subtype", ["PCM_S8", "PCM_16", "PCM_24"])
def test_a_flac_whose_sound_is_not_its_md5_is_damaged(tmp_path, subtype):
    whole = tmp_path / "whole"
    soundfile.write(whole, signals.white(-20, 0.5).samples.T, 48000, format="FLAC", subtype=subtype)
    data = bytearray(whole.read_bytes())
    assert inspect(whole, decode=True).state == "complete"
    data[26] ^= 1  # the first byte of the MD5 in STREAMINFO
    whole.write_bytes(data)
    found = inspect(whole, decode=True)
    assert found.state == "damaged"
    assert "whole does not hold the sound" in found.sentence


@pytest.mark.parametrize(
    "sizes",
    [{"riff_size": 0, "data_size": 0}, {"riff_size": 2**32 - 1, "data_size": 2**32 - 1}, {"data_size": 2**32 - 1},
     {"riff_size": 36, "data_size": 0}, {"riff_size": 0}],
)  # fmt: skip
def test_sizes_that_were_not_patched_yet_mean_still_recording(tmp_path, sizes):
    assert judged(tmp_path, wav(**sizes)) == "still_recording"


def test_a_wave_file_that_is_being_written_is_still_recording(tmp_path):
    """The standard library writes the header first and patches it on close: a real recorder."""
    path = tmp_path / "x.wav"
    with wave.open(str(path), "wb") as recorder:
        recorder.setparams((2, 2, 48000, 0, "NONE", ""))
        recorder.writeframesraw(b"\1\2\3\4" * 50000)
        recorder.writeframesraw(b"\1\2\3\4" * 50000)
        recorder._file.flush()
        assert inspect(path).state == "still_recording"  # its header speaks of the first 50,000 frames
    assert inspect(path).state == "complete"


def test_other_containers_still_recording(tmp_path):
    assert judged(tmp_path, rf64(b"", data_size=0, present=b"\1\2" * 100)) == "still_recording"
    assert judged(tmp_path, rf64(b"", data_size=2**64 - 1 - 72, present=b"\1\2" * 100)) in (
        "truncated",
        "still_recording",
    )
    assert judged(tmp_path, aiff(b"\1\2" * 500, form_size=0)) == "still_recording"
    assert judged(tmp_path, aiff(b"\1\2" * 500, frames=0)) == "still_recording"
    caff = (
        b"caff\0\1\0\0desc" + struct.pack(">q", 32) + struct.pack(">d4sIIIII", 48000, b"lpcm", 0, 4, 1, 2, 16)
    )
    assert judged(tmp_path, caff + b"data" + struct.pack(">q", -1) + bytes(400)) == "still_recording"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"Dear engineer, here is the mix.\n", "text file"),
        (b"RIFF\x24\0\0\0AVI LIST", "no WAVE sound"),
        (b"\0\0\0\x20ftypM4A ", "MP4"),
        (b"PK\x03\x04" + bytes(40), "ZIP"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "picture"),
        (bytes(4000), "not a sound file"),
        (np.random.default_rng(440).bytes(40000), "not a sound file"),
    ],
)
def test_other_content_named_wav_is_not_audio(tmp_path, data, words):
    assert judged(tmp_path, data) == "not_audio"
    assert words in inspect(tmp_path / "x.wav").sentence


def test_truncated_headers(tmp_path):
    whole = wav(before=[(b"bext", bytes(602))])
    for length in (4, 8, 11, 12, 20, 36, 60, 400, 650, 690):
        assert judged(tmp_path, whole[:length]) in ("truncated", "not_audio")
    assert judged(tmp_path, b"") == "empty"


def test_no_frames_is_empty(tmp_path):
    assert judged(tmp_path, wav(b"")) == "empty"
    assert judged(tmp_path, aiff(b"")) == "empty"
    for container in ("W64", "CAF", "FLAC", "OGG"):
        soundfile.write(tmp_path / "e", np.zeros((0, 2)), 48000, format=container)
        assert judged(tmp_path, (tmp_path / "e").read_bytes()) in ("empty", "still_recording", "truncated")


@pytest.mark.parametrize("rate", [0, 1, 7999, 768001, 2**32 - 1])
def test_absurd_rates_have_a_name(tmp_path, rate):
    assert judged(tmp_path, wav(rate=rate)) == "absurd_rate"


@pytest.mark.parametrize("rate", [8000, 11025, 44100, 192000, 384000, 768000])
def test_rates_in_use_are_taken(tmp_path, rate):
    assert judged(tmp_path, wav(rate=rate)) == "complete"


@pytest.mark.parametrize(
    "bits", ["7fffffffffffffffffff", "c00ebb80000000000000", "00000000000000000000", "7ffebb80000000000000"]
)
def test_absurd_rates_of_aiff(tmp_path, bits):
    assert judged(tmp_path, aiff(b"\1\2" * 500, rate_80=bytes.fromhex(bits))) == "absurd_rate"


def test_33_channels_have_a_name_and_32_are_taken(tmp_path):
    assert judged(tmp_path, wav(bytes(33 * 2 * 100), channels=33)) == "too_many_channels"
    assert "33 channels" in inspect(tmp_path / "x.wav").sentence
    assert judged(tmp_path, wav(b"\1" * (32 * 2 * 100), channels=32)) == "complete"
    assert judged(tmp_path, wav(bytes(65535 * 2), channels=65535)) == "too_many_channels"
    assert judged(tmp_path, wav(channels=0)) == "not_audio"


def test_ten_hours_of_silence_in_a_small_flac_are_known_before_decoding(tmp_path):
    path = tmp_path / "long.flac"
    soundfile.write(path, np.zeros((48000 * 60, 1), np.int16), 48000, subtype="PCM_16")
    assert path.stat().st_size < 100_000
    assert inspect(path, limits=Limits(seconds=59)).state == "too_large"
    assert inspect(path, limits=Limits(decoded_bytes=48000 * 60 * 4 - 1)).state == "too_large"
    assert inspect(path, limits=Limits(decoded_bytes=48000 * 60 * 4)).state == "complete"
    with pytest.raises(FileRefused, match=r"long\.flac needs") as caught:
        read(path, limits=Limits(in_memory_bytes=1000))
    assert caught.value.verdict == "too_large"


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_the_first_sample_that_is_no_number_is_named(tmp_path, bad):
    samples = signals.white(-20, 4).samples.copy()
    samples[1, 150_000] = bad
    samples[0, 160_000] = bad
    data = samples.T.astype("<f4").tobytes()
    assert judged(tmp_path, wav(data, bits=32, tag=3), decode=True) == "not_finite"
    assert "channel 2 at frame 150000 (3.125 s)" in inspect(tmp_path / "x.wav", decode=True).sentence


def test_a_sample_beyond_all_sound_is_refused_and_one_far_over_full_scale_is_sound(tmp_path):
    samples = np.zeros((2, 1000), "<f4")
    samples[1, 500] = 1e9
    data = wav(samples.T.tobytes(), bits=32, tag=3)
    assert judged(tmp_path, data, decode=True) == "complete"
    samples[1, 500] = -2e9
    assert judged(tmp_path, wav(samples.T.tobytes(), bits=32, tag=3), decode=True) == "not_finite"
    assert (
        "beyond +180 dBFS (-2e+09) in channel 2 at frame 500"
        in inspect(tmp_path / "x.wav", decode=True).sentence
    )


def test_silence_and_shortness_are_notes_and_no_refusals(tmp_path):
    path = tmp_path / "x.wav"
    path.write_bytes(wav(bytes(4000)))
    found = inspect(path, decode=True)
    assert (found.state, [note.word for note in found.notes]) == ("complete", ["silent"])
    path.write_bytes(wav(b"\1\0\1\0"))
    found = inspect(path, decode=True)
    assert (found.state, [note.word for note in found.notes], found.frames) == ("complete", ["too_short"], 1)


def test_bytes_after_the_end_do_no_harm(tmp_path):
    assert judged(tmp_path, wav() + b"TAG" + bytes(125)) == "complete"
    assert read(tmp_path / "x.wav").frames == 1000


def test_an_odd_chunk_without_its_pad_byte_is_survived(tmp_path):
    body = b"WAVE" + chunk(b"fmt ", fmt()) + b"note\x03\0\0\0abc" + chunk(b"data", b"\1\2\3\4" * 100)
    assert judged(tmp_path, b"RIFF" + struct.pack("<I", len(body)) + body) in ("complete", "unsupported")


def test_a_riff_size_that_counts_its_own_header_is_survived(tmp_path):
    data = wav()
    assert judged(tmp_path, data[:4] + struct.pack("<I", len(data)) + data[8:]) == "complete"


def test_a_5_gib_rf64_is_inspected_and_read_without_reading_it_all(tmp_path):
    size = 5 * 2**30
    path = tmp_path / "big.wav"
    with path.open("wb") as file:
        file.write(rf64(b"", data_size=size, present=b"\1\2\3\4" * 1000))
        file.truncate(80 + size)  # a sparse file: the header is 80 bytes
    assert inspect(path).state == "complete"
    with open_sound(path) as sound:
        assert sound.frames == size // 4
        assert str(sound.format) == "RF64 PCM_16"
        np.testing.assert_array_equal(next(sound.blocks(1000))[0], np.float32(0x0201 / 32768))
    with path.open("r+b") as file:
        file.truncate(80 + size - 1)
    assert inspect(path).state == "truncated"


def test_a_pipe_named_wav_does_not_hang(tmp_path):
    """In a process of its own with a deadline: a hang must not take the tests with it."""
    if sys.platform == "win32":
        pytest.skip("no named pipes in folders")
    code = (
        "import os, sys; from bridge.files import inspect; os.mkfifo(sys.argv[1]); "
        "print(inspect(sys.argv[1]).state, inspect(sys.argv[1], decode=True).state)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "x.wav"], capture_output=True, timeout=60, check=True
    )
    assert done.stdout.decode().split() == ["special_file", "special_file"]
