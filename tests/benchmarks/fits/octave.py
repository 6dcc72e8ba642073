"""Finds the weights by which `bridge.analysis.pulse` tells the beat from its halves, doubles and thirds.

`python -m tests.benchmarks.fits.octave` renders pieces of every genre, a third of them at tempi that their genre does
not have, and synthetic grooves, and writes bridge/analysis/pulse_weights.py. Its seeds serve for nothing else. It also
prints how often the beat is found in a genre when the weights were found without that genre.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from bridge.analysis import pulse
from bridge.analysis.passes.onsets import Onsets
from bridge.analysis.stream import Chunk, Stream
from bridge.analysis.tempo import pulse_of
from bridge.audio import Audio
from tests.analysis.pieces import groove
from tests.analysis.rendered_music import song

FIRST_SEED, SONGS, GROOVES, SECONDS = 20_000, 320, 40, 24.0
PENALTY = 0.05
"""Of the squared weights: small ones carry over to genres that were not heard."""

WEIGHTS_FILE = Path(pulse.__file__).with_name("pulse_weights.py")


@dataclass(frozen=True)
class Choice:
    """One piece: evidence [shape=(tempi, features)] and which of the tempi are right."""

    genre: str
    evidence: np.ndarray
    right: np.ndarray


def onsets_of(audio: Audio) -> Onsets:
    stream = Stream(audio.rate, audio.channels)
    onsets = Onsets(stream)
    whole = audio.frames // stream.frame * stream.frame
    onsets.push(Chunk(stream, audio.samples[:, :whole], 0, whole))
    return onsets


def choice(genre: str, audio: Audio, bpm: float) -> Choice:
    onsets = onsets_of(audio)
    found = pulse_of(onsets.strength(), onsets.accents(), onsets.steps_per_s)
    return Choice(
        genre,
        pulse.evidence(found.accents, onsets.steps_per_s, found.bpm),
        np.abs(found.bpm / bpm - 1) < 0.04,
    )


def corpus() -> list[Choice]:
    generator = np.random.default_rng(FIRST_SEED)
    made = []
    for seed in range(FIRST_SEED, FIRST_SEED + SONGS):
        bpm = float(60 * 3 ** generator.uniform()) if seed % 3 == 0 else None
        audio, truth = song(seed, SECONDS, bpm=bpm)
        made.append(choice(truth.genre, audio, truth.bpm))
    for seed in range(FIRST_SEED, FIRST_SEED + GROOVES):
        bpm = float(60 * 3 ** generator.uniform())
        made.append(choice("groove", groove(bpm, seed, SECONDS, 0.12 if seed % 5 == 0 else 0.0), bpm))
    return [one for one in made if one.right.any()]


def fit(choices: list[Choice]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Centres, spreads and weights of the features: the likeliest, with small weights preferred."""
    together = np.concatenate([one.evidence for one in choices])
    centres, spreads = together.mean(axis=0), together.std(axis=0) + 1e-9
    scaled = [(one.evidence - centres) / spreads for one in choices]
    wanted = [one.right / one.right.sum() for one in choices]

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total, slope = PENALTY * weights @ weights, 2 * PENALTY * weights
        for features, truth in zip(scaled, wanted, strict=True):
            scores = features @ weights
            likely = np.exp(scores - scores.max())
            likely /= likely.sum()
            total -= np.log(likely @ (truth > 0) + 1e-12) / len(scaled)
            posterior = likely * (truth > 0) / (likely @ (truth > 0) + 1e-12)
            slope = slope + (likely - posterior) @ features / len(scaled)
        return float(total), slope

    return centres, spreads, minimize(loss, np.zeros(centres.size), jac=True, method="L-BFGS-B").x


def told(model: tuple[np.ndarray, np.ndarray, np.ndarray], choices: list[Choice]) -> list[tuple[bool, float]]:
    """Of each piece whether its likeliest tempo is right, and how likely that one is held to be."""
    centres, spreads, weights = model
    found = []
    for one in choices:
        scores = (one.evidence - centres) / spreads @ weights
        likely = np.exp((scores - scores.max()) / pulse.DOUBT)
        best = int(scores.argmax())
        found.append((bool(one.right[best]), float(likely[best] / likely.sum())))
    return found


def share_right(found: list[tuple[bool, float]]) -> float:
    return float(np.mean([right for right, _ in found]))


def report(choices: list[Choice]) -> None:
    """With all genres, and for each genre with the others alone."""
    print(f"{len(choices)} pieces, with their own weights: {share_right(told(fit(choices), choices)):.2f}")
    unheard = []
    for genre in sorted({one.genre for one in choices}):
        held = [one for one in choices if one.genre == genre]
        found = told(fit([one for one in choices if one.genre != genre]), held)
        unheard += found
        sure = float(np.mean([likely for _, likely in found]))
        print(f"  never heard {genre}: {share_right(found):.2f} of {len(held)}, held to be {sure:.2f}")
    print(f"each genre by the weights of the others: {share_right(unheard):.2f}")
    sure_ones = [one for one in unheard if one[1] >= 0.8]
    print(f"of the {len(sure_ones)} held to be 0.8 and more: {share_right(sure_ones):.2f}")


def text(model: tuple[np.ndarray, np.ndarray, np.ndarray]) -> str:
    lines = [
        '"""The weights of `pulse`, from `python -m tests.benchmarks.fits.octave`: one a feature, in order."""',
        "",
        "import numpy as np",
        "",
        "# fmt: off",
    ]
    for name, values in zip(("CENTRES", "SPREADS", "WEIGHTS"), model, strict=True):
        numbers = [f"{value:.4g}" for value in values]
        rows = ["    " + ", ".join(numbers[start : start + 11]) + "," for start in range(0, len(numbers), 11)]
        lines += [f"{name} = np.array([", *rows, "])"]
    return "\n".join(lines) + "\n"


def main() -> None:
    choices = corpus()
    WEIGHTS_FILE.write_text(text(fit(choices)))
    if "--quick" not in sys.argv:
        report(choices)


if __name__ == "__main__":
    main()
