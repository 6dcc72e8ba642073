"""Where a job may stand and where it may go from there; the only place that says so.

    queued ──> planning ──> planned ──> running ──> verifying ──> done
                  │ no_op, answer ─────────────────────────────────┘
    any of the first four ──> failed | refused | cancelled ──> queued, planned   (asked for again)

`queued` and `planned` wait for a worker; `planned` has its plan frozen, so a second run never plans again.
`verifying` has a complete, measured temporary file whose hash is in the ledger; only the renaming is left.
Going back (planning -> queued, running -> planned, verifying -> planned) is what happens when a run is lost.
"""

from __future__ import annotations

from typing import Final, Literal

State = Literal[
    "queued", "planning", "planned", "running", "verifying", "done", "failed", "refused", "cancelled"
]

TRANSITIONS: Final[dict[State, frozenset[State]]] = {
    "queued": frozenset({"planning", "failed", "refused", "cancelled"}),
    "planning": frozenset({"planned", "queued", "done", "failed", "refused", "cancelled"}),
    "planned": frozenset({"running", "failed", "refused", "cancelled"}),
    "running": frozenset({"verifying", "planned", "failed", "refused", "cancelled"}),
    "verifying": frozenset({"done", "planned", "failed"}),
    "done": frozenset(),
    "failed": frozenset({"queued", "planned"}),
    "refused": frozenset({"queued"}),
    "cancelled": frozenset({"queued", "planned"}),
}

WAITING: Final[tuple[State, ...]] = ("queued", "planned")
FINAL: Final[tuple[State, ...]] = ("done", "failed", "refused", "cancelled")

LOST_RUN: Final[dict[State, State]] = {"planning": "queued", "running": "planned", "verifying": "planned"}
"""Where a job goes back to when its worker or its daemon is gone."""


def allowed(current: State, to: State) -> bool:
    return to in TRANSITIONS[current]
