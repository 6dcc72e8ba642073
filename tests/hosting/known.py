"""Bundles whose scan is done already, so that a test renders at once and a fault may strike at any frame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bridge.hosting import Catalogue, PluginRecord
from bridge.hosting.record import DeepRecord
from bridge.hosting.scan import scan

HEALTHY = DeepRecord(
    latency_frames=0,
    tail_s=0.0,
    deterministic=True,
    block_independent=True,
    state_round_trip=True,
    instances_independent=True,
    speed=1000.0,
)


def scanned(bundle: Path, state: Path) -> PluginRecord:
    """The record of one healthy bundle, on which those of its brothers are modelled."""
    (record,) = scan(Catalogue(state), [bundle])
    return record


def maker(model: PluginRecord, catalogue: Catalogue, faulty: Callable[..., Path]) -> Callable[..., Path]:
    """known("Name", latency=100, deep={"tail_s": 2.0}, **behaviour): a bundle that counts as scanned."""

    def known(
        name: str, deep: dict[str, object] | None = None, version: str = "1.0", **behaviour: object
    ) -> Path:
        bundle = faulty(name, **behaviour)
        late = int(str(behaviour.get("latency", 0)))
        reported = int(str(behaviour.get("report", late)))
        found = replace(HEALTHY, latency_frames=late, hidden_latency_frames=late - reported, **(deep or {}))
        layout = {"mono": (1,), "stereo": (2,)}.get(str(behaviour.get("layout")), (1, 2))
        record = replace(
            model,
            file=str(bundle),
            name=name,
            version=version,
            identifier="",  # of the bundle itself, which nobody has asked
            deep=found,
            latency_frames=reported,
            channels=layout,
        )
        catalogue.keep([record])
        return bundle

    return known
