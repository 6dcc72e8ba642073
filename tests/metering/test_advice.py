"""Advice has patience: nothing flutters, nothing is repeated, nothing is large."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.analysis.finding import Finding, Remedy
from bridge.metering.advice import CLIPPED, LARGEST_MOVE_DB, Advisor, Patience, suggestion_of
from bridge.metering.watch import Peak

EVERY_S = 5.0
"""A moment comes so often."""


def finding(code="mud", gain_db=-2.5, hz=250.0) -> Finding:
    bell = {"kind": "bell", "frequency_hz": hz, "gain_db": gain_db, "q": 1.0}
    words = Remedy(f"cut {hz:g} Hz", "equalizer", {"bands": [bell]})
    return Finding(code, code, 5.0, "below 4 dB", "warning", "The low mids stand out.", words)


def heard(stands, advisor=None, made=finding):
    """Times and suggestions where the moments say, one after the other, whether the finding stands."""
    advisor = advisor or Advisor("Master")
    told = []
    for index, there in enumerate(stands):
        now = index * EVERY_S
        told += [(now, one) for one in advisor.moment([made()] if there else [], now)]
    return told


def test_what_stands_is_told_after_a_while_with_the_parameter_in_its_unit():
    ((at, told),) = heard([True] * 6)
    assert at == 10.0, "the first moment at which it has stood for 8 s"
    assert (told.source, told.device, told.parameter) == (
        "Master",
        "equalizer",
        "gain_db of bell at 250 Hz, Q 1",
    )
    assert (told.value, told.unit) == (-2.5, "dB")
    assert told.reason == "The low mids stand out." and "250 Hz" in told.effect
    assert told.step == {"bands": [{"kind": "bell", "frequency_hz": 250.0, "gain_db": -2.5, "q": 1.0}]}


def test_a_finding_that_flutters_at_its_threshold_is_never_told():
    assert heard([True, False] * 100) == []
    assert heard([True, True, False] * 100) == [], "it never stands for 8 s"


def test_a_finding_that_flutters_after_it_was_told_is_not_told_again():
    told = heard([True] * 3 + [False, True, True, True, False, False, True, True, True])
    assert [at for at, _ in told] == [10.0]


def test_what_was_gone_for_long_is_news_again():
    told = heard([True] * 3 + [False] * 3 + [True] * 3)
    assert [at for at, _ in told] == [10.0, 40.0]


def test_what_stands_on_is_told_again_once_a_minute():
    told = heard([True] * 40)
    assert [at for at, _ in told] == [10.0, 70.0, 130.0, 190.0]


def test_no_parameter_is_spoken_of_twice_within_five_seconds():
    advisor = Advisor("Master", Patience(hold_s=0.0))
    first = advisor.moment([finding("mud"), finding("boxy")], 0.0)
    assert [one.code for one in first] == ["mud"], "both would turn the same band"
    assert advisor.moment([finding("mud"), finding("boxy")], 4.9) == ()
    assert [one.code for one in advisor.moment([finding("mud"), finding("boxy")], 5.0)] == ["boxy"]


@given(st.lists(st.floats(-60, 20), min_size=1, max_size=200), st.floats(0.01, 2.0))
def test_whatever_the_peaks_do_gain_is_told_seldom_and_moved_little(peaks, step_s):
    advisor = Advisor("Master")
    told = []
    for index, peak in enumerate(peaks):
        one = advisor.peak(Peak(peak, int(peak >= 0)), index * step_s)
        told += [(index * step_s, one)] if one else []
    assert all(-LARGEST_MOVE_DB <= one.value < 0 for _, one in told)
    assert all(b - a >= 5.0 for (a, _), (b, _) in pairwise(told))


def test_clipping_is_told_at_once_and_once():
    advisor = Advisor("Master")
    told = [advisor.peak(Peak(0.4, 3), at / 100) for at in range(1000)]
    assert told[0] is not None and told[1:] == [None] * 999
    assert (told[0].code, told[0].parameter, told[0].value) == (CLIPPED, "gain_db", -1.4)
    assert told[0].reason == "Peaks reach +0.4 dBFS (3 samples at full scale): converters clip them."


def test_peaks_that_flutter_around_full_scale_are_one_clipping():
    """Hysteresis: it is over only when it has stayed 1 dB below full scale for long."""
    advisor = Advisor("Master", Patience(again_s=1e9))
    generator = np.random.default_rng(3)
    told = [
        advisor.peak(Peak(peak, 1), at / 10) for at, peak in enumerate(generator.uniform(-0.9, 0.3, 6000))
    ]
    assert sum(one is not None for one in told) == 1
    quiet = [advisor.peak(Peak(-6.0, 0), 600 + at / 10) for at in range(200)]
    assert not any(quiet)
    assert advisor.peak(Peak(0.1, 1), 620.0) is not None, "after 15 s of quiet it is news"


def test_clipping_that_grows_is_told_again():
    advisor = Advisor("Master")
    assert advisor.peak(Peak(0.0, 1), 0.0).value == -1.0
    assert advisor.peak(Peak(2.5, 9), 6.0).value == -LARGEST_MOVE_DB


def test_large_moves_are_made_small_and_limits_stay_as_they_are():
    assert suggestion_of(finding(gain_db=-9.0), "x").value == -LARGEST_MOVE_DB
    ceiling = Finding(
        "over", "true_peak", 1.0, "", "fault", "Over.", Remedy("limit", "limiter", {"ceiling_dbtp": -1.0})
    )
    made = suggestion_of(ceiling, "x")
    assert (made.parameter, made.value, made.unit) == ("ceiling_dbtp", -1.0, "dBTP")
    turned = Finding(
        "inv", "c", -1.0, "", "fault", "Opposed.", Remedy("invert", "channels", {"invert_right": True})
    )
    made = suggestion_of(turned, "x")
    assert (made.parameter, made.value, made.unit) == ("invert_right", 1.0, "on")


@pytest.mark.parametrize(
    "remedy",
    [
        None,
        Remedy("record it again"),
        Remedy("x", "no_such_effect", {"a": 1.0}),
        Remedy("x", "gain", {"gain_db": float("nan")}),
        Remedy("x", "gain", {"loud": 1}),
    ],
)
def test_what_cannot_be_turned_is_no_suggestion(remedy):
    assert suggestion_of(Finding("a", "b", 1.0, "", "fault", "So it is.", remedy), "x") is None


def test_every_remedy_that_rules_give_for_a_wrong_mix_is_a_suggestion_or_none():
    """Findings of a real analysis, not of our own making: muddy, clipped, with one side turned over."""
    from bridge.analysis import analyze, findings
    from bridge.audio import Audio
    from tests.signals import music_like

    sound = 6 * music_like(10).samples
    sound[1] = -sound[0]
    found = findings(
        analyze(Audio(np.clip(sound, -1, 1).astype(np.float32), 48000), without=("tempo", "key"))
    )
    made = [suggestion_of(one, "x") for one in found]
    assert any(one is not None and one.device == "channels" for one in made)
    for one in made:
        assert one is None or (one.reason and one.effect and np.isfinite(one.value))
