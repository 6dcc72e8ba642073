"""The processor's floating-point mode, kept as it was around foreign code.

A library linked with -ffast-math switches the thread that loads it to "denormals are zero" for good (seen with
Debian's zam-plugins). In a worker our own arithmetic would then depend on which plugin was there before.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

_LARGEST_FENV_BYTES = 64


@contextmanager
def kept() -> Iterator[None]:
    """Rounding, denormals and exception flags of this thread are afterwards as they were before."""
    functions = _functions()
    if functions is None:
        yield
        return
    save, restore = functions
    mode = ctypes.create_string_buffer(_LARGEST_FENV_BYTES)
    save(mode)
    try:
        yield
    finally:
        restore(mode)


@cache
def _functions() -> tuple[Any, Any] | None:
    """C99 7.6.4; on Linux and macOS the environment holds the denormal modes, on Windows it does not."""
    if sys.platform == "win32":
        return None
    library = ctypes.CDLL("libm.so.6" if sys.platform == "linux" else None)
    return library.fegetenv, library.fesetenv
