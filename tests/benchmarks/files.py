"""Sound files: throughput against libsndfile alone, and the memory of an hour. `python -m tests.benchmarks.files`

CPU seconds (user and system) of this process, best of three, peer and bridge in turn in the same run.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile

from bridge.files import SoundFormat, SoundWriter, inspect, open_sound
from tests import signals

RATE, SECONDS = 48_000, 240
LIMIT_READ, LIMIT_WRITE, LIMIT_HOUR_MB = 1.5, 4.0, 60.0


def cpu(work: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(3):
        before = time.process_time()
        work()
        best = min(best, time.process_time() - before)
    return best


def peer_read(path: Path) -> float:
    """Planar float32 blocks with a peak, the least that any reader for planar sound has to do."""
    peak = 0.0
    with soundfile.SoundFile(path) as file:
        while len(block := file.read(65536, dtype="float32", always_2d=True)):
            planar = np.ascontiguousarray(block.T)
            peak = max(peak, float(planar.max()), -float(planar.min()))
    return peak


def our_read(path: Path) -> None:
    with open_sound(path) as sound:
        for _ in sound.blocks():
            pass


def peer_write(path: Path, samples: np.ndarray) -> None:
    with soundfile.SoundFile(path, "w", RATE, 2, "PCM_24", format="WAV") as file:
        for start in range(0, samples.shape[1], 65536):
            file.write(samples[:, start : start + 65536].T)
    with path.open("rb+") as file_:
        os.fsync(file_.fileno())


def our_write(path: Path, samples: np.ndarray) -> None:
    with SoundWriter(path, RATE, 2, SoundFormat("WAV", "PCM_24")) as writer:
        for start in range(0, samples.shape[1], 65536):
            writer.write(samples[:, start : start + 65536])


def hour(folder: Path) -> None:
    """Writes and reads an hour, and prints by how many MB memory grew over the imports and one block."""
    block = signals.white(-20, 1).samples
    path = folder / "hour.wav"

    def write(seconds: int) -> None:
        with SoundWriter(path, RATE, 2, SoundFormat("WAV", "PCM_24")) as writer:
            for _ in range(seconds):
                writer.write(block)
        our_read(path)
        inspect(path, decode=True)
        with open_sound(path) as sound:
            assert sound.sha256 and sound.seconds == seconds

    write(10)
    unit = 2**20 if sys.platform == "darwin" else 2**10
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    write(3600)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    print(f"{after - before:.1f} {after:.1f}")


def line(what: str, figure: str, limit: str, met: bool) -> bool:
    print(f"{what:<58} {figure:>22}   {limit:<20} {'ok' if met else 'MISSED'}")
    return met


def hour_line() -> bool:
    with tempfile.TemporaryDirectory() as name:
        command = [sys.executable, "-m", "tests.benchmarks.files", "hour", name]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    grown, total = (float(figure) for figure in done.stdout.split())
    what = "write, read, inspect and hash an hour: peak grows by, MB"
    return line(what, f"{grown:.1f} (peak {total:.0f})", f"<= {LIMIT_HOUR_MB:.0f}", grown <= LIMIT_HOUR_MB)


def main() -> int:
    if sys.argv[1:2] == ["hour"]:
        hour(Path(sys.argv[2]))
        return 0
    # First, while this process is small: a child begins with the peak of its parent.
    met = [hour_line()]
    samples = signals.music_like(SECONDS, RATE).samples * np.float32(0.7)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for ending, subtype in (("wav", "PCM_16"), ("wav", "PCM_24"), ("wav", "FLOAT"), ("flac", "PCM_24")):
            path = folder / f"in.{ending}"
            soundfile.write(path, samples.T, RATE, subtype=subtype)
            ours, peer = cpu(lambda path=path: our_read(path)), cpu(lambda path=path: peer_read(path))
            what = f"read {SECONDS} s {ending} {subtype}, with finite check, CPU s"
            figure = f"{ours:.3f} = {ours / peer:.2f} x peer"
            met.append(line(what, figure, f"<= {LIMIT_READ} x libsndfile", ours <= LIMIT_READ * peer))
        ours = cpu(lambda: our_write(folder / "a.wav", samples))
        peer = cpu(lambda: peer_write(folder / "b.wav", samples))
        what = f"write {SECONDS} s wav PCM_24 with dither and fsync, CPU s"
        figure = f"{ours:.3f} = {ours / peer:.2f} x peer"
        met.append(line(what, figure, f"<= {LIMIT_WRITE} x (no dither)", ours <= LIMIT_WRITE * peer))
        looks = cpu(lambda: [inspect(folder / "a.wav") for _ in range(200)]) / 200
        line("inspect a WAV without decoding, CPU us", f"{looks * 1e6:.0f}", "(no limit set)", True)
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
