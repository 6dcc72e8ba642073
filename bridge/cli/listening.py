"""Where a conversation's lines come from: a terminal with history and arrow keys, or standard input as it is."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import Any

_REMEMBERED = 1000
"""Lines that the arrow keys lead back to, over all conversations."""


class Listener:
    """history: file of the lines that were said, for the arrow keys."""

    def __init__(self, history: Path) -> None:
        self.terminal = sys.stdin.isatty()
        self._history = history
        self._keys = _readline() if self.terminal else None
        if not self.terminal and hasattr(sys.stdin, "reconfigure"):
            # Bytes that are no text are words that nobody understands.
            sys.stdin.reconfigure(errors="replace")
        if self._keys is not None:
            with contextlib.suppress(OSError):  # none yet, or none that can be read: the keys work without
                self._keys.read_history_file(str(history))
            self._keys.set_history_length(_REMEMBERED)

    def line(self) -> str | None:
        """The next line; None at the end. Raises KeyboardInterrupt."""
        if not self.terminal:
            text = sys.stdin.readline()
            return text.rstrip("\r\n") if text else None
        try:
            text = input("> ")
        except EOFError:
            return None
        except UnicodeDecodeError:
            return ""  # keys that are no text
        self._remember()
        return text

    def _remember(self) -> None:
        if self._keys is not None:
            with contextlib.suppress(OSError):
                self._keys.write_history_file(str(self._history))


def _readline() -> Any:
    """The module, which Windows has not."""
    try:
        import readline
    except ImportError:
        return None
    return readline
