"""What the two passes over a plugin have found out, in words, and which of them is still to come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridge.hosting import Catalogue, PluginRecord
    from bridge.hosting.record import DeepRecord


def status(record: PluginRecord) -> str:
    return "slow, still loading in the background" if record.unfinished else record.status


def measured(record: PluginRecord) -> Iterator[str]:
    """Lines about what playing has shown, or that nothing has played yet."""
    if record.load_s is not None:
        yield f"loads in {record.load_s:.2g} s"
    if record.deep is None:
        yield "deep scan: not yet (the daemon does it in its spare time, `dawbridge plugins scan --deep` now)"
        return
    yield from _deep(record.deep)


def _deep(deep: DeepRecord) -> Iterator[str]:
    late = "no answer to an impulse" if deep.latency_frames is None else f"{deep.latency_frames} frames"
    hidden = f", {deep.hidden_latency_frames} of them not reported" if deep.hidden_latency_frames else ""
    yield f"measured latency: {late}{hidden}"
    yield f"tail: {'over 10 s' if deep.tail_s is None else f'{deep.tail_s:.2g} s'}; {deep.speed:.0f} x real time"
    facts = {
        "the same sound every time": deep.deterministic,
        "the same with any block size": deep.block_independent,
        "its stored state brings the sound back": deep.state_round_trip,
        "instances leave each other alone": deep.instances_independent,
    }
    yield from (f"{what}: {'yes' if true else 'no'}" for what, true in facts.items())


def to_come(catalogue: Catalogue) -> Iterator[str]:
    """What is left to be found out, and how it comes about."""
    done, total = catalogue.deep_scanned()
    if total:
        rest = (
            ""
            if done == total
            else "; the daemon plays the rest in its spare time, `dawbridge plugins scan --deep` now"
        )
        yield f"deep scan: {done} of {total}{rest}"
    loading = [record.name for record in catalogue.records() if record.unfinished]
    if loading:
        verb = "is" if len(loading) == 1 else "are"
        yield (
            f"{', '.join(loading)} {verb} slow to load; the daemon finishes this in its spare time, "
            "`dawbridge plugins scan --wait` now"
        )
