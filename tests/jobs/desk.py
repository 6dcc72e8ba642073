"""A ledger and a dispatcher over a temporary home, with sounds to drop."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import soundfile

from bridge.jobs import Added, Dispatcher, JobEvent, Ledger, NewJob
from bridge.jobs.dispatcher import WorkerSetup
from tests import signals

ROOT = Path(__file__).parents[2]

STAND_IN = WorkerSetup(
    module="tests.jobs.stand_in_worker", environment={"PYTHONPATH": str(ROOT)}, count=1, stall_s=60.0
)


@dataclass
class Desk:
    home: Path
    ledger: Ledger
    dispatcher: Dispatcher
    heard: list[JobEvent] = field(default_factory=list)
    hearing: threading.Condition = field(default_factory=threading.Condition)

    def listen(self, event: JobEvent) -> None:
        with self.hearing:
            self.heard.append(event)
            self.hearing.notify_all()

    def add(self, path: Path, words: str, **more: Any) -> Added:
        answer = self.ledger.add([NewJob(str(path), words, **more)])[0]
        self.dispatcher.wake()
        return answer

    def wait_for(self, kind: str, job: str, timeout_s: float = 60.0) -> JobEvent:
        def found() -> JobEvent | None:
            return next((event for event in self.heard if event.kind == kind and event.job == job), None)

        with self.hearing:
            assert self.hearing.wait_for(lambda: found() is not None, timeout_s), (
                f"no {kind} of {job}: {self.heard}"
            )
            event = found()
            assert event is not None
            return event

    def result(self, job: str) -> dict[str, Any]:
        """result.json, once the job has ended."""
        event = self.wait_for("finished", job)
        assert event.result_path is not None, event.reason
        return json.loads(Path(event.result_path).read_bytes())

    def run(self, path: Path, words: str, **more: Any) -> dict[str, Any]:
        return self.result(self.add(path, words, **more).job)

    def left_in(self, job: str) -> set[str]:
        return {path.name for path in (self.home / "outbox" / job).iterdir()}


@contextmanager
def opened(home: Path, setup: WorkerSetup = STAND_IN) -> Iterator[Desk]:
    ledger = Ledger.open(home / "state", home / "outbox")
    dispatcher = Dispatcher(ledger, home / "outbox", home / "state", setup)
    desk = Desk(home, ledger, dispatcher)
    dispatcher.listen(desk.listen)
    dispatcher.start()
    try:
        yield desk
    finally:
        dispatcher.stop(grace_s=0.0)
        ledger.close()


def sound_at(path: Path, seconds: float = 0.5, level_dbfs: float = -6.0, seed: int = 440) -> Path:
    """A 24-bit WAV of stereo noise; each seed is another sound."""
    audio = signals.white(level_dbfs - 12, seconds, seed=seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, audio.samples.T, audio.rate, subtype="PCM_24")
    return path
