"""Context: everything a planner may know besides the words, handed in as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from pydantic import Field

from bridge.analysis.reading import Analysis
from bridge.analysis.target import Target
from bridge.effects import BY_NAME
from bridge.effects.effect import Effect
from bridge.effects.hosted_plugin import HostedPlugin
from bridge.planning.chain import Chain
from bridge.planning.lexicon import Lexicon
from bridge.planning.matching.reference import Aspect, Reference
from bridge.planning.mixing.ensemble import Ensemble
from bridge.planning.mixing.groups import Groups
from bridge.planning.mixing.role import Role
from bridge.planning.place import MIX
from bridge.planning.plan import Outcome, Plan
from bridge.planning.plugins.products import Products
from bridge.planning.tongues import Tongues
from bridge.planning.value import Value

NOT_HERE = "is not on this machine"


class KnownPlugin(Value):
    """A hosted plugin that a scan has found, or that a map knows although it is not here.

    called: its own name, where `name` also tells it from another plugin of that name. parameters: names in the
    plugin's own spelling -> (low, high). channels: numbers of channels it takes, where known. plays: which of
    our effects it can play -> whether a person has looked at the map. presets: by name.
    absent: why it cannot be used ("is not on this machine"), "" where it can. caution: what to know before it is used;
    whether it then is, the render decides.
    """

    name: str
    called: str = ""
    file: str
    identifier: str | None = None
    version: str | None = None
    parameters: dict[str, tuple[float, float] | None] = Field(default_factory=dict)
    channels: tuple[int, ...] = ()
    plays: dict[str, bool] = Field(default_factory=dict)
    presets: tuple[str, ...] = ()
    absent: str = ""
    caution: str = ""


class Players(Protocol):
    """What planning asks of hosting: our effects as a plugin plays them, and the other way round."""

    def play(self, plugin: str, effect: Effect) -> tuple[HostedPlugin, tuple[str, ...]]:
        """The effect played by the plugin, with a sentence for all that it cannot. Raises BadPlan where it cannot."""

    def preset(self, plugin: str, preset: str) -> HostedPlugin:
        """The plugin with that preset's state or settings. Raises BadInput where the preset cannot be read."""

    def instead(self, plugin: HostedPlugin) -> Effect | None:
        """The built-in effect that comes nearest to a plugin that is missing; None where none does."""


@dataclass(frozen=True)
class Context:
    """analyses: by name of the stem, or one under "input". mix: of all stems together, where that was measured.

    reference: what is to be matched; match: how far, part by part, where the words do not say (0..1, a part that is
    missing fully). roles: what stems may be. groups: stems that are called by one name. ensemble: what there is to
    hear of several stems. versions: names that the conversation's versions were given. asked: the question before,
    which the words may answer. impulse: name of the impulse response that is given beside them.
    tempo_bpm: of the session, where it is known; it goes before what is measured.
    """

    analyses: Mapping[str, Analysis]
    lexicon: Lexicon
    targets: Mapping[str, Target] = field(default_factory=dict)
    chains: Mapping[str, Chain] = field(default_factory=dict)
    plugins: tuple[KnownPlugin, ...] = ()
    previous: Plan | None = None
    target: Target | None = None
    reference: Reference | None = None
    match: Mapping[Aspect, float] = field(default_factory=dict)
    players: Players | None = None
    products: Products = field(default_factory=Products)
    mix: Analysis | None = None
    roles: Mapping[str, Role] = field(default_factory=dict)
    groups: Groups = field(default_factory=dict)
    ensemble: Ensemble | None = None
    versions: tuple[str, ...] = ()
    tongues: Tongues = field(default_factory=Tongues)
    asked: Outcome | None = None
    impulse: str = ""
    tempo_bpm: float | None = None

    def speaking(self, language: str) -> Context:
        """The same in another language, where its lexicon is known."""
        if language == self.lexicon.language or language not in self.tongues.understood:
            return self
        return replace(self, lexicon=self.tongues.understood[language])

    @property
    def main(self) -> str:
        """Where a wish without a place goes: the only sound, or the mix of all stems."""
        return next(iter(self.analyses)) if len(self.analyses) == 1 else MIX

    def plugin(self, name: str) -> KnownPlugin | None:
        """By name, in whatever case."""
        return next((item for item in self.plugins if item.name.lower() == name.lower()), None)

    def plugin_or_missing(self, name: str) -> KnownPlugin:
        """The plugin, or what can be said of one that is not here: which effect of ours its product comes nearest to,
        whose parameters people then mean."""
        found = self.plugin(name)
        if found is not None:
            return found
        effect = self.products.effect(name)
        parameters = dict.fromkeys(BY_NAME[effect].quantities()) if effect else {}
        plays = {effect: True} if effect else {}
        return KnownPlugin(name=name, file="", parameters=parameters, plays=plays, absent=NOT_HERE)

    def analysis(self, where: str) -> Analysis | None:
        """Of that stem, group of stems, or of the mix; None for what was not measured as such."""
        if where in self.groups and self.ensemble is not None:
            return self.ensemble.bus(self.groups[where])
        return self.analyses.get(where) or (self.mix if where == MIX else None)
