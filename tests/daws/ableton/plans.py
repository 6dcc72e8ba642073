"""Plans, and looks into the fake set."""

from __future__ import annotations

from typing import Any

from bridge.planning.plan import Plan, Step
from tests.daws.ableton.model import Device, Parameter, Song, Track


def plan(*steps: Step) -> Plan:
    return Plan(steps=steps).with_id()


def step(effect: str, where: str = "Vocal", id: str = "", **parameters: Any) -> Step:
    return Step(id=id or f"{effect}-1", effect=effect, where=where, parameters=parameters)


def squeeze(where: str = "Vocal", **more: Any) -> Step:
    given = {
        "threshold_db": -20.0,
        "ratio": 3.0,
        "attack_ms": 10.0,
        "release_ms": 120.0,
        "auto_makeup": False,
    }
    return step("compressor", where, **{**given, **more})


def track(song: Song, name: str) -> Track:
    return next(each for each in (*song.tracks, *song.return_tracks, song.master_track) if each.name == name)


def device(song: Song, on: str, kind: str) -> Device:
    return next(each for each in track(song, on).devices if each.class_name == kind)


def knob(song: Song, on: str, kind: str, name: str) -> Parameter:
    return next(each for each in device(song, on, kind).parameters if each.name == name)


def display(song: Song, on: str, kind: str, name: str) -> str:
    found = knob(song, on, kind, name)
    return found.str_for_value(found.value)


def values(song: Song) -> dict[tuple[str, str, str], float]:
    """Every parameter of the set."""
    return {
        (each.name, one.name, parameter.name): parameter.value
        for each in song.tracks
        for one in each.devices
        for parameter in one.parameters
    }
