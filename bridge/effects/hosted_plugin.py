"""A hosted VST3 or Audio Unit plugin, as data. Its sound comes through the port that `hosting` fulfils."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, field_validator

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity
from bridge.errors import PluginFailed


class PluginName(BaseModel):
    """Which plugin. file: its bundle, absolute. identifier: of one plugin in a bundle that holds several.

    name and version are what the scan saw; another version that answers is used with a warning.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=200)
    file: str = Field(default="", max_length=4096)
    identifier: str | None = Field(default=None, max_length=400)
    version: str | None = Field(default=None, max_length=100)


Point = tuple[FiniteFloat, FiniteFloat]
"""Seconds and value."""


class HostedPlugin(Effect):
    """settings (`parameters` in plans): by the plugin's own names, in its own real units; checked when it is loaded.

    automation: by parameter, points of (seconds of the source, value) in order; straight lines between them, and the
    first and last value held outside. state_base64: the plugin's own state, restored before the settings;
    state_sha256: what it must hash to.
    """

    model_config = ConfigDict(populate_by_name=True)

    name: ClassVar[str] = "hosted_plugin"
    title: ClassVar[str] = "Hosted plugin"
    words: ClassVar[tuple[str, ...]] = (
        "plugin",
        "plug-in",
        "plugins",
        "plug-ins",
        "vst",
        "vst3",
        "audio unit",
    )
    example: ClassVar[str] = "use ZamComp"
    stage: ClassVar[Stage] = "plugin"

    plugin: PluginName = Field(description="Which plugin, by its name and its file")
    settings: dict[str, bool | float | str] = Field(
        default_factory=dict,
        alias="parameters",
        max_length=2000,
        description="Its parameters by their names, in its own units",
    )
    automation: dict[str, Annotated[tuple[Point, ...], Field(min_length=1, max_length=10_000)]] = Field(
        default_factory=dict, max_length=200, description="Parameters that move: points of (seconds, value)"
    )
    state_base64: str | None = Field(
        default=None, max_length=20_000_000, description="Its own state, restored before the settings"
    )
    state_sha256: str | None = Field(
        default=None, pattern=r"^[0-9a-f]{64}$", description="What the state must hash to"
    )
    tail_seconds: Annotated[
        float, quantity(0, 60, "s", "What goes on sounding after the end of the input")
    ] = 0.0
    keep_loudness: bool = Field(
        default=False, description="As loud behind it as before: the gain for that is measured on the sound"
    )

    @property
    def hears_first(self) -> bool:
        return self.keep_loudness

    @field_validator("settings", mode="before")
    @classmethod
    def _plain_values(cls, settings: object) -> object:
        """One value each; what moves belongs to `automation`."""
        if isinstance(settings, dict):
            for name, value in settings.items():
                if not isinstance(value, (bool, int, float, str)):
                    kind = {list: "a list", dict: "an object", type(None): "null"}.get(type(value), "that")
                    more = "; automation moves it over time" if isinstance(value, (list, dict)) else ""
                    raise ValueError(f"{name} takes a number, a text, or true or false, not {kind}{more}")
        return settings

    @field_validator("automation")
    @classmethod
    def _in_order(cls, automation: dict[str, tuple[Point, ...]]) -> dict[str, tuple[Point, ...]]:
        for name, points in automation.items():
            times = [at for at, _ in points]
            if times[0] < 0 or any(later <= earlier for earlier, later in pairwise(times)):
                raise ValueError(f"{name}: its points must lie at 0 s or later, each after the one before")
        return automation

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        """Always raises: plugins are loaded by `hosting`, in a worker process."""
        raise PluginFailed(
            f"{self.plugin.name}: a hosted plugin needs a host; render it through the plugin port."
        )

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """None: which plugin to take is the user's choice."""
        return None

    def describe(self) -> str:
        shown = ", ".join(f"{key} {_short(value)}" for key, value in list(self.settings.items())[:4])
        more = f" and {len(self.settings) - 4} more" if len(self.settings) > 4 else ""
        loud = ", as loud as before" if self.keep_loudness else ""
        return f"{self.plugin.name}: {shown}{more}{loud}" if shown else f"{self.plugin.name}{loud}"

    def tail_s(self) -> float:
        return self.tail_seconds


def _short(value: Any) -> str:
    if not isinstance(value, float):
        return str(value)
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.4g}"
