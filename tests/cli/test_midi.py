"""`dawbridge midi` from end to end, on strict ports."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Ran, Run
from tests.daws.midi import strict_ports

PLAN = {
    "schema": 1,
    "request": "compress",
    "steps": [
        {
            "id": "c",
            "effect": "compressor",
            "parameters": {"threshold_db": -18.0, "ratio": 4.0, "attack_ms": 10.0},
        }
    ],
}


@pytest.fixture
def midi(run_here: Run) -> Iterator[Callable[..., Ran]]:
    strict_ports.forget()
    yield lambda *words, **more: run_here("midi", *words, MIDO_BACKEND="tests.daws.midi.strict_ports", **more)
    strict_ports.forget()


@pytest.fixture
def plan(tmp_path: Path) -> str:
    (tmp_path / "plan.json").write_text(json.dumps(PLAN), encoding="utf-8")
    return str(tmp_path / "plan.json")


def test_a_plan_is_sent_and_told_as_sent(midi: Callable[..., Ran], plan: str) -> None:
    ran = midi("send", plan, "--port", "Synth", "--json")
    assert ran.code == 0 and ran.json["verified"] is False and "not confirmed" in ran.json["told"]
    assert [one["verdict"] for one in ran.json["sent"]] == ["sent"] * len(ran.json["sent"])
    assert (strict_ports.SYNTH, bytes([0xBF, 21, 89])) in strict_ports.sent


def test_a_dry_run_opens_no_port(midi: Callable[..., Ran], plan: str) -> None:
    ran = midi("send", plan, "--dry-run")
    assert ran.code == 0 and "would send" in ran.out and "Nothing was sent." in ran.out
    assert strict_ports.opened == [] and strict_ports.sent == []


def test_the_port_may_be_a_setting(midi: Callable[..., Ran], plan: str) -> None:
    assert midi("send", plan, BRIDGE_MIDI_PORT="Synth").code == 0
    assert {port for port, _ in strict_ports.sent} == {strict_ports.SYNTH}


def test_learning_moves_one_control_and_no_other(midi: Callable[..., Ran]) -> None:
    ran = midi("learn", "compressor.ratio", "--port", "Synth", "--seconds", "0.3", "--json")
    assert ran.code == 0 and ran.json["control"] == "CC 22, channel 16"
    assert {message[:2] for _, message in strict_ports.sent} == {bytes([0xBF, 22])}
    assert len({message[2] for _, message in strict_ports.sent}) > 5


def test_a_parameter_without_a_control_is_bad_input(midi: Callable[..., Ran]) -> None:
    ran = midi("learn", "chorus.rate_hz", "--port", "Synth")
    assert ran.code == 2 and "no control for chorus.rate_hz" in ran.err


def test_ports_maps_and_the_loop_are_shown(midi: Callable[..., Ran]) -> None:
    assert midi("ports", "--json").json["outputs"] == [strict_ports.LOOP, strict_ports.SYNTH]
    assert {"any", "fine", "nrpn"} <= set(midi("maps", "--json").json["maps"])
    assert "CC 16 and 48, channel 15" in midi("maps", "fine").out
    assert midi("test", "--port", "Loop", "--json").json["came_back"] is True


def test_no_clock_is_exit_code_one(midi: Callable[..., Ran]) -> None:
    ran = midi("clock", "--port", "Loop", "--seconds", "0.5", "--json")
    assert ran.code == 1 and ran.json["bpm"] is None
