"""Stems of a song, each played alone by General MIDI sounds: same beat, same chords, same room, different players."""

from __future__ import annotations

import numpy as np

from tests.analysis.midi_player import BASS, CHORDS, DRUMS, LEAD, PAD, Note, render

NAMES = {CHORDS: "chords", BASS: "bass", LEAD: "lead", PAD: "pad", DRUMS: "drums"}

_PROGRAMS = {
    CHORDS: (0, 4, 24, 25, 27),
    BASS: (32, 33, 34, 38),
    LEAD: (56, 65, 71, 73, 80, 40),
    PAD: (48, 50, 89, 16),
}
_PROGRESSIONS = ((0, 5, 3, 4), (0, 3, 4, 0), (0, 4, 5, 3))
_SCALE = (0, 2, 4, 5, 7, 9, 11)
_KICK, _SNARE, _HAT = 36, 38, 42


def song_stems(seed: int, seconds: float = 12.0) -> dict[str, np.ndarray]:
    """Five stems by name, mono, peak at -3 dBFS each [shape=(frames,)]."""
    generator = np.random.default_rng(seed)
    beat_s = 60 / generator.uniform(80, 140)
    notes = list(_notes(generator, beat_s, seconds))
    programs = {channel: int(generator.choice(choice)) for channel, choice in _PROGRAMS.items()}
    return {
        name: render([note for note in notes if note.channel == channel], programs, seconds, generator)
        .samples.sum(axis=0)
        .astype(np.float64)
        for channel, name in NAMES.items()
    }


def _notes(generator: np.random.Generator, beat_s: float, seconds: float) -> list[Note]:
    tonic = int(generator.integers(48, 60))
    degrees = _PROGRESSIONS[int(generator.integers(len(_PROGRESSIONS)))]
    made: list[Note] = []

    def play(beat: float, beats: float, channel: int, pitch: int) -> None:
        at = beat * beat_s + abs(generator.normal(0, 0.004))
        made.append(Note(at, beats * beat_s * 0.9, channel, pitch, int(generator.integers(70, 120))))

    for beat in range(int(seconds / beat_s) - 1):
        degree = degrees[beat // 4 % 4]
        triad = [tonic + _SCALE[(degree + step) % 7] + 12 * ((degree + step) // 7) for step in (0, 2, 4)]
        for pitch in triad if beat % 2 == 0 else ():
            play(beat, 2, CHORDS, pitch)
        for pitch in triad if beat % 4 == 0 else ():
            play(beat, 4, PAD, pitch + 12)
        for half in (0.0, 0.5):
            play(beat + half, 0.5, BASS, triad[0] - 12)
            play(beat + half, 0.3, DRUMS, _HAT)
        if generator.uniform() < 0.7:
            play(beat + float(generator.choice([0.0, 0.5])), 1, LEAD, int(generator.choice(triad)) + 12)
        play(beat, 0.3, DRUMS, _KICK if beat % 2 == 0 else _SNARE)
    return made
