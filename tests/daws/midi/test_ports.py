"""Ports: found by a part of their name, opened once, paced, and told in our words where they fail."""

from __future__ import annotations

import builtins
import time
from types import ModuleType
from typing import Any

import pytest

from bridge.daws.midi import ports
from bridge.daws.midi.listening import listening, tempo_of_the_daw
from bridge.daws.midi.looping import there_and_back
from bridge.errors import BadInput, Unavailable


def test_ports_are_listed_by_what_they_can(strict: ModuleType) -> None:
    assert ports.names() == ((strict.LOOP,), (strict.LOOP, strict.SYNTH))


def test_a_part_of_the_name_is_enough_and_a_doubtful_one_is_asked_back(strict: ModuleType) -> None:
    with ports.output("synth") as opened:
        opened.send([b"\xbf\x14\x40"])
    assert strict.sent == [(strict.SYNTH, b"\xbf\x14\x40")]
    with pytest.raises(BadInput, match="say more of its name"):
        ports.called("p", ["Loop", "Pad"], "output")
    with pytest.raises(BadInput, match=f"there is {strict.LOOP}"), ports.output("IAC"):
        pass


def test_without_a_name_the_port_is_ours(strict: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "has_virtual", lambda: True)
    with ports.output(None) as opened:
        assert opened.virtual
    assert strict.opened == ["dawbridge"]


def test_windows_is_told_what_to_do_for_a_port(strict: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "has_virtual", lambda: False)
    with pytest.raises(Unavailable, match="loopMIDI"), ports.output(None):
        pass


def test_a_port_that_has_gone_is_told(strict: ModuleType) -> None:
    with ports.output("Synth") as opened:
        opened._port.close()
        with pytest.raises(Unavailable, match="port is closed"):
            opened.send([b"\xbf\x14\x40"])


def test_a_system_without_midi_is_told(strict: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**kwargs: Any) -> None:
        raise OSError("MidiInAlsa::initialize: error creating ALSA sequencer client object.")

    monkeypatch.setattr(strict, "get_devices", fails)
    with pytest.raises(Unavailable, match="modprobe snd-seq"):
        ports.names()


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "rtmidi":
            raise ModuleNotFoundError("No module named 'rtmidi'", name="rtmidi")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    monkeypatch.delenv("MIDO_BACKEND", raising=False)
    monkeypatch.delitem(__import__("sys").modules, "mido.backends.rtmidi", raising=False)
    with pytest.raises(Unavailable, match=r"pip install 'dawbridge\[midi\]'"):
        ports.backend()


def test_a_loop_gives_back_and_a_synthesizer_does_not(
    strict: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.daws.midi.looping.PATIENCE_S", 0.05)
    name, back_s = there_and_back("Loop", None)
    assert name == strict.LOOP and back_s is not None and back_s >= 0
    assert there_and_back("Synth", None) == (strict.SYNTH, None)


def test_a_clock_through_a_port_is_heard_with_its_transport(strict: ModuleType) -> None:
    """Bytes cut anywhere, as a cable gives them."""
    with listening("Loop") as (name, now):
        strict.deliver(name, b"\xf2\x10")
        strict.deliver(name, b"\x00\xfb" + 7 * b"\xf8")
        clock = now()
    assert clock.playing and clock.beats == pytest.approx(4 + 6 / 24)


def test_the_tempo_of_a_running_clock_comes_as_one_number(
    strict: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The port tells its own times, so that a busy machine changes nothing: 130 BPM exactly."""
    from itertools import count

    steps = count()
    monkeypatch.setattr(time, "perf_counter", lambda: next(steps) * 60 / (130 * 24))
    monkeypatch.setattr(time, "sleep", lambda s: strict.deliver(strict.LOOP, b"\xf8" * 48))
    assert tempo_of_the_daw("Loop", patience_s=60) == 130.0


def test_no_clock_is_told_with_what_to_do(strict: ModuleType) -> None:
    with pytest.raises(Unavailable, match="press play"):
        tempo_of_the_daw("Loop", patience_s=0.05)
