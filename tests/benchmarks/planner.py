"""Offline planner: time per request over the case files of each language, time to load, and a 21 kB request.

    python -m tests.benchmarks.planner

CPU time of this process. Limits: p95 10 ms a request after loading, 2 s for 21 kB. Every language is measured with the
lexicons of all of them at hand, so that telling them apart is part of the time.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from bridge.presets import languages, load_tongues
from tests.planning import casebook
from tests.planning.casebook import cases, outcome_of

P95_LIMIT_MS = 10.0
LONG_LIMIT_S = 2.0
_LOAD = (
    "import time; from bridge.presets import load_lexicon, load_chains; t = time.process_time(); "
    "lexicon = load_lexicon({language!r}); lexicon.phrases, lexicon.own_reader, lexicon.reader; "
    "print(time.process_time() - t)"
)
_ROUNDS = 5
_LONG = {
    "en": "make it a bit warmer, cut 3 dB at 250 Hz, quxle the frobnicator and " * 310,
    "de": "mach es ein bisschen wärmer, senk 250 Hz um 3 dB ab, frumsel den Gesangswumsel und " * 260,
    "fr": "rends-la un peu plus chaude, coupe 3 dB à 250 Hz, froumsel le gloubiboulga et " * 275,
    "es": "hazla un poco más cálida, corta 3 dB en 250 Hz, frumsela el chirimbolo y " * 290,
}


def main() -> int:
    for lexicon in load_tongues().understood.values():
        _ = lexicon.phrases, lexicon.own_reader, lexicon.reader
    rows = [row for language in ("en", *sorted({*languages()} - {"en"})) for row in _of(language)]
    for name, got, limit, ok in rows:
        print(f"{name:20} {got:>10}  limit {limit:>6}  {'ok' if ok else 'MISSED'}")
    return 0 if all(row[3] for row in rows) else 1


def _of(language: str) -> list[tuple[str, str, str, bool]]:
    name = "cases" if language == "en" else f"cases_{language}"
    found = cases(name) if (Path(casebook.__file__).parent / f"{name}.toml").is_file() else []
    outcome_of("-14 LUFS")
    times = sorted(
        _cpu_ms(case["words"], case.get("sound", "song")) for _ in range(_ROUNDS) for case in found
    )
    rows = []
    if times:
        p50, p95, worst = times[len(times) // 2], times[int(len(times) * 0.95)], times[-1]
        load_ms = 1000 * float(_printed(_LOAD.format(language=language)))
        print(
            f"{language}: {len(found)} cases x {_ROUNDS}: p50 {p50:.2f} ms, worst {worst:.2f} ms; load {load_ms:.0f} ms"
        )
        rows.append(
            (f"{language}: request, p95", f"{p95:.2f} ms", f"{P95_LIMIT_MS:g} ms", p95 <= P95_LIMIT_MS)
        )
    if language in _LONG:
        long_s = _cpu_ms(_LONG[language], "song") / 1000
        rows.append(
            (f"{language}: 21 kB request", f"{long_s:.2f} s", f"{LONG_LIMIT_S:g} s", long_s <= LONG_LIMIT_S)
        )
    return rows


def _printed(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def _cpu_ms(words: str, sound: str) -> float:
    start = time.process_time()
    outcome_of(words, sound)
    return 1000 * (time.process_time() - start)


if __name__ == "__main__":
    sys.exit(main())
