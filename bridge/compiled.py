"""Compiled routines of scipy, without the packages around them.

`import scipy.signal` takes half a second of CPU and `scipy.fft` another tenth, because statistics, sparse matrices and
test tools come with them: as much as measuring four minutes of sound. Each routine here is scipy's own, loaded from the
one compiled file that holds it, and gives the very same bits. Where a release of scipy keeps it elsewhere or calls it
otherwise, which one trial tells, the public function serves: the same, only later.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Routine = Callable[..., Any]

_UNSCALED, _BY_LENGTH = 0, 2
"""How pocketfft scales."""
_REFLECTED = 0
"""How ndimage goes on beyond the ends: mirrored, the last value twice."""


def _loaded(name: str) -> Any:
    """A compiled module of scipy by its full name. Raises ImportError where this release has none of that name."""
    if name in sys.modules:
        return sys.modules[name]
    import scipy

    *folders, last = name.split(".")[1:]
    found = [
        file
        for ending in EXTENSION_SUFFIXES
        if (file := Path(scipy.__file__).parent.joinpath(*folders, last + ending)).exists()
    ]
    spec = importlib.util.spec_from_file_location(name, found[0]) if found else None
    if spec is None or spec.loader is None:
        raise ImportError(f"no {name}")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return sys.modules.setdefault(name, made)


def _tried(module: str, name: str, trial: Callable[[Routine], bool]) -> Routine | None:
    """A routine that does what it should; None where this release of scipy has no such one."""
    try:
        routine: Routine = getattr(_loaded(module), name)
        return routine if trial(routine) else None
    except (ImportError, AttributeError, TypeError, ValueError, RuntimeError):
        return None


@cache
def _forward() -> Routine:
    """(real [shape=(..., n)]) -> spectrum."""

    def forward(r2c: Routine, x: Array) -> Any:
        return r2c(x, (x.ndim - 1,), True, _UNSCALED, None, 1)

    ones = np.ones((1, 4), np.float32)
    found = _tried(
        "scipy.fft._pocketfft.pypocketfft", "r2c", lambda r2c: forward(r2c, ones).tolist() == [[4, 0, 0]]
    )
    if found is not None:
        return lambda x: forward(found, x)
    from scipy.fft import rfft

    return rfft  # type: ignore[no-any-return]


@cache
def _backward() -> Routine:
    """(spectrum, n) -> real."""

    def backward(c2r: Routine, x: Array, length: int) -> Any:
        return c2r(x, (x.ndim - 1,), length, False, _BY_LENGTH, None, 1)

    four = np.array([[4, 0, 0]], np.complex64)
    found = _tried(
        "scipy.fft._pocketfft.pypocketfft",
        "c2r",
        lambda c2r: backward(c2r, four, 4).tolist() == [[1, 1, 1, 1]],
    )
    if found is not None:
        return lambda x, length: backward(found, x, length)
    from scipy.fft import irfft

    return irfft  # type: ignore[no-any-return]


def rfft(x: Array) -> Array:
    """scipy.fft.rfft along the last axis, in the precision of x [float32 or float64, at least one value]."""
    transformed: Array = _forward()(x)
    return transformed


def irfft(x: Array, length: int) -> Array:
    """scipy.fft.irfft along the last axis, `length` values [x: complex64 or complex128, length // 2 + 1 bins]."""
    transformed: Array = _backward()(x, length)
    return transformed


@cache
def _recurrence() -> Routine:
    two = np.array([1.0, 1.0])
    lag = np.array([1.0, -0.5])

    def trial(filtered: Routine) -> bool:
        out, state = filtered(np.array([0.5]), lag, two, -1, np.zeros(1))
        return bool(out.tolist() == [0.5, 0.75] and state.tolist() == [0.375])

    found = _tried("scipy.signal._sigtools", "_linear_filter", trial)
    if found is not None:
        return found
    from scipy.signal import lfilter

    return lambda above, below, x, axis, state: lfilter(above, below, x, axis=axis, zi=state)


def lfilter(above: Array, below: Array, x: Array, state: Array) -> tuple[Array, Array]:
    """scipy.signal.lfilter along the last axis with its state, in float64; below[0] is 1, and there is more of it."""
    out, after = _recurrence()(above, below, x, -1, state)
    return out, after


@cache
def _cascade() -> Routine:
    """(sections, x, state): both arrays change in place [shapes=(sections, 6), (rows, n), (rows, sections, 2)]."""

    def trial(filtered: Routine) -> bool:
        x, state = np.ones((1, 2)), np.zeros((1, 1, 2))
        filtered(np.array([[0.5, 0.0, 0.0, 1.0, -0.5, 0.0]]), x, state)
        return x.tolist() == [[0.5, 0.75]] and state.tolist() == [[[0.375, 0.0]]]

    found = _tried("scipy.signal._sosfilt", "_sosfilt", trial)
    if found is not None:
        return found

    def public(sections: Array, x: Array, state: Array) -> None:
        from scipy.signal import sosfilt

        x[...], moved = sosfilt(sections, x, axis=-1, zi=state.transpose(1, 0, 2))
        state[...] = moved.transpose(1, 0, 2)

    return public


def sosfilt(sections: Array, x: Array, state: Array) -> None:
    """scipy.signal.sosfilt along the last axis, in place, in float64.

    [shapes: sections (sections, 6); x (rows, frames), contiguous; state (rows, sections, 2), contiguous]
    """
    _cascade()(sections, x, state)


@cache
def _highest() -> Routine:
    def highest(least_or_most: Routine, x: Array, size: int, origin: int) -> Any:
        out = np.empty_like(x)
        least_or_most(x, size, x.ndim - 1, out, _REFLECTED, 0.0, origin, 0)
        return out

    three = np.array([1.0, 5.0, 2.0, 0.0])
    found = _tried(
        "scipy.ndimage._nd_image",
        "min_or_max_filter1d",
        lambda routine: highest(routine, three, 3, 0).tolist() == [5.0, 5.0, 5.0, 2.0],
    )
    if found is not None:
        return lambda x, size, origin: highest(found, x, size, origin)
    from scipy.ndimage import maximum_filter1d

    return lambda x, size, origin: maximum_filter1d(x, size, origin=origin)


def maximum_filter1d(x: Array, size: int, origin: int = 0) -> Array:
    """scipy.ndimage.maximum_filter1d along the last axis."""
    found: Array = _highest()(x, size, origin)
    return found


def brentq(function: Callable[[float], float], low: float, high: float, xtol: float) -> float:
    """scipy.optimize.brentq: where `function` crosses 0. Raises ValueError where both ends have one sign."""
    return float(_root()(function, low, high, xtol))


@cache
def _root() -> Routine:
    closest, most = 4 * float(np.finfo(float).eps), 100

    def root(brent: Routine, function: Routine, low: float, high: float, xtol: float) -> Any:
        return brent(function, low, high, xtol, closest, most, (), False, True)

    found = _tried(
        "scipy.optimize._zeros",
        "_brentq",
        lambda brent: abs(root(brent, lambda x: x - 1.0, 0.0, 3.0, 1e-9) - 1.0) < 1e-6,
    )
    if found is not None:
        return lambda *asked: root(found, *asked)
    from scipy.optimize import brentq as public

    return lambda function, low, high, xtol: public(function, low, high, xtol=xtol)


@contextmanager
def put_off(name: str) -> Iterator[None]:
    """Lets a package be imported that imports `name` and may never use it. Afterwards whoever wants it imports it."""
    if name in sys.modules:
        yield
        return
    instead = ModuleType(name)

    def real(attribute: str) -> Any:  # for a thread that wants it just now
        sys.modules.pop(name, None)
        return getattr(importlib.import_module(name), attribute)

    instead.__getattr__ = real  # type: ignore[method-assign]
    sys.modules[name] = instead
    try:
        yield
    finally:
        if sys.modules.get(name) is instead:
            del sys.modules[name]
