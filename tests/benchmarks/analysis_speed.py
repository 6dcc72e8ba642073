"""CPU time of the full report on a 4-minute stereo file against ffmpeg, libebur128 and pyloudnorm, in one run.

`python -m tests.benchmarks.analysis_speed` (wants ffmpeg and libebur128; a missing peer is said and left out).
Every figure is CPU seconds, decoding included, best of three.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile

from tests.benchmarks import ebur128
from tests.signals import music_like

RATE = 48000


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


def cpu_s(task: Callable[[Path], None], path: Path, runs: int = 3) -> float:
    """User and system time of this process and its children, best of `runs`; one run before to warm up."""
    task(path)
    best = float("inf")
    for _ in range(runs):
        before = _spent()
        task(path)
        best = min(best, _spent() - before)
    return best


def _spent() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def main() -> bool:
    good = True
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "song.wav"
        song(path)
        full, loudness = cpu_s(ours, path), cpu_s(ours_loudness, path)
        print(f"full report {full:.3f} s ({240 / full:.0f}x realtime), loudness + true peak {loudness:.3f} s")
        if shutil.which("ffmpeg"):
            good &= verdict("full report / ffmpeg ebur128=peak=true", full, cpu_s(ffmpeg, path), 0.6)
        else:
            print("ffmpeg is missing: left out")
        if ebur128.available():
            peer = cpu_s(libebur128, path)
            good &= verdict("full report / libebur128 with true peak", full, peer, 0.5)
            good &= verdict("loudness + true peak / libebur128 with true peak", loudness, peer, 0.35)
        else:
            print("libebur128 is missing: left out")
        good &= verdict(
            "loudness + true peak / pyloudnorm integrated", loudness, cpu_s(pyloudnorm, path), 0.6
        )
    return good


def verdict(name: str, own: float, peer: float, limit: float) -> bool:
    ratio = own / peer
    print(
        f"{name}: {own:.3f} / {peer:.3f} s = {ratio:.2f}, limit {limit}: {'ok' if ratio <= limit else 'MISSED'}"
    )
    return ratio <= limit


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
