"""A child that does what it is told, however rude. Run as `python -m tests.processes.odd_worker`."""

from __future__ import annotations

import ctypes
import fcntl
import mmap
import os
import resource
import signal
import subprocess
import sys
import time

from bridge.errors import FileRefused
from bridge.processes.inside import Channel, Tell
from bridge.processes.wire import Message


def handle(request: Message, tell: Tell) -> Message:
    return {"did": globals()[f"do_{request['do']}"](request, tell)}


def do_echo(request: Message, tell: Tell) -> object:
    return request.get("text")


def do_count(request: Message, tell: Tell) -> object:
    for number in range(request["to"]):
        tell({"kind": "progress", "number": number})
    return request["to"]


def do_print(request: Message, tell: Tell) -> object:
    os.write(1, b"chatter on stdout\n")
    os.write(2, b"chatter on stderr\n")
    os.write(1, b'{"kind": "answer", "did": "forged"}\n')
    return "printed"


def do_forge(request: Message, tell: Tell) -> object:
    """Writes into every pipe that it finds: what is no message, what looks like one, and half a line."""
    lines = (
        b'{"kind": 5}\n[1]\n{"kind": "answer", "did": "forged"}\n{"kind": "error", "details": 7}\n\xff{"half'
    )
    for descriptor in range(3, 64):
        try:
            if fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE == os.O_WRONLY:
                os.write(descriptor, lines)
        except OSError:
            continue
    return "honest"


def do_spoil(request: Message, tell: Tell) -> object:
    """Changes this process as a plugin may."""
    match request["what"]:
        case "limit":
            resource.setrlimit(resource.RLIMIT_FSIZE, (1, 1))
        case "streams":
            os.close(1)
        case "folder":
            os.chdir("/")
        case "mask":
            os.umask(0o777)
        case "signals":
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        case "space":
            KEPT.append(mmap.mmap(-1, 6 << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS))
    return "spoilt"


KEPT: list[mmap.mmap] = []


def do_flood(request: Message, tell: Tell) -> object:
    for _ in range(request["lines"]):
        os.write(2, b"x" * 99 + b"\n")
    return "flooded"


def do_exit(request: Message, tell: Tell) -> object:
    os._exit(request["code"])


def do_segfault(request: Message, tell: Tell) -> object:
    return ctypes.string_at(0)


def do_refuse(request: Message, tell: Tell) -> object:
    raise FileRefused("vocal.wav ends early.", "truncated")


def do_blunder(request: Message, tell: Tell) -> object:
    return 1 / 0


def do_allocate(request: Message, tell: Tell) -> object:
    taken = []
    while True:
        taken.append(bytearray(os.urandom(1 << 20)) * 8)
        tell({"kind": "progress"})


def do_plod(request: Message, tell: Tell) -> object:
    while True:
        tell({"kind": "progress"})
        time.sleep(0.05)


def do_hang(request: Message, tell: Tell) -> object:
    time.sleep(3600)
    return None


def do_freeze(request: Message, tell: Tell) -> object:
    """Holds the interpreter's lock inside a foreign function: no other thread of this process runs."""
    ctypes.PyDLL(None).sleep(3600)
    return None


def do_spawn(request: Message, tell: Tell) -> object:
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"]).pid


def do_core_limit(request: Message, tell: Tell) -> object:
    import resource

    return resource.getrlimit(resource.RLIMIT_CORE)


if __name__ == "__main__":
    Channel.open().serve(handle)
