"""Which programs run, and which of them has a UDP port, as far as the system tells this user."""

from __future__ import annotations

import re
from contextlib import suppress


def running(pattern: str) -> str:
    """ "hardour-7.3.0 (pid 4711)" of the first program whose name is so; "" where there is none, or none is told."""
    with suppress(ImportError):
        import psutil

        for process in psutil.process_iter(["name", "pid", "status"]):
            name = process.info["name"] or ""
            if re.fullmatch(pattern, name, re.IGNORECASE) and process.info["status"] != psutil.STATUS_ZOMBIE:
                return f"{name} (pid {process.info['pid']})"
    return ""


def holder(port: int) -> str:
    """ "python3 (pid 4711)" of the program that has that UDP port; "another program" where the system keeps that to
    itself (macOS, and programs of other users)."""
    with suppress(ImportError, OSError):
        import psutil

        with suppress(psutil.Error):
            for one in psutil.net_connections("udp"):
                if one.laddr and one.laddr.port == port and one.pid:
                    return f"{psutil.Process(one.pid).name()} (pid {one.pid})"
    return "another program"
