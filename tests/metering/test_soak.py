"""An hour of live sound: every packet is taken or told as dropped, and nothing that came is left unmeasured."""

from __future__ import annotations

import pytest

from tests.benchmarks.live_path import CORE_LIMIT, soak, unaccounted


@pytest.mark.slow
def test_an_hour_of_music_is_accounted_for_to_the_packet():
    summary, sent, share = soak(3600.0)
    assert unaccounted(summary, sent) == 0, summary
    assert summary["losses"]["unmeasured_frames"] == 0
    assert share <= CORE_LIMIT
