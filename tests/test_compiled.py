"""scipy's compiled routines give what scipy gives, with and without the short way to them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest

from bridge import compiled

_CACHED = (
    compiled._forward,
    compiled._backward,
    compiled._recurrence,
    compiled._cascade,
    compiled._highest,
    compiled._root,
)


@pytest.fixture(params=["the compiled file", "another release"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Both ways to a routine; another release of scipy has no such files."""

    def missing(name: str) -> object:
        raise ImportError(name)

    if request.param == "another release":
        monkeypatch.setattr(compiled, "_loaded", missing)
    for cached in _CACHED:
        cached.cache_clear()
    yield request.param
    for cached in _CACHED:
        cached.cache_clear()


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_spectra_have_the_bits_of_scipy(way: str, kind: type) -> None:
    from scipy import fft

    sound = np.random.default_rng(1).standard_normal((2, 3, 4096)).astype(kind)
    spectrum = compiled.rfft(sound)
    assert spectrum.dtype == fft.rfft(sound).dtype
    assert np.array_equal(spectrum, fft.rfft(sound))
    assert np.array_equal(compiled.irfft(spectrum, 4096), fft.irfft(spectrum, 4096))


def test_filters_have_the_bits_of_scipy_and_carry_their_state(way: str) -> None:
    from scipy import signal

    sound = np.random.default_rng(2).standard_normal((2, 1000))
    above, below = signal.butter(3, 0.1)
    state = np.zeros((2, 3))
    first, state = compiled.lfilter(above, below, sound[:, :400], state)
    second, state = compiled.lfilter(above, below, sound[:, 400:], state)
    assert np.array_equal(np.concatenate([first, second], axis=1), signal.lfilter(above, below, sound))
    sections = signal.butter(6, 0.2, output="sos")
    kept, parts = np.zeros((2, 3, 2)), [sound[:, :300].copy(), sound[:, 300:].copy()]
    for part in parts:
        compiled.sosfilt(sections, part, kept)
    assert np.array_equal(np.concatenate(parts, axis=1), signal.sosfilt(sections, sound))


@pytest.mark.parametrize(("size", "origin"), [(5, 0), (8, -1)])
def test_running_maxima_are_those_of_scipy(way: str, size: int, origin: int) -> None:
    from scipy.ndimage import maximum_filter1d

    values = np.random.default_rng(3).standard_normal((3, 500))
    expected = maximum_filter1d(values, size, axis=1, origin=origin)
    assert np.array_equal(compiled.maximum_filter1d(values, size, origin), expected)


def test_a_root_is_found_and_a_function_without_one_is_refused(way: str) -> None:
    assert compiled.brentq(lambda x: x * x - 2, 0.0, 3.0, xtol=1e-9) == pytest.approx(2**0.5, abs=1e-8)
    with pytest.raises(ValueError):
        compiled.brentq(lambda x: x * x + 2, 0.0, 3.0, xtol=1e-9)


def test_a_worker_gets_ready_without_all_of_scipy_signal_and_scipy_signal_still_works_afterwards() -> None:
    program = (
        "import sys; from bridge.bootstrap.worker import load_libraries; load_libraries(); "
        "from bridge.rendering.second_opinion import _filters; _filters(48000); "
        "assert 'scipy.signal' not in sys.modules and 'scipy.stats' not in sys.modules; "
        "import numpy, pyloudnorm; assert pyloudnorm.Meter(48000).integrated_loudness(numpy.ones((48000, 1))) < 0; "
        "from scipy.signal import butter, sosfilt; butter(2, 0.1)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
