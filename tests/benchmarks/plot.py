"""What --plot costs: the CPU of `analyze --plot` beside the same `analyze` without it.

`python -m tests.benchmarks.plot`: CPU seconds of child processes, best of five, taken in turns, on four minutes of
48 kHz stereo; start and import of matplotlib included. Limit: 1.5 s more. The first run of matplotlib on a machine
lists the fonts; it is shown, without a limit. How soon `--help` answers is measured by `help_time`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import soundfile

from tests.benchmarks.cold_analyze import child_cpu_s
from tests.signals import music_like

LIMIT_S = 1.5
TURNS = 5


def main() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "four.wav"
        audio = music_like(240)
        soundfile.write(path, audio.samples.T, audio.rate, subtype="PCM_24")
        start = [sys.executable, "-c", "from bridge.cli import main; main()"]
        analyze = [*start, "analyze", str(path), "--without", "tempo,key", "--json"]
        pictures = {form: [*analyze, "--plot", str(Path(folder) / f"four.{form}")] for form in ("png", "svg")}
        child_cpu_s(analyze)
        first = child_cpu_s(pictures["png"], MPLCONFIGDIR=str(Path(folder) / "fonts"))
        plain = []
        drawn: dict[str, list[float]] = {form: [] for form in pictures}
        for _ in range(TURNS):
            plain.append(child_cpu_s(analyze))
            for form, command in pictures.items():
                drawn[form].append(child_cpu_s(command))
        sizes = {form: (Path(folder) / f"four.{form}").stat().st_size for form in pictures}
    print(f"analyze 4 min: {min(plain):.2f} s; with --plot, fonts not listed yet: {first:.2f} s")
    more = {form: min(found) - min(plain) for form, found in drawn.items()}
    for form, seconds in more.items():
        verdict = "ok" if seconds <= LIMIT_S else "MISSED"
        print(
            f"--plot OUT.{form}: {seconds:+.2f} s, limit {LIMIT_S} s: {verdict} ({sizes[form] / 1000:.0f} kB)"
        )
    return max(more.values()) <= LIMIT_S


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
