"""Recall of each planted defect, false alarms on clean mixes, and alarms of one code where another was planted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

import numpy as np

from bridge.analysis import analyze, findings
from bridge.audio import Audio
from tests.analysis.corpus.mixes import clean_mix
from tests.analysis.corpus.plants import PLANTS, WITH_IT

MOST_FALSE, LEAST_FOUND = 0.05, 0.90


@dataclass
class Tally:
    """What one code scored. missed, false_on: names of the mixes; crossed: planted code -> number of alarms there."""

    cases: int = 0
    missed: list[str] = field(default_factory=list)
    false_on: list[str] = field(default_factory=list)
    crossed: Counter[str] = field(default_factory=Counter)

    @property
    def found(self) -> int:
        return self.cases - len(self.missed)

    @property
    def recall(self) -> float:
        return self.found / self.cases if self.cases else 1.0


@dataclass
class Verdict:
    """tallies by code; clean: how many clean mixes were heard; planted: how many spoilt ones."""

    tallies: dict[str, Tally]
    clean: int = 0
    planted: int = 0

    def false_alarms(self, code: str) -> float:
        """Share of the clean mixes on which the code spoke."""
        return len(self.tallies[code].false_on) / self.clean if self.clean else 0.0

    def cross_alarms(self, code: str) -> float:
        """Share of the mixes with another fault on which the code spoke."""
        others = self.planted - self.tallies[code].cases
        return self.tallies[code].crossed.total() / others if others else 0.0

    def holds(self, code: str) -> bool:
        return self.tallies[code].recall >= LEAST_FOUND and self.false_alarms(code) <= MOST_FALSE


def codes_of(audio: Audio) -> set[str]:
    """What the rules find without a target."""
    return {finding.code for finding in findings(analyze(audio, ("tempo", "key")))}


def spoilt(code: str, audio: Audio, seed: int, number: int) -> Audio:
    """The mix with one fault; the n-th case of a code is the same in every run with this seed."""
    return PLANTS[code](audio, np.random.default_rng([seed, number, sum(code.encode())]))


def judge(
    seed: int,
    clean: int,
    cases: int,
    codes: Collection[str] = tuple(PLANTS),
    heard: Callable[[str, str, set[str]], None] = lambda mix, planted, found: None,
) -> Verdict:
    """Hears `clean` mixes as they are, and for each code `cases` of them, drawn at random, with that fault.

    heard is told of every mix: its name, what was planted ("" for nothing) and what was found.
    """
    verdict = Verdict({code: Tally() for code in codes}, clean)
    places = _places(codes, seed, clean, cases)
    for number in range(clean):
        name, audio = clean_mix(seed, number)
        before = codes_of(audio)
        heard(name, "", before)
        for code in before:
            verdict.tallies.setdefault(code, Tally()).false_on.append(name)
        for code in (code for code in codes if number in places[code]):
            found = codes_of(spoilt(code, audio, seed, number))
            heard(name, code, found)
            _count(verdict, code, name, found, before)
    return verdict


def _places(codes: Collection[str], seed: int, clean: int, cases: int) -> dict[str, set[int]]:
    """Which mixes each code is planted into: as many as there are cases, drawn for each code anew."""
    return {
        code: set(np.random.default_rng([seed, sum(code.encode())]).permutation(clean)[:cases].tolist())
        for code in codes
    }


def _count(verdict: Verdict, code: str, name: str, found: set[str], before: set[str]) -> None:
    """What spoke on the clean mix already has been counted there."""
    tally = verdict.tallies[code]
    tally.cases += 1
    verdict.planted += 1
    if code not in found:
        tally.missed.append(name)
    for other in found - before - {code} - WITH_IT.get(code, frozenset()):
        verdict.tallies.setdefault(other, Tally()).crossed[code] += 1
