"""What can be found out about one bundle; runs inside a child process, because every line of it runs foreign code."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from hashlib import sha256
from time import perf_counter
from typing import Any

import numpy as np

from bridge.audio import Samples
from bridge.errors import PluginFailed
from bridge.hosting import loading, state
from bridge.hosting.impulse import Beat, hidden_latency, play, respond
from bridge.hosting.pace import BLOCK
from bridge.hosting.parameters import Raw, Table, tables
from bridge.hosting.record import SLOW_LOAD_S

RATE = 48000
LOADS = 40
LOADS_S = 3.0

FIRST_BLOCKS = "playing its first blocks"

Stage = Callable[[str], None]
"""Told what is about to be done, so that whoever waits can name it if it was the last thing."""


def quick(file: str, stage: Stage, name: str | None = None) -> dict[str, Any]:
    """Identity, channels, parameters and load time of a bundle's first plugin, or of the named one."""
    stage("loading")
    before = perf_counter()
    plugin, names = loading.load_first(file, name)
    load_s = perf_counter() - before
    if not plugin.is_effect:
        raise PluginFailed(
            f"Plugin {plugin.name} is an instrument, not an effect.", str(plugin.name), "unusable"
        )
    stage("reading its parameters")
    raws = {key: float(item.raw_value) for key, item in plugin.parameters.items()}
    stage(FIRST_BLOCKS)
    channels = taken_channels(plugin, lambda: stage(FIRST_BLOCKS))
    return {
        "file": file,
        "name": str(plugin.name),
        "vendor": str(plugin.manufacturer_name or ""),
        "identifier": str(plugin.identifier or ""),
        "version": str(plugin.version or ""),
        "category": str(plugin.category or ""),
        "names": names,
        "status": "slow" if load_s > SLOW_LOAD_S else "ok",
        "channels": channels,
        "latency_frames": int(plugin.reported_latency_samples),
        "load_s": round(load_s, 4),
        "parameters": [asdict(table.parameter) for table in tables(plugin, raws).values()],
    }


def taken_channels(plugin: Any, beat: Beat) -> list[int]:
    """Which of 1 and 2 channels it takes, by trying; PluginFailed (`channels`) where neither."""
    taken = []
    for channels in (1, 2):
        try:
            play(plugin, _noise(channels, 8 * BLOCK), RATE, beat=beat)
        except (ValueError, RuntimeError):
            continue
        taken.append(channels)
    if not taken:
        raise PluginFailed(
            f"Plugin {plugin.name} takes neither 1 nor 2 channels.", str(plugin.name), "channels"
        )
    return taken


def first_sounds(
    file: str, channels: int, stage: Stage, heard: Callable[[str], None], name: str | None = None
) -> None:
    """Loads a plugin again and again, and tells the hash of what each new instance gives first.

    They are all one, in this process as in another, where the plugin depends on nothing but its input. One that reads
    memory that it never set may be different in every sixth instance only (ZamTube), hence so many.
    """
    began = perf_counter()
    for _ in range(LOADS):
        stage("loading")
        heard(_first_sound(loading.load(file, name), channels, _Player(stage)))
        if perf_counter() - began > LOADS_S:
            return


def _first_sound(plugin: Any, channels: int, play_: _Player) -> str:
    return sha256(play_(plugin, _noise(channels, 4 * BLOCK)).tobytes()).hexdigest()


def deep(
    file: str,
    channels: int,
    stage: Stage,
    partial: Callable[[dict[str, Any]], None],
    name: str | None = None,
) -> dict[str, Any]:
    """What only playing sound shows: {"deep": DeepRecord's fields, "sound": hash of what it gave first}.

    channels: a number that it takes. partial: given what is known before the next risk is taken.
    """
    stage("loading")
    plugin = loading.load(file, name)
    stage("playing")
    play_ = _Player(stage)
    sound = _first_sound(plugin, channels, play_)
    speed = play_.speed(plugin, channels)
    noise = _noise(channels, _blocks(min(1.0, max(0.1, 0.2 * speed))))
    listen_s = min(10.0, max(0.5, 0.5 * speed))
    response = respond(plugin, RATE, channels, listen_s, play_.beat)
    reported = int(plugin.reported_latency_samples)
    first = play_(plugin, noise)
    found: dict[str, Any] = {
        "latency_frames": None if response.onset is None else reported + response.onset,
        "hidden_latency_frames": hidden_latency(plugin, RATE, channels, play_.beat, response),
        "tail_s": round(response.end / RATE, 4) if response.end < (listen_s - 0.1) * RATE else None,
        "deterministic": _equal(first, play_(plugin, noise)),
        "block_independent": _same_start(first, play_(plugin, noise, 64)),
        "speed": round(speed, 1),
    }
    unknown = {"state_round_trip": False, "instances_independent": False}
    partial({"deep": unknown | found, "sound": sound})
    stage("storing its state")
    found["state_round_trip"] = _state_round_trip(plugin, noise, play_)
    partial({"deep": unknown | found, "sound": sound})
    stage("working beside a second instance")
    fresh, second = loading.load(file, name), loading.load(file, name)
    alone = play_(fresh, noise)
    together = [_equal(play_(other, noise), alone) for other in (second, fresh)]
    found["instances_independent"] = found["deterministic"] and all(together)
    return {"deep": found, "sound": sound}


class _Player:
    """Plays after a reset, and says all the while what it is doing."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._said = 0.0

    def beat(self) -> None:
        if perf_counter() - self._said > 0.2:
            self._said = perf_counter()
            self._stage("playing")

    def __call__(self, plugin: Any, sound: Samples, block: int = BLOCK) -> Samples:
        plugin.reset()
        return play(plugin, sound, RATE, block, self.beat)

    def speed(self, plugin: Any, channels: int) -> float:
        """Times real time, over a tenth of a second."""
        noise = _noise(channels, _blocks(0.1))
        before = perf_counter()
        self(plugin, noise)
        return float(noise.shape[1] / RATE / max(perf_counter() - before, 1e-6))


def _blocks(seconds: float) -> int:
    return round(seconds * RATE) // BLOCK * BLOCK


def _noise(channels: int, frames: int) -> Samples:
    noise = np.random.default_rng(440).standard_normal((channels, frames)) * 0.1
    return noise.astype(np.float32)


def _equal(a: Samples, b: Samples) -> bool:
    return a.shape == b.shape and bool(np.array_equal(a, b))


def _same_start(a: Samples, b: Samples) -> bool:
    frames = min(a.shape[1], b.shape[1])
    return bool(np.allclose(a[:, :frames], b[:, :frames], rtol=0, atol=1e-6))


def _state_round_trip(plugin: Any, noise: Samples, play_: _Player) -> bool:
    """Other settings, stored, undone, restored: is the sound the same again?"""
    known = tables(plugin)
    start = {key: float(plugin.parameters[key].raw_value) for key in known}
    _set(plugin, _moved(known.values(), start))
    play_(plugin, noise)
    try:
        blob = state.take(plugin)
        wanted = play_(plugin, noise)
        _set(plugin, start)
        play_(plugin, noise)
        state.restore(plugin, blob)
    except PluginFailed:
        return False
    play(plugin, noise[:, :BLOCK], RATE)
    again = play_(plugin, noise)
    _set(plugin, start)
    return _equal(again, wanted)


def _moved(known: Iterable[Table], start: dict[str, Raw]) -> dict[str, Raw]:
    """Numbers a tenth of their way from where they stand; switches and choices stay, they may mute a plugin."""
    numbers = [t.key for t in known if t.parameter.kind == "number" and t.parameter.hidden is None]
    return {key: start[key] + (0.1 if start[key] < 0.5 else -0.1) for key in numbers}


def _set(plugin: Any, raws: dict[str, Raw]) -> None:
    for key, raw in raws.items():
        plugin.parameters[key].raw_value = raw
