"""Readings as people read them."""

from __future__ import annotations

import pytest

from bridge.cli.readings import all_rows, before_after, first_rows, told


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


def test_before_and_after_tell_the_peak_that_checks_go_by_where_both_sounds_have_it(capsys):
    before = {"true_peak": reading(-8.0, "dBTP"), "true_peak_strict": reading(-7.5, "dBTP")}
    after = {"true_peak": reading(-1.4, "dBTP"), "true_peak_strict": reading(-1.0, "dBTP")}
    before_after(before, after)
    assert [part.strip() for part in capsys.readouterr().out.splitlines()[-1].split("|")] == [
        "true peak", "-7.5 dBTP", "-1.0 dBTP", "+6.5",
    ]  # fmt: skip
    before_after(before, {"true_peak": reading(-1.4, "dBTP")})
    assert "-8.0 dBTP" in capsys.readouterr().out  # one is not held against the other
