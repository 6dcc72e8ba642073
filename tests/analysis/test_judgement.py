"""Sounds held against targets row by row, and what the platform will do."""

from __future__ import annotations

import pytest

from bridge.analysis import Analysis
from bridge.analysis.finding import findings
from bridge.analysis.judgement import judge
from bridge.analysis.target import Playback, Span, Target


def platform(plays: Playback | None = None) -> Target:
    expects = {"integrated_loudness": Span(-15.0, -13.0, -14.0), "true_peak": Span(high=-1.0)}
    return Target("club", "The Club", "platform", expects, "here", "2026-11", playback=plays)


def reading(lufs: float | None, dbtp: float | None, strict: float | None = None) -> Analysis:
    values = {"integrated_loudness": lufs, "true_peak": dbtp, "true_peak_strict": strict}
    return Analysis.from_readings(values)


@pytest.mark.parametrize(("strict", "met"), [(-0.97, True), (-0.7, False)])
def test_a_ceiling_is_judged_by_the_strict_peak_to_a_twentieth_of_a_db(strict, met):
    analysis = reading(-14.0, -1.2, strict)
    row = judge(analysis, platform()).rows[1]
    assert (row.value, row.met) == (strict, met)
    assert [f.metric for f in findings(analysis, platform())] == ([] if met else ["true_peak"])


def test_a_strict_peak_that_reads_lower_changes_nothing():
    assert judge(reading(-14.0, -0.5, -0.6), platform()).rows[1].value == -0.5


def test_what_cannot_be_measured_is_neither_met_nor_missed():
    judged = judge(reading(None, None), platform())
    assert [row.met for row in judged.rows] == [None, None] and not judged.met
    assert judged.to_json()["rows"][0]["reason"] == "not given"


@pytest.mark.parametrize(
    ("plays", "lufs", "dbtp", "said"),
    [
        (Playback(-14.0), -10.8, -1.0, "The Club will turn it down by 3.2 dB, to -14 LUFS."),
        (Playback(-14.0), -20.0, -6.0, "The Club will play it as it is."),
        (Playback(-14.0, -1.0), -20.0, -9.0, "The Club will turn it up by 6.0 dB."),
        (Playback(-14.0, -1.0), -20.0, -4.0, "The Club will turn it up by 3.0 dB."),
        (Playback(-14.0, -1.0), -20.0, 0.0, "The Club will play it as it is."),
        (None, -10.8, -1.0, ""),
    ],
)
def test_what_a_platform_does_with_the_level(plays, lufs, dbtp, said):
    assert judge(reading(lufs, dbtp), platform(plays)).playback == said
