"""CPU time of tempo and key together, against librosa's beat_track and chroma, in one run; 4 minutes, stereo.

`python -m tests.benchmarks.tempo_and_key`. Limit: 0.4x. Each side decodes the file itself. Beside it, without a limit:
the same with onset rate, transient strength, loudness, which they and the sections are read from, and sections.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from functools import partial
from pathlib import Path

import numpy as np

from tests.benchmarks.analysis_speed import best_cpu_s, blocks, song, verdict

MUSIC = {"tempo", "tempo_confidence", "key", "key_confidence", "tuning"}
ALL = MUSIC | {"onset_rate", "transient_strength", "integrated_loudness"}


def ours(path: Path, wanted: Collection[str] = MUSIC) -> None:
    from bridge.analysis import Analyzer
    from bridge.analysis.metrics import METRICS

    analyzer = Analyzer(48000, 2, {metric.name for metric in METRICS} - set(wanted))
    for block in blocks(path):
        analyzer.push(np.ascontiguousarray(block.T))
    analyzer.result()


def librosa(path: Path) -> None:
    import librosa

    mono, rate = librosa.load(path)
    librosa.beat.beat_track(y=mono, sr=rate)
    librosa.feature.chroma_stft(y=mono, sr=rate)


def main() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "song.wav"
        song(path)
        best = best_cpu_s({"peer": librosa, "music": ours, "all": partial(ours, wanted=ALL)}, path, turns=3)
    peer = best["peer"]
    good = verdict("tempo + key / librosa beat_track + chroma_stft", best["music"], peer, 0.4)
    print(f"with onsets, transients, loudness and sections: {best['all']:.3f} s = {best['all'] / peer:.2f}")
    return good


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
