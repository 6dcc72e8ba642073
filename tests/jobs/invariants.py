"""The checker: what must be true of a home after any kill, and the event log replayed against the table of states.

I1 inputs untouched. I2 what is visible is whole. I3 one result for each wish. I4 every job has ended. I5 nothing
temporary is left. I8 a plan is made once. (I6, OSC effects, belongs to the daemon; I7 is measured.)
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from bridge.jobs import Ledger
from bridge.jobs.states import FINAL, allowed


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def broken_outputs(outbox: Path) -> list[str]:
    """I2, at any instant: every visible file is a whole, finite sound, or a result.json that can be read."""
    return [
        f"{path}: {fault}"
        for path in outbox.rglob("*")
        if path.is_file() and not path.name.startswith(".") and (fault := _fault(path))
    ]


def _fault(path: Path) -> str | None:
    if path.name == "result.json":
        try:
            json.loads(path.read_bytes())
        except ValueError as error:
            return str(error)
        return None
    try:
        samples, _ = soundfile.read(path)
    except (soundfile.SoundFileError, OSError) as error:
        return str(error)
    declared = int.from_bytes(path.read_bytes()[4:8], "little") + 8
    if declared != path.stat().st_size:
        return f"{path.stat().st_size} bytes, the header says {declared}"
    return None if len(samples) and np.isfinite(samples).all() else "empty or not finite"


def faults_of(home: Path, inputs: Mapping[Path, str]) -> list[str]:
    """Everything that is wrong with a home whose jobs have all ended; inputs: sha256 of what was dropped."""
    outbox = home / "outbox"
    found = [f"I1 {path} was changed" for path, sha256 in inputs.items() if digest(path) != sha256]
    found += [f"I2 {fault}" for fault in broken_outputs(outbox)]
    found += _results(outbox, inputs)
    found += [f"I5 {path}" for path in outbox.rglob(".*")]
    found += [f"I5 {path}" for path in (home / "state" / "spool").glob("*")]
    with Ledger.open(home / "state", owner=False) as ledger:
        found += _ledger(ledger, len(inputs))
    return found


def _results(outbox: Path, inputs: Mapping[Path, str]) -> list[str]:
    found = []
    results = [(path.parent, json.loads(path.read_bytes())) for path in outbox.glob("*/result.json")]
    count = Counter(result["source"]["path"] for _, result in results)
    for path in inputs:
        if count[str(path)] != 1:
            found.append(f"I3 {path} has {count[str(path)]} results")
    for folder, result in results:
        others = {path.name for path in folder.iterdir()} - {"result.json"}
        output = result["output"]
        if result["status"] == "done":
            if output is None or others != {Path(output).name}:
                found.append(f"I3 {folder} holds {others}, result.json says {output}")
            elif soundfile.info(output).frames != result["source"]["frames"]:
                found.append(f"I2 {output} is not as long as its source")
        elif others or output is not None:
            found.append(f"I3 {folder} holds {others} although its job is {result['status']}")
    without = [folder.name for folder in outbox.iterdir() if not (folder / "result.json").exists()]
    return found + [f"I4 {folder} has no result.json" for folder in without]


def _ledger(ledger: Ledger, inputs: int) -> list[str]:
    jobs = ledger.page(limit=100_000)
    found = [
        f"I4 job {job.id} stands at {job.state}" for job in jobs if not job.final or not job.result_written
    ]
    if len(jobs) != inputs:
        found.append(f"I3 {len(jobs)} jobs for {inputs} inputs")
    events: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for event in ledger.events():
        events[event["job"]].append(event)
    for job in jobs:
        found += [f"{fault} (job {job.id})" for fault in replayed(events[job.id], job.state, job.attempt)]
    return found


def replayed(events: list[dict[str, Any]], state: str, attempt: int) -> list[str]:
    """Faults of one job's history: a step that the table does not have, a gap, a second plan, a second end."""
    found = []
    at, runs, plans, ends, told = None, 0, 0, 0, 0
    for event in events:
        before, after = event["before"], event["after"]
        if after is not None:
            if before != at:
                found.append(f"{event['what']} starts at {before}, the job stood at {at}")
            if before is not None and before != after and not allowed(before, after):
                found.append(f"{event['what']} leads from {before} to {after}")
            ends += after in FINAL and before != after
            at = after
        runs += event["what"] == "claimed"
        plans += event["what"] == "plan frozen"
        told += event["what"] == "result written"
        if event["attempt"] != runs:
            found.append(f"{event['what']} belongs to attempt {event['attempt']}, {runs} have begun")
    if (at, runs) != (state, attempt):
        found.append(f"the log ends at {at} after {runs} runs, the row says {state} after {attempt}")
    if plans > 1:
        found.append(f"I8 planned {plans} times")
    if ends != 1 or told != 1:
        found.append(f"ended {ends} times, result written {told} times")
    return found
