"""Rows of a ledger: a job that comes in, and one whose plan is frozen."""

from __future__ import annotations

from pathlib import Path

from bridge.jobs import Ledger, NewJob

PLANNED = {
    "source": {"path": "/a.wav", "sha256": "ab", "rate": 48000, "channels": 2, "frames": 10, "format": "WAV PCM_24"},
    "outcome": {"kind": "plan", "plan": {"steps": []}},
    "before": {},
    "name": "a.wav",
    "warnings": [],
}  # fmt: skip


def add(ledger: Ledger, path: Path, words: str = "warm", **more):
    return ledger.add([NewJob(str(path), words, **more)])[0]


def claimed_planned(ledger: Ledger):
    job = ledger.runs.claim()
    assert job is not None and ledger.runs.freeze(job.id, job.attempt, PLANNED, 0.1)
    return job
