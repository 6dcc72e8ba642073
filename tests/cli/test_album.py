"""`dawbridge album`: every song its own result, with one gain."""

from __future__ import annotations

import pytest
import soundfile

from tests import signals
from tests.cli.conftest import Run


@pytest.fixture
def run(run_here: Run) -> Run:
    return run_here


@pytest.fixture
def album(tmp_path):
    folder = tmp_path / "album"
    folder.mkdir()
    for number, level in enumerate((-20, -26, -23), start=1):
        audio = signals.pink(level, 4.0, seed=number)
        soundfile.write(folder / f"0{number}.wav", audio.samples.T, audio.rate, subtype="PCM_24")
    return folder


def test_an_album_comes_to_its_loudness_and_keeps_its_order(album, tmp_path, run):
    ran = run("album", str(album), "--loudness", "-18", "-o", str(tmp_path / "out"), "--json")
    assert ran.code == 0, ran.err
    told = ran.json
    before, after = (
        [song[when]["integrated_loudness"]["value"] for song in told["songs"].values()]
        for when in ("before", "after")
    )
    moved = [after - before for before, after in zip(before, after, strict=True)]
    assert moved == pytest.approx([told["album"]["gain_db"]] * 3, abs=0.02)
    (check,) = [check for check in told["checks"] if check["name"] == "album_loudness"]
    assert check["ok"] and check["asked"] == -18.0 and check["got"] == pytest.approx(-18.0, abs=0.1)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "01-bridge.wav", "02-bridge.wav", "03-bridge.wav",
    ]  # fmt: skip
    assert told["album"]["limited_db"] == {}
    outputs = [song["output"] for song in told["songs"].values()]
    assert outputs == [str(tmp_path / "out" / f"0{number}-bridge.wav") for number in (1, 2, 3)]


def test_a_file_that_is_no_sound_is_named(album, run):
    (album / "04.wav").write_bytes(b"RIFF nothing")
    ran = run("album", str(album))
    assert ran.code == 2 and "04.wav" in ran.err and "album" in ran.err


def test_people_read_what_each_song_gets(album, tmp_path, run):
    ran = run("album", str(album), "--loudness", "-12", "-o", str(tmp_path / "out"))
    assert "All songs together: " in ran.out and "dB for each" in ran.out and "off its peaks" in ran.out


def test_results_beside_their_songs_are_no_songs_of_the_album_the_next_time(album, run):
    (album / "song-bridge.wav").write_bytes(
        (album / "02.wav").read_bytes()
    )  # no "song" beside it: somebody's own
    first = run("album", str(album), "--loudness", "-20", "--json")
    assert first.code == 0 and len(list(album.glob("0?-bridge.wav"))) == 3
    again = run("album", str(album), "--loudness", "-20", "--json")
    assert [*again.json["songs"]] == ["01", "02", "03", "song-bridge"]
    assert "left out" in again.err and "02-bridge.wav" in again.err and "song-bridge.wav" not in again.err
    assert again.json["songs"]["01"]["output"] == str(album / "01-bridge-2.wav")
    named = run("album", str(album / "01.wav"), str(album / "01-bridge.wav"), "--loudness", "-20", "--json")
    assert [*named.json["songs"]] == ["01", "01-bridge"] and "left out" not in named.err
