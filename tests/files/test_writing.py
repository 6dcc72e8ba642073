"""What is written, judged by readers that are not ours."""

from __future__ import annotations

import hashlib
import io
import os
import struct
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
import scipy.io.wavfile
import soundfile

from bridge.audio import Audio
from bridge.errors import BadInput, OutputFailed
from bridge.files import (
    SoundFormat,
    SoundWriter,
    atomic,
    format_of_name,
    open_sound,
    read,
    result_format,
    result_name,
    verify,
    write,
)
from bridge.files.encoders import aiff as aiff_encoder
from bridge.files.encoders import wav as wav_encoder
from bridge.files.formats import WRITABLE
from tests import signals
from tests.files.made import chunks_of, integers, wav

LOSSLESS = [(c, s) for c, subtypes in WRITABLE.items() for s in subtypes if SoundFormat(c, s).lossless]


def save(path: Path, samples: np.ndarray, format: SoundFormat, cut: int = 1000, **how: object) -> SoundWriter:
    with SoundWriter(path, 48000, len(samples), format, **how) as writer:
        for start in range(0, samples.shape[1], cut):
            writer.write(samples[:, start : start + cut])
    return writer


@pytest.mark.parametrize("channels", [1, 2, 6])
@pytest.mark.parametrize(("container", "subtype"), LOSSLESS)
def test_every_lossless_format_comes_back_bit_for_bit(tmp_path, container, subtype, channels):
    """float32 carries 24 bits: wider integers are tested with 24 significant ones."""
    bits = min(SoundFormat(container, subtype).bits or 24, 24)
    samples = (integers(bits, 4801, channels) / 2 ** (bits - 1)).astype(np.float32)
    path = tmp_path / "x"
    writer = save(path, samples, SoundFormat(container, subtype))
    assert (writer.frames, writer.overs, writer.warnings) == (4801, 0, ())
    theirs, rate = soundfile.read(path, dtype="float32", always_2d=True)
    assert (rate, soundfile.info(path).subtype) == (48000, subtype)
    np.testing.assert_array_equal(theirs.T, samples)
    np.testing.assert_array_equal(read(path).samples, samples)
    verify(path, 48000, channels, 4801)


@pytest.mark.parametrize("bits", [8, 16, 24, 32])
def test_the_standard_library_reads_our_wav(tmp_path, bits):
    values = integers(min(bits, 24), 777) * 2 ** (bits - min(bits, 24))
    path = tmp_path / "x.wav"
    subtype = "PCM_U8" if bits == 8 else f"PCM_{bits}"
    save(path, (values / 2 ** (bits - 1)).astype(np.float32), SoundFormat("WAV", subtype))
    with wave.open(str(path)) as theirs:
        assert theirs.getparams()[:4] == (2, bits // 8, 48000, 777)
        data = np.frombuffer(theirs.readframes(777), np.uint8).reshape(777, 2, bits // 8)
    wide = np.zeros((777, 2, 4), np.uint8)
    wide[:, :, 4 - bits // 8 :] = data
    if bits == 8:
        wide ^= np.array([0, 0, 0, 128], np.uint8)
    np.testing.assert_array_equal(wide.view("<i4")[:, :, 0].T >> (32 - bits), values)


def test_scipy_reads_our_float_wav(tmp_path):
    samples = (signals.white(3, 0.1).samples * 4).astype(np.float32)
    assert np.abs(samples).max() > 4
    path = tmp_path / "x.wav"
    writer = save(path, samples, SoundFormat("WAV", "FLOAT"))
    rate, theirs = scipy.io.wavfile.read(path)
    np.testing.assert_array_equal(theirs.T, samples)  # beyond full scale, and not clipped
    assert (rate, writer.overs) == (48000, 0)


def test_the_same_sound_makes_the_same_bytes(tmp_path):
    samples = signals.white(-20, 0.5).samples
    digests = set()
    for cut in (1, 777, 4096, 10**6):
        path = tmp_path / str(cut)
        save(path, samples[:, :3000], SoundFormat("WAV", "PCM_16"), cut=cut, seed=7)
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(digests) == 1


def test_samples_beyond_full_scale_are_held_and_counted_and_not_wrapped(tmp_path):
    samples = np.array([[1.0, -1.0, 1.5, -1.5, 100.0, -1e30, 0.5]], np.float32)
    writer = save(tmp_path / "x", samples, SoundFormat("WAV", "PCM_16"), seed=None)
    theirs, _ = soundfile.read(tmp_path / "x", dtype="int16")
    assert theirs.tolist() == [32767, -32768, 32767, -32768, 32767, -32768, 16384]
    assert writer.overs == 4
    assert writer.warnings == (
        "x: 4 samples lie beyond full scale and are clipped by PCM_16; turn it down or write floating point.",
    )


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_sound_that_is_no_number_is_not_written(tmp_path, bad):
    with pytest.raises(OutputFailed, match=r"x\.wav was not written.*no finite number"):
        save(tmp_path / "x.wav", np.array([[0.0, bad]], np.float32), SoundFormat("WAV", "FLOAT"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "FLOAT"])
def test_a_wav_that_outgrows_its_sizes_becomes_rf64(tmp_path, monkeypatch, subtype):
    monkeypatch.setattr(wav_encoder, "RIFF_LIMIT", 100_000)
    samples = signals.white(-20, 2).samples
    writer = save(tmp_path / "x.wav", samples, SoundFormat("WAV", subtype), seed=None)
    assert str(writer.format) == f"RF64 {subtype}"
    data = (tmp_path / "x.wav").read_bytes()
    assert data[:4] == b"RF64" and data[12:16] == b"ds64"
    assert struct.unpack_from("<Q", data, 20)[0] == len(data) - 8
    theirs = soundfile.info(tmp_path / "x.wav")
    assert (theirs.format, theirs.frames) == ("RF64", 96000)
    verify(tmp_path / "x.wav", 48000, 2, 96000)


@pytest.mark.slow
def test_five_gib_are_written_and_read_again(tmp_path):
    block = signals.white(-20, 10, channels=8).samples
    frames = 5 * 2**30 // (8 * 4) // block.shape[1] * block.shape[1]
    with SoundWriter(tmp_path / "x.wav", 48000, 8, SoundFormat("WAV", "FLOAT")) as writer:
        while writer.frames < frames:
            writer.write(block)
    assert soundfile.info(tmp_path / "x.wav").frames == frames
    assert writer.format.container == "RF64"
    verify(tmp_path / "x.wav", 48000, 8, frames)


def test_an_aiff_that_would_outgrow_its_sizes_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(aiff_encoder, "FORM_LIMIT", 100_000)
    with pytest.raises(OutputFailed, match=r"x\.aif could not be written: AIFF holds at most 4 GiB"):
        save(tmp_path / "x.aif", signals.white(-20, 2).samples, SoundFormat("AIFF", "PCM_16"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("WAV PCM_16", "WAV PCM_16"), ("WAVEX PCM_24", "WAV PCM_24"), ("WAV FLOAT", "WAV FLOAT"),
        ("RF64 DOUBLE", "RF64 DOUBLE"), ("W64 PCM_24", "W64 PCM_24"), ("AIFF PCM_24", "AIFF PCM_24"),
        ("FLAC PCM_16", "FLAC PCM_16"), ("CAF ALAC_24", "CAF PCM_24"), ("OGG VORBIS", "WAV PCM_24"),
        ("OGG OPUS", "WAV PCM_24"), ("MP3 MPEG_LAYER_III", "WAV PCM_24"), ("WAV ULAW", "WAV PCM_24"),
        ("WAV IMA_ADPCM", "WAV PCM_24"),
    ],
)  # fmt: skip
def test_lossless_comes_back_as_it_is_and_lossy_as_24_bit_wav(source, expected):
    container, subtype = source.split()
    assert str(result_format(SoundFormat(container, subtype))) == expected


def test_a_result_keeps_its_name_where_the_ending_still_fits():
    wav_24 = SoundFormat("WAV", "PCM_24")
    assert result_name("/in/a.WAV", wav_24) == "a.WAV"
    assert result_name("a.b.mp3", wav_24) == "a.b.wav"
    assert result_name("a.aif", SoundFormat("AIFF", "PCM_16")) == "a.aif"
    assert str(format_of_name("x.flac", SoundFormat("WAV", "PCM_16"))) == "FLAC PCM_16"
    assert str(format_of_name("x.aiff")) == "AIFF PCM_24"
    assert str(format_of_name("x.flac", SoundFormat("WAV", "FLOAT"))) == "FLAC PCM_24"
    with pytest.raises(BadInput, match=r"\.xyz: not a format"):
        format_of_name("x.xyz")


@pytest.mark.parametrize(
    ("container", "subtype"),
    [("WAV", "PCM_16"), ("WAV", "FLOAT"), ("W64", "PCM_24"), ("AIFF", "PCM_24"), ("FLAC", "PCM_16"), ("OGG", "VORBIS"),
     ("OGG", "OPUS"), ("MP3", "MPEG_LAYER_III"), ("CAF", "ALAC_24"), ("WAV", "ULAW"), ("WAV", "IMA_ADPCM")],
)  # fmt: skip
def test_reading_gives_what_libsndfile_gives_however_it_is_cut(tmp_path, container, subtype):
    path = tmp_path / "x"
    soundfile.write(path, signals.music_like(1.5).samples.T, 48000, format=container, subtype=subtype)
    theirs, _ = soundfile.read(path, dtype="float32", always_2d=True)
    with open_sound(path) as sound:
        assert (sound.frames, sound.rate, sound.channels) == (len(theirs), 48000, 2)
        assert sound.format.lossless == (
            subtype not in ("VORBIS", "OPUS", "MPEG_LAYER_III", "ULAW", "IMA_ADPCM")
        )
        for cut in (4096, 65536, 10**6):
            blocks = list(sound.blocks(cut))
            assert all(block.dtype == np.float32 and block.flags.c_contiguous for block in blocks)
            np.testing.assert_array_equal(np.concatenate(blocks, axis=1), theirs.T[:, : sound.frames])
        assert sound.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_two_readings_of_one_file_may_take_turns(tmp_path):
    samples = signals.white(-20, 1).samples
    save(tmp_path / "x.wav", samples, SoundFormat("WAV", "FLOAT"))
    with open_sound(tmp_path / "x.wav") as sound:
        pairs = list(zip(sound.blocks(1000), sound.blocks(1000), strict=True))
    np.testing.assert_array_equal(np.concatenate([first for first, _ in pairs], axis=1), samples)
    np.testing.assert_array_equal(np.concatenate([second for _, second in pairs], axis=1), samples)


def test_mp3_without_a_length_in_its_header_is_counted(tmp_path):
    """The Xing frame is taken off, as a streaming encoder leaves it out: the frames must still be exact."""
    path = tmp_path / "x.mp3"
    soundfile.write(
        tmp_path / "whole.mp3", signals.music_like(2).samples.T, 44100, format="MP3", subtype="MPEG_LAYER_III"
    )
    data = (tmp_path / "whole.mp3").read_bytes()
    assert data[36:40] == b"Xing"
    path.write_bytes(data[417:])  # 144 * 128000 / 44100: the first frame's size
    frames, size = struct.unpack_from(">II", data, 44)
    assert size == len(data)
    assert soundfile.info(path).frames < 50_000  # libsndfile's guess, which loses half of the sound
    with open_sound(path) as sound:
        read_frames = sum(block.shape[1] for block in sound.blocks())
        assert read_frames == sound.frames == frames * 1152 - 529  # the decoder's own delay is taken off
    whole, _ = soundfile.read(tmp_path / "whole.mp3", dtype="float32")
    delay = 576  # LAME's own, which the tail of the Xing frame told
    np.testing.assert_allclose(read(path).samples[:, delay : delay + 80_000], whole.T[:, :80_000], atol=2e-3)


def test_speaker_positions_survive(tmp_path):
    """WAVE_FORMAT_EXTENSIBLE: quad is 0x33 (front left and right, back left and right)."""
    fmt = struct.pack("<HHIIHHHHIH", 0xFFFE, 4, 48000, 48000 * 8, 8, 16, 22, 16, 0x33, 1)
    fmt += bytes.fromhex("000000001000800000aa00389b71")
    body = b"WAVEfmt " + struct.pack("<I", 40) + fmt + b"data" + struct.pack("<I", 800) + b"\1\2" * 400
    source = tmp_path / "quad.wav"
    source.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    assert soundfile.info(source).format == "WAVEX"
    write(tmp_path / "out.wav", read(source), like=source)
    assert dict(chunks_of((tmp_path / "out.wav").read_bytes()))[b"fmt "] == fmt


def test_write_is_whole_or_not_there(tmp_path):
    audio = signals.white(-20, 0.2)
    write(tmp_path / "x.wav", audio)
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.wav"]
    assert soundfile.info(tmp_path / "x.wav").subtype == "PCM_24"
    before = (tmp_path / "x.wav").read_bytes()
    with pytest.raises(OutputFailed):
        write(tmp_path / "x.wav", Audio(np.full((1, 10), np.nan, np.float32), 48000))
    assert (tmp_path / "x.wav").read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.wav"]


def test_a_lossy_format_is_written_when_asked_for(tmp_path):
    audio = signals.music_like(1)
    for name, container in (("x.mp3", "MP3"), ("x.ogg", "OGG")):
        write(tmp_path / name, audio)
        assert soundfile.info(tmp_path / name).format == container
        assert np.corrcoef(read(tmp_path / name).samples[0, :48000], audio.samples[0])[0, 1] > 0.9


def test_a_format_that_cannot_hold_the_sound_says_so(tmp_path):
    with pytest.raises(OutputFailed, match=r"x\.mp3 could not be written: MP3 takes no 6 channels"):
        write(tmp_path / "x.mp3", signals.white(-20, 0.1, channels=6))
    with pytest.raises(OutputFailed, match=r"x\.flac could not be written: FLAC takes no"):
        write(tmp_path / "x.flac", signals.white(-20, 0.1, channels=9))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ["wav", "w64", "aiff", "flac", "ogg", "mp3", "caf"])
@pytest.mark.skipif(sys.platform == "win32", reason="no RLIMIT_FSIZE")
def test_a_full_disk_leaves_nothing_and_says_so(tmp_path, ending):
    """A process that may write 100 kB only: the write fails with EFBIG where a full disk gives ENOSPC."""
    code = """
import resource, sys, signal
from bridge.errors import OutputFailed
from bridge.files import write
from tests import signals
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    write(sys.argv[1], signals.white(-12, 20))
except OutputFailed as error:
    print(error.message)
"""
    path = tmp_path / f"x.{ending}"
    done = subprocess.run(
        [sys.executable, "-c", code, path], capture_output=True, timeout=120, text=True, check=True
    )
    assert done.stdout == f"x.{ending} could not be written: the system does not allow a file that large.\n"
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's /dev/full")
def test_no_space_left_is_named(tmp_path):
    with io.FileIO("/dev/full", "w") as full, pytest.raises(OSError) as caught:
        full.write(b"x")
    assert atomic.output_failed(tmp_path / "x.wav", caught.value).message == (
        "x.wav could not be written: the disk is full; make room and try again."
    )


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(OutputFailed, match=r"x\.wav could not be written: the folder is not there"):
        write(tmp_path / "gone" / "x.wav", signals.white(-20, 0.1))


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege")
def test_a_link_in_the_place_of_the_output_is_not_followed(tmp_path):
    (tmp_path / "victim").write_bytes(b"precious")
    (tmp_path / "x.wav").symlink_to(tmp_path / "victim")
    with pytest.raises(OutputFailed, match="symbolic link"):
        SoundWriter(tmp_path / "x.wav", 48000, 1, SoundFormat("WAV", "PCM_16"))
    assert (tmp_path / "victim").read_bytes() == b"precious"


def test_verify_finds_a_file_that_changed_under_the_writer(tmp_path):
    save(tmp_path / "x.wav", signals.white(-20, 0.1).samples, SoundFormat("WAV", "PCM_16"))
    with pytest.raises(OutputFailed, match=r"x\.wav was written but is not as promised: 4800 frames"):
        verify(tmp_path / "x.wav", 48000, 2, 4801)
    os.truncate(tmp_path / "x.wav", 1000)
    with pytest.raises(OutputFailed, match=r"cannot be read again: x\.wav is cut off"):
        verify(tmp_path / "x.wav", 48000, 2, 4800)


def test_a_sound_without_channels_is_refused_and_leaves_nothing(tmp_path):
    with pytest.raises(BadInput, match="without a channel"):
        write(tmp_path / "none.wav", Audio(np.zeros((0, 100), np.float32), 48000))
    assert list(tmp_path.iterdir()) == []


def test_an_error_inside_leaves_nothing(tmp_path):
    with (
        pytest.raises(KeyError),
        SoundWriter(tmp_path / "x", 48000, 1, SoundFormat("FLAC", "PCM_16")) as writer,
    ):
        writer.write(np.zeros((1, 5000), np.float32))
        raise KeyError
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_changes_while_it_is_open_is_noticed(tmp_path):
    (tmp_path / "x.wav").write_bytes(wav())
    with open_sound(tmp_path / "x.wav") as sound:
        assert sound.unchanged()
        with (tmp_path / "x.wav").open("ab") as file:
            file.write(b"more")
        assert not sound.unchanged()
