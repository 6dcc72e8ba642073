"""Readings as people read them."""

from __future__ import annotations

import pytest

from bridge.cli.readings import all_rows, first_rows, told


def reading(value: float | str | None, unit: str = "") -> dict[str, object]:
    return {"value": value, "unit": unit}


@pytest.mark.parametrize(("confidence", "said"), [(0.39, "not sure (111 BPM?)"), (0.41, "111.3 BPM")])
def test_a_tempo_that_is_a_guess_is_a_question(confidence, said):
    readings = {"tempo": reading(111.3, "BPM"), "tempo_confidence": reading(confidence)}
    assert told(readings, "tempo") == said


def test_people_see_the_higher_of_two_true_peaks_and_when_it_stands():
    readings = {"true_peak": reading(-1.2, "dBTP"), "true_peak_strict": reading(-0.8, "dBTP")}
    assert first_rows(readings, {"true_peak_s": 83.4}) == [("true peak", "-0.8 dBTP", "at 1:23.4")]
    assert dict(all_rows(readings)) == {
        "true peak (4x, ITU)": "-1.2 dBTP",
        "true peak, strict (16x, judged)": "-0.8 dBTP",
    }
