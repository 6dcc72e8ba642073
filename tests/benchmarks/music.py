"""How often tempo, beats and key are right, on rendered music and synthetic pieces, beside librosa on the same pieces.

`python -m tests.benchmarks.music [FIRST_SEED] [SONGS] [songs|grooves|ramps|keys]...`: give another first seed for other
music; none of it serves for anything else. Wants fluidsynth with FluidR3_GM.sf2.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from bridge.analysis import Analysis, analyze
from bridge.analysis.metrics import METRICS
from bridge.audio import Audio
from tests.analysis.pieces import NAMES, groove
from tests.analysis.pieces import progression as synthetic_progression
from tests.analysis.rendered_music import Truth, progression, song

FIRST_SEED, SONGS, SECONDS = 71_000, 90, 24.0
SURE = 0.8
"""Confidence from which the octave is promised."""

WORKERS = 3
RAMPS = ("rock", "pop", "house", "shuffle", "hip hop", "swing")

MUSIC = {"tempo", "key"}
BESIDES = {metric.name for metric in METRICS if not {metric.name, metric.belongs_to} & MUSIC}

# C. Krumhansl, "Cognitive Foundations of Musical Pitch" (1990): what users of librosa reach for.
KRUMHANSL = {
    "major": (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
    "minor": (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
}


@dataclass
class Tally:
    """What came out for each piece, ours and the peer's."""

    octave: list[bool] = field(default_factory=list)
    fine: list[bool] = field(default_factory=list)
    peer_octave: list[bool] = field(default_factory=list)
    peer_fine: list[bool] = field(default_factory=list)
    key: list[bool] = field(default_factory=list)
    peer_key: list[bool] = field(default_factory=list)
    beats: list[float] = field(default_factory=list)
    sure: list[bool] = field(default_factory=list)
    by_genre: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))

    def tempo(self, genre: str, true: float, own: float, peer: float) -> None:
        for found, octave, fine in ((own, self.octave, self.fine), (peer, self.peer_octave, self.peer_fine)):
            octave.append(abs(found / true - 1) < 0.04)
            fine.append(min(abs(found / true / power - 1) for power in (0.5, 1, 2)) < 0.005)
        self.by_genre[genre].append(self.octave[-1])


def librosa_tempo(audio: Audio) -> float:
    import librosa

    mono, rate = _for_librosa(audio)
    return float(np.atleast_1d(librosa.beat.beat_track(y=mono, sr=rate)[0])[0]) or 1.0


def librosa_key(audio: Audio) -> str:
    import librosa

    mono, rate = _for_librosa(audio)
    chroma = librosa.feature.chroma_stft(y=mono, sr=rate).mean(axis=1)
    fits = {
        f"{NAMES[mode][tonic]} {mode}": np.corrcoef(np.roll(profile, tonic), chroma)[0, 1]
        for mode, profile in KRUMHANSL.items()
        for tonic in range(12)
    }
    return max(fits, key=lambda name: fits[name])


def _for_librosa(audio: Audio) -> tuple[np.ndarray, int]:
    import soxr

    return soxr.resample(audio.samples.mean(axis=0), audio.rate, 22050), 22050


def recall(found_s: np.ndarray, true_s: np.ndarray, within_s: float) -> float:
    """Share of true beats with a found one near."""
    if not found_s.size or not true_s.size:
        return 0.0
    return float(np.mean(np.abs(found_s[:, None] - true_s).min(axis=0) < within_s))


def f_measure(found_s: np.ndarray, true_s: np.ndarray, within_s: float = 0.07) -> float:
    """Harmonic mean of recall and precision (MIREX: 70 ms)."""
    hit, exact = recall(found_s, true_s, within_s), recall(true_s, found_s, within_s)
    return 2 * hit * exact / (hit + exact) if hit + exact else 0.0


@dataclass(frozen=True)
class Heard:
    """One song: its truth, our analysis and what the peer says."""

    truth: Truth
    analysis: Analysis
    peer_bpm: float
    peer_key: str


def heard(seed: int) -> Heard:
    audio, truth = song(seed, SECONDS)
    return Heard(truth, analyze(audio, BESIDES), librosa_tempo(audio), librosa_key(audio))


def songs(first_seed: int, count: int) -> Tally:
    tally = Tally()
    with ProcessPoolExecutor(WORKERS) as pool:
        for one in pool.map(heard, range(first_seed, first_seed + count)):
            truth, analysis = one.truth, one.analysis
            tally.tempo(truth.genre, truth.bpm, analysis.number("tempo") or 1.0, one.peer_bpm)
            tally.key.append(analysis["key"].value == truth.key)
            tally.peer_key.append(one.peer_key == truth.key)
            if (analysis.number("tempo_confidence") or 0.0) >= SURE:
                tally.sure.append(tally.octave[-1])
            if tally.octave[-1]:
                beats = np.array(analysis.curves["tempo"]["beats_s"])
                tally.beats.append(recall(beats, np.array(truth.beats_s), 0.035))
    return tally


def keys(first_seed: int, rounds: int, rendered: bool) -> Tally:
    """Every key `rounds` times, from rendered or synthetic progressions."""
    tally = Tally()
    generator = np.random.default_rng(first_seed)
    for index in range(24 * rounds):
        tonic, mode = index % 12, ("major", "minor")[index // 12 % 2]
        if rendered:
            bpm = float(generator.uniform(70, 140))
            audio, _ = progression(first_seed + index, SECONDS, tonic, mode, bpm)
        else:
            audio = synthetic_progression(tonic, mode, first_seed + index)
        want = f"{NAMES[mode][tonic]} {mode}"
        tally.key.append(analyze(audio, BESIDES | {"tempo"})["key"].value == want)
        tally.peer_key.append(librosa_key(audio) == want)
    return tally


def grooves(first_seed: int, count: int) -> Tally:
    tally = Tally()
    generator = np.random.default_rng(first_seed)
    for seed in range(first_seed, first_seed + count):
        bpm = float(generator.uniform(60, 180))
        audio = groove(bpm, seed, SECONDS, 0.12 if seed % 5 == 0 else 0.0)
        own = analyze(audio, BESIDES | {"key"}).number("tempo") or 1.0
        tally.tempo("groove", bpm, own, librosa_tempo(audio))
    return tally


def ramps(first_seed: int) -> list[float]:
    """F-measure of the beats of pieces that speed up from 90 to 130 BPM in 40 s."""
    found = []
    for index, genre in enumerate(RAMPS):
        audio, truth = song(first_seed + index, 40.0, genre, (90.0, 130.0))
        curve = analyze(audio, BESIDES | {"key"}).curves.get("tempo", {"beats_s": []})
        found.append(f_measure(np.array(curve["beats_s"]), np.array(truth.beats_s)))
    return found


def verdict(name: str, share: float, limit: float | None, peer: float | None = None) -> bool:
    beside = "" if peer is None else f" (librosa {peer:.2f})"
    if limit is None:
        print(f"{name}: {share:.2f}{beside}")
        return True
    print(f"{name}: {share:.2f}{beside}, goal {limit}: {'ok' if share >= limit else 'MISSED'}")
    return share >= limit


def judge_songs(first_seed: int, count: int) -> bool:
    drawn = songs(first_seed, count)
    print(f"rendered songs: {count} of {SECONDS:g} s from seed {first_seed}")
    print("  " + ", ".join(f"{name} {sum(hit)}/{len(hit)}" for name, hit in sorted(drawn.by_genre.items())))
    verdict("key of whole songs, drums included", np.mean(drawn.key), None, np.mean(drawn.peer_key))
    return all(
        [
            verdict("tempo, right octave", np.mean(drawn.octave), 0.85, np.mean(drawn.peer_octave)),
            verdict(
                "tempo within 0.5 %, octaves allowed", np.mean(drawn.fine), 0.9, np.mean(drawn.peer_fine)
            ),
            verdict(
                f"right octave of the {len(drawn.sure)} with a confidence of 0.8", np.mean(drawn.sure), 0.9
            ),
            verdict("beats within 35 ms where the tempo is right", np.mean(drawn.beats), 0.9),
        ]
    )


def judge_grooves(first_seed: int, count: int) -> bool:
    plain = grooves(first_seed, count // 2)
    print(f"synthetic grooves, 60 to 180 BPM: {count // 2}")
    verdict("tempo, right octave", np.mean(plain.octave), None, np.mean(plain.peer_octave))
    return verdict("tempo within 0.5 %, octaves allowed", np.mean(plain.fine), None, np.mean(plain.peer_fine))


def judge_ramps(first_seed: int, _: int) -> bool:
    speeding = ramps(first_seed + 10_000)
    print(f"beats of {len(speeding)} pieces from 90 to 130 BPM in 40 s")
    return verdict("F-measure at 70 ms, mean", np.mean(speeding), 0.9)


def judge_keys(first_seed: int, _: int) -> bool:
    rendered, made = keys(first_seed + 20_000, 2, True), keys(first_seed + 30_000, 1, False)
    print("progressions in all 24 keys")
    good = verdict("key exact, rendered", np.mean(rendered.key), 0.85, np.mean(rendered.peer_key))
    return verdict("key exact, synthetic", np.mean(made.key), 0.85, np.mean(made.peer_key)) and good


PARTS = {"songs": judge_songs, "grooves": judge_grooves, "ramps": judge_ramps, "keys": judge_keys}


def main(first_seed: str = str(FIRST_SEED), count: str = str(SONGS), *parts: str) -> bool:
    judged = [PARTS[part](int(first_seed), int(count)) for part in parts or PARTS]
    return all(judged)


if __name__ == "__main__":
    raise SystemExit(0 if main(*sys.argv[1:]) else 1)
