"""A real Ardour without display and sound card: a session with three tracks, a JACK of its own, OSC, and export."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import signal
import subprocess
import time
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Self

import numpy as np
import soundfile

from tests.real import must_have

NAME = "demo"
RATE = 48_000
PATIENCE_S = 90.0
_SUPERCLOCK = 282_240_000
"""Ticks a second of Ardour 7's times."""
_LIBRARY = Path("/usr/lib/ardour7")


def ardour() -> Path:
    """The headless program. Skips where there is none."""
    found = sorted(_LIBRARY.glob("hardour-7*"))
    must_have("Ardour 7 with JACK and x42-plugins", bool(found) and shutil.which("jackd") is not None)
    return found[0]


class RealArdour:
    """folder: gets session, home and logs. sounds: a WAV at 48 kHz for each of the tracks Drums, Vocal and Bass."""

    def __init__(self, folder: Path, sounds: dict[str, Path]) -> None:
        self.program = ardour()
        self.folder = folder
        self.session = folder / "session"
        self.server = f"dawbridge-{secrets.token_hex(4)}"
        self._jack: subprocess.Popen[bytes] | None = None
        self._ardour: subprocess.Popen[bytes] | None = None
        self.port = 0
        folder.mkdir(parents=True, exist_ok=True)
        self._make(sounds)

    @property
    def file(self) -> Path:
        return self.session / f"{NAME}.ardour"

    @property
    def environment(self) -> dict[str, str]:
        home = self.folder / "home"
        (home / ".config" / "ardour7").mkdir(parents=True, exist_ok=True)
        return {
            **os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home / ".config"),
            "XDG_CACHE_HOME": str(home / ".cache"), "JACK_DEFAULT_SERVER": self.server,
            "JACK_NO_AUDIO_RESERVATION": "1",
            "LD_LIBRARY_PATH": str(_LIBRARY), "ARDOUR_DATA_PATH": "/usr/share/ardour7",
            "ARDOUR_CONFIG_PATH": "/etc/ardour7", "ARDOUR_DLL_PATH": str(_LIBRARY), "VAMP_PATH": str(_LIBRARY / "vamp"),
        }  # fmt: skip

    def _run(self, *command: str | Path) -> None:
        log = self.folder / "made.log"
        with log.open("ab") as out:
            subprocess.run(
                command, env=self.environment, stdout=out, stderr=out, check=True, timeout=PATIENCE_S
            )

    def _make(self, sounds: dict[str, Path]) -> None:
        self._run("ardour7-lua", Path(__file__).with_name("session.lua"), self.session, NAME)
        tree = ET.parse(self.file)
        _with_sounds(tree.getroot(), self.session, sounds)
        _with_osc(tree.getroot())
        tree.write(self.file, encoding="UTF-8", xml_declaration=True)

    # -- running -----------------------------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        try:
            self._jack = self._started(
                "jack", "jackd", "--name", self.server, "-r", "-d", "dummy", "-r", str(RATE)
            )
            self._ready(self._jack, "jack", r"driver is running|starting|JACK server")
            self._ardour = self._started("ardour", self.program, self.session, NAME)
            self.port = self._osc_port()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *ended: object) -> None:
        self.stop()

    def _started(self, name: str, *command: str | Path) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("wb") as out:
            return subprocess.Popen(command, env=self.environment, stdout=out, stderr=out)

    def _ready(self, process: subprocess.Popen[bytes], name: str, sign: str) -> None:
        log = self.folder / f"{name}.log"
        deadline = time.monotonic() + PATIENCE_S
        while not re.search(sign, log.read_text(errors="replace")):
            assert process.poll() is None, log.read_text(errors="replace")
            assert time.monotonic() < deadline, f"{name} is not ready"
            time.sleep(0.05)

    def _osc_port(self) -> int:
        """3819, or the next one where that was taken: the UDP port that this very process has bound."""
        import psutil

        assert self._ardour is not None
        process = psutil.Process(self._ardour.pid)
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            assert self._ardour.poll() is None, (self.folder / "ardour.log").read_text(errors="replace")
            bound = [each.laddr.port for each in process.net_connections("udp") if each.laddr]
            found = [port for port in bound if 3819 <= port < 3900]
            if found:
                return found[0]
            time.sleep(0.1)
        raise AssertionError("Ardour opens no OSC port")

    def stop(self) -> None:
        for process in (self._ardour, self._jack):
            if process is None or process.poll() is not None:
                continue
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            if process.poll() is None:
                process.kill()
                process.wait()
        self._ardour = self._jack = None

    def kill(self) -> None:
        """Ardour ends as in a power cut."""
        assert self._ardour is not None
        self._ardour.kill()
        self._ardour.wait()

    # -- what comes out ----------------------------------------------------------------------------------------------

    def export(self) -> np.ndarray:
        """The session as it is on disk, through the Master [shape=(frames, 2)].

        ardour7-export may end with a corrupted heap where LV2 plugins are in the session, and then leaves a file that
        looks whole and is not: only exit code 0 counts.
        """
        out = self.folder / f"export-{secrets.token_hex(4)}.wav"
        for _ in range(8):
            with (self.folder / "export.log").open("wb") as log:
                done = subprocess.run(
                    ("ardour7-export", "-b", "float", "-o", out, self.session, NAME),
                    env=self.environment, stdout=log, stderr=log, check=False, timeout=PATIENCE_S,
                )  # fmt: skip
            if done.returncode == 0 and out.exists():
                samples: np.ndarray = soundfile.read(out, always_2d=True)[0]
                if np.isfinite(samples).all():
                    return samples
            out.unlink(missing_ok=True)
        raise AssertionError((self.folder / "export.log").read_text(errors="replace")[-2000:])


def _with_osc(root: ET.Element) -> None:
    """The OSC surface on, as a user switches it on in the preferences."""
    protocols = root.find("ControlProtocols")
    assert protocols is not None
    called = "Open Sound Control (OSC)"
    found = next((each for each in protocols if each.get("name") == called), None)
    protocol = found if found is not None else ET.SubElement(protocols, "Protocol", {"name": called})
    settings = {"active": "1", "feedback": "0", "banksize": "0", "striptypes": "159", "gainmode": "1", "debugmode": "0",
                "address-only": "0", "remote-port": "8000", "send-page-size": "0", "plug-page-size": "0"}  # fmt: skip
    for key, value in settings.items():
        protocol.set(key, value)


def _with_sounds(root: ET.Element, session: Path, sounds: dict[str, Path]) -> None:
    """A region at 0 on each track; Ardour without display imports nothing."""
    numbers = iter(range(int(root.get("id-counter", "1000")) + 10, 10**9))
    end = 0
    for track, sound in sounds.items():
        info = soundfile.info(sound)
        assert info.samplerate == RATE
        audio = next((session / "interchange").iterdir()) / "audiofiles"
        audio.mkdir(parents=True, exist_ok=True)
        shutil.copy(sound, audio / sound.name)
        length = info.frames * _SUPERCLOCK // RATE
        end = max(end, length)
        sources = [str(next(numbers)) for _ in range(info.channels)]
        held = root.find("Sources")
        assert held is not None
        for channel, source in enumerate(sources):
            ET.SubElement(held, "Source", {
                "name": sound.name, "take-id": "", "type": "audio", "flags": "", "id": source, "channel": str(channel),
                "origin": "", "gain": "1",
            })  # fmt: skip
        playlist = next(each for each in root.iter("Playlist") if each.get("name") == track)
        _region(playlist, sound.stem, str(next(numbers)), sources, length)
    _range(root, str(next(numbers)), end)
    root.set("id-counter", str(next(numbers)))


def _region(playlist: ET.Element, name: str, id: str, sources: list[str], length: int) -> None:
    said = {
        "name": name, "id": id, "type": "audio", "channels": str(len(sources)), "start": "a0",
        # Without the position behind the "@" of an ancestral length no session loads.
        "length": f"a{length}@a0", "ancestral-start": "a0", "ancestral-length": "a0@a0", "sync-position": "a0",
        "first-edit": "nothing", "stretch": "1", "shift": "1", "scale-amplitude": "1", "layering-index": "0",
        "tags": "", "contents": "0",
    }  # fmt: skip
    off = (
        "muted", "locked", "video-locked", "automatic", "whole-file", "import", "external", "sync-marked",
        "left-of-split", "right-of-split", "hidden", "position-locked", "valid-transients", "envelope-active",
        "default-fade-in", "default-fade-out",
    )  # fmt: skip
    said.update(dict.fromkeys(off, "0"), **{"opaque": "1", "fade-in-active": "1", "fade-out-active": "1"})
    for channel, source in enumerate(sources):
        said[f"source-{channel}"] = said[f"master-source-{channel}"] = source
    region = ET.SubElement(playlist, "Region", said)
    for child in ("Envelope", "FadeIn", "FadeOut"):
        ET.SubElement(region, child, {"default": "yes"})


def _range(root: ET.Element, id: str, end: int) -> None:
    locations = root.find("Locations")
    assert locations is not None
    for old in [each for each in locations if "IsSessionRange" in each.get("flags", "")]:
        locations.remove(old)
    ET.SubElement(locations, "Location", {
        "id": id, "name": "session", "start": "a0", "end": f"a{end}", "flags": "IsSessionRange", "locked": "0",
        "timestamp": "0",
    })  # fmt: skip
