"""What comes back through the hot folder beside the sound: chunks, format, depth and rate, from drop to result."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.daemon.living import living
from tests.files.made import chunks_of, wav
from tests.files.test_metadata import ACID, ADTL, BEXT, CUE, INFO, IXML, SMPL

RATE = 48000
BESIDE = {b"iXML": IXML, b"cue ": CUE, b"smpl": SMPL, b"acid": ACID}


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    with living(tmp_path_factory.mktemp("carried")) as daemon:
        yield daemon


def take(path: Path) -> Path:
    """A second of stereo 16 bit as a DAW bounces it, with notes, markers, loops and tempo. -26 dBFS."""
    mono = 0.07 * np.sin(2 * np.pi * 997 * np.arange(RATE) / RATE)
    sound = np.repeat(np.round(mono * 32768), 2).astype("<i2").tobytes()
    after = [(b"cue ", CUE), (b"LIST", ADTL), (b"smpl", SMPL), (b"acid", ACID), (b"LIST", INFO)]
    path.write_bytes(wav(sound, before=[(b"bext", BEXT), (b"iXML", IXML)], after=after))
    return path


def wish(source: Path, words: str) -> Path:
    source.with_name(f"{source.name}.txt").write_text(words, encoding="utf-8")
    return source


def dropped(daemon, made: Path) -> dict:
    """The result of a file that was made elsewhere and then moved in."""
    return daemon.result_of(made.rename(daemon.inbox / made.name))


def test_a_stem_comes_back_with_its_notes_markers_loops_and_tempo(daemon):
    wish(daemon.inbox / "take.wav", "-20 LUFS")
    original = take(daemon.home / "take.wav").read_bytes()
    result = dropped(daemon, daemon.home / "take.wav")
    assert (result["status"], result["ok"]) == ("done", True), result["reason"]
    found = chunks_of(Path(result["output"]).read_bytes())
    for name, content in BESIDE.items():
        assert (name, content) in found, name
    assert [content for name, content in found if name == b"LIST"] == [ADTL, INFO]
    bext = dict(found)[b"bext"]
    assert bext[:346] == BEXT[:346], "description, originator, date and time reference"
    assert Path(result["source"]["path"]).read_bytes() == original


def test_a_longer_result_keeps_its_markers(daemon):
    """A delay rings on: the sound grows at its end, so markers stay where they were."""
    wish(daemon.inbox / "echo.wav", "delay 200 ms, feedback 40 %, mix 30 %")
    result = dropped(daemon, take(daemon.home / "echo.wav"))
    assert result["status"] == "done", result["reason"]
    assert soundfile.info(result["output"]).frames > RATE
    found = dict(chunks_of(Path(result["output"]).read_bytes()))
    assert found[b"cue "] == CUE
    assert found[b"smpl"] == SMPL


@pytest.mark.parametrize(
    ("name", "subtype", "rate"),
    [
        ("a.wav", "PCM_16", 44100), ("b.wav", "PCM_24", 96000), ("c.wav", "FLOAT", 48000), ("d.wav", "PCM_32", 48000),
        ("e.aiff", "PCM_24", 48000), ("f.flac", "PCM_16", 44100), ("g.flac", "PCM_24", 88200),
        ("h.w64", "PCM_24", 48000), ("i.rf64", "PCM_24", 48000),
    ],
)  # fmt: skip
def test_a_lossless_format_comes_back_as_it_was(daemon, name, subtype, rate):
    made = daemon.home / name
    soundfile.write(made, _tone(rate), rate, subtype)
    before = soundfile.info(made)
    result = dropped(daemon, made)
    assert result["status"] == "done", result["reason"]
    after = soundfile.info(result["output"])
    shown = ("format", "subtype", "samplerate", "channels", "frames")
    assert [getattr(after, item) for item in shown] == [getattr(before, item) for item in shown]
    assert Path(result["output"]).name == name


@pytest.mark.parametrize(
    ("name", "format", "subtype"), [("l.mp3", "MP3", "MPEG_LAYER_III"), ("m.ogg", "OGG", "VORBIS")]
)
def test_a_lossy_format_comes_back_as_24_bit_wav(daemon, name, format, subtype):
    made = daemon.home / name
    soundfile.write(made, _tone(44100), 44100, subtype, format=format)
    result = dropped(daemon, made)
    assert result["status"] == "done", result["reason"]
    after = soundfile.info(result["output"])
    assert (after.format, after.subtype, after.samplerate, after.channels) == ("WAV", "PCM_24", 44100, 2)
    assert Path(result["output"]).suffix == ".wav"
    assert after.frames == result["source"]["frames"]


def _tone(rate: int) -> np.ndarray:
    """A second of a 997 Hz tone in stereo, -26 dBFS peak; shape (frames, 2)."""
    return np.repeat(0.05 * np.sin(2 * np.pi * 997 * np.arange(rate) / rate)[:, None], 2, axis=1)
