"""Time stretch: faster or slower at the same pitch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.processor import MeasuredSound, Processor, Sound
from bridge.effects.quantity import quantity
from bridge.effects.timeline import Timeline

SLOWEST, FASTEST = 0.25, 4.0

_SURE = 0.5
"""Confidence from which a measured tempo is taken for the tempo of the piece."""


class TimeStretch(Effect):
    """Rubber Band in its fine mode (pedalboard.time_stretch; the other mode detunes), kept to time by measuring what it
    really does (`dsp/rubber_band.py`). All channels go through together, so that their phases stay as they are.

    How fast follows from `length_s` where that is given, else from `from_bpm` and `to_bpm`, else from `speed`. Sounds
    of more than 25 s go through in pieces joined at quiet places, so that memory does not grow with them.
    """

    name: ClassVar[str] = "time_stretch"
    title: ClassVar[str] = "Time stretch"
    words: ClassVar[tuple[str, ...]] = ("time stretch", "stretch", "change the tempo")
    example: ClassVar[str] = "10 % faster"
    stage: ClassVar[Stage] = "timing"
    decides_by: ClassVar[tuple[str, ...]] = ("tempo", "tempo_confidence")
    decides: ClassVar[str] = (
        "goes to the nearest whole BPM where a clear tempo lies more than 0.1 BPM beside it"
    )
    units: ClassVar[Mapping[str, str]] = {"bpm": "to_bpm", "x": "speed"}
    seen_by: ClassVar[str] = "tempo"
    needs_sound: ClassVar[bool] = True
    retimes: ClassVar[bool] = True

    speed: Annotated[
        float,
        quantity(SLOWEST, FASTEST, "x", "How fast: 2 is twice as fast", scale="log", soft=(0.5, 2.0)),
    ] = 1.0
    from_bpm: Annotated[float | None, quantity(20, 400, "BPM", "The tempo it has")] = None
    to_bpm: Annotated[float | None, quantity(20, 400, "BPM", "The tempo it gets")] = None
    length_s: Annotated[float | None, quantity(0.001, 86400, "s", "The length it gets")] = None

    @property
    def wants_tempo(self) -> bool:
        return self.to_bpm is not None and self.from_bpm is None

    def timeline(self, sound: Sound) -> Timeline:
        wished = self._wished(sound)
        speed = min(max(wished, SLOWEST), FASTEST)
        if self.length_s is not None and speed == wished:
            return Timeline(max(1, round(self.length_s * sound.rate)), 0.0, speed)
        return Timeline(round(sound.frames / speed), 0.0, speed)

    def _wished(self, sound: Sound) -> float:
        if self.length_s is not None:
            return sound.frames / (self.length_s * sound.rate)
        return self._by_tempo()

    def _by_tempo(self) -> float:
        """Input seconds per output second, where no length is asked for."""
        if self.from_bpm is not None and self.to_bpm is not None:
            return self.to_bpm / self.from_bpm
        return self.speed

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        from bridge.effects.dsp.stretching import Stretching

        wished = self._by_tempo() if sound is None else self._wished(sound)
        speed = min(max(wished, SLOWEST), FASTEST)
        made = Stretching(rate, channels, speed, 0.0, True)
        if self.wants_tempo and self.length_s is None:
            made.unreached = "the tempo that it has (from_bpm) is not known"
            made.warnings = (f"{made.unreached}; nothing was changed.",)
        if speed != wished:
            made.unreached = f"a speed of {wished:.3g} would be needed; {speed:g} is as far as it goes"
            made.warnings = (f"{made.unreached}.",)
        return made

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """To the nearest whole BPM, where a steady tempo was measured and lies 0.1 to 0.5 BPM beside it."""
        bpm, sure = analysis.number("tempo"), analysis.number("tempo_confidence")
        if bpm is None or sure is None or sure < _SURE or amount <= 0:
            return None
        whole = float(round(bpm))
        return cls.to_tempo(analysis, whole) if abs(whole - bpm) > 0.1 else None

    @classmethod
    def to_tempo(cls, analysis: Analysis, bpm: float, way: float = 0.0) -> Self | None:
        """Settings that bring the measured tempo to `bpm`; None where none was measured or it is that already.

        Half and double may be felt: of the octaves of the measured tempo, the nearest to `bpm` is taken; with a `way`
        (below 0 slower, above 0 faster), of those from which `bpm` lies that way.
        """
        heard = analysis.number("tempo")
        if heard is None or heard <= 0:
            return None
        octaves = (heard / 2, heard, heard * 2)
        that_way = [each for each in octaves if (bpm / each - 1) * way > 1e-4]
        felt = min(that_way or octaves, key=lambda each: abs(bpm / each - 1))
        if abs(bpm / felt - 1) < 1e-4:
            return None
        return cls(from_bpm=round(min(max(felt, 20.0), 400.0), 3), to_bpm=min(max(bpm, 20.0), 400.0))

    def describe(self) -> str:
        if self.length_s is not None:
            return f"to {self.length_s:g} s, pitch kept"
        if self.wants_tempo:
            return f"to {self.to_bpm:g} BPM from a tempo that is not known, pitch kept"
        speed = self._by_tempo()
        tempo = f"{self.from_bpm:g} to {self.to_bpm:g} BPM: " if self.from_bpm and self.to_bpm else ""
        return f"{tempo}{abs(speed - 1):.2%} {'faster' if speed >= 1 else 'slower'}, pitch kept"
