"""Whether a word of taste does what it says: its words are planned, rendered and measured, both ways and by degrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from bridge.analysis import analyze
from bridge.analysis.reading import Analysis
from bridge.audio import Audio
from bridge.planning.lexicon import Lexicon
from bridge.planning.meanings import Descriptor
from bridge.planning.planner import plan
from bridge.planning.promises.promised import is_room
from bridge.planning.shows import Shows
from bridge.presets import load_lexicon
from bridge.rendering.proof.tail import tail_db
from bridge.rendering.render import render
from bridge.rendering.results import Render
from tests import signals
from tests.analysis.corpus import recordings

RATE = 44100
_SECONDS = 4.0
DEGREES = ("a touch {} {}", "{} {}", "much {} {}")
"""Rising; with "less" and "more" and a word of the descriptor."""
_SLACK = {"Hz": 1.0, "": 0.002}
"""What two figures may differ by and still be the same: a resolution, in the figure's unit. Else 0.02."""


@dataclass(frozen=True)
class Figures:
    """Of one descriptor on one sound: how much more of the property there is after "a touch less" ... "much more",
    from the most of less to the most of more, in `unit`."""

    name: str
    sound: str
    unit: str
    moved: tuple[float, ...]

    @property
    def slack(self) -> float:
        return _SLACK.get(self.unit, 0.02)

    @property
    def opposite(self) -> bool:
        """Plain less lowers and plain more raises it."""
        return self.moved[1] < -self.slack and self.moved[4] > self.slack

    @property
    def monotonic(self) -> bool:
        """Each degree goes at least as far as the one before, and the last further than the first."""
        steps = np.diff(self.moved)
        far = self.moved[0] < self.moved[2] - self.slack and self.moved[5] > self.moved[3] + self.slack
        return bool(np.all(steps >= -self.slack)) and far

    @property
    def ok(self) -> bool:
        return self.opposite and self.monotonic

    def line(self) -> str:
        said = "ok" if self.ok else "MISSED"
        numbers = " ".join(f"{value:+8.2f}" for value in self.moved)
        return f"{self.name:<18} {self.sound:<12} {numbers} {self.unit:<4} {said}"


def sound_of(name: str) -> Audio:
    """ "song 3" (an arrangement of real recordings by its seed), "voice", "synthetic", or a recording by its name."""
    return _sound(name)[0]


@cache
def _sound(name: str) -> tuple[Audio, Analysis]:
    if name == "synthetic":
        made = signals.music_like(_SECONDS, RATE, -6.0)
    elif name.startswith("song "):
        made = _levelled(recordings.arrangement(np.random.default_rng(int(name[5:])), _SECONDS, RATE))
    elif name == "voice":
        words = [recordings.at_speed(word, RATE, 1.0) for word in recordings.SAID[:4]]
        made = _levelled(np.concatenate(words, axis=1)[:1])
    else:
        made = _levelled(recordings.at_speed(name, RATE, 1.0)[:, : round(_SECONDS * RATE)])
    return made, analyze(made, without=("key",))


def _levelled(wave: np.ndarray) -> Audio:
    """At -6 dBFS peak, where no step needs a limiter for want of headroom."""
    return Audio((wave / np.abs(wave).max() * 0.5).astype(np.float32), RATE)


def words_of(descriptor: Descriptor) -> tuple[str, int]:
    """The word that the laws are said with, and whether more of it is more of the descriptor."""
    for words, sign in ((descriptor.words, 1), (descriptor.faults, 1), (descriptor.inverse, -1)):
        named = [word for word in words if not word[0].isdigit()]  # "less 20s" is less of 20 seconds
        if named:
            return named[0], sign
    return descriptor.inverse_faults[0], -1


def rendered(words: str, sound: str, lexicon: Lexicon) -> Render | None:
    """What the words make of the sound; None where there is no plan."""
    audio, analysis = _sound(sound)
    outcome = plan(words, analysis, lexicon=lexicon)
    return None if outcome.plan is None else render(audio, outcome.plan)


def figures(name: str, sound: str, lexicon: Lexicon | None = None) -> Figures | None:
    """The law's figures; None where the sound cannot show it (a mono sound has no width).

    Raises AssertionError where words do not become a plan.
    """
    lexicon = lexicon or load_lexicon("en")
    descriptor = lexicon.descriptor(name)
    assert descriptor is not None and descriptor.shows_in is not None, name
    word, sign = words_of(descriptor)
    return law(name, word, sign, descriptor.shows_in, sound, lexicon, is_room(descriptor))


def law(
    name: str, word: str, sign: int, shows: Shows, sound: str, lexicon: Lexicon, room: bool = False
) -> Figures | None:
    audio, before = _sound(sound)
    if shows.moved(before, before) is None or (room and tail_db(audio, audio) is None):
        return None
    moved = []
    ways = ("less", "more") if sign > 0 else ("more", "less")
    for way, degrees in zip(ways, (DEGREES[::-1], DEGREES), strict=True):
        for degree in degrees:
            moved.append(_moved(degree.format(way, word), sound, shows, before, lexicon, room))
    return Figures(name, sound, shows.unit, tuple(moved))


def _moved(
    words: str, sound: str, shows: Shows, before: Analysis, lexicon: Lexicon, room: bool = False
) -> float:
    done = rendered(words, sound, lexicon)
    assert done is not None, f"{words!r} made no plan"
    found = tail_db(_sound(sound)[0], done.audio) if room else shows.moved(before, done.after)
    assert found is not None, f"{words!r}: {shows.title} cannot be read of the result"
    return found


def table(found: Sequence[Figures]) -> str:
    return "\n".join(each.line() for each in found)


@dataclass(frozen=True)
class EffectLaw:
    """An effect by name, by which figure of which sound more of it shows."""

    word: str
    shows: Shows
    sound: str


_DIPS_FILLED = Shows(figure="dips", sign=-1)
_WIDTH = Shows(metric="width_high")
EFFECT_LAWS = (
    EffectLaw("{} reverb", _DIPS_FILLED, "loop_tabla"),
    EffectLaw("{} delay", _DIPS_FILLED, "loop_tabla"),
    EffectLaw("{} compression", _DIPS_FILLED, "loop_tabla"),
    EffectLaw("{} wider", _WIDTH, "synthetic"),
    EffectLaw("{} narrower", _WIDTH.model_copy(update={"sign": -1}), "synthetic"),
    EffectLaw("{} bass", Shows(band_hz=(30, 150)), "loop_tabla"),
    EffectLaw("{} treble", Shows(band_hz=(6000, 20000)), "loop_tabla"),
    EffectLaw("{} saturation", Shows(metric="crest_factor", sign=-1), "loop_tabla"),
    EffectLaw("{} louder", Shows(metric="integrated_loudness"), "loop_tabla"),
    EffectLaw("{} quieter", Shows(metric="integrated_loudness", sign=-1), "loop_tabla"),
)
EFFECT_DEGREES = ("a bit", "", "much")


def grown(law: EffectLaw, lexicon: Lexicon) -> list[float]:
    """How far each degree goes, from the least said to the most: "a bit more reverb", "more reverb", "much ..."."""
    noun = law.word.split()[-1] in ("reverb", "delay", "compression", "bass", "treble", "saturation")
    before = _sound(law.sound)[1]
    wishes = [
        law.word.format(f"{degree} more".strip() if noun else degree).strip() for degree in EFFECT_DEGREES
    ]
    return [_moved(words, law.sound, law.shows, before, lexicon) for words in wishes]
