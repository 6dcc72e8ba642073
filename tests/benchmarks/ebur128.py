"""libebur128 through ctypes, as a peer and as a judge (Debian: libebur128-1)."""

from __future__ import annotations

import ctypes
import ctypes.util

import numpy as np

M, S, I, LRA, SAMPLE_PEAK, TRUE_PEAK = 1, 3, 5, 11, 17, 49  # noqa: E741 - the library's own names of its modes


def available() -> bool:
    return ctypes.util.find_library("ebur128") is not None


class Ebur128:
    """One meter. push wants interleaved float32 [shape=(frames, channels)]."""

    def __init__(self, channels: int, rate: int, mode: int = I | LRA | TRUE_PEAK) -> None:
        self._library = ctypes.CDLL(ctypes.util.find_library("ebur128"))
        self._library.ebur128_init.restype = ctypes.c_void_p
        self._library.ebur128_init.argtypes = [ctypes.c_uint, ctypes.c_ulong, ctypes.c_int]
        self._library.ebur128_destroy.argtypes = [ctypes.c_void_p]
        self._library.ebur128_add_frames_float.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t]
        self._channels = channels
        self._state = ctypes.c_void_p(self._library.ebur128_init(channels, rate, mode))

    def push(self, frames: np.ndarray) -> None:
        frames = np.ascontiguousarray(frames, np.float32)
        code = self._library.ebur128_add_frames_float(self._state, frames.ctypes.data, len(frames))
        if code:
            raise RuntimeError(f"libebur128: {code}")

    def _global(self, name: str) -> float:
        out = ctypes.c_double()
        function = getattr(self._library, name)
        function.argtypes = [ctypes.c_void_p, ctypes.POINTER(ctypes.c_double)]
        if function(self._state, ctypes.byref(out)):
            raise RuntimeError(f"libebur128: {name}")
        return out.value

    def integrated(self) -> float:
        return self._global("ebur128_loudness_global")

    def range_lu(self) -> float:
        return self._global("ebur128_loudness_range")

    def true_peak_db(self) -> float:
        out = ctypes.c_double()
        function = self._library.ebur128_true_peak
        function.argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.POINTER(ctypes.c_double)]
        peaks = []
        for channel in range(self._channels):
            if function(self._state, channel, ctypes.byref(out)):
                raise RuntimeError("libebur128: ebur128_true_peak")
            peaks.append(out.value)
        return float(20 * np.log10(max(peaks)))

    def close(self) -> None:
        self._library.ebur128_destroy(ctypes.byref(self._state))
