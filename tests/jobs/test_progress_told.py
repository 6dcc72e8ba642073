"""Progress crosses to the parent a few times a second, and every new stage at once."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.bootstrap import worker


def test_blocks_that_follow_fast_are_told_once_and_a_new_stage_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now_s = [100.0]
    monkeypatch.setattr(worker.time, "monotonic", lambda: now_s[0])
    told: list[dict[str, Any]] = []
    progress = worker.progress_told(told.append)
    for block in range(100):
        now_s[0] += 0.01
        progress(block / 200, "render")
    assert told[0]["fraction"] == 0.0
    assert 15 <= len(told) <= 21, "20 a second for one second"
    progress(0.9, "verify")
    assert told[-1] == {"kind": "progress", "fraction": 0.9, "stage": "verify"}
