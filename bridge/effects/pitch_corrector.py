"""Pitch corrector: each held note of one voice moved onto the scale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity
from bridge.errors import Failed

Tonic = Literal["A", "Bb", "B", "C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab"]

_STEPS: Mapping[str, int] = {
    name: step
    for step, names in enumerate(
        (
            ("A",), ("Bb", "A#"), ("B",), ("C",), ("C#", "Db"), ("D",), ("Eb", "D#"), ("E",), ("F",),
            ("F#", "Gb"), ("G",), ("Ab", "G#"),
        )
    )
    for name in names
}  # fmt: skip

SCALES: Mapping[str, tuple[int, ...]] = {
    "chromatic": tuple(range(12)),
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10, 11),
}
"""Steps above the tonic. Minor has both sevenths: melodies go up by the leading note."""

_SURE = 0.6
"""Confidence from which a measured key, and the tuning found with it, is taken for that of the song."""

_IN_TUNE_CENTS = 5.0
"""What ears hardly tell from A = 440 Hz."""


class PitchCorrector(Effect):
    """For one voice or one instrument that plays one note at a time. YIN finds the pitch, the notes are the cheapest
    path over the scale, and each note is moved as a whole by PSOLA, so that vibrato, glides and formants stay as they
    were sung. What is no tone (consonants, breath) comes through untouched. Several notes at once are refused.
    """

    name: ClassVar[str] = "pitch_corrector"
    title: ClassVar[str] = "Pitch corrector"
    words: ClassVar[tuple[str, ...]] = (
        "pitch correction",
        "pitch corrector",
        "correct the pitch",
        "autotune",
        "in tune",
    )
    example: ClassVar[str] = "autotune in A minor"
    stage: ClassVar[Stage] = "timing"
    decides_by: ClassVar[tuple[str, ...]] = ("key", "key_confidence")
    decides: ClassVar[str] = (
        "corrects to the key where that is clear and to the nearest semitone where it is not"
    )
    units: ClassVar[Mapping[str, str]] = {"%": "strength", "ms": "retune_ms"}
    owns: ClassVar[tuple[str, ...]] = ("retune_ms", "strength")
    seen_by: ClassVar[str] = "key"
    needs_sound: ClassVar[bool] = True

    strength: Annotated[float, quantity(0, 1, "", "How much of the way to the note", soft=(0, 1))] = 1.0
    retune_ms: Annotated[float, quantity(0, 400, "ms", "How long it glides from note to note")] = 40.0
    tuning_cents: Annotated[float, quantity(-50, 50, "cents", "Of the scale against A = 440 Hz")] = 0.0
    tonic: Tonic = Field(default="A", description="The note that the scale begins with")
    scale: Literal["chromatic", "major", "minor"] = Field(
        default="chromatic", description="Which notes there are; chromatic has all twelve, whatever the tonic"
    )

    @property
    def wants_tempo(self) -> bool:
        """For the key, which is measured with it."""
        return self.scale == "chromatic"

    @property
    def classes(self) -> tuple[int, ...]:
        """Pitch classes that are allowed, 0 = A."""
        return tuple(sorted((_STEPS[self.tonic] + step) % 12 for step in SCALES[self.scale]))

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        """Raises Failed without the sound: what is a note is known only from what comes after."""
        from bridge.effects.dsp.held_notes import correction, held_notes
        from bridge.effects.dsp.pitch_track import pitch_track
        from bridge.effects.dsp.psola import Psola, marks_of
        from bridge.effects.dsp.single_voice import why_not_single

        if sound is None:
            raise Failed("Pitch correction needs the whole sound; render it instead of streaming it.")
        track = pitch_track(sound)
        refusal = why_not_single(track)
        notes = [] if refusal else held_notes(track, self.classes, self.tuning_cents)
        cents = correction(notes, track.hz.size, self.strength, self.retune_ms)
        made = Psola(marks_of(track, cents, rate, sound.frames), channels, rate)
        if refusal:
            made.unreached, made.warnings = refusal, (f"{refusal}; nothing was changed.",)
        return made

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """In the measured key and tuning where the key is clear, else chromatic. None where no pitch was measured."""
        key, sure = analysis.readings.get("key"), analysis.number("key_confidence")
        if key is None or not isinstance(key.value, str) or amount <= 0:
            return None
        strength = round(min(1.0, amount), 3)
        tonic, _, mode = key.value.partition(" ")
        if sure is None or sure < _SURE or tonic not in _STEPS or mode not in SCALES:
            return cls(strength=strength)
        off = analysis.number("tuning") or 0.0
        tuning = round(off, 1) if _IN_TUNE_CENTS <= abs(off) <= 50.0 else 0.0
        return cls.model_validate(
            {"strength": strength, "tuning_cents": tuning, "tonic": _spelled(tonic), "scale": mode}
        )

    @classmethod
    def asked(cls, analysis: Analysis | None, amount: float = 1.0) -> Self:
        return cls(strength=round(min(1.0, max(amount, 0.0)), 3))

    def describe(self) -> str:
        scale = "the nearest semitone" if self.scale == "chromatic" else f"{self.tonic} {self.scale}"
        tuning = f", A {self.tuning_cents:+g} cents" if self.tuning_cents else ""
        return f"{self.strength:.0%} of the way to {scale}{tuning}, gliding over {self.retune_ms:g} ms"


def _spelled(tonic: str) -> str:
    """The spelling that the plan uses: one for each of twelve."""
    return {"Db": "C#", "D#": "Eb", "Gb": "F#", "G#": "Ab", "A#": "Bb"}.get(tonic, tonic)
