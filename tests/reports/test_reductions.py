"""What dynamics did to the gain stands in the picture at its time and to its scale."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.analysis import Analysis
from bridge.effects.dsp.reduction import Reduction, ReductionCurve
from bridge.reports.reductions import MOST, StepGain
from tests.reports.svg import along, svg
from tests.reports.test_picture import times

DIP = [0.0] * 12
DIP[5] = 8.0
"""In steps of half a second: 8 dB down from 2.5 to 3 s."""


def curve(*bands: list[float], names: tuple[str, ...] = ("all",)) -> ReductionCurve:
    farthest = max((value for band in bands for value in band), key=abs)
    return ReductionCurve(0.5, names, tuple(map(tuple, bands)), farthest, 0.7)


def test_the_line_hangs_lowest_while_the_most_is_turned_down(broken: Analysis) -> None:
    picture = svg(broken, gains=(StepGain("1. Compressor", curve(DIP)),))
    corners = picture.line("gain-1-compressor-0")
    lowest = max(y for _, y in corners)  # of a drawing y grows downward
    held = sorted({x for x, y in corners if y == lowest})
    assert [held[0], held[-1]] == pytest.approx([along(times(picture), at) for at in (2.5, 3.0)], abs=0.5)
    assert {"1. Compressor", "gain reduction: 8.0 dB at most, 0.7 dB on average", "−8.0 dB"} <= {
        label.text for label in picture.labels
    }


def test_a_gain_that_was_raised_rises(broken: Analysis) -> None:
    picture = svg(broken, gains=(StepGain("2. Transient shaper", curve([-value for value in DIP])),))
    corners = picture.line("gain-2-transient-shaper-0")
    highest = min(y for _, y in corners)
    assert any(y > highest + 10 for _, y in corners) and "8.0 dB" in picture.text
    assert "gain raised: 8.0 dB at most" in picture.text


def test_bands_lie_low_to_high_from_the_bottom_to_one_scale(broken: Analysis) -> None:
    half = [value / 2 for value in DIP]
    names = ("up to 120 Hz", "120 Hz to 1 kHz", "above 1 kHz")
    gain = StepGain("1. Multiband compressor", curve(DIP, half, DIP, names=names))
    picture = svg(broken, gains=(gain,))
    low, middle, high = (
        [y for _, y in picture.line(f"gain-1-multiband-compressor-{band}")] for band in range(3)
    )
    assert min(low) > min(middle) > min(high)
    assert max(low) - min(low) == pytest.approx(2 * (max(middle) - min(middle)), abs=0.2)
    labels = {label.text: label.y for label in picture.labels}
    assert labels["< 120 Hz"] > labels["120–1k Hz"] > labels["> 1 kHz"]


def test_a_step_that_had_nothing_to_do_says_so(broken: Analysis) -> None:
    picture = svg(broken, gains=(StepGain("1. Limiter", curve([0.0] * 12)),))
    assert "had nothing to turn down" in picture.text


def test_of_very_many_steps_a_picture_shows_so_many_that_it_can_be_read(broken: Analysis) -> None:
    gains = tuple(StepGain(f"{number}. Gate", curve(DIP)) for number in range(1, 20))
    text = svg(broken, gains=gains).text
    assert f"{MOST}. Gate" in text and f"{MOST + 1}. Gate" not in text


def test_a_curve_comes_back_from_its_json_as_it_was_written() -> None:
    reduction = Reduction(48000, ("low", "high"))
    reduction.push(np.tile(np.linspace(0, 9, 48000), (2, 1)))
    kept = reduction.curve()
    assert ReductionCurve.from_json(kept.to_json()) == kept
