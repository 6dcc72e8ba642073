"""A process to be killed: one job of the two stems in HOME/inbox with the real worker, until it has ended.

`python -m tests.jobs.stems_process HOME WORDS`
"""

from __future__ import annotations

import sys
from pathlib import Path

from bridge.bootstrap.worker import worker_setup
from bridge.config import Settings
from bridge.jobs import NewJob
from tests.jobs.desk import opened


def main(home: Path, words: str) -> int:
    settings = Settings(inbox=home / "inbox", outbox=home / "outbox", state=home / "state", workers=1)
    stems = {path.stem: str(path) for path in sorted((home / "inbox").glob("*.wav"))}
    with opened(home, worker_setup(settings)) as desk:
        first = next(iter(stems.values()))
        desk.ledger.add([NewJob(first, words, client_id="stems", options={"stems": stems})])
        desk.dispatcher.wake()
        return 0 if desk.dispatcher.wait_until_idle(120) else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
