"""From a plan's wish for a plugin to an instance that is ready to play; on the main thread of this process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict

from bridge.errors import PluginFailed
from bridge.hosting import loading, state
from bridge.hosting.guard import may_be_one_sided
from bridge.hosting.impulse import hidden_latency, no_beat
from bridge.hosting.pace import BLOCK, GRACE_S, MOST_COST_S, Pace
from bridge.hosting.parameters import Raw, raw_values, tables
from bridge.hosting.processor import Automation, PluginProcessor


class Order(BaseModel):
    """Which plugin, how it is to be set, and for which sound. Plain JSON, so that it can cross to another process.

    name: of the plugin within the bundle. channels: one of the numbers that the plugin takes.
    automation: by parameter, (seconds, value) points in order. hidden_latency_frames: what it does not report;
    None where nobody has measured it yet. grace_s, most_cost_s: how long it may take; see Pace.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    file: str
    name: str | None = None
    identifier: str | None = None
    rate: int
    channels: int
    parameters: dict[str, float | int | bool | str] = {}
    automation: dict[str, tuple[tuple[float, float], ...]] = {}
    state_base64: str | None = None
    state_sha256: str | None = None
    hidden_latency_frames: int | None = None
    load_timeout_s: float = 120.0
    grace_s: float = GRACE_S
    most_cost_s: float = MOST_COST_S


def open_plugin(order: Order, beat: Callable[[], None] | None = None) -> PluginProcessor:
    """Loads, restores, sets, primes and resets. Raises PluginFailed, and BadPlan for parameters it does not have."""
    plugin = loading.load(order.file, order.name, order.load_timeout_s)
    name = str(plugin.name)
    _same_plugin(plugin, order)
    # Reading what the parameters say costs as much as loading: not for a plugin that plays as it stands.
    raws = raw_values(tables(plugin), order.parameters, name) if order.parameters else {}
    automation = _automation(order, plugin)
    if order.state_base64:
        state.restore(plugin, state.decode(order.state_base64, name, order.state_sha256))
        prime(plugin, order.rate, order.channels)
    for key, raw in raws.items():
        plugin.parameters[key].raw_value = raw
    prime(plugin, order.rate, order.channels)
    hidden = order.hidden_latency_frames
    if hidden is None:
        hidden = hidden_latency(plugin, order.rate, order.channels, beat or no_beat)
    plugin.reset()
    return PluginProcessor(
        plugin,
        order.rate,
        order.channels,
        hidden_latency_frames=hidden,
        automation=automation,
        beat=beat,
        one_sided=bool(order.state_base64) or may_be_one_sided((*order.parameters, *order.automation)),
        pace=Pace(name, order.rate, order.grace_s, order.most_cost_s),
    )


def prime(plugin: Any, rate: int, channels: int) -> None:
    """One silent block: what was set or restored reaches a VST3's sound only while it processes."""
    name = str(plugin.name)
    try:
        plugin.process(np.zeros((channels, BLOCK), np.float32), rate, buffer_size=BLOCK, reset=False)
    except (RuntimeError, ValueError) as error:
        raise PluginFailed(f"Plugin {name} refused {channels} channels: {error}", name, "channels") from error


def _same_plugin(plugin: Any, order: Order) -> None:
    """A state or a set of parameters that was made for another plugin of that name is not given to this one."""
    if order.identifier and order.identifier != plugin.identifier:
        name = str(plugin.name)
        raise PluginFailed(
            f"Plugin {name} is {plugin.identifier}, the plan was made for {order.identifier}.",
            name,
            "missing",
        )


def _automation(order: Order, plugin: Any) -> Automation | None:
    """Raw values by frame: straight lines between the points, in the parameter's own unit, held outside them."""
    if not order.automation:
        return None
    known, name = tables(plugin), str(plugin.name)
    curves: dict[str, tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]] = {}
    for wanted, points in order.automation.items():
        times = np.array([at for at, _ in points])
        for _, value in points:
            raw_values(known, {wanted: value}, name)
        key = next(iter(raw_values(known, {wanted: points[0][1]}, name)))
        curves[key] = (times * order.rate, np.array([value for _, value in points]))

    def at(frame: int) -> Mapping[str, Raw]:
        middle = frame + BLOCK / 2
        return {
            key: known[key].raw(float(np.interp(middle, frames, values)), name)
            for key, (frames, values) in curves.items()
        }

    return at
