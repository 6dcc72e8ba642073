"""CPU time of the full report on a 4-minute stereo file against ffmpeg, libebur128 and pyloudnorm, in one run.

`python -m tests.benchmarks.analysis_speed` (wants ffmpeg and libebur128; a missing peer is said and left out).
Every figure is CPU seconds, decoding included. All take turns, so that a busy machine slows all alike, and the best of
five turns counts. Below stands what each pass of the full report took in the best of three more.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from tests.benchmarks import ebur128
from tests.signals import music_like

RATE = 48000

Task = Callable[[Path], None]


def song(path: Path, minutes: float = 4.0) -> None:
    """24-bit stereo, limited like a finished mix: soft clipping makes it dense, so nothing can be skipped cheaply."""
    loop = music_like(30, RATE, 6.0).samples
    loop = (0.89 * np.tanh(loop)).astype(np.float32)
    with soundfile.SoundFile(path, "w", RATE, 2, "PCM_24") as out:
        for turn in range(round(minutes * 2)):
            out.write((loop * np.float32(1 - 0.02 * (turn % 5))).T)


def blocks(path: Path):
    with soundfile.SoundFile(path) as file:
        yield from file.blocks(65536, dtype="float32", always_2d=True)


def ours(path: Path) -> None:
    from bridge.analysis import Analyzer

    analyzer = Analyzer(RATE, 2, without=("tempo", "key"))
    for block in blocks(path):
        analyzer.push(np.ascontiguousarray(block.T))
    analyzer.result()


def ours_loudness(path: Path) -> None:
    from bridge.analysis.analyzer import Analyzer
    from bridge.analysis.metrics import METRICS

    wanted = {"integrated_loudness", "momentary_max", "short_term_max", "loudness_range", "true_peak"}
    analyzer = Analyzer(RATE, 2, without={metric.name for metric in METRICS} - wanted)
    for block in blocks(path):
        analyzer.push(np.ascontiguousarray(block.T))
    analyzer.result()


def libebur128(path: Path) -> None:
    meter = ebur128.Ebur128(2, RATE)
    for block in blocks(path):
        meter.push(block)
    meter.integrated(), meter.range_lu(), meter.true_peak_db()
    meter.close()


def pyloudnorm(path: Path) -> None:
    import pyloudnorm

    samples, rate = soundfile.read(path)
    pyloudnorm.Meter(rate).integrated_loudness(samples)


def ffmpeg(path: Path) -> None:
    command = [
        "ffmpeg",
        "-hide_banner",
        "-nostats",
        "-i",
        str(path),
        "-af",
        "ebur128=peak=true",
        "-f",
        "null",
        "-",
    ]
    subprocess.run(command, check=True, capture_output=True)


def passes_ms(path: Path) -> dict[str, float]:
    """CPU time of this thread in each pass of the full report, of the result, and of the rest, in ms."""
    from bridge.analysis import Analyzer

    analyzer = Analyzer(RATE, 2, without=("tempo", "key"))
    spent = dict.fromkeys(analyzer._passes._running, 0.0)

    def timed(name: str, push: Callable[[Any], None]) -> Callable[[Any], None]:
        def timed_push(chunk: Any) -> None:
            before = time.thread_time()
            push(chunk)
            spent[name] += 1000 * (time.thread_time() - before)

        return timed_push

    for name, one in analyzer._passes._running.items():
        one.push = timed(name, one.push)
    start = time.thread_time()
    for block in blocks(path):
        analyzer.push(np.ascontiguousarray(block.T))
    pushed = time.thread_time()
    for one in analyzer._passes._running.values():
        del one.push
    spent["decoding and cutting"] = 1000 * (pushed - start) - sum(spent.values())
    analyzer.result()
    return {**spent, "result": 1000 * (time.thread_time() - pushed)}


def best_cpu_s(tasks: dict[str, Task], path: Path, turns: int = 5) -> dict[str, float]:
    """User and system time of this process and its children: all tasks take turns, the best of each counts; one turn
    before to warm up."""
    best = dict.fromkeys(tasks, float("inf"))
    for turn in range(turns + 1):
        for name, task in tasks.items():
            before = _spent()
            task(path)
            if turn:
                best[name] = min(best[name], _spent() - before)
    return best


def _spent() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def tasks() -> dict[str, Task]:
    """Ours, and the peers that there are."""
    found: dict[str, Task] = {"full report": ours, "loudness + true peak": ours_loudness}
    if shutil.which("ffmpeg"):
        found["ffmpeg ebur128=peak=true"] = ffmpeg
    else:
        print("ffmpeg is missing: left out")
    if ebur128.available():
        found["libebur128 with true peak"] = libebur128
    else:
        print("libebur128 is missing: left out")
    found["pyloudnorm integrated"] = pyloudnorm
    return found


LIMITS = (
    ("full report", "ffmpeg ebur128=peak=true", 0.6),
    ("full report", "libebur128 with true peak", 0.5),
    ("loudness + true peak", "libebur128 with true peak", 0.35),
    ("loudness + true peak", "pyloudnorm integrated", 0.6),
)


def main() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "song.wav"
        song(path)
        best = best_cpu_s(tasks(), path)
        each = [passes_ms(path) for _ in range(3)]
    full = best["full report"]
    print(f"full report {full:.3f} s ({240 / full:.0f}x realtime)")
    judged = [
        verdict(f"{own} / {peer}", best[own], best[peer], limit)
        for own, peer, limit in LIMITS
        if peer in best
    ]
    least = min(each, key=lambda one: sum(one.values()))
    shares = sorted(least.items(), key=lambda one: -one[1])
    print("ms: " + ", ".join(f"{name} {ms:.0f}" for name, ms in shares))
    return all(judged)


def verdict(name: str, own: float, peer: float, limit: float) -> bool:
    ratio = own / peer
    print(
        f"{name}: {own:.3f} / {peer:.3f} s = {ratio:.2f}, limit {limit}: {'ok' if ratio <= limit else 'MISSED'}"
    )
    return ratio <= limit


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
