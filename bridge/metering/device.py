"""DeviceInput: a sound device through PortAudio (JACK, Core Audio, WASAPI, ALSA, a virtual cable).

blocksize=0: PortAudio hands on each of the device's own buffers as it comes; a block size of our own would add a whole
block of delay. PortAudio looks for devices when it is imported and never again, so it is imported when a device is
opened, and started anew when one has gone.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from bridge.errors import Unavailable
from bridge.metering.source import REMEMBERED_S, Arrived, Begun, Stream, ring_for

log = logging.getLogger(__name__)

MOST_CHANNELS = 2
"""Of a device with more the first two are heard."""
MUTE_S = 2.0
"""A device that has called for so long with nothing has gone, whatever it says."""
_LOOK_S = 0.2
_CLOSED_S = 3.0
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.5, 8.0
_FLAGS = ("input_overflow", "input_underflow", "output_overflow", "output_underflow", "priming_output")

_HOW = {
    "linux": "install the package libportaudio2 (Debian, Ubuntu: sudo apt install libportaudio2)",
    "darwin": "install PortAudio (brew install portaudio), and the Python package sounddevice anew",
}


@dataclass(frozen=True)
class Device:
    """number: PortAudio's, good until devices change. system: JACK, Core Audio, ... channels: inputs. rate in Hz."""

    number: int
    name: str
    system: str
    channels: int
    rate: float

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def devices(library: Any = None) -> tuple[Device, ...]:
    """Those with inputs. Raises Unavailable where PortAudio is missing."""
    sounding = library or portaudio()
    try:
        systems = [system["name"] for system in sounding.query_hostapis()]
        return tuple(
            Device(
                number,
                each["name"],
                systems[each["hostapi"]],
                each["max_input_channels"],
                each["default_samplerate"],
            )
            for number, each in enumerate(sounding.query_devices())
            if each["max_input_channels"] > 0
        )
    except sounding.PortAudioError as error:
        raise Unavailable(f"PortAudio tells no devices: {error}.") from None


def portaudio() -> Any:
    """The module sounddevice. Raises Unavailable, with the package that is missing."""
    try:
        import sounddevice
    except OSError as error:
        how = _HOW.get(sys.platform, "install the Python package sounddevice anew, which brings PortAudio")
        raise Unavailable(f"PortAudio is missing ({error}): {how}.") from None
    except ImportError:
        raise Unavailable("The Python package sounddevice is missing: pip install sounddevice.") from None
    return sounddevice


def found(called: str, there: tuple[Device, ...]) -> Device:
    """By number, by name, or by a part of one name alone; capitals do not matter. Raises Unavailable."""
    if called.isascii() and called.isdigit():
        same = [each for each in there if each.number == int(called)]
    else:
        asked = called.casefold()
        same = [each for each in there if each.name.casefold() == asked]
        same = same[:1] or [each for each in there if asked in each.name.casefold()]
    if len(same) == 1:
        return same[0]
    names = (
        ", ".join(f"{each.number} {each.name}" for each in there)
        or "none (is JACK or the sound card running?)"
    )
    many = "several inputs match" if same else "there is no input"
    raise Unavailable(f"For {called!r} {many}. Inputs: {names}.")


def _closed(stream: Any) -> None:
    with contextlib.suppress(Exception):  # it may have gone with its device
        stream.close(ignore_errors=True)


class DeviceInput:
    """A Source. called: the device's name or number. library: sounddevice, or what stands in for it."""

    def __init__(
        self,
        called: str,
        remembered_s: float = REMEMBERED_S,
        library: Any = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._called, self._remembered_s = called, remembered_s
        self._library, self._clock = library, clock
        self._begun: Begun = lambda stream: None
        self._stream: Stream | None = None
        self._open: Any = None
        self._blocks = self._frames = self._dropped = 0
        self._faults: Counter[str] = Counter()
        self._trouble = ""
        self._stuck = False
        self._leaving = threading.Event()
        self._thread: threading.Thread | None = None

    # -- what a Source is --------------------------------------------------------------------------------------------

    def open(self, begun: Begun) -> None:
        self._begun = begun
        self._library = self._library or portaudio()
        self._connect()
        self._thread = threading.Thread(target=self._keep, name="sound device", daemon=True)
        self._thread.start()

    @property
    def state(self) -> str:
        if self._trouble or self._stream is None:
            return self._trouble or f"opening {self._called}"
        return self._stream.told

    @property
    def arrived(self) -> Arrived:
        return Arrived(self._blocks, self._frames, self._dropped, dict(self._faults))

    def close(self) -> None:
        self._leaving.set()
        if self._thread is not None:
            self._thread.join()
        self._disconnect()

    # -- the audio callback ------------------------------------------------------------------------------------------

    def _callback(self, block: Any, frames: int, times: Any, status: Any) -> None:
        """Copies and returns [block: shape=(frames, channels), float32]."""
        if status:
            for flag in _FLAGS:
                if getattr(status, flag, False):
                    self._faults[flag.replace("_", " ")] += 1
            self._dropped += bool(getattr(status, "input_overflow", False))
        stream = self._stream
        if stream is not None:
            stream.ring.write(block.T)
            self._blocks += 1
            self._frames += frames

    # -- coming and going --------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        """Raises Unavailable."""
        device = found(self._called, devices(self._library))
        rate, channels = round(device.rate), min(device.channels, MOST_CHANNELS)
        old = self._stream
        form = (device.name, rate, channels)
        if old is None or (old.name, old.ring.rate, old.ring.channels) != form:
            self._stream = Stream(device.name, ring_for(rate, channels, self._remembered_s))
        try:
            self._open = self._library.InputStream(
                device=device.number, samplerate=rate, channels=channels, dtype="float32", blocksize=0, latency="low",
                callback=self._callback,
            )  # fmt: skip
            self._open.start()
        except self._library.PortAudioError as error:
            self._disconnect()
            self._stream = old
            raise Unavailable(f"{device.name} ({device.system}) cannot be opened: {error}.") from None
        self._trouble = ""
        if self._stream is not old and self._stream is not None:
            self._begun(self._stream)

    def _disconnect(self) -> None:
        """On a thread of its own, because PortAudio 19.6 never returns from it when a JACK server has ended."""
        gone, self._open = self._open, None
        if gone is None:
            return
        closing = threading.Thread(target=_closed, args=(gone,), name="closing a sound device", daemon=True)
        closing.start()
        closing.join(_CLOSED_S)
        self._stuck = closing.is_alive()
        leaving = getattr(self._library, "_exit_handler", None)
        if self._stuck and leaving is not None:
            atexit.unregister(leaving)  # it would wait for the same for ever

    def _keep(self) -> None:
        """Looks whether sound still comes, and connects again where it does not."""
        wait_s = _FIRST_WAIT_S
        seen, seen_at = self._blocks, self._clock()
        while not self._leaving.wait(_LOOK_S):
            now = self._clock()
            if self._blocks != seen:
                seen, seen_at, wait_s = self._blocks, now, _FIRST_WAIT_S
            active = self._open is not None and bool(getattr(self._open, "active", True))
            if active and now - seen_at <= MUTE_S:
                continue
            self._lose()
            if self._stuck or self._leaving.wait(wait_s):
                return
            wait_s = min(2 * wait_s, _LONGEST_WAIT_S)
            self._again()
            seen_at = self._clock()

    def _lose(self) -> None:
        if self._open is None:
            return
        self._disconnect()
        self._faults["device lost"] += 1
        name = self._stream.name if self._stream else self._called
        self._trouble = f"{name} has gone: unplugged, switched off, or its sound server ended; " + (
            "PortAudio does not let go of it, so start dawbridge again when it is back"
            if self._stuck
            else "looking for it"
        )
        log.warning("live input lost", extra={"facts": {"input": name}})

    def _again(self) -> None:
        """PortAudio is started anew: it knows only the devices that were there when it was."""
        try:
            self._library._terminate()
            self._library._initialize()
            self._connect()
        except Unavailable as error:
            self._trouble = f"{self._called} is not there; looking for it ({error.message})"[:300]
        except Exception as error:  # whatever PortAudio raises must not end the search
            log.exception("live input")
            self._trouble = f"{self._called} cannot be opened: {error}"[:300]
        else:
            self._faults["device back"] += 1
