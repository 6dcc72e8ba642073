"""Music with known tempo, beats and key: written from a seed, played by General MIDI sounds.

The players are human: some milliseconds and some force off. Sections differ in who plays; some begin out of time.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from bridge.audio import Audio
from tests.analysis.genres import BASSES, COMPS, GENRES, KICK, Genre
from tests.analysis.midi_player import BASS, CHORDS, DRUMS, LEAD, PAD, Note, render
from tests.analysis.pieces import NAMES

SCALES = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}
PROGRESSIONS = {
    "major": (
        (0, 3, 4, 0),
        (0, 4, 5, 3),
        (0, 5, 3, 4),
        (0, 1, 4, 0),
        (0, 3, 0, 4),
        (1, 4, 0, 0),
        (0, 2, 3, 4),
    ),
    "minor": (
        (0, 3, 4, 0),
        (0, 5, 3, 4),
        (0, 6, 5, 4),
        (0, 3, 0, 4),
        (0, 5, 6, 0),
        (0, 5, 2, 6),
        (0, 3, 6, 0),
    ),
}
"""Degrees of the scale, a bar each; the fifth degree of a minor key is a major chord."""

PIANO, MALLETS, ORGANS, GUITARS, BASSES_GM = (
    (0, 1, 4, 5),
    (11, 12),
    (16, 18, 19),
    (24, 25, 26, 27, 29),
    (32, 33, 34, 36, 38),
)
STRINGS, PADS, LEADS = (48, 50), (88, 89, 91), (56, 65, 66, 71, 73, 80, 81, 40)


@dataclass(frozen=True)
class Truth:
    """bpm: of the steady tempo, or the mean one. beats_s: every beat. tonic: 0 is C. steady: one tempo throughout."""

    bpm: float
    beats_s: tuple[float, ...]
    tonic: int
    mode: str
    genre: str
    steady: bool = True

    @property
    def key(self) -> str:
        return f"{NAMES[self.mode][self.tonic]} {self.mode}"


@dataclass
class Score:
    """Notes in beats become notes in seconds here, through the tempo."""

    beat_times_s: np.ndarray
    generator: np.random.Generator
    loose_s: float
    notes: list[Note] = field(default_factory=list)

    def second(self, beat: float) -> float:
        return float(np.interp(beat, np.arange(self.beat_times_s.size), self.beat_times_s))

    def add(self, beat: float, beats: float, channel: int, pitch: int, force: float) -> None:
        late = self.generator.normal(0, self.loose_s)
        start = self.second(beat)
        strength = int(np.clip(force + self.generator.normal(0, 5), 1, 127))
        self.notes.append(
            Note(
                max(0.0, start + late), max(0.05, self.second(beat + beats) - start), channel, pitch, strength
            )
        )


def song(
    seed: int,
    seconds: float,
    genre: str | None = None,
    bpm: float | tuple[float, float] | None = None,
    key: tuple[int, str] | None = None,
) -> tuple[Audio, Truth]:
    """A piece with drums, bass, chords and a melody, stereo at 44.1 kHz; what is not given is drawn from the seed.

    bpm: one tempo, or the first and the last of a piece that speeds up evenly.
    """
    generator = np.random.default_rng(seed)
    style = _genre(generator, genre)
    speed = float(generator.uniform(style.slowest_bpm, style.fastest_bpm)) if bpm is None else bpm
    tonic, mode = key or (int(generator.integers(12)), ("major", "minor")[int(generator.integers(2))])
    lead_in_s = float(generator.uniform(0.0, 1.0))
    free_s = float(generator.uniform(2.0, 4.0)) if bpm is None and generator.uniform() < 0.15 else 0.0
    score = Score(_beats(speed, lead_in_s + free_s, seconds), generator, float(generator.uniform(0.0, 0.006)))
    chords = PROGRESSIONS[mode][int(generator.integers(len(PROGRESSIONS[mode])))]
    if free_s:
        _free_intro(score, tonic, mode, lead_in_s, free_s)
    _arrange(score, style, tonic, mode, chords)
    audio = render(score.notes, _programs(generator, style), seconds, generator)
    return audio, _truth(score, speed, seconds, tonic, mode, style.name)


def progression(
    seed: int, seconds: float, tonic: int, mode: str, bpm: float = 100.0, tuning_cents: float = 0.0
) -> tuple[Audio, Truth]:
    """Chords, bass and a melody without drums in a given key; tuning_cents: of the whole against A = 440 Hz."""
    generator = np.random.default_rng(seed)
    score = Score(_beats(bpm, 0.1, seconds), generator, 0.003)
    chords = PROGRESSIONS[mode][int(generator.integers(len(PROGRESSIONS[mode])))]
    style = Genre(
        "progression", bpm, bpm, 4, 4, ({},), ("sustained", "arpeggio", "quarters"), ("eighths", "sustained")
    )
    _arrange(score, style, tonic, mode, chords)
    audio = render(score.notes, _programs(generator, style), seconds, generator, tuning_cents)
    return audio, _truth(score, bpm, seconds, tonic, mode, style.name)


def _genre(generator: np.random.Generator, name: str | None) -> Genre:
    drawn = GENRES[int(generator.integers(len(GENRES)))]
    return next((one for one in GENRES if one.name == name), drawn)


def _truth(
    score: Score, bpm: float | tuple[float, float], seconds: float, tonic: int, mode: str, genre: str
) -> Truth:
    steady = not isinstance(bpm, tuple)
    beats = tuple(float(at) for at in score.beat_times_s if at < seconds)
    mean = float(np.mean(bpm)) if isinstance(bpm, tuple) else bpm
    return Truth(mean, beats, tonic, mode, genre, steady)


def _beats(bpm: float | tuple[float, float], first_s: float, seconds: float) -> np.ndarray:
    """Times of the beats up to past the end [shape=(beats,)]."""
    start, end = bpm if isinstance(bpm, tuple) else (bpm, bpm)
    times = [first_s]
    while times[-1] < seconds + 8:
        part = min(1.0, max(0.0, times[-1] - first_s) / (seconds - first_s))
        times.append(times[-1] + 60.0 / (start + part * (end - start)))
    return np.array(times)


def _triad(mode: str, degree: int) -> list[int]:
    """Semitones above the tonic: root, third, fifth."""
    scale = SCALES[mode]
    notes = [scale[(degree + third) % 7] + 12 * ((degree + third) // 7) for third in (0, 2, 4)]
    if mode == "minor" and degree == 4:
        notes[1] += 1
    return notes


def _free_intro(score: Score, tonic: int, mode: str, start_s: float, seconds: float) -> None:
    """Single notes of the home chord at no particular time."""
    generator = score.generator
    for at in np.sort(generator.uniform(start_s, start_s + seconds - 0.3, int(generator.integers(3, 7)))):
        pitch = 60 + tonic + _triad(mode, 0)[int(generator.integers(3))]
        score.notes.append(Note(float(at), 1.2, CHORDS, pitch, int(generator.integers(50, 90))))


def _arrange(score: Score, style: Genre, tonic: int, mode: str, chords: tuple[int, ...]) -> None:
    """Bar after bar; every four or eight bars who plays is drawn anew, the drums nearly always among them."""
    generator = score.generator
    drums = style.drums[int(generator.integers(len(style.drums)))]
    comp = COMPS[style.comps[int(generator.integers(len(style.comps)))]]
    bass = style.basses[int(generator.integers(len(style.basses)))]
    bars = int((score.beat_times_s.size - 1) // style.beats)
    playing, busy = {CHORDS, BASS, DRUMS}, float(generator.uniform(0.25, 0.7))
    for bar in range(bars):
        if bar % 4 == 0:
            playing = {
                part for part, odds in ((CHORDS, 0.9), (LEAD, 0.7), (PAD, 0.4)) if generator.uniform() < odds
            }
            playing |= {part for part in (DRUMS, BASS) if bar >= 4 or generator.uniform() < 0.8} or {
                CHORDS,
                BASS,
            }
        triad = _triad(mode, chords[bar % len(chords)])
        first = float(bar * style.beats)
        if DRUMS in playing:
            _play_drums(score, style, drums, bar, first)
        if BASS in playing:
            line = BASSES[bass] or drums.get(KICK, "").replace("o", ".").replace("x", "r").replace("X", "r")
            _play_bass(score, style, line or "r...............", bar, first, tonic, mode, triad)
        if CHORDS in playing:
            _play_chords(score, style, comp, first, tonic, triad)
        if PAD in playing:
            for note in triad:
                score.add(first, style.beats, PAD, 48 + tonic + note, 50)
        if LEAD in playing:
            _play_melody(score, style, first, tonic, mode, triad, busy)


def _steps(style: Genre, pattern: str, bar: int) -> list[tuple[float, str, int]]:
    """(beat within the bar, character, steps to the next note) of one bar of a pattern, swung."""
    length = style.beats * style.steps
    part = [pattern[(bar * length + step) % len(pattern)] for step in range(length)]
    found = []
    for step, mark in enumerate(part):
        if mark != ".":
            rest = next((k for k in range(1, length - step) if part[step + k] != "."), length - step)
            late = style.swing if step % 2 else 0.0
            found.append(((step + late) / style.steps, mark, rest))
    return found


def _play_drums(score: Score, style: Genre, drums: dict[int, str], bar: int, first: float) -> None:
    force = {"X": 115, "x": 95, "o": 60}
    for pitch, pattern in drums.items():
        softer = 0 if pitch <= 40 else 20
        for beat, mark, _ in _steps(style, pattern, bar):
            if mark == "X" or score.generator.uniform() < 0.95:
                score.add(first + beat, 0.2, DRUMS, pitch, force[mark] - softer)


def _play_bass(
    score: Score, style: Genre, line: str, bar: int, first: float, tonic: int, mode: str, triad: list[int]
) -> None:
    for beat, mark, rest in _steps(style, line, bar):
        note = {"r": triad[0], "f": triad[2]}.get(mark)
        if note is None:
            note = triad[0] + int(SCALES[mode][int(score.generator.integers(1, 5))])
        pitch = 28 + (tonic + note - 4) % 12
        if score.generator.uniform() < 0.95:
            score.add(first + beat, 0.9 * rest / style.steps, BASS, pitch, 95)


def _play_chords(
    score: Score, style: Genre, pattern: str, first: float, tonic: int, triad: list[int]
) -> None:
    for index, (beat, mark, rest) in enumerate(_steps(style, pattern, 0)):
        notes = [triad[(0, 1, 2, 1)[index % 4]]] if mark == "a" else triad
        for note in notes:
            score.add(
                first + beat,
                0.9 * rest / style.steps,
                CHORDS,
                53 + (tonic + note - 5) % 12,
                60 if mark == "o" else 75,
            )


def _play_melody(
    score: Score, style: Genre, first: float, tonic: int, mode: str, triad: list[int], busy: float
) -> None:
    """Notes on beats and halves of them: of the chord on the beat, mostly of the scale in between."""
    generator = score.generator
    half = 0.5 if style.steps != 3 else 2 / 3
    for beat in range(style.beats):
        for offset, odds in ((0.0, busy + 0.2), (half, busy * 0.7)):
            if generator.uniform() < odds:
                of_chord = offset == 0.0 or generator.uniform() < 0.4
                note = (
                    triad[int(generator.integers(3))]
                    if of_chord
                    else SCALES[mode][int(generator.integers(7))]
                )
                score.add(first + beat + offset, 0.45, LEAD, 67 + (tonic + note - 7) % 12, 85)


def _programs(generator: np.random.Generator, style: Genre) -> dict[int, int]:
    """Which General MIDI instrument plays which part."""

    def one(of: tuple[int, ...]) -> int:
        return int(generator.choice(of))

    chords = PIANO + GUITARS + (ORGANS if style.name != "ballad" else ())
    return {
        DRUMS: style.kit,
        CHORDS: one(chords),
        BASS: one(BASSES_GM),
        LEAD: one(LEADS + PIANO + MALLETS),
        PAD: one(STRINGS + PADS),
    }
