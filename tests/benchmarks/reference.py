"""What `--reference` and genre curves find, on clean mixes made afresh.

`python -m tests.benchmarks.reference [--seed N] [--mixes N]`. Each mix is the reference of itself with one named band
turned by 4 to 8 dB: how often that band is named, how often another one (limits: 90 % and 5 %), and how far the level
given back lies from the one planted. Then every mix against the published mean spectrum of popular music: how far each
band lies from it, and how many lie within the target's tolerance. That has no limit and proves little: the mixes are
no popular music, and were balanced to another paper's slope (Pestana and others 2013), so two papers are compared.
"""

from __future__ import annotations

import argparse
import secrets
from statistics import mean, pstdev

import numpy as np

from bridge.analysis import Analysis, Target, analyze, findings
from bridge.analysis.metrics.bands import BANDS
from bridge.analysis.spectral_shape import Shape, align
from bridge.audio import Audio
from bridge.presets import load_targets
from tests.analysis.corpus.mixes import clean_mixes

LEAST_FOUND, MOST_FALSE = 0.9, 0.05
SLOPED = 1.1
"""The turn of a band fades in over about an eighth of an octave at its edges, as an equalizer's would."""


def turned(audio: Audio, low_hz: float, high_hz: float, db: float) -> Audio:
    """The sound with what lies between two frequencies turned by `db`."""
    spectrum = np.fft.rfft(audio.samples)
    hz = np.maximum(np.fft.rfftfreq(audio.frames, 1 / audio.rate), 1.0)
    steps = np.log([low_hz / SLOPED, low_hz * SLOPED, high_hz / SLOPED, high_hz * SLOPED])
    gain_db = np.interp(np.log(hz), steps, [0.0, db, db, 0.0])
    spectrum *= 10 ** (gain_db / 20)
    return Audio(np.fft.irfft(spectrum, audio.frames).astype(np.float32), audio.rate)


def measured(audio: Audio) -> Analysis:
    return analyze(audio, without=("tempo", "key"))


def main() -> bool:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=100_000 + secrets.randbelow(900_000))
    parser.add_argument("--mixes", type=int, default=40)
    wanted = parser.parse_args()
    generator = np.random.default_rng(wanted.seed)
    curve = load_targets()["pop"].spectrum
    assert curve is not None
    found, others, asked, errors = 0, 0, 0, []
    against_curve: dict[str, list[float]] = {}
    for name, audio in clean_mixes(wanted.seed, wanted.mixes):
        original = measured(audio)
        shape = Shape.of(original.curves)
        laid = align(shape, curve.shape) if shape else None
        for reached, level in (laid.bands_db if laid else {}).items():
            against_curve.setdefault(reached, []).append(level)
        band = BANDS[int(generator.integers(1, 6))]  # the lowest and the top octave are empty in many mixes
        db = float(generator.choice([-1, 1]) * generator.uniform(4, 8))
        other = measured(turned(audio, band.low_hz, band.high_hz, db))
        named = {
            finding.metric: float(finding.value or 0)
            for finding in findings(other, reference=Target.of(original, name))
            if finding.code.startswith("reference_spectrum_")
        }
        asked += 1
        found += band.name in named
        others += bool(set(named) - {band.name})
        errors += [abs(named[band.name] - db)] if band.name in named else []
    return report(wanted, (asked, found, others), errors, against_curve, curve.tolerance_db)


def report(
    wanted: argparse.Namespace,
    counts: tuple[int, int, int],
    errors: list[float],
    against_curve: dict[str, list[float]],
    tolerance_db: float,
) -> bool:
    asked, found, others = counts
    met = found >= LEAST_FOUND * asked and others <= MOST_FALSE * asked
    print(f"seed {wanted.seed}, {asked} mixes, one band of each turned by 4 to 8 dB against itself")
    print(
        f"that band named {found}/{asked}, another one named on {others}/{asked}: {'ok' if met else 'MISSED'}"
    )
    print(f"planted and found differ by {mean(errors):.2f} dB on average, {max(errors):.2f} at most")
    print("against the mean spectrum of popular music (Elowsson and Friberg 2017), levels aligned:")
    for band, levels in against_curve.items():
        inside = sum(abs(db) <= tolerance_db for db in levels)
        print(
            f"  {band:15} {mean(levels):+5.1f} dB, deviation {pstdev(levels):4.1f}, "
            f"within {tolerance_db:g} dB {inside}/{len(levels)}"
        )
    return met


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
