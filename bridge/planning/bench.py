"""The workbench: drafts by effect, place and time, and everything the builder has to say about them."""

from __future__ import annotations

from dataclasses import dataclass, field

from bridge.effects import BY_NAME
from bridge.planning.context import Context
from bridge.planning.draft import Draft, source
from bridge.planning.intent import Intent, Span
from bridge.planning.matching.reference import Matched
from bridge.planning.part import divisible


@dataclass(frozen=True)
class Player:
    """A plugin that shall play an effect. own: its own parameters that were said. words: by whom it was asked for.

    alone: the wish for the plugin itself ("use ZamEQ2"), which is met even where the effect has nothing to do.
    spoken: where it then stands among the drafts in the order of the words.
    """

    plugin: str
    words: str
    own: dict[str, float | str] = field(default_factory=dict)
    alone: Intent | None = None
    spoken: float = 0.0


@dataclass(frozen=True)
class Lost:
    """A plugin that was asked for and cannot play. effect: the built-in one that plays where there is any."""

    plugin: str
    effect: str | None
    where: str
    fault: str
    why: str

    def sentence(self, by: str | None) -> str:
        """For people. by: the effect that does play."""
        done = (
            f"the built-in {by.replace('de_', 'de-').replace('_', ' ')} plays"
            if by
            else "nothing plays in its place"
        )
        if by == "loudness":
            done = "the built-in loudness step, which sets level and true peak, plays"
        if by == "loudness" and self.effect == "limiter":
            done = "the limiter of the built-in loudness step does that"
        return f"{self.why}; {done}."


@dataclass
class Bench:
    """satisfied: wishes that the sound meets already. players: by effect and place, the plugin that plays it.
    matched: the reference that drafts come near to.
    lost: plugins that were asked for and cannot play.
    """

    context: Context
    drafts: dict[tuple[str, str, Span | None, str], Draft] = field(default_factory=dict)
    satisfied: list[str] = field(default_factory=list)
    impossible: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    players: dict[tuple[str, str], Player] = field(default_factory=dict)
    matched: Matched | None = None
    lost: list[Lost] = field(default_factory=list)

    def draft(self, effect: str, intent: Intent, variant: str = "") -> Draft:
        """The draft of that effect at that place, made when first asked for."""
        part = intent.part if effect not in BY_NAME or divisible(BY_NAME[effect]) else "all"
        of_part = variant if part == "all" else f"{variant}:{part}"
        key = (effect, intent.where, intent.span, of_part)
        made = self.drafts.get(key)
        if made is None:
            made = Draft(effect, intent.where, intent.span, spoken=len(self.drafts), part=part)
            self.drafts[key] = made
        if source(intent) not in made.intents:
            made.intents.append(source(intent))
        made.turn = max(made.turn, intent.turn)
        made.confidence = min(made.confidence, intent.confidence)
        return made

    def find(self, effect: str, where: str) -> Draft | None:
        """A draft of that effect at that place, over the whole time and on all of the sound."""
        return self.drafts.get((effect, where, None, ""))

    def drop(self, draft: Draft) -> None:
        self.drafts = {key: item for key, item in self.drafts.items() if item is not draft}
