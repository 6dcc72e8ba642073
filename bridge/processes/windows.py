"""Windows' stand-in for process limits: a job object that caps memory and kills with its last handle.

The daemon holds the only handle; when the daemon ends, however, Windows closes it and the worker dies.
Written against the documented structures; run by the portable tests on Windows only.
"""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import ctypes
    import subprocess
    from ctypes import wintypes

    from bridge.processes.limits import Limits

    _KILL_ON_JOB_CLOSE = 0x2000
    _PROCESS_MEMORY = 0x0100
    _DIE_ON_UNHANDLED_EXCEPTION = 0x0400
    _EXTENDED_LIMIT_INFORMATION = 9

    class _BasicLimits(ctypes.Structure):
        _fields_ = [
            ("PerProcessUserTimeLimit", ctypes.c_int64),
            ("PerJobUserTimeLimit", ctypes.c_int64),
            ("LimitFlags", wintypes.DWORD),
            ("MinimumWorkingSetSize", ctypes.c_size_t),
            ("MaximumWorkingSetSize", ctypes.c_size_t),
            ("ActiveProcessLimit", wintypes.DWORD),
            ("Affinity", ctypes.c_size_t),
            ("PriorityClass", wintypes.DWORD),
            ("SchedulingClass", wintypes.DWORD),
        ]

    class _ExtendedLimits(ctypes.Structure):
        _fields_ = [
            ("BasicLimitInformation", _BasicLimits),
            ("IoInfo", ctypes.c_uint64 * 6),
            ("ProcessMemoryLimit", ctypes.c_size_t),
            ("JobMemoryLimit", ctypes.c_size_t),
            ("PeakProcessMemoryUsed", ctypes.c_size_t),
            ("PeakJobMemoryUsed", ctypes.c_size_t),
        ]

    def confine(process: subprocess.Popen[bytes], limits: Limits) -> None:
        """Puts `process` into a job object of its own. Raises OSError where Windows refuses."""
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = wintypes.HANDLE
        job = kernel.CreateJobObjectW(None, None)
        info = _ExtendedLimits()
        info.BasicLimitInformation.LimitFlags = (
            _KILL_ON_JOB_CLOSE | _PROCESS_MEMORY | _DIE_ON_UNHANDLED_EXCEPTION
        )
        info.ProcessMemoryLimit = limits.memory_mb << 20
        pointer, size = ctypes.byref(info), ctypes.sizeof(info)
        handle = wintypes.HANDLE(job)
        if not kernel.SetInformationJobObject(handle, _EXTENDED_LIMIT_INFORMATION, pointer, size):
            raise ctypes.WinError(ctypes.get_last_error())
        if not kernel.AssignProcessToJobObject(handle, wintypes.HANDLE(int(process._handle))):  # type: ignore[attr-defined]
            raise ctypes.WinError(ctypes.get_last_error())
        process._bridge_job = handle  # type: ignore[attr-defined]  # lives as long as the process is watched
