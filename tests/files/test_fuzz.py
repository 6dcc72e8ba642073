"""Any bytes at all: a verdict in bounded time, never another exception."""

from __future__ import annotations

import struct
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.errors import BadInput
from bridge.files import SoundFormat, SoundWriter, inspect, open_sound
from tests import signals
from tests.files.made import aiff, rf64, wav
from tests.files.test_metadata import ADTL, BEXT, CUE, INST, MARK, SMPL

FAST = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
EXTREMES = [0, 1, 7, 0x7F, 0x80, 0xFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFFE]


def _coded(container: str, subtype: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        soundfile.write(path, signals.white(-20, 0.1).samples.T, 48000, format=container, subtype=subtype)
        return path.read_bytes()


SEEDS = [
    wav(before=[(b"bext", BEXT)], after=[(b"cue ", CUE), (b"LIST", ADTL), (b"smpl", SMPL)]),
    rf64(b"\1\2\3\4" * 500),
    aiff(b"\1\2" * 500, extra=[(b"MARK", MARK), (b"INST", INST)]),
    *(
        _coded(*kind)
        for kind in (
            ("W64", "PCM_16"), ("FLAC", "PCM_16"), ("OGG", "VORBIS"), ("OGG", "OPUS"), ("MP3", "MPEG_LAYER_III"),
            ("CAF", "PCM_24"), ("CAF", "ALAC_16"), ("WAV", "IMA_ADPCM"),
        )
    ),
]  # fmt: skip


def survive(data: bytes) -> None:
    """Inspect, read to the end, carry the chunks: complete or a refusal in one line, whatever the bytes say."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.wav"
        path.write_bytes(data)
        found = inspect(path, decode=True)
        assert found.sentence.isprintable() and found.sentence.startswith("x.wav")
        if not found.complete:
            return
        with open_sound(path) as sound:
            assert sum(block.shape[1] for block in sound.blocks()) == sound.frames
            # A few hundred kB decode to a few MB; a header that promises more would show here.
            assert sound.frames * sound.channels < 20_000_000
            container = sound.survey.container if sound.survey.container in ("RF64", "W64", "AIFF") else "WAV"
            out = Path(folder) / "out"
            with SoundWriter(out, sound.rate, 1, SoundFormat(container, "PCM_16"), sound) as writer:
                writer.write(np.zeros((1, 10), np.float32))
        assert inspect(out).complete


@FAST
@given(seed=st.sampled_from(range(len(SEEDS))), data=st.data())
def test_headers_with_changed_fields(seed, data):
    bytes_ = bytearray(SEEDS[seed])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, min(len(bytes_) - 9, 1200)))
        form = data.draw(st.sampled_from(["<I", ">I", "<H", ">H", "B"]))
        value = data.draw(st.sampled_from(EXTREMES) | st.integers(0, 2**32 - 1))
        struct.pack_into(form, bytes_, at, value % 256 ** struct.calcsize(form))
    survive(bytes(bytes_))


@FAST
@given(seed=st.sampled_from(range(len(SEEDS))), data=st.data())
def test_files_that_end_anywhere_or_lack_a_piece(seed, data):
    bytes_ = SEEDS[seed]
    start = data.draw(st.integers(0, len(bytes_)))
    stop = data.draw(st.just(len(bytes_)) | st.integers(start, len(bytes_)))
    survive(bytes_[:start] + bytes_[stop:])


@FAST
@given(seed=st.sampled_from(range(len(SEEDS))), tail=st.binary(max_size=200))
def test_random_bytes_behind_a_magic(seed, tail):
    survive(SEEDS[seed][:16] + tail)


@FAST
@given(st.binary(max_size=300))
def test_random_bytes(data):
    survive(data)


def test_garbage_behind_an_mp3_is_not_searched_for_ever():
    """20 MB of sync bytes: a walk byte by byte would take half a minute, a bounded one none."""
    stream = SEEDS[7][417:]
    started = time.process_time()
    survive(stream + b"\xff" * 20_000_000)
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    "data",
    [
        b"RF64\xff\xff\xff\xffWAVEds64\x1c\0\0\0" + b"\xff" * 28 + b"fmt \x10\0\0\0" + bytes(16) + b"data\xff\xff",
        b"RIFF\xfe\xff\xff\xffWAVE" + b"junk\0\0\0\0" * 200_000,
        b"ID3\4\0\0\x7f\x7f\x7f\x7f" * 10,
        b"ID3\4\0\0\0\0\0\0" * 100_000,
        b"\xff\xfb\x90\x64" * 100_000,
        b"OggS" * 50_000,
        b"fLaC" + b"\0\0\0\0" * 100_000,
        b"FORM\xff\xff\xff\xfeAIFFCOMM\0\0\0\x12" + b"\xff" * 18 + b"SSND\x7f\xff\xff\xff",
        b"caff\0\1\0\0" + b"free" + struct.pack(">q", 2**62),
        b"caff\0\1\0\0" + b"free" + struct.pack(">q", -(2**63)),
    ],
)  # fmt: skip
def test_known_bombs(data):
    with pytest.raises(BadInput), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.wav"
        path.write_bytes(data)
        open_sound(path)
