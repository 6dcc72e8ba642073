"""A target's file that says nonsense is refused with what is wrong, whatever the nonsense."""

from __future__ import annotations

import math
from typing import Any

import pytest

from bridge.analysis.target import Target
from bridge.errors import BadInput

GOOD: dict[str, Any] = {
    "title": "Mine", "kind": "genre", "source": "own", "date": "2025-01",
    "expects": {"integrated_loudness": {"low": -15, "high": -13.0}},
    "spectrum": {"points": [[100, 0.0], [1000, -5]], "tolerance_db": 3},
    "playback": {"lufs": -14, "raises_to_dbtp": -1},
}  # fmt: skip

NONSENSE: dict[str, dict[str, Any]] = {
    **{
        f"low is {low!r}": {"expects": {"integrated_loudness": {"low": low}}}
        for low in ("x", "-14", [1], True, math.nan, math.inf, -math.inf, 10**400)
    },
    "expects is a list": {"expects": ["integrated_loudness"]},
    "a metric's span is a number": {"expects": {"integrated_loudness": -14.0}},
    "a point of one number": {"spectrum": {"points": [[100.0], [1000.0]], "tolerance_db": 3.0}},
    "a point of three": {"spectrum": {"points": [[100.0, 0, 0], [1000.0, 0, 0]], "tolerance_db": 3.0}},
    "a point that is a number": {"spectrum": {"points": [100.0, 1000.0], "tolerance_db": 3.0}},
    "a point of words": {"spectrum": {"points": [["100", "0"], ["1000", "0"]], "tolerance_db": 3.0}},
    "a point at nan": {"spectrum": {"points": [[100.0, math.nan], [1000.0, 0.0]], "tolerance_db": 3.0}},
    "points are a number": {"spectrum": {"points": 5, "tolerance_db": 3.0}},
    "spectrum is a list": {"spectrum": [[100.0, 0.0]]},
    "tolerance is a word": {"spectrum": {"points": [[100.0, 0.0], [1000.0, 0.0]], "tolerance_db": "3"}},
    "tolerance is infinite": {
        "spectrum": {"points": [[100.0, 0.0], [1000.0, 0.0]], "tolerance_db": math.inf}
    },
    "playback is a number": {"playback": -14.0},
    "playback's loudness is a word": {"playback": {"lufs": "loud"}},
    "playback raises to nan": {"playback": {"lufs": -14.0, "raises_to_dbtp": math.nan}},
    "words are a number": {"words": 5},
    "kind is a list": {"kind": ["genre"]},
}


def test_whole_numbers_are_numbers() -> None:
    target = Target.from_dict("mine", GOOD)
    span = target.expects["integrated_loudness"]
    assert (span.low, span.high) == (-15.0, -13.0)
    assert target.playback is not None and target.playback.lufs == -14.0
    assert target.spectrum is not None and target.spectrum.tolerance_db == 3.0


@pytest.mark.parametrize("wrong", NONSENSE)
def test_a_wrong_type_or_no_finite_number_is_refused_by_the_target_s_name(wrong: str) -> None:
    with pytest.raises(BadInput, match="Target mine"):
        Target.from_dict("mine", GOOD | NONSENSE[wrong])
