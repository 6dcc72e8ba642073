"""The checker finds what it is for."""

from __future__ import annotations

import pytest

from tests.jobs.desk import sound_at
from tests.jobs.invariants import broken_outputs, replayed


def history(*steps: tuple[str, str | None, str | None, int]) -> list[dict[str, object]]:
    return [
        {"what": what, "before": before, "after": after, "attempt": n} for what, before, after, n in steps
    ]


GOOD = [
    ("added", None, "queued", 0),
    ("claimed", "queued", "planning", 1),
    ("plan frozen", "planning", "planned", 1),
    ("rendering", "planned", "running", 1),
    ("verified", "running", "verifying", 1),
    ("done", "verifying", "done", 1),
    ("result written", None, None, 1),
]


def test_a_plain_history_has_no_fault():
    assert replayed(history(*GOOD), "done", 1) == []


@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        ([*GOOD[:2], *GOOD[3:]], "rendering starts at planned, the job stood at planning"),
        ([*GOOD, ("claimed", "done", "planning", 2)], "leads from done to planning"),
        ([*GOOD[:3], ("orphan requeued", "planned", "planned", 1), GOOD[2], *GOOD[3:]], "I8 planned 2 times"),
        ([*GOOD, GOOD[-1]], "result written 2 times"),
        (GOOD[:-2], "ended 0 times"),
        ([*GOOD[:4], ("verified", "running", "verifying", 2), *GOOD[5:]], "belongs to attempt 2"),
    ],
)
def test_a_faulty_history_is_named(steps, fault):
    assert fault in "; ".join(replayed(history(*steps), "done", 1))


def test_half_a_file_under_its_final_name_is_found(tmp_path):
    path = sound_at(tmp_path / "outbox" / "job" / "a.wav")
    assert broken_outputs(tmp_path / "outbox") == []
    path.write_bytes(path.read_bytes()[:-1000])
    assert len(broken_outputs(tmp_path / "outbox")) == 1
    path.write_bytes(b"")
    assert len(broken_outputs(tmp_path / "outbox")) == 1
