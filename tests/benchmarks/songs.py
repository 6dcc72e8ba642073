"""Songs of a known form, put together from real loops and sounds: which part stands where is known to the sample.

Each song has its own tempo, loops, chords and levels. A verse comes back with its drums and chords, but another tune
and another level; a chorus with the same tune. Fills and a room are added, so that no two passes are alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tests.analysis.corpus.recordings import SAMPLES

RATE = 22050
FORMS = (
    "I V C V C B C O", "I V V C V C C O", "V C V C O", "I V C V C", "I V P C V P C B C O", "V V C V C B C C",
    "I V C I V C B C O", "C V C V C O", "I V C V B C O", "I V V C B C O",
)  # fmt: skip
DRUMS = (
    "loop_amen", "loop_amen_full", "loop_breakbeat", "loop_compus", "loop_garzul", "loop_industrial", "loop_mehackit1",
    "loop_mehackit2", "loop_mika", "loop_safari", "loop_tabla", "loop_perc1", "loop_perc2", "loop_electric",
)  # fmt: skip
BASSES = ("bass_hit_c", "bass_thick_c", "bass_trance_c", "bass_voxy_c", "bass_woodsy_c", "bass_hard_c")
TUNES = ("elec_bell", "elec_chime", "perc_bell", "elec_twang", "elec_ping", "elec_beep", "drum_cowbell")
PADS = ("ambi_piano", "ambi_choir", "ambi_glass_hum", "ambi_drone", "ambi_soft_buzz", "ambi_haunted_hum")
NAMES = {"I": "intro", "V": "verse", "P": "pre_chorus", "C": "chorus", "B": "bridge", "O": "outro"}
Row = NDArray[np.float64]


@dataclass(frozen=True)
class Song:
    """samples [shape=(channels, frames)]; parts: (name, start_s, end_s)."""

    samples: NDArray[np.float32]
    parts: tuple[tuple[str, float, float], ...]
    form: str


def song(seed: int, form: str | None = None) -> Song:
    """Bars of 4; sections of 4 or 8 of them."""
    rng = np.random.default_rng(seed)
    form = form or FORMS[seed % len(FORMS)]
    bar_s = 240.0 / rng.uniform(88, 132)
    bars = {kind: int(rng.choice((4, 8))) if kind in "IOBP" else 8 for kind in NAMES}
    drums = rng.permutation(DRUMS)
    made = {kind: _Part(rng, kind, bars[kind], bar_s, drums) for kind in "VCBP"}
    made |= {kind: _Part(rng, kind, bars[kind], bar_s, drums, like=made["V"]) for kind in "IO"}
    out, parts, at = [], [], 0
    for kind in form.split():
        sound = made[kind].played(rng)
        out.append(sound)
        parts.append((NAMES[kind], at / RATE, (at + sound.size) / RATE))
        at += sound.size
    mono = np.concatenate(out)
    mono *= 0.5 / np.abs(mono).max()
    wide = 0.1 * np.roll(mono, int(0.011 * RATE))
    return Song(np.stack([mono + wide, mono - wide]).astype(np.float32), tuple(parts), form)


_LEVEL_DB = {"V": -4.0, "C": 0.0, "B": -5.0, "P": -3.0, "I": -9.0, "O": -9.0}


class _Part:
    """What the passes of one kind of section have in common."""

    def __init__(
        self,
        rng: np.random.Generator,
        kind: str,
        bars: int,
        bar_s: float,
        drums: NDArray[np.str_],
        like: _Part | None = None,
    ) -> None:
        self.kind, self.bars, self.bar = kind, bars, int(bar_s * RATE)
        self.level_db = _LEVEL_DB[kind] + rng.uniform(-1, 1)
        own = "VCPB".find(kind) if like is None else 0
        same_kit = rng.random() < 0.5 and kind in "CP"
        self.drum = drums[0] if same_kit else drums[own % len(drums)]
        self.second = drums[5] if kind == "C" else None
        self.roots = like.roots if like else rng.choice((0, 3, 5, 7, 8, 10), 4)
        self.bass = like.bass if like else str(rng.choice(BASSES))
        self.pad = str(rng.choice(PADS)) if kind in "CBIO" or rng.random() < 0.4 else ""
        self.tune = str(rng.choice(TUNES)) if kind in "VCB" else ""
        self.notes = rng.integers(0, 7, 32)
        self.has_drums = kind in "VCP" or rng.random() < 0.4
        self.has_bass = kind in "VCP" or rng.random() < 0.5

    def played(self, rng: np.random.Generator) -> Row:
        size = self.bars * self.bar
        out = np.zeros(size)
        if self.has_drums:
            out += _tiled(str(self.drum), self.bar, size) * 0.8
        if self.second is not None:
            out += _tiled(str(self.second), self.bar, size) * 0.5
        for number in range(self.bars):
            root = int(self.roots[number % 4])
            if self.has_bass:
                _lay(out, _note(self.bass, root, self.bar // 2), number * self.bar, 0.7)
                _lay(out, _note(self.bass, root, self.bar // 2), number * self.bar + self.bar // 2, 0.6)
            if self.pad:
                _lay(out, _note(self.pad, root, self.bar), number * self.bar, 0.5)
        if self.tune:
            notes = self.notes if self.kind == "C" else rng.integers(0, 7, 32)
            self._sing(out, notes, rng)
        if self.has_drums:
            _lay(
                out,
                _note("drum_roll", 0, self.bar // 2),
                size - self.bar // 2,
                0.3 * float(rng.random() < 0.6),
            )
        out += 0.002 * rng.standard_normal(size)
        return out * 10 ** ((self.level_db + rng.uniform(-0.7, 0.7)) / 20)

    def _sing(self, out: Row, notes: NDArray[np.int64], rng: np.random.Generator) -> None:
        beat = self.bar // 4
        for index in range(self.bars * 4):
            if rng.random() < 0.8:
                step = (0, 2, 3, 5, 7, 8, 10)[int(notes[index % notes.size])]
                _lay(
                    out,
                    _note(self.tune, step + int(self.roots[index // 4 % 4]) // 4, beat),
                    index * beat,
                    0.5,
                )


def _lay(out: Row, sound: Row, at: int, gain: float) -> None:
    part = sound[: max(0, out.size - at)]
    out[at : at + part.size] += gain * part


def _tiled(name: str, bar: int, size: int) -> Row:
    """A loop at the song's tempo: a whole number of times per bar or over whole bars, by varispeed."""
    sound = _sample(name)
    bars = max(1, round(sound.size / bar))
    length = bar * bars if sound.size > 0.75 * bar else bar // max(1, round(bar / sound.size))
    at = np.linspace(0, sound.size - 1, length)
    loop = np.interp(at, np.arange(sound.size), sound)
    return np.tile(loop, -(-size // length))[:size]


@lru_cache(maxsize=512)
def _note(name: str, semitones: int, length: int) -> Row:
    sound = _sample(name)
    ratio = 2 ** (semitones / 12)
    at = np.arange(0, min(length, int(sound.size / ratio) - 1)) * ratio
    made: Row = np.interp(at, np.arange(sound.size), sound)
    fade = min(made.size, RATE // 50)
    made[made.size - fade :] *= np.linspace(1, 0, fade)
    return made


@lru_cache(maxsize=128)
def _sample(name: str) -> Row:
    """Mono at RATE, of peak 0.5."""
    import soundfile

    samples, rate = soundfile.read(SAMPLES / f"{name}.flac", always_2d=True)
    mono = samples.mean(axis=1)
    length = int(mono.size * RATE / rate)
    found: Row = np.interp(np.linspace(0, mono.size - 1, length), np.arange(mono.size), mono)
    return found * (0.5 / max(1e-6, np.abs(found).max()))
