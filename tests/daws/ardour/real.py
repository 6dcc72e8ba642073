"""A real Ardour without display and sound card: a session of its own, a JACK of its own, OSC, and export."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
import soundfile

from bridge.daws.ardour.silence import answers
from tests.daws.ardour.session_file import RATE, Lane, completed
from tests.real import must_have

NAME = "demo"
PATIENCE_S = 90.0
EXPORT_S = 60.0
"""8 s of sound take 5 to 13 s."""
STARTS = 4
"""A JACK that gets no time on a busy machine throws its clients out; it is then started anew, with Ardour."""
_LIBRARY = Path("/usr/lib/ardour7")


def ardour() -> Path:
    """The headless program. Skips where there is none."""
    found = sorted(_LIBRARY.glob("hardour-7*"))
    must_have("Ardour 7 with JACK and x42-plugins", bool(found) and shutil.which("jackd") is not None)
    return found[0]


class NotStarted(Exception):
    """What the logs say."""


class RealArdour:
    """folder: gets session, home and logs. replies_to: see `completed`."""

    def __init__(self, folder: Path, lanes: Sequence[Lane], replies_to: int = 0) -> None:
        self.program = ardour()
        self.folder = folder
        self.session = folder / "session"
        self.server = ""
        self._manual = replies_to > 0
        self._jack: subprocess.Popen[bytes] | None = None
        self._ardour: subprocess.Popen[bytes] | None = None
        self.port = 0
        folder.mkdir(parents=True, exist_ok=True)
        specs = [lane.spec for lane in lanes]
        self._run("ardour7-lua", Path(__file__).with_name("session.lua"), self.session, NAME, *specs)
        completed(self.file, lanes, replies_to)

    @property
    def file(self) -> Path:
        return self.session / f"{NAME}.ardour"

    @property
    def osc(self) -> str:
        """As the setting `ardour_osc` has it."""
        return f"127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        home = self.folder / "home"
        (home / ".config" / "ardour7").mkdir(parents=True, exist_ok=True)
        return {
            **os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home / ".config"),
            "XDG_CACHE_HOME": str(home / ".cache"), "JACK_DEFAULT_SERVER": self.server,
            "JACK_NO_AUDIO_RESERVATION": "1", "JACK_NO_START_SERVER": "1",
            "LD_LIBRARY_PATH": str(_LIBRARY), "ARDOUR_DATA_PATH": "/usr/share/ardour7",
            "ARDOUR_CONFIG_PATH": "/etc/ardour7", "ARDOUR_DLL_PATH": str(_LIBRARY), "VAMP_PATH": str(_LIBRARY / "vamp"),
        }  # fmt: skip

    def _run(self, *command: str | Path) -> None:
        log = self.folder / "made.log"
        with log.open("ab") as out:
            subprocess.run(
                command, env=self.environment, stdout=out, stderr=out, check=True, timeout=PATIENCE_S
            )

    # -- running -----------------------------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *ended: object) -> None:
        self.stop()

    def start(self) -> None:
        for attempt in range(1, STARTS + 1):
            try:
                self._start()
                break
            except NotStarted:
                self.stop()
                if attempt == STARTS:
                    raise
            except BaseException:
                self.stop()
                raise

    def _start(self) -> None:
        self.server = f"dawbridge-{secrets.token_hex(4)}"
        # Its clients may be late by 10 s before they are thrown out, not by half a second.
        jack = (
            "jackd",
            "--name",
            self.server,
            "-r",
            "-t",
            "10000",
            "-d",
            "dummy",
            "-r",
            str(RATE),
            "-p",
            "2048",
        )
        self._jack = self._started("jack", *jack)
        waiting = ("jack_wait", "-s", self.server, "-w", "-t", "20")
        with (self.folder / "wait.log").open("wb") as out:
            subprocess.run(
                waiting, env=self.environment, stdout=out, stderr=out, check=False, timeout=PATIENCE_S
            )
        self._alive(self._jack, "jack")
        self._ardour = self._started("ardour", self.program, self.session, NAME)
        self.port = self._osc_port()
        deadline = time.monotonic() + PATIENCE_S / 3
        while not self._manual and not answers("127.0.0.1", self.port):
            self._alive(self._ardour, "ardour")
            if time.monotonic() > deadline:
                raise NotStarted("Ardour has its port open and says nothing")

    def _started(self, name: str, *command: str | Path) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("wb") as out:
            return subprocess.Popen(command, env=self.environment, stdout=out, stderr=out)

    def _alive(self, process: subprocess.Popen[bytes], name: str) -> None:
        log = (self.folder / f"{name}.log").read_text(errors="replace")
        if process.poll() is not None or "JACK HALTED" in log or "CheckSize error" in log:
            raise NotStarted(f"{name}: {log[-2000:]}")

    def _osc_port(self) -> int:
        """3819, or the next one where that was taken: the UDP port that this very process has bound."""
        import psutil

        assert self._ardour is not None
        process = psutil.Process(self._ardour.pid)
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            self._alive(self._ardour, "ardour")
            with contextlib.suppress(psutil.Error):
                bound = [each.laddr.port for each in process.net_connections("udp") if each.laddr]
                found = [port for port in bound if 3819 <= port < 3900]
                if found:
                    return found[0]
            time.sleep(0.1)
        raise NotStarted("Ardour opens no OSC port")

    def ensure(self) -> None:
        """Started anew, from what was last saved, where it has died or fallen silent since."""
        with contextlib.suppress(NotStarted, AssertionError):
            assert self._ardour is not None and self._jack is not None
            self._alive(self._jack, "jack")
            self._alive(self._ardour, "ardour")
            if any(answers("127.0.0.1", self.port) for _ in range(20)):
                return
        self.stop()
        self.start()

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

    def save(self) -> None:
        """By itself, as on a user's Ctrl+S; without a change since the last time it writes nothing."""
        from bridge.daws.ardour.surface import Surface

        surface = Surface("127.0.0.1", self.port)
        try:
            before = self.file.stat().st_mtime_ns
            deadline = time.monotonic() + PATIENCE_S
            while self.file.stat().st_mtime_ns == before:
                assert time.monotonic() < deadline, "the session is not saved"
                surface.tell("/save_state")
                time.sleep(0.2)
        finally:
            surface.close()

    def export(self) -> np.ndarray:
        """The session as it is on disk, through the Master [shape=(frames, 2)].

        ardour7-export may end with a corrupted heap where LV2 plugins are in the session, and then leaves a file that
        looks whole and is not, or hangs in it: only exit code 0 counts.
        """
        out = self.folder / f"export-{secrets.token_hex(4)}.wav"
        for _ in range(8):
            if self._exported(out) and out.exists():
                samples: np.ndarray = soundfile.read(out, always_2d=True)[0]
                if np.isfinite(samples).all():
                    return samples
            out.unlink(missing_ok=True)
        raise AssertionError((self.folder / "export.log").read_text(errors="replace")[-2000:])

    def _exported(self, out: Path) -> bool:
        command = ("ardour7-export", "-b", "float", "-o", out, self.session, NAME)
        with (self.folder / "export.log").open("wb") as log, contextlib.suppress(subprocess.TimeoutExpired):
            done = subprocess.run(
                command, env=self.environment, stdout=log, stderr=log, check=False, timeout=EXPORT_S
            )
            return done.returncode == 0
        return False
