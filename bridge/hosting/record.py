"""PluginRecord: what a scan found out about one bundle. JSON shape of `plugins scan --json`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

Status = Literal["ok", "slow", "crashed", "hung", "unusable"]

SLOW_LOAD_S = 5.0
"""A plugin that takes longer than this to load works, but its jobs wait for it: status slow."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class PluginParameter(_Value):
    """One parameter, named as plans name it ("threshold_db").

    kind: number (low..high in `unit`), choice (one of `choices`), switch (true or false).
    default: in the parameter's own terms. steps: how many values a stepped one has.
    hidden: why plans may not set it (a meter, what the host owns), or None.
    """

    name: str
    title: str
    unit: str = ""
    kind: Literal["number", "choice", "switch"]
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    default: float | str | bool | None = None
    steps: int | None = None
    automatable: bool = True
    hidden: str | None = None


class DeepRecord(_Value):
    """What only playing sound through a plugin shows; at 48 kHz with its default settings.

    latency_frames: by impulse, None where the plugin answers an impulse with nothing. hidden_latency_frames: what
    it does not report and what a render takes away. tail_s: until an impulse has faded to -60 dB, None beyond 10 s.
    deterministic: two runs in one instance are equal, bit for bit. block_independent: so are blocks of 512 and 64.
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


class PluginRecord(_Value):
    """One bundle. status "slow" works; crashed, hung and unusable come with a reason.

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

    @property
    def usable(self) -> bool:
        return self.status in ("ok", "slow")

    @property
    def settable(self) -> tuple[PluginParameter, ...]:
        """The parameters that plans may set."""
        return tuple(item for item in self.parameters if item.hidden is None)

    def to_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json", exclude_none=True)
