"""What is asked twice is worked out once, and anew once more of the sound came."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from bridge.analysis import Analyzer, analyze
from bridge.analysis.read_once import read_once
from bridge.analysis.unmeasurable import Unmeasurable
from bridge.audio import Audio
from tests.signals import music_like


class Counter:
    """Counts how often it is read."""

    def __init__(self) -> None:
        self.kept: dict[Callable[..., Any], Any] = {}
        self.asked = 0
        self.silent = False

    def push(self) -> None:
        self.kept.clear()

    @read_once
    def value(self) -> int:
        self.asked += 1
        if self.silent:
            raise Unmeasurable("silence")
        return self.asked


def test_a_second_question_costs_nothing_until_more_is_pushed():
    counter = Counter()
    assert [counter.value(), counter.value()] == [1, 1]
    counter.push()
    assert counter.value() == 2


def test_what_cannot_be_measured_yet_is_asked_again():
    counter = Counter()
    counter.silent = True
    for _ in range(2):
        with pytest.raises(Unmeasurable):
            counter.value()
    counter.silent = False
    assert counter.value() == 3


def test_two_sounds_do_not_share_an_answer():
    one, other = Counter(), Counter()
    other.asked = 10
    assert (one.value(), other.value()) == (1, 11)


def test_a_click_that_comes_after_the_first_look_is_seen_at_the_second():
    sound = music_like(12.0)
    samples = sound.samples.copy()
    samples[:, 9 * 48000 + 4801] += 0.6
    spoilt = Audio(np.clip(samples, -1, 1), 48000)
    analyzer = Analyzer(48000, 2, without=("tempo", "key"))
    analyzer.push(spoilt.samples[:, : 6 * 48000])
    assert analyzer.result().places("clicks") == []
    analyzer.push(spoilt.samples[:, 6 * 48000 :])
    assert analyzer.result().places("clicks") == pytest.approx([9.1], abs=0.02)
    assert analyzer.result().to_json() == analyze(spoilt, without=("tempo", "key")).to_json()
