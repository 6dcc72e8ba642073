"""MIDI ports of this machine, by mido: a virtual one where the system has that, one by name everywhere."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from bridge.errors import BadInput, Unavailable

OURS = "dawbridge"
"""What our virtual port is called."""
PACE_S = 0.001
"""A message of three bytes takes 0.96 ms on a MIDI cable; receivers are built for that."""
INSTALL = "MIDI needs one package more: pip install 'dawbridge[midi]'"


def backend() -> Any:
    """mido's, as MIDO_BACKEND or python-rtmidi gives it. Raises Unavailable with what to install."""
    import mido

    found = mido.Backend()
    try:
        found.load()
    except ImportError as error:
        raise Unavailable(f"{INSTALL} (there is no {error.name or error}).") from None
    return found


def names() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Inputs and outputs. Raises Unavailable where the system has no MIDI."""
    found = backend()
    with _ours("MIDI cannot be used"):
        return tuple(found.get_input_names()), tuple(found.get_output_names())


def has_virtual() -> bool:
    """Windows has no virtual ports of its own."""
    return sys.platform != "win32"


def called(wanted: str, there: Iterable[str], what: str) -> str:
    """The port of that name, or the only one that has it in its name. Raises BadInput with all there are."""
    known = list(there)
    for found in (
        [name for name in known if name == wanted],
        [name for name in known if wanted.casefold() in name.casefold()],
    ):
        if len(set(found)) == 1:
            return found[0]
        if found:
            raise BadInput(f"{wanted!r} may be {' or '.join(sorted(set(found)))}; say more of its name.")
    listed = ", ".join(known) or "none at all"
    raise BadInput(f"There is no MIDI {what} {wanted!r}; there is {listed}.")


class Output:
    """An open port. virtual: ours, which others connect to."""

    def __init__(self, port: Any, name: str, virtual: bool) -> None:
        self._port, self.name, self.virtual = port, name, virtual

    def send(self, messages: Iterable[bytes]) -> None:
        """One after the other, no faster than a cable. Raises Unavailable where the port has gone."""
        from mido import Message

        with _ours(f"The MIDI port {self.name} does not take anything"):
            for message in messages:
                self._port.send(Message.from_bytes(message))
                time.sleep(PACE_S)


@contextlib.contextmanager
def output(name: str | None) -> Iterator[Output]:
    """A port by name, or our virtual one. Raises BadInput, or Unavailable with what to do."""
    found = backend()
    virtual = name is None
    if virtual and not has_virtual():
        raise Unavailable(
            "Windows has no virtual MIDI ports; make one with loopMIDI, and name it with --port or the setting "
            "midi_port."
        )
    with _ours("No MIDI port can be opened"):
        wanted = OURS if name is None else called(name, found.get_output_names(), "output")
        port = found.open_output(wanted, virtual=virtual, **_client(virtual))
    try:
        yield Output(port, wanted, virtual)
    finally:
        port.close()


@contextlib.contextmanager
def heard(name: str | None, told: Callable[[float, bytes], None]) -> Iterator[str]:
    """What comes in at a port, while the block runs: told(seconds, message), called on the driver's own thread; it
    should do no more than keep them. Gives the port's name."""
    found = backend()
    virtual = name is None
    if virtual and not has_virtual():
        raise Unavailable("Windows has no virtual MIDI ports; name one with --port: loopMIDI makes them.")

    def came(message: Any) -> None:
        told(time.perf_counter(), bytes(message.bytes()))

    with _ours("No MIDI port can be opened"):
        wanted = OURS if name is None else called(name, found.get_input_names(), "input")
        port = found.open_input(wanted, virtual=virtual, callback=came, **_client(virtual))
    try:
        yield wanted
    finally:
        port.close()


@contextlib.contextmanager
def _ours(what: str) -> Iterator[None]:
    """Errors of drivers as one sentence."""
    try:
        yield
    except OSError as error:
        hint = "; is the ALSA sequencer there (modprobe snd-seq)?" if "ALSA" in str(error) else ""
        raise Unavailable(f"{what}: {str(error).rstrip('.')}{hint}.") from None


def _client(virtual: bool) -> dict[str, str]:
    """What others see before our virtual port's name; "RtMidiOut Client" otherwise."""
    return {"client_name": OURS} if virtual else {}
