"""A process to be killed: takes in every sound of HOME/inbox and works until nothing is left.

`python -m tests.jobs.desk_process HOME WORDS WORKERS [stay]`: with "stay" it waits for SIGTERM instead of leaving.
"""

from __future__ import annotations

import logging
import signal
import sys
from dataclasses import replace
from pathlib import Path

from bridge.jobs import NewJob
from tests.jobs.desk import STAND_IN, opened


def main(home: Path, words: str, workers: int, stay: bool) -> int:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    logging.basicConfig(level=logging.WARNING)
    with opened(home, replace(STAND_IN, count=workers)) as desk:
        news = [NewJob(str(path), words, "inbox") for path in sorted((home / "inbox").glob("*.wav"))]
        desk.ledger.add(news)
        desk.dispatcher.wake()
        sys.stdout.write("serving\n")
        sys.stdout.flush()
        if stay:
            signal.sigwait({signal.SIGTERM})
            return 0
        return 0 if desk.dispatcher.wait_until_idle(120) else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4:] == ["stay"]))
