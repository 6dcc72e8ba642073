"""Tracks of a song with their offsets, albums and rooms of one's own: dropped, over real UDP, on the command line."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyloudnorm
import pytest
import soundfile
from scipy.signal import butter, sosfilt

from bridge.osc.client import Rejected, new_id
from bridge.osc.messages import Process
from tests import signals
from tests.daemon.living import Daemon, living, until

RATE = 48000


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    with living(tmp_path_factory.mktemp("tracks"), stems_settle_s=0.8) as found:
        yield found


def asked(daemon: Daemon, path: Path, words: str, **options: Any) -> dict[str, Any]:
    message = Process(new_id(), str(path), words, json.dumps(options))
    with daemon.client() as client:
        client.request(message)
        answer = client.wait(message, timeout_s=120)
    return json.loads(Path(answer.path).read_text())


def noise(low_hz: float, high_hz: float, seconds: float, level_db: float, seed: int) -> np.ndarray:
    """Bursts of noise in a band, as loud as `level_db` while they sound [shape=(frames,)]."""
    made = sosfilt(
        butter(4, (low_hz, high_hz), "band", fs=RATE, output="sos"),
        signals.rng(seed).standard_normal(round(seconds * RATE)),
    )
    made *= np.repeat(signals.rng(seed + 1).uniform(0.2, 1.0, -(-len(made) // 9600)), 9600)[: len(made)]
    return made / np.sqrt(np.mean(made**2)) * 10 ** (level_db / 20)


def lufs(path: str | Path) -> float:
    samples, rate = soundfile.read(path, always_2d=True)
    return pyloudnorm.Meter(rate, filter_class="DeMan").integrated_loudness(samples)


def written(path: Path, samples: np.ndarray, rate: int = RATE) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, samples.T, rate, subtype="PCM_24")
    return path


@pytest.fixture(scope="module")
def song(daemon) -> dict[str, Path]:
    """As a DAW bounces it: a vocal that comes in late, a guitar over it, a bass at another rate, a snare by two
    microphones of which the far one is 2.5 ms late and turned round. In an allowed folder that nobody watches."""
    folder = daemon.outbox / "bounced"
    snare = noise(150, 6000, 6.0, -24, 5)
    far = -0.5 * np.pad(snare, (120, 0))[: len(snare)]
    bass = 0.12 * np.sin(2 * np.pi * 80 * np.arange(44100 * 6) / 44100)
    return {
        "vocal": written(folder / "vocal.wav", noise(300, 4000, 4.0, -30, 1)),
        "guitar": written(folder / "guitar.wav", np.tile(noise(300, 4000, 6.0, -20, 3), (2, 1))),
        "bass": written(folder / "bass.wav", bass, 44100),
        "snare close": written(folder / "snare close.wav", snare),
        "snare far": written(folder / "snare far.wav", far),
    }


def of(song: dict[str, Path], *names: str) -> dict[str, str]:
    return {name: str(song[name]) for name in names or song}


def test_each_track_comes_back_where_it_was_with_its_rate_and_length(daemon, song):
    starts = {"vocal": 1.25, "guitar": 0.5}
    result = asked(daemon, song["vocal"], "balance the stems", stems=of(song), starts=starts)
    assert result["status"] == "done" and result["ok"], (result["reason"], result["checks"])
    assert {name: stem["start_s"] for name, stem in result["stems"].items()} == {
        **dict.fromkeys((*song, "mix"), 0.0), **starts,
    }  # fmt: skip
    moved = {name: stem for name, stem in result["stems"].items() if stem["output"]}
    assert {"vocal", "guitar"} <= set(moved)
    for name, stem in moved.items():
        was, now = soundfile.info(song[name]), soundfile.info(stem["output"])
        assert (was.samplerate, was.frames, was.channels) == (now.samplerate, now.frames, now.channels)
        assert stem["offset_s"] == 0.0 and Path(stem["output"]).name == song[name].name
    before, after = (
        lufs(song["vocal"]) - lufs(song["guitar"]),
        lufs(moved["vocal"]["output"]) - lufs(moved["guitar"]["output"]),
    )
    assert after > before + 5  # the lead stands over what accompanies it


def test_room_is_made_where_the_tracks_lie_over_each_other_and_nowhere_else(daemon, song):
    stems = of(song, "vocal", "guitar", "bass")
    result = asked(daemon, song["vocal"], "make room for the vocal", stems=stems, starts={"vocal": 1.0})
    assert result["status"] == "done" and result["ok"], (result["reason"], result["checks"])
    assert [name for name, stem in result["stems"].items() if stem["output"]] == ["guitar"]
    (hidden,) = [check for check in result["checks"] if "hidden_by" in check["name"]]
    assert hidden["got"] < hidden["asked"]
    assert lufs(song["guitar"]) - 1.5 <= lufs(result["stems"]["guitar"]["output"]) < lufs(song["guitar"])


def test_two_microphones_of_one_snare_meet(daemon, song):
    result = asked(
        daemon, song["snare close"], "align the microphones", stems=of(song, "snare close", "snare far")
    )
    assert result["status"] == "done" and result["ok"], (result["reason"], result["checks"])
    heard = []
    for name in ("snare close", "snare far"):
        stem = result["stems"][name]
        samples, _ = soundfile.read(stem["output"] or song[name])
        heard.append(np.pad(samples, (round((stem["start_s"] + (stem["offset_s"] or 0.0)) * RATE), 0)))
    size = min(map(len, heard)) - 4800
    close, far = (each[4800:size] for each in heard)
    assert np.corrcoef(close, far)[0, 1] > 0.98


def test_a_bus_of_both_microphones_takes_their_place_in_the_mix(daemon, song):
    stems = of(song, "snare close", "snare far", "bass")
    result = asked(
        daemon,
        song["snare close"],
        "compress the drums 4:1 at -30 dB, mix 1 dB quieter",
        stems=stems,
        starts={"bass": 1.0},
    )
    assert result["status"] == "done" and result["ok"], (result["reason"], result["checks"])
    made = [name for name, stem in result["stems"].items() if stem["output"]]
    assert made == ["drums", "mix"] and result["stems"]["drums"]["reductions"]
    drums, _ = soundfile.read(result["stems"]["drums"]["output"])
    mix, rate = soundfile.read(result["stems"]["mix"]["output"])
    assert rate == RATE and len(mix) == 7 * RATE
    alone = slice(0, RATE // 2)  # before the bass begins
    assert np.abs(mix[alone] - drums[alone] * 10 ** (-1 / 20)).max() < 1e-6


def test_the_same_tracks_on_the_command_line_are_drawn_one_by_one(daemon, song, tmp_path):
    for name in ("vocal", "guitar"):
        (tmp_path / "song").mkdir(exist_ok=True)
        (tmp_path / "song" / f"{name}.wav").write_bytes(song[name].read_bytes())
    command = [
        "process",
        str(tmp_path / "song"),
        "make room for the vocal, compress the guitar 3:1 at -30 dB",
    ]
    made = [sys.executable, "-m", "bridge.cli", *command, "--plot", str(tmp_path / "song.svg"), "--json"]
    done = subprocess.run(made, env=daemon.environment, capture_output=True, timeout=240, check=False)
    result = json.loads(done.stdout)
    assert Path(result["picture"]).name == "song.svg" and list(result["pictures"]) == ["guitar"]
    drawn = Path(result["pictures"]["guitar"]).read_text()
    assert "Compressor" in drawn and "before" in drawn


def record(folder: Path) -> dict[str, Path]:
    peaks = signals.pink(-24, 3.0, seed=3).samples.copy()
    peaks[:, 1000::6000] = 0.9
    return {
        "one": written(folder / "one.wav", signals.pink(-20, 3.0, seed=1).samples),
        "two": written(
            folder / "two.wav", signals.pink(-30, 3.0, seed=2, rate=44100, channels=1).samples, 44100
        ),
        "three": written(folder / "three.wav", peaks),
    }


def judged(result: dict[str, Any], songs: dict[str, Path], asked_lufs: float) -> None:
    """By pyloudnorm: each song moved by one gain; all of them one after the other as loud as was asked."""
    assert result["status"] == "done" and result["ok"], (result["reason"], result["checks"])
    assert set(result["songs"]) == set(songs) and "stems" not in result
    moved = [lufs(result["songs"][name]["output"]) - lufs(path) for name, path in songs.items()]
    assert np.ptp(moved) < 0.15
    assert np.mean(moved) == pytest.approx(result["album"]["gain_db"], abs=0.1)
    assert list(result["album"]["limited_db"]) == ["three"]
    (check,) = [check for check in result["checks"] if check["name"] == "album_loudness"]
    assert check["asked"] == asked_lufs and check["got"] == pytest.approx(asked_lufs, abs=0.1)
    assert any("quietest" in text or "quieter" in text or "softest" in text for text in result["warnings"])


def test_a_dropped_album_comes_back_song_by_song_with_one_summary(daemon):
    made = record(daemon.aside / "record")
    folder = made["one"].parent.rename(daemon.inbox / "record.album")  # all songs at once
    songs = {name: folder / path.name for name, path in made.items()}
    result = until(lambda: next((r for r in daemon.results() if "album" in r), None), 60, daemon.log[-2000:])
    judged(result, songs, -14.0)
    assert result["request"] == "-14 LUFS, ceiling -1 dBTP"
    time.sleep(1.0)
    assert len([r for r in daemon.results() if "record.album" in r["source"]["path"]]) == 1


def test_an_album_over_osc_goes_where_its_words_say(daemon):
    songs = record(daemon.outbox / "masters")
    album = {name: str(path) for name, path in songs.items()}
    judged(asked(daemon, songs["one"], "-18 LUFS, ceiling -4 dBTP", album=album), songs, -18.0)


def test_a_song_outside_of_the_allowed_folders_is_refused_by_name(daemon):
    songs = record(daemon.outbox / "masters")
    message = Process(new_id(), str(songs["one"]), "-18 LUFS", json.dumps({"album": {"x": "/etc/x.wav"}}))
    with daemon.client() as client, pytest.raises(Rejected, match=r"x\.wav"):
        client.request(message)


def test_a_room_of_ones_own_from_words_a_sidecar_and_an_option(daemon, song):
    decay = np.exp(-np.arange(48000) / 9600) * signals.rng(7).standard_normal(48000)
    church = written(daemon.outbox / "rooms" / "church.wav", 0.1 * decay)
    dropped = daemon.inbox / "dry.wav"
    note = {"request": "some reverb, 30 % mix", "impulse": str(church)}
    dropped.with_name("dry.wav.request.json").write_text(json.dumps(note))
    dropped.write_bytes(song["vocal"].read_bytes())
    results = [
        daemon.result_of(dropped),
        asked(daemon, song["vocal"], f"convolve with {church}, 30 % wet"),
        asked(daemon, song["vocal"], "convolve with rooms/church.wav, 30 % wet"),
        asked(daemon, song["vocal"], "convolution reverb 30 % wet", impulse="../rooms/church.wav"),
    ]
    sounds = []
    for result in results:
        assert result["status"] == "done" and result["ok"], (result["reason"], result["checks"])
        (step,) = result["plan"]["steps"]
        assert step["parameters"]["file"] == str(church)
        sounds.append(soundfile.read(result["output"])[0])
    assert all(np.abs(sounds[0] - other).max() < 1e-6 for other in sounds[1:])


def test_a_room_outside_of_the_allowed_folders_is_refused_by_name_from_everywhere(daemon, song):
    refused = asked(daemon, song["vocal"], "convolve with /etc/church.wav")
    assert (
        refused["status"] == "refused"
        and "impulse response" in refused["reason"]
        and "church.wav" in refused["reason"]
    )
    message = Process(new_id(), str(song["vocal"]), "warmer", json.dumps({"impulse": "/etc/church.wav"}))
    with daemon.client() as client, pytest.raises(Rejected, match=r"impulse response .*church\.wav"):
        client.request(message)
    dropped = daemon.inbox / "wet.wav"
    dropped.with_name("wet.wav.request.json").write_text(
        '{"request": "warmer", "impulse": "../../church.wav"}'
    )
    dropped.write_bytes(song["vocal"].read_bytes())
    result = daemon.result_of(dropped)
    assert result["status"] == "refused" and "church.wav" in result["reason"]
