"""CPU time of tempo and key together, against librosa's beat_track and chroma, in one run; 4 minutes, stereo.

`python -m tests.benchmarks.tempo_and_key`. Limit: 0.4x. Each side decodes the file itself.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from tests.benchmarks.analysis_speed import blocks, cpu_s, song, verdict


def ours(path: Path) -> None:
    from bridge.analysis import Analyzer
    from bridge.analysis.metrics import METRICS

    music = {"tempo", "tempo_confidence", "key", "key_confidence", "tuning"}
    besides = {metric.name for metric in METRICS} - music
    analyzer = Analyzer(48000, 2, besides)
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
        return verdict(
            "tempo + key / librosa beat_track + chroma_stft", cpu_s(ours, path), cpu_s(librosa, path), 0.4
        )


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
