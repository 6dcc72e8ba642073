"""Finds the weights by which `bridge.analysis.tone` reads boom, mud, boxiness, harshness, thinness and dullness.

`python -m tests.benchmarks.fits.tone` renders clean mixes and writes bridge/analysis/tone_weights.py. Its seed serves
for nothing else. It also prints what share of planted faults stands over 95 % and 97 % of the clean mixes, each mix
read by weights that were found without it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bridge.analysis import analyze, tone
from tests.analysis.corpus.mixes import clean_mix
from tests.analysis.corpus.tone import Curve, bell, low_pass

SEED, MIXES, FOLDS = 501, 240, 6

UNHEARD_DB = 2.0
"""By how much any band of music may differ beyond what these mixes do: few weights can lean on one band."""
TILT_DB = 0.5
"""dB an octave by which music may be darker or brighter beyond what these mixes are."""


def _shelf(hz: np.ndarray) -> np.ndarray:
    return -1.0 / (1 + (hz / 255) ** 4)


def _blanket(hz: np.ndarray) -> np.ndarray:
    """A low-pass that takes 1 dB from 5 to 10 kHz."""
    top = np.geomspace(5000, 10000, 4)
    return np.asarray(low_pass(2200, 3)(hz) / -low_pass(2200, 3)(top).mean())


def _per_db(centre_hz: float, gain_db: float, q: float) -> Curve:
    return lambda hz: bell(centre_hz, gain_db, q)(hz) / gain_db


SHAPES: dict[str, Curve] = {
    "boom": _per_db(100, 11, 1.5),
    "mud": _per_db(270, 9.5, 0.95),
    "boxiness": _per_db(510, 11, 1.2),
    "harshness": _per_db(3350, 9.5, 1.05),
    "thinness": _shelf,
    "dullness": _blanket,
}
"""The middle of what is planted, for 1 dB."""

BESIDE = {"boxiness": "thinness", "thinness": "boxiness"}
"""What looks alike and is held apart: a mix without a body has its mids left standing, as a boxy one has."""

USUAL_DB = {"boom": 11, "mud": 9.5, "boxiness": 11, "harshness": 9.5, "thinness": 12, "dullness": 20}


def spectrum(number: int) -> np.ndarray:
    """Levels of the bands heard."""
    curve = analyze(clean_mix(SEED, number)[1], ("tempo", "key")).curves["spectrum"]
    drawn = [-np.inf if level is None else level for level in curve["level_db"]]
    return tone.levels(10.0 ** (np.array(drawn + [-np.inf] * (31 - len(drawn))) / 10.0))


def fit(mixes: np.ndarray) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """Centres and spreads in dB, weights of each shape [each shape=(bands,)]; mixes [shape=(mixes, bands)]."""
    mixes = mixes - mixes.mean(axis=1, keepdims=True)
    octaves = np.log2(tone.BANDS_HZ / 1000)
    noise = np.cov(mixes.T) + UNHEARD_DB**2 * np.eye(octaves.size) + TILT_DB**2 * np.outer(octaves, octaves)
    inverse, weights = np.linalg.inv(noise), {}
    for name, shape in SHAPES.items():
        beside = [SHAPES[BESIDE[name]](tone.BANDS_HZ)] if name in BESIDE else []
        wanted = np.stack([shape(tone.BANDS_HZ), np.ones_like(octaves), *beside], axis=1)
        weights[name] = np.linalg.solve(wanted.T @ inverse @ wanted, wanted.T @ inverse)[0]
    return mixes.mean(axis=0), np.sqrt(np.diag(noise)), weights


def read(levels: np.ndarray, centres: np.ndarray, name: str, weights: np.ndarray) -> np.ndarray:
    """As `tone.over_mixes` and `tone.height_db`."""
    over = levels - centres
    over -= np.median(over, axis=1, keepdims=True)
    return (over if name in tone.LACKS else np.maximum(over, -tone.DEEPEST_DB)) @ weights


def report(mixes: np.ndarray) -> None:
    for name, shape in SHAPES.items():
        clean, planted = np.zeros(len(mixes)), np.zeros(len(mixes))
        for fold in range(FOLDS):
            held = np.arange(len(mixes)) % FOLDS == fold
            centres, _, weights = fit(mixes[~held])
            clean[held] = read(mixes[held], centres, name, weights[name])
            planted[held] = read(
                mixes[held] + USUAL_DB[name] * shape(tone.BANDS_HZ), centres, name, weights[name]
            )
        shares = [
            f"{(planted > (at := np.quantile(clean, q))).mean():.2f} over {at:.1f} dB" for q in (0.95, 0.97)
        ]
        print(f"{name:10} {', '.join(shares)}")


def text(model: tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]) -> str:
    centres, spreads, weights = model
    lines = [
        '"""The weights of `tone`, from `python -m tests.benchmarks.fits.tone`: one a third octave from 50 Hz."""',
        "",
        "import numpy as np",
        "",
        "# fmt: off",
        *_array("CENTRES = ", centres, "])"),
        *_array("SPREADS = ", spreads, "])"),
        "WEIGHTS = {",
    ]
    for name, values in weights.items():
        lines += ["    " + line for line in _array(f'"{name}": ', values, "]),")]
    return "\n".join([*lines, "}"]) + "\n"


def _array(start: str, values: np.ndarray, end: str) -> list[str]:
    numbers = [f"{value:.4g}" for value in values]
    rows = ["    " + ", ".join(numbers[at : at + 8]) + "," for at in range(0, len(numbers), 8)]
    return [f"{start}np.array([", *rows, end]


def main() -> None:
    mixes = np.array([spectrum(number) for number in range(MIXES)])
    weights_file = Path(tone.__file__).with_name("tone_weights.py")
    weights_file.write_text(text(fit(mixes)))
    report(mixes)


if __name__ == "__main__":
    main()
