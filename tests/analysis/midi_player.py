"""Plays written notes with fluidsynth and its General MIDI sounds. Its clock runs 0.01 % fast: 6 ms in a minute."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bridge.audio import Audio
from tests.real import must_have

RATE = 44100
SOUNDS = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")

CHORDS, BASS, LEAD, PAD, DRUMS = 0, 1, 2, 3, 9
"""Channels; the tenth is General MIDI's drums."""

TICKS_PER_S = 10_000
WHEEL_CENTS = 200.0
"""General MIDI's pitch wheel reaches two semitones."""


@dataclass(frozen=True)
class Note:
    at_s: float
    seconds: float
    channel: int
    pitch: int
    force: int


def must_have_players() -> None:
    """Skips (with CI=true: fails) where fluidsynth or its sounds are missing."""
    must_have("fluidsynth with FluidR3_GM.sf2", bool(shutil.which("fluidsynth")) and SOUNDS.exists())


def render(
    notes: list[Note],
    programs: dict[int, int],
    seconds: float,
    generator: np.random.Generator,
    tuning_cents: float = 0.0,
) -> Audio:
    """Plays notes with fluidsynth, its reverb and chorus included; peak at -3 dBFS [shape=(2, seconds·RATE)]."""
    import soundfile

    must_have_players()
    with tempfile.TemporaryDirectory() as folder:
        midi, wav = Path(folder) / "piece.mid", Path(folder) / "piece.wav"
        _write(midi, notes, programs, generator, tuning_cents)
        command = [
            "fluidsynth",
            "-ni",
            "-q",
            "-g",
            "0.4",
            "-r",
            str(RATE),
            "-O",
            "float",
            "-F",
            wav,
            SOUNDS,
            midi,
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        samples = soundfile.read(wav, dtype="float32", always_2d=True)[0].T
    out = np.zeros((2, round(seconds * RATE)), np.float32)
    kept = min(out.shape[1], samples.shape[1])
    out[:, :kept] = samples[:, :kept]
    return Audio(out * np.float32(0.708 / max(float(np.abs(out).max()), 1e-9)), RATE)


def _write(
    path: Path,
    notes: list[Note],
    programs: dict[int, int],
    generator: np.random.Generator,
    tuning_cents: float,
) -> None:
    """A MIDI file whose ticks are tenths of a millisecond."""
    import mido

    messages = []
    places = {
        DRUMS: 64,
        BASS: 64,
        CHORDS: int(generator.integers(30, 98)),
        LEAD: int(generator.integers(40, 90)),
        PAD: 64,
    }
    volumes = {DRUMS: 110, BASS: 105, CHORDS: 90, LEAD: 95, PAD: 75}
    wheel = round(tuning_cents / WHEEL_CENTS * 8192)
    for channel, program in programs.items():
        volume = int(volumes[channel] + generator.integers(-12, 13))
        messages += [
            (0, mido.Message("program_change", channel=channel, program=program)),
            (0, mido.Message("control_change", channel=channel, control=7, value=volume)),
            (0, mido.Message("control_change", channel=channel, control=10, value=places[channel])),
            (0, mido.Message("pitchwheel", channel=channel, pitch=wheel)),
        ]
    for note in notes:
        start, end = round(note.at_s * TICKS_PER_S), round((note.at_s + note.seconds) * TICKS_PER_S)
        on = {"channel": note.channel, "note": note.pitch}
        messages.append((start, mido.Message("note_on", velocity=note.force, **on)))
        messages.append((end, mido.Message("note_off", **on)))
    messages.sort(key=lambda item: (item[0], item[1].type != "note_off"))
    track = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=1_000_000)])
    now = 0
    for at, message in messages:
        track.append(message.copy(time=at - now))
        now = at
    mido.MidiFile(ticks_per_beat=TICKS_PER_S, tracks=[track]).save(path)
