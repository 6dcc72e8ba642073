"""PluginRecord: what a scan found out about one bundle. JSON shape of `plugins scan --json`.

Plain dataclasses: a scan starts a process for each bundle, and pydantic would be a third of its start.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, Self

Status = Literal["ok", "slow", "crashed", "hung", "unusable"]

Kind = Literal["number", "choice", "switch"]

SLOW_LOAD_S = 5.0
"""A plugin that takes longer than this to load works, but its jobs wait for it: status slow."""


@dataclass(frozen=True, kw_only=True)
class PluginParameter:
    """One parameter, named as plans name it ("threshold_db").

    kind: number (low..high in `unit`), choice (one of `choices`), switch (true or false).
    default: in the parameter's own terms. steps: how many values a stepped one has.
    hidden: why plans may not set it (a meter, what the host owns), or None.
    """

    name: str
    title: str
    unit: str = ""
    kind: Kind
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    default: float | str | bool | None = None
    steps: int | None = None
    automatable: bool = True
    hidden: str | None = None


@dataclass(frozen=True, kw_only=True)
class DeepRecord:
    """What only playing sound through a plugin shows; at 48 kHz with its default settings.

    latency_frames: by impulse, None where the plugin answers an impulse with nothing. hidden_latency_frames: what
    it does not report and what a render takes away. tail_s: until an impulse has faded to -60 dB, None beyond 10 s.
    deterministic: two runs in one instance are equal, bit for bit, and so are two processes and up to 40 instances.
    block_independent: blocks of 512 and 64 sound the same.
    state_round_trip: a stored state brings the same sound back. instances_independent: two instances in one
    process do not hear each other. speed: times real time.
    """

    latency_frames: int | None
    hidden_latency_frames: int = 0
    tail_s: float | None
    deterministic: bool
    block_independent: bool
    state_round_trip: bool
    instances_independent: bool
    speed: float


@dataclass(frozen=True, kw_only=True)
class PluginRecord:
    """One bundle. status "slow" works; crashed, hung and unusable come with a reason.

    unfinished: it was still loading when the quick pass went on; nothing else is known yet.

    names: of all plugins where a bundle holds several; the record speaks of the first.
    channels: numbers of channels it takes, out of 1 and 2. latency_frames: as reported at 48 kHz.
    """

    file: str
    name: str
    vendor: str = ""
    identifier: str = ""
    version: str = ""
    category: str = ""
    names: tuple[str, ...] = ()
    status: Status
    reason: str | None = None
    channels: tuple[int, ...] = ()
    latency_frames: int | None = None
    load_s: float | None = None
    parameters: tuple[PluginParameter, ...] = ()
    deep: DeepRecord | None = None
    unfinished: bool = False

    @property
    def usable(self) -> bool:
        return self.status in ("ok", "slow") and not self.unfinished

    @property
    def wants(self) -> Literal["quick", "deep"] | None:
        """Which pass over it is still to come."""
        if self.unfinished:
            return "quick"
        return "deep" if self.usable and self.deep is None else None

    @property
    def settable(self) -> tuple[PluginParameter, ...]:
        """The parameters that plans may set."""
        return tuple(item for item in self.parameters if item.hidden is None)

    def to_json(self) -> dict[str, Any]:
        return _without_defaults(self, keep=("file", "name", "vendor", "status", "channels", "parameters"))

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `to_json`; what it does not know is left out. TypeError where something is missing."""
        deep = data.get("deep")
        made = {
            **data,
            "names": tuple(data.get("names", ())),
            "channels": tuple(data.get("channels", ())),
            "parameters": tuple(_parameter(item) for item in data.get("parameters", ())),
            "deep": None if deep is None else DeepRecord(**_known(DeepRecord, deep)),
        }
        return cls(**_known(cls, made))


def _parameter(data: Mapping[str, Any]) -> PluginParameter:
    made = _known(PluginParameter, data)
    return PluginParameter(**{**made, "choices": tuple(made.get("choices", ()))})


def _known(kind: type[Any], data: Mapping[str, Any]) -> dict[str, Any]:
    names = {field.name for field in fields(kind)}
    return {key: value for key, value in data.items() if key in names}


def _without_defaults(record: PluginRecord, keep: tuple[str, ...]) -> dict[str, Any]:
    """As JSON, without what is as it would be anyway."""
    defaults = {field.name: field.default for field in fields(PluginParameter)}
    shown = {
        field.name: value
        for field in fields(PluginRecord)
        if (value := getattr(record, field.name)) != field.default or field.name in keep
    }
    shown["parameters"] = [
        {key: value for key, value in asdict(item).items() if value != defaults[key]}
        for item in record.parameters
    ]
    if record.deep is not None:
        shown["deep"] = asdict(record.deep)
    return {key: list(value) if isinstance(value, tuple) else value for key, value in shown.items()}
