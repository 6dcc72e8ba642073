"""The noun Effect: one frozen declaration of parameters, with its sound, its judgement and its words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self, get_args, get_origin

from pydantic import BaseModel, ConfigDict

from bridge.analysis.reading import Analysis
from bridge.analysis.target import Target
from bridge.effects.processor import MeasuredSound, Processor, Sound
from bridge.effects.quantity import Quantity, quantity_of
from bridge.effects.timeline import Timeline

Stage = Literal[
    "repair",
    "timing",
    "level",
    "tone",
    "dynamics",
    "colour",
    "plugin",
    "space",
    "image",
    "edges",
    "loudness",
    "ceiling",
]
"""Where an effect stands in a chain whose order nobody gave: what is broken is mended first, then what changes time
and pitch, then level, tone, dynamics, colour, space and image, fades, and the last words on level."""

STAGES: tuple[Stage, ...] = get_args(Stage)
LAST_WORD: tuple[Stage, ...] = ("loudness", "ceiling")
"""Nothing may come after these: it would pass the ceiling."""


def choices_of(model: type[BaseModel]) -> dict[str, tuple[str, ...]]:
    """Fields of an effect, or of one of its bands, that are one of a few words."""
    fields = ((key, info.annotation) for key, info in model.model_fields.items())
    return {
        key: get_args(kind)
        for key, kind in fields
        if get_origin(kind) is Literal and all(isinstance(word, str) for word in get_args(kind))
    }


class Effect(BaseModel):
    """Base of every effect. Subclasses are one file each and one entry of `bridge.effects.EFFECTS`.

    Class variables:
        name: the file's name, and what plans call it.
        title: for people ("Parametric EQ").
        words: what people call it, lower case English.
        example: a wish that makes this effect, as people say it.
        stage: where it stands in a chain; effects of one stage stand as in `bridge.effects.EFFECTS`.
        units: the parameter that a number with that unit is, where it is said without a name ("compress 4:1").
        owns: parameters that belong to this effect when they are named alone ("ratio 4:1").
        seen_by: the metric that shows why it is there.
        decides_by: metrics that its own judgement (`auto`) goes by, the telling ones first.
        decides: what that judgement does with them, as the rest of a sentence ("compresses where ...").
        on_the_beat: True where the tempo sets it.
        needs_sound: True where the processor must know the whole input first (loudness target, match EQ); the
            renderer then spools the sound, measures it and hands it to `processor`. Where only some settings need
            it, the property `hears_first` says so.
        retimes: True where the output is not as long as the input (time stretch, trim); `timeline` then says what
            becomes of time. Such an effect needs the sound, works on all of it and at full strength.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)

    name: ClassVar[str]
    title: ClassVar[str]
    words: ClassVar[tuple[str, ...]]
    example: ClassVar[str]
    stage: ClassVar[Stage]
    units: ClassVar[Mapping[str, str]] = {}
    owns: ClassVar[tuple[str, ...]] = ()
    seen_by: ClassVar[str] = ""
    decides_by: ClassVar[tuple[str, ...]] = ()
    decides: ClassVar[str] = ""
    on_the_beat: ClassVar[bool] = False
    needs_sound: ClassVar[bool] = False
    refines: ClassVar[tuple[str, ...]] = ()
    retimes: ClassVar[bool] = False

    @property
    def hears_first(self) -> bool:
        """Whether these settings want the whole sound first: always, or where one of them does."""
        return self.needs_sound

    @property
    def wants_tempo(self) -> bool:
        """Whether these settings, found without tempo and key, want those to be measured after all."""
        return self.on_the_beat

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        """A fresh processor for a stream of `channels` at `rate` Hz. `sound` is given where `hears_first`."""
        raise NotImplementedError

    def timeline(self, sound: Sound) -> Timeline:
        """What it makes of the time of the sound that reaches it; asked where it `retimes`."""
        return Timeline(sound.frames)

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """Its judgement: settings for this sound, or None where nothing is needed. amount: 0..2, 1 is plain."""
        raise NotImplementedError

    @classmethod
    def towards(cls, analysis: Analysis, target: Target, amount: float = 1.0) -> Effect | None:
        """Its judgement where a target says what is wanted; as `auto` for effects that a target says nothing of.

        May be another effect that goes on where this one ends (a limiter for a loudness).
        """
        return cls.auto(analysis, amount)

    @classmethod
    def figures(cls, analysis: Analysis, target: Target | None = None) -> str:
        """What its judgement found that is no reading, in numbers; "" where readings say it all."""
        return ""

    @classmethod
    def asked(cls, analysis: Analysis | None, amount: float = 1.0) -> Self:
        """Settings where it is asked for though nothing calls for it, or nothing was measured; amount as in `auto`."""
        plain = cls()
        mix = getattr(plain, "mix", None)
        return plain if mix is None else plain.model_copy(update={"mix": round(min(1.0, mix * amount), 3)})

    @classmethod
    def unneeded(cls, analysis: Analysis) -> str | None:
        """Why it would do nothing to this sound though it is asked for, with numbers; None where it would do something
        or nobody can tell."""
        return None

    def describe(self) -> str:
        """One line for people with the numbers that matter: "-3.0 dB at 250 Hz, Q 2"."""
        raise NotImplementedError

    def tail_s(self) -> float:
        """Seconds that go on sounding after the input has ended (reverb, delay)."""
        return 0.0

    @classmethod
    def quantities(cls) -> dict[str, Quantity]:
        """Fields that are numbers with a unit, by name, in order."""
        found = {key: quantity_of(info) for key, info in cls.model_fields.items()}
        return {key: item for key, item in found.items() if item is not None}

    @classmethod
    def switches(cls) -> tuple[str, ...]:
        """Fields that are on or off."""
        return tuple(key for key, info in cls.model_fields.items() if info.annotation is bool)

    @classmethod
    def choices(cls) -> dict[str, tuple[str, ...]]:
        """Fields that are one of a few words, by name."""
        return choices_of(cls)

    def parameters(self) -> dict[str, Any]:
        """As plain data for a Step."""
        return self.model_dump(mode="json", by_alias=True)
