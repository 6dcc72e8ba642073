"""Reference mastering beside Matchering 2.0.6 on the same pairs: speed, memory, spectrum, loudness, ceiling.

`python -m tests.benchmarks.reference_mastering [--seed N] [--seconds N] [--pairs songs,masters,recordings]`

Three pairs of a mix and a reference, made afresh: two songs played by General MIDI sounds (one quiet and unmastered,
one mastered); one arrangement of real recordings, mastered twice to different tastes; two such arrangements, one of
them unmastered. Each is a whole process of its own: ours is `dawbridge process MIX --reference REF` (plan, render,
verify), theirs reads, matches and writes 24 bits; both run as installed, with their modules compiled before. They take
turns, ROUNDS times each, and of each the run that took the least CPU counts (user and system, of the process and all
below it): on a machine that others use too, the clock tells about the others. Both results are measured by the same
analysis. Distance: mean over the third octaves once levels are aligned; what our plan calls unreachable is left out of
the limit, and printed.

Limits: at least twice Matchering's speed by CPU, at most 700 MB (all processes of the command together), distance at
most 0.8 dB, loudness within 0.1 LU of the reference, true peak (16x) at most 0.05 dB over -1 dBTP.

MATCHERING_PYTHON names an interpreter that has matchering; without it one is made in the user's cache where pip can.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import bridge
from bridge.analysis import SLOW_METRICS, Analysis, analyze
from bridge.audio import Audio
from bridge.bootstrap.library import read, write
from bridge.planning.matching.reference import Source, averaged
from tests.analysis import rendered_music
from tests.analysis.corpus import mixes
from tests.analysis.corpus.mastering import mastered

PEER = "matchering==2.0.6"
RATE, PIECE_S, ROUNDS = 44100, 60.0, 2
FASTER, MEMORY_MB, DISTANCE_DB, LOUDNESS_LU, CEILING_DBTP, OVER_DB = 2.0, 700.0, 0.8, 0.1, -1.0, 0.05

THEIRS = """
import sys
import matchering
matchering.process(target=sys.argv[1], reference=sys.argv[2], results=[matchering.pcm24(sys.argv[3])])
"""


@dataclass(frozen=True)
class Run:
    """wall_s, cpu_s: of the whole process and its children. peak_mb: of all of them together. unreachable_hz: third
    octaves that the plan says no equalizer reaches."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    result: Analysis | None
    unreachable_hz: tuple[float, ...] = ()


def pair(name: str, seed: int, seconds: float) -> tuple[Audio, Audio]:
    """A mix and a reference; pieces of a minute are repeated where they shall be longer."""
    generator = np.random.default_rng([seed, len(name)])
    if name == "songs":
        one, _ = rendered_music.song(seed * 10 + 1, PIECE_S, "rock")
        two, _ = rendered_music.song(seed * 10 + 2, PIECE_S, "house")
        mix, reference = _quiet(one.samples), mastered(two.samples.astype(float), two.rate, generator)
    else:
        base = _recordings(generator)
        if name == "masters":
            mix, reference = mastered(base, RATE, generator), mastered(base, RATE, generator)
        else:
            mix, reference = _quiet(base), mastered(_recordings(generator), RATE, generator)
    return _long(mix, seconds), _long(reference, seconds)


def _recordings(generator: np.random.Generator) -> np.ndarray:
    return np.asarray(mixes._MADE["recordings"](generator, PIECE_S, RATE))


def _quiet(samples: np.ndarray) -> Audio:
    """As a mix comes before mastering: 10 dB below full scale."""
    return Audio((samples / np.abs(samples).max() * 10 ** (-10 / 20)).astype(np.float32), RATE)


def _long(audio: Audio, seconds: float) -> Audio:
    frames = round(seconds * audio.rate)
    return Audio(np.tile(audio.samples, (1, -(-frames // audio.frames)))[:, :frames], audio.rate)


def run(command: list[str], out: Path) -> Run:
    started = time.perf_counter()
    told = out.with_suffix(".txt")
    with told.open("wb") as stdout:
        process = subprocess.Popen(
            command, stdout=stdout, stderr=subprocess.PIPE, cwd=out.parent, env=_as_installed()
        )
    memory = _Memory(process.pid)
    memory.start()
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - started
    memory.stop()
    if not out.exists():
        print(f"  {command[0]} ended with {status}: {said.decode(errors='replace').strip()[-300:]}")
    result = analyze(read(out), without=SLOW_METRICS) if out.exists() else None
    return Run(wall_s, usage.ru_utime + usage.ru_stime, memory.peak_mb, result, _unreachable(told))


def _as_installed() -> dict[str, str]:
    """Modules come from their bytecode, as where a package was installed."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _unreachable(told: Path) -> tuple[float, ...]:
    """What the command's JSON says of it; none in the words of others."""
    try:
        return tuple(json.loads(told.read_text())["plan"]["matched"]["unreachable_hz"])
    except (ValueError, KeyError, TypeError):
        return ()


class _Memory(threading.Thread):
    """The resident memory of a process and all below it, looked at 20 times a second (Linux)."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid, self._over, self.peak_mb = pid, threading.Event(), 0.0

    def run(self) -> None:
        while not self._over.wait(0.05):
            self.peak_mb = max(self.peak_mb, sum(_resident_mb(pid) for pid in _family(self._pid)))

    def stop(self) -> None:
        self._over.set()
        self.join()


def _family(pid: int) -> list[int]:
    found = [pid]
    for each in found:
        for path in Path(f"/proc/{each}/task").glob("*/children"):
            try:
                found += [int(child) for child in path.read_text().split()]
            except OSError:
                continue
    return found


def _resident_mb(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    except (OSError, IndexError):
        return 0.0


def peer() -> str | None:
    """An interpreter that has Matchering; None where there is none and pip cannot make one."""
    named = os.environ.get("MATCHERING_PYTHON")
    cache = (
        Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        / "dawbridge-benchmarks"
        / "matchering"
    )
    python = Path(named) if named else cache / "bin" / "python"
    if not named and not python.exists():
        print(f"making {cache} with {PEER}")
        made = subprocess.run([sys.executable, "-m", "venv", str(cache)], check=False).returncode == 0
        if made:
            subprocess.run([str(python), "-m", "pip", "install", "-q", PEER], check=False)
    works = (
        python.exists()
        and not subprocess.run(
            [str(python), "-c", "import matchering"], check=False, capture_output=True
        ).returncode
    )
    return str(python) if works else None


def compare(name: str, seed: int, seconds: float, python: str | None) -> list[bool]:
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        mix, reference = pair(name, seed, seconds)
        write(folder / "mix.wav", mix)
        write(folder / "ref.wav", reference)
        before, aim = (analyze(each, without=SLOW_METRICS) for each in (mix, reference))
        del mix, reference
        ours_runs, their_runs = [], []
        for _ in range(ROUNDS):
            command = [sys.executable, "-m", "bridge.cli", "process", "mix.wav", "--reference", "ref.wav"]
            ours_runs.append(run([*command, "-o", "ours.wav", "--json"], folder / "ours.wav"))
            if python:
                their_command = [python, "-c", THEIRS, "mix.wav", "ref.wav", "theirs.wav"]
                their_runs.append(run(their_command, folder / "theirs.wav"))
    ours = min(ours_runs, key=lambda ran: ran.cpu_s)
    theirs = min(their_runs, key=lambda ran: ran.cpu_s, default=None)
    print(f"{name}, {seconds:g} s:")
    _row("mix", before, aim, None)
    _row("reference", aim, aim, None)
    if theirs is not None:
        _row("matchering 2.0.6", theirs.result, aim, theirs)
    _row("dawbridge", ours.result, aim, ours)
    return judged(ours, theirs, aim)


def _distance(result: Analysis, aim: Analysis, without_hz: tuple[float, ...] = ()) -> float:
    return averaged([(Source(name="reference"), aim)]).distance_db(result, without_hz) or 0.0


def _row(name: str, result: Analysis | None, aim: Analysis, ran: Run | None) -> None:
    if result is None:
        print(f"  {name:17} gave no result")
        return
    cost = f"{ran.wall_s:6.1f} s wall {ran.cpu_s:6.1f} s CPU {ran.peak_mb:6.0f} MB" if ran else ""
    print(
        f"  {name:17} distance {_distance(result, aim):5.2f} dB  {result.number('integrated_loudness'):6.2f} LUFS  "
        f"{result.number('true_peak_strict'):6.2f} dBTP  PSR {result.number('psr'):5.2f} dB  "
        f"side/mid {result.number('side_to_mid'):6.2f} dB  {cost}"
    )


def judged(ours: Run, theirs: Run | None, aim: Analysis) -> list[bool]:
    if ours.result is None:
        return [False]
    apart, everywhere = _distance(ours.result, aim, ours.unreachable_hz), _distance(ours.result, aim)
    places = ", ".join(f"{hz:g}" for hz in ours.unreachable_hz)
    beyond = f"; {everywhere:.2f} dB with {places} Hz, which the plan calls unreachable" if places else ""
    off = abs((ours.result.number("integrated_loudness") or 0.0) - (aim.number("integrated_loudness") or 0.0))
    peak = ours.result.number("true_peak_strict") or 0.0
    told = [
        (f"distance {apart:.2f} dB, limit {DISTANCE_DB:g}{beyond}", apart <= DISTANCE_DB),
        (f"loudness {off:.3f} LU off, limit {LOUDNESS_LU:g}", off <= LOUDNESS_LU),
        (f"true peak {peak:.2f} dBTP, limit {CEILING_DBTP + OVER_DB:g}", peak <= CEILING_DBTP + OVER_DB),
        (f"memory {ours.peak_mb:.0f} MB, limit {MEMORY_MB:g}", ours.peak_mb <= MEMORY_MB),
    ]
    if theirs is not None:
        wall, cpu = theirs.wall_s / ours.wall_s, theirs.cpu_s / ours.cpu_s
        told.append(
            (
                f"{cpu:.2f} times Matchering's speed by CPU ({wall:.2f} by the clock), limit {FASTER:g}",
                cpu >= FASTER,
            )
        )
    for text, ok in told:
        print(f"    {'ok    ' if ok else 'MISSED'} {text}")
    return [ok for _, ok in told]


def main() -> bool:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=10_000 + secrets.randbelow(90_000))
    parser.add_argument("--seconds", type=float, default=240.0)
    parser.add_argument("--pairs", default="songs,masters,recordings")
    wanted = parser.parse_args()
    mixes.must_have_sources()
    python = peer()
    compileall.compile_dir(str(Path(bridge.__file__).parent), quiet=2)
    print(f"seed {wanted.seed}" + ("" if python else "; peer missing: Matchering is not installed"))
    met = [compare(name, wanted.seed, wanted.seconds, python) for name in wanted.pairs.split(",")]
    return all(ok for each in met for ok in each)


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
