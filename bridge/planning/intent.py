"""Intent: one thing that the words ask for. Both planners make these; the builder knows nothing else of words."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bridge.planning.option import Option
from bridge.planning.part import Part
from bridge.planning.value import Value
from bridge.planning.version import VersionWish

Operation = Literal[
    "effect",  # subject: an effect's name; `given` holds numbers that were said
    "band",  # one band of the equalizer; `given`: kind, frequency_hz, gain_db, q, slope_db_per_octave
    "descriptor",  # subject: a word of taste of the lexicon
    "level",  # louder, quieter, or to a peak; `given`: gain_db or peak_dbtp
    "match",  # come near to the reference; `given`: amounts 0..1 of eq, width, dynamics, loudness
    "staging",  # gain staging; `given`: rms_dbfs, true_peak_dbtp
    "auto",  # subject: an effect whose own judgement decides; `given["target"]`: what it goes by
    "target",  # subject: a platform or a genre
    "chain",  # subject: a chain preset
    "plugin",  # subject: a hosted plugin's name; `given`: its parameters, and PRESET
    "play",  # subject: an effect's name; `given["plugin"]`: the hosted plugin that shall play it
    "balance",  # every stem to the level that its role has in a mix
    "unmask",  # room for the stem `where`; `given["in"]`: who makes it, names joined by |
    "align",  # microphones of one source in time; `given["to"]`: the stem that stays
    "remove",  # subject: an effect of the previous plan
    "again",  # the last wishes once more, times `amount`
    "halfway",  # all that the last turn changed, between what it was and what it is
    "restore",  # what the last turn took away, of the effect `subject` where one is named
    "same",  # the last wishes for `where` too; `given["move"]`: there instead
    "only",  # subject: the effects that stay, joined by |
    "switch",  # subject: an effect of the plan; `given["on"]`: 0 keeps it without its being heard
    "order",  # subject: an effect; `given["before"]` or `given["after"]`: another one
    "refine",  # the band at `given["at_hz"]`, the last level or effect (subject) takes the other numbers given
    "during",  # subject: effects joined by |, or "" for the last wishes; they happen in `given["spans"]` only
    "keep",  # constraint: what must not change or come about; sign of `amount` is the forbidden direction
]

PRESET = ":preset"
"""In a plugin's `given`: which of its presets; no parameter has such a name."""


class Span(Value):
    """A stretch of time in seconds of the source."""

    start_s: float = Field(ge=0)
    end_s: float = Field(gt=0)


class Intent(Value):
    """amount is signed: 1 plain, 0.5 a bit, 1.5 much, negative the inverse.

    where: "input", a stem's name or "mix". part: of a stereo sound, what is meant. words: what the user said.
    confidence: share of the clause understood. turn: of the conversation, that made it or changed it last; 0 where no
    one counted.
    """

    operation: Operation
    subject: str = ""
    amount: float = Field(default=1.0, ge=-2.0, le=2.0)
    where: str = "input"
    part: Part = "all"
    given: dict[str, float | str] = Field(default_factory=dict)
    span: Span | None = None
    words: str = ""
    confidence: float = Field(default=1.0, ge=0, le=1)
    turn: int = Field(default=0, ge=0)


Mood = Literal["wish", "question", "undo", "redo", "compare", "off_topic", "empty"]


class TailWish(Value):
    """What shall become of the sound after the end. fade_ms: None where the words do not say how long."""

    policy: Literal["keep", "trim", "fade"]
    fade_ms: float | None = None


class Heard(Value):
    """What was heard in the words: intents in the order spoken, and what was left over.

    in_order: the user gave an order ("first ..., then ..."), which the chain keeps.
    choices: answers that this question offers.
    question: what the user must say first, or (mood "question") what was asked. topics: what it was about.
    answer: the answer, where whoever heard the question knew it.
    satisfied: wishes whose condition the sound does not meet, with the number.
    impossible: understood wishes that cannot be met, with the reason.
    tail: what shall become of reverb and echoes at the end, where the words say.
    version: what is asked of the versions of the conversation, and nothing else.
    """

    mood: Mood = "wish"
    intents: tuple[Intent, ...] = ()
    unsupported: tuple[str, ...] = ()
    impossible: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    satisfied: tuple[str, ...] = ()
    question: str | None = None
    choices: tuple[Option, ...] = ()
    answer: str | None = None
    topics: tuple[str, ...] = ()
    in_order: bool = False
    tail: TailWish | None = None
    version: VersionWish | None = None
    language: str = "en"
