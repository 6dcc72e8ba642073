"""Chunks and tags that survive processing, made and read by hand."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bridge.audio import Audio
from bridge.errors import FileRefused
from bridge.files import SoundFormat, SoundWriter, open_sound, read, verify, write
from bridge.files.containers.w64 import guid
from bridge.files.metadata import chunks as chunk_rules
from bridge.files.metadata.aiff import moved_markers, without_links, without_loops
from bridge.files.metadata.change import Change
from tests import signals
from tests.files.made import Chunk, aiff, big, chunk, chunks_of, chunks_of_aiff, wav

BEXT = (
    b"A stem".ljust(256, b"\0") + b"DAW".ljust(32, b"\0") + b"REF1".ljust(32, b"\0") + b"2024-05-0612:00:00"
    + struct.pack("<Q", 172_800_000) + struct.pack("<H", 2) + bytes(range(64))
    + struct.pack("<5h", -2300, 500, -100, -1800, -2000) + bytes(180) + b"A=PCM,F=48000,W=16,M=stereo,T=DAW\r\n"
)  # fmt: skip


def point(name: int, at: int) -> bytes:
    return struct.pack("<II4sIII", name, at, b"data", 0, 0, at)


CUE = struct.pack("<I", 3) + point(1, 0) + point(2, 500) + point(7, 900)
ADTL = (
    b"adtl" + chunk(b"labl", struct.pack("<I", 2) + b"verse\0") + chunk(b"note", struct.pack("<I", 7) + b"odd\0")
    + chunk(b"ltxt", struct.pack("<II4s4H", 2, 400, b"rgn ", 0, 0, 0, 0))
)  # fmt: skip
SMPL = struct.pack("<9I", 0, 0, 20833, 60, 0, 0, 0, 2, 4) + struct.pack("<6I", 1, 0, 100, 999, 0, 0)
SMPL += struct.pack("<6I", 2, 0, 960, 980, 0, 0) + b"MORE"
ACID = struct.pack("<IHHfIHHf", 0, 60, 0, 0.0, 4, 4, 4, 120.0)
IXML = b'<?xml version="1.0"?><BWFXML><PROJECT>Song</PROJECT></BWFXML>'
INFO = b"INFO" + chunk(b"INAM", b"Vocal\0") + chunk(b"IART", b"Me\0")

EARLY: list[Chunk] = [(b"bext", BEXT), (b"iXML", IXML), (b"JUNK", bytes(100))]
LATE: list[Chunk] = [
    (b"cue ", CUE), (b"LIST", ADTL), (b"smpl", SMPL), (b"acid", ACID), (b"LIST", INFO), (b"id3 ", b"ID3\3\0\0\0\0\0\0"),
    (b"axml", b"<ebuCoreMain/>"), (b"chna", bytes(44)), (b"_PMX", b"odd"), (b"xyz1", b"what no one knows"),
]  # fmt: skip
SOUND = np.arange(2000, dtype="<i2").tobytes()


def source(folder: Path, data: bytes | None = None) -> Path:
    path = folder / "take.wav"
    path.write_bytes(wav(SOUND, before=EARLY, after=LATE) if data is None else data)
    return path


FORMATS = {
    "wav": SoundFormat("WAV", "PCM_16"),
    "w64": SoundFormat("W64", "PCM_16"),
    "aif": SoundFormat("AIFF", "PCM_16"),
}


def carried(
    folder: Path,
    path: Path,
    *,
    frames: int = 1000,
    rate: int = 48000,
    channels: int = 2,
    start: int = 0,
    ending: str = "wav",
) -> tuple[bytes, tuple[str, ...]]:
    """What a result of another length, rate or start holds, and the warnings."""
    out = folder / f"out.{ending}"
    format = FORMATS[ending]
    with (
        open_sound(path) as sound,
        SoundWriter(out, rate, channels, format, sound, source_start_frame=start) as writer,
    ):
        writer.write(np.full((channels, frames), 0.25, np.float32))
    verify(out, rate, channels, frames)
    return out.read_bytes(), writer.warnings


def test_an_untouched_length_carries_every_chunk_byte_for_byte(tmp_path):
    data, warnings = carried(tmp_path, source(tmp_path))
    found = chunks_of(data)
    for item in (*EARLY[1:2], *LATE):
        assert item in found
    assert warnings == ()
    names = [identity for identity, _ in found]
    assert names.index(b"bext") < names.index(b"data") < names.index(b"cue ")
    assert soundfile.read(tmp_path / "out.wav", dtype="int16")[0].shape == (1000, 2)


@pytest.mark.parametrize("frames", [333, 1000, 1001])
def test_chunks_after_a_sound_of_odd_size_are_found(tmp_path, frames):
    """24 bit mono: an odd number of bytes wants a pad byte that no size counts."""
    out = tmp_path / "out.wav"
    with (
        open_sound(source(tmp_path)) as sound,
        SoundWriter(out, 48000, 1, SoundFormat("WAV", "PCM_24"), sound) as writer,
    ):
        writer.write(np.full((1, frames), 0.25, np.float32))
    found = chunks_of(out.read_bytes())
    assert (b"_PMX", b"odd") in found and found[-1] == LATE[-1]
    assert len(dict(found)[b"data"]) == frames * 3 == soundfile.info(out).frames * 3


def test_bext_says_how_the_result_came_to_be(tmp_path):
    data, _ = carried(tmp_path, source(tmp_path))
    bext = dict(chunks_of(data))[b"bext"]
    assert bext[:338] == BEXT[:338] and bext[338:412] == BEXT[338:412]
    assert bext[412:422] == struct.pack("<5H", *[0x7FFF] * 5)  # the loudness was the source's
    history = bext[602:].decode()
    assert history.startswith("A=PCM,F=48000,W=16,M=stereo,T=DAW\r\nA=PCM,F=48000,W=16,M=stereo,T=dawbridge")
    assert history.endswith("\r\n")


def test_another_rate_moves_every_position(tmp_path):
    data, warnings = carried(tmp_path, source(tmp_path), frames=2000, rate=96000)
    found = dict(chunks_of(data))
    assert found[b"cue "] == struct.pack("<I", 3) + point(1, 0) + point(2, 1000) + point(7, 1800)
    assert struct.unpack_from("<Q", found[b"bext"], 338)[0] == 345_600_000
    loop = struct.unpack_from("<6I", found[b"smpl"], 36)
    assert loop[2:4] == (200, 1998) and struct.unpack_from("<I", found[b"smpl"], 8)[0] == 10417
    adtl = next(body for name, body in chunks_of(data) if name == b"LIST" and body[:4] == b"adtl")
    assert struct.pack("<II4s", 2, 800, b"rgn ") in adtl
    assert found[b"acid"] == ACID
    assert [warning for warning in warnings if "iXML" in warning and "former rate" in warning]


def test_a_shorter_result_drops_what_lies_beyond_and_says_so(tmp_path):
    data, warnings = carried(tmp_path, source(tmp_path), frames=700)
    found = dict(chunks_of(data))
    assert found[b"cue "] == struct.pack("<I", 2) + point(1, 0) + point(2, 500)
    adtl = next(body for name, body in chunks_of(data) if name == b"LIST" and body[:4] == b"adtl")
    assert b"verse" in adtl and b"odd" not in adtl
    assert struct.unpack_from("<I", found[b"smpl"], 28)[0] == 1
    assert struct.unpack_from("<6I", found[b"smpl"], 36)[2:4] == (100, 699)
    assert found[b"smpl"].endswith(b"MORE")
    assert "take.wav: 1 of 3 markers lay outside the result and were left out." in warnings
    assert "take.wav: 2 loop(s) did not fit the result: shortened or left out." in warnings


def test_a_result_that_starts_later_moves_markers_and_time(tmp_path):
    data, warnings = carried(tmp_path, source(tmp_path), frames=600, start=400)
    found = dict(chunks_of(data))
    assert found[b"cue "] == struct.pack("<I", 2) + point(2, 100) + point(7, 500)
    assert struct.unpack_from("<Q", found[b"bext"], 338)[0] == 172_800_400
    assert any("1 of 3 markers" in warning for warning in warnings)


def test_a_longer_loop_has_more_beats(tmp_path):
    """4 beats at 120 bpm are 2 s; a second of tail makes it 6."""
    path = source(tmp_path, wav(bytes(4 * 96000), after=[(b"acid", ACID)]))
    data, warnings = carried(tmp_path, path, frames=144_000)
    assert struct.unpack_from("<IHHfIHHf", dict(chunks_of(data))[b"acid"]) == (0, 60, 0, 0.0, 6, 4, 4, 120.0)
    assert warnings == ("take.wav: the length changed, and so did the number of beats in its acid chunk.",)


def test_marks_of_the_former_sound_are_left_out(tmp_path):
    stale = [(b"PEAK", bytes(24)), (b"fact", bytes(4)), (b"levl", bytes(200)), (b"MD5 ", bytes(16))]
    data, warnings = carried(tmp_path, source(tmp_path, wav(SOUND, after=stale)))
    assert {identity for identity, _ in chunks_of(data)} == {b"JUNK", b"fmt ", b"data"}
    assert len(warnings) == 2 and "checksum" in warnings[1] and "peak envelope" in warnings[0]


def test_other_channels_leave_the_object_metadata_out(tmp_path):
    data, warnings = carried(tmp_path, source(tmp_path), channels=1)
    assert b"chna" not in dict(chunks_of(data)) and b"axml" not in dict(chunks_of(data))
    assert sum("describes other channels" in warning for warning in warnings) == 2


def test_too_large_a_chunk_is_left_out_and_named(tmp_path, monkeypatch):
    monkeypatch.setattr(chunk_rules, "MOST_BYTES", 1000)
    data, warnings = carried(
        tmp_path, source(tmp_path, wav(SOUND, after=[(b"big ", bytes(1001)), (b"tiny", b"1234")]))
    )
    assert b"tiny" in dict(chunks_of(data)) and b"big " not in dict(chunks_of(data))
    assert any("the big chunk" in warning and "too large" in warning for warning in warnings)


@pytest.mark.parametrize(
    ("identity", "payload"),
    [
        (b"cue ", b""), (b"cue ", b"\xff\xff\xff\xff"), (b"cue ", struct.pack("<I", 2**32 - 1) + point(1, 5)),
        (b"cue ", struct.pack("<I", 1) + point(1, 2**32 - 1)), (b"smpl", b"\1"), (b"smpl", b"\xff" * 36),
        (b"smpl", struct.pack("<9I", *[0] * 7, 2**32 - 1, 2**32 - 1) + b"\xff" * 24), (b"LIST", b""),
        (b"LIST", b"adtl"), (b"LIST", b"adtllabl\xff\xff\xff\xff\1\0\0\0"),
        (b"LIST", b"adtlltxt\4\0\0\0\1\0\0\0"), (b"bext", b"short"),
        (b"bext", b"\xff" * 602), (b"bext", b"\xff" * 5000), (b"acid", b"\xff" * 24), (b"acid", b""),
        (b"iXML", b"\0\xff"),
        (b"\xff\xfe\0\1", b"name of no letters"), (b"    ", b"blank"),
    ],
)  # fmt: skip
def test_hostile_chunks_are_survived(tmp_path, identity, payload):
    for length, rate in ((1000, 48000), (10, 48000), (3000, 96000)):
        data, _ = carried(
            tmp_path, source(tmp_path, wav(SOUND, after=[(identity, payload)])), frames=length, rate=rate
        )
        assert struct.unpack_from("<I", data, 4)[0] == len(data) - 8
        assert soundfile.info(tmp_path / "out.wav").frames == length


def test_a_chunk_that_claims_more_than_the_file_makes_it_truncated(tmp_path):
    path = source(tmp_path, wav(SOUND) + b"LIST\xff\xff\xff\x7f")
    with open_sound(path) as sound:  # beyond the RIFF's own end it is no chunk of it
        assert [item.id for item in sound.survey.chunks] == [b"fmt ", b"data"]


def test_ten_thousand_chunks_are_survived(tmp_path):
    path = source(tmp_path, wav(SOUND, after=[(b"many", b"")] * 10_000))
    data, _ = carried(tmp_path, path)
    assert read(tmp_path / "out.wav").frames == 1000
    assert len(data) < path.stat().st_size


def test_wave64_keeps_its_chunks_and_nothing_follows_its_sound(tmp_path):
    def large(identity: bytes, payload: bytes) -> bytes:
        return guid(identity) + struct.pack("<Q", 24 + len(payload)) + payload + bytes(-len(payload) % 8)

    fmt = struct.pack("<HHIIHH", 1, 2, 48000, 192000, 4, 16)
    body = (
        guid(b"wave")
        + large(b"fmt ", fmt)
        + large(b"bext", BEXT)
        + large(b"data", SOUND)
        + large(b"cue ", CUE)
    )
    path = tmp_path / "take.w64"
    path.write_bytes(
        bytes.fromhex("726966662e91cf11a5d628db04c10000") + struct.pack("<Q", len(body) + 24) + body
    )
    assert read(path).frames == 1000  # libsndfile alone reads on into the cue chunk
    for frames, expected in ((1000, CUE), (700, struct.pack("<I", 2) + point(1, 0) + point(2, 500))):
        data, warnings = carried(tmp_path, path, frames=frames, ending="w64")
        assert large(b"cue ", expected) in data and BEXT[:338] in data
        assert data.endswith(struct.pack("<h", 8192) * 2)
        assert soundfile.info(tmp_path / "out.w64").frames == frames
        assert len(warnings) == (frames < 900)
        with open_sound(tmp_path / "out.w64") as again:
            assert {b"fmt ", b"bext", b"cue ", b"junk", b"data"} == {item.id for item in again.survey.chunks}


MARK = struct.pack(">H", 3) + struct.pack(">hI", 1, 0) + b"\5begin" + struct.pack(">hI", 2, 500) + b"\4half\0"
MARK += struct.pack(">hI", 3, 900) + b"\3end"
INST = struct.pack(">6bh", 60, 0, 0, 127, 1, 127, 0) + struct.pack(">6h", 1, 1, 2, 1, 2, 3)
COMT = struct.pack(">H", 1) + struct.pack(">IhH", 0, 3, 4) + b"near"


def test_aiff_chunks_survive_and_move(tmp_path):
    path = tmp_path / "take.aif"
    extra = [
        (b"MARK", MARK),
        (b"INST", INST),
        (b"COMT", COMT),
        (b"NAME", b"Vocal"),
        (b"ANNO", b"odd"),
        (b"APPL", b"stoc"),
    ]
    path.write_bytes(aiff(np.arange(1000, dtype=">i2").tobytes(), extra=extra))
    data, warnings = carried(tmp_path, path, channels=1, ending="aif")
    assert all(item in chunks_of_aiff(data) for item in extra)
    assert warnings == ()
    data, warnings = carried(tmp_path, path, channels=1, frames=700, ending="aif")
    found = dict(chunks_of_aiff(data))
    assert found[b"MARK"] == struct.pack(">H", 2) + MARK[2 : 2 + 12 + 12]
    assert found[b"INST"] == INST[:14] + bytes(6)  # the release loop ended at the marker that is gone
    assert struct.unpack_from(">h", found[b"COMT"], 6)[0] == 0
    assert warnings == ("take.aif: 1 of 3 markers lay outside the result and were left out.",)
    assert big(b"NAME", b"Vocal") in data


@pytest.mark.parametrize(
    "payload", [b"", b"\xff", b"\xff\xff", b"\xff\xff" + bytes(3), b"\0\2" + b"\xff" * 40]
)
def test_hostile_aiff_chunks_are_survived(tmp_path, payload):
    path = tmp_path / "take.aif"
    extra = [(b"MARK", payload), (b"INST", payload), (b"COMT", payload)]
    path.write_bytes(aiff(bytes(2000), extra=extra))
    try:
        carried(tmp_path, path, channels=1, frames=10, ending="aif")
    except FileRefused as error:  # where libsndfile does not open it
        assert error.verdict == "unsupported" and "take.aif has a header that cannot be read" in error.message
    for moved in (0, 10, 5000):
        change = Change(48000, 96000, 1000, moved)
        marks, dropped, _ = moved_markers(payload, change)
        assert marks is None or moved_markers(marks, Change(48000, 48000, moved, moved))[0] == marks
        assert len(without_loops(payload, dropped)) == len(without_links(payload, dropped)) == len(payload)


@pytest.mark.parametrize("container", ["FLAC", "OGG", "MP3"])
def test_tags_of_coded_files_survive(tmp_path, container):
    path = tmp_path / "take"
    with soundfile.SoundFile(path, "w", 48000, 2, format=container) as file:
        file.title, file.artist = "Vocal ü", "Me"
        file.write(signals.white(-20, 1).samples.T)
    ending = "flac" if container == "FLAC" else "wav"
    write(tmp_path / f"out.{ending}", read(path), like=path)
    with soundfile.SoundFile(tmp_path / f"out.{ending}") as theirs:
        assert (theirs.title, theirs.artist) == ("Vocal ü", "Me")


def test_what_flac_tags_do_not_survive_is_named(tmp_path):
    """A picture and a comment that soundfile has no word for, put in by hand."""
    path = tmp_path / "take.flac"
    soundfile.write(path, signals.white(-20, 0.2).samples.T, 48000)
    data = path.read_bytes()
    text = b"MOOD=calm"
    comments = struct.pack("<I", 0) + struct.pack("<II", 1, len(text)) + text
    blocks = b"\x04" + len(comments).to_bytes(3, "big") + comments + b"\x06\0\0\x20" + bytes(32)
    end = 46 + int.from_bytes(data[43:46], "big")
    path.write_bytes(data[:42] + blocks + b"\x81\0\0\0" + data[end:])
    warnings = write(tmp_path / "out.flac", read(path), like=path)
    assert warnings == ("take.flac: not carried over to FLAC: mood, the picture.",)


def test_wav_chunks_that_another_container_cannot_hold_are_named(tmp_path):
    path = source(tmp_path)
    warnings = write(tmp_path / "out.flac", read(path), like=path)
    assert len(warnings) == 1 and "the bext chunk" in warnings[0] and "the cue chunk" in warnings[0]
    with soundfile.SoundFile(tmp_path / "out.flac") as theirs:
        assert theirs.title == "Vocal"


def test_a_result_of_a_result_keeps_its_chunks(tmp_path):
    path = source(tmp_path)
    write(tmp_path / "once.wav", read(path), like=path)
    write(
        tmp_path / "twice.wav",
        Audio(read(tmp_path / "once.wav").samples * 0.5, 48000),
        like=tmp_path / "once.wav",
    )
    found = chunks_of((tmp_path / "twice.wav").read_bytes())
    assert all(item in found for item in LATE)
    assert dict(found)[b"bext"].count(b"dawbridge") == 2
