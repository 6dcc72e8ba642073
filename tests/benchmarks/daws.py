"""Ardour, a real one without display: how fast a plan is applied and verified, and what a bad network does to it.

    python -m tests.benchmarks.daws

Limits: 40 parameters applied and read back within 1 s; 5,000 updates of one parameter end on the last value; behind a
proxy that loses 30 % of all datagrams and reorders 10 %, each parameter is right or reported as failed (two seeds).
"""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from bridge.daws.applying import apply
from bridge.daws.ardour import DAW
from bridge.daws.ardour.link import ArdourLink
from bridge.daws.journal import Journal, Kept
from bridge.daws.link import Device, Track
from bridge.daws.reverting import revert
from bridge.planning.plan import Plan, Step
from tests.benchmarks.figure import say
from tests.daws.ardour.lanes import lanes
from tests.daws.ardour.proxy import Proxy
from tests.daws.ardour.real import RealArdour

UPDATES = 5000
SEEDS = (11, 12)


def plan() -> Plan:
    """Equalizers, compressors, a delay and faders: 40 parameters with the switches of the bands."""
    bands = [
        {"kind": "bell", "frequency_hz": hz, "gain_db": gain_db, "q": 1.1}
        for hz, gain_db in ((250, -3), (900, 2), (3000, 2.5), (7000, -2))
    ]
    squeezed = {"threshold_db": -22.0, "ratio": 3.0, "attack_ms": 9.0, "release_ms": 110.0, "knee_db": 6.0}
    wishes = (
        ("equalizer", "Vocal", {"bands": bands}),
        ("compressor", "Vocal", squeezed),
        ("compressor", "Twins", squeezed),
        ("delay", "Echo", {"time_ms": 210.0, "feedback": 0.3, "mix": 0.2}),
        ("gain", "Bass", {"gain_db": -2.0}),
    )
    return Plan(
        steps=tuple(
            Step(id=f"s{n}", effect=effect, where=track, parameters=given)
            for n, (effect, track, given) in enumerate(wishes)
        )
    ).with_id()


def value_of(link: ArdourLink, track: str, device: str, parameter: str) -> float:
    at = next(each for each in link.tracks() if each.name == track)
    found = next(each for each in link.devices(at) if each.name == device)
    return next(each.value for each in link.parameters(at, found) if each.name == parameter)


def applied_s(link: ArdourLink, folder: Path) -> tuple[float, int]:
    """The longest of five, and how many parameters it set. Each is put back in between."""
    taken = []
    for n in range(5):
        start = time.perf_counter()
        done = apply(plan(), link, DAW.table, Journal(folder, f"a{n}", "ardour", ""))
        taken.append(time.perf_counter() - start)
        assert {one.verdict for one in done.written} == {"applied"}, done
        assert revert(Kept(folder, f"a{n}"), link, Journal(folder, f"a{n}.back", "ardour", "", f"a{n}")).ok
    return max(taken), len(done.written)


def last_of_many(link: ArdourLink) -> tuple[float, float]:
    """How far from the last of 5,000 values it ends, and how long they took."""
    track: Track = next(each for each in link.tracks() if each.name == "Squeeze")
    device: Device = link.devices(track)[1]
    threshold = next(each for each in link.parameters(track, device) if each.name == "Threshold")
    start = time.perf_counter()
    values = [(threshold, -60.0 + 50.0 * n / UPDATES) for n in range(1, UPDATES + 1)]
    link.write(track, device, values)
    got = value_of(link, "Squeeze", "ACE Compressor", "Threshold")
    return abs(got - values[-1][1]), time.perf_counter() - start


def wrong_behind(link: ArdourLink, port: int, folder: Path, seed: int) -> tuple[int, int, int, float]:
    """Parameters called applied that are not, those called failed, all, and seconds."""
    start = time.perf_counter()
    with (
        Proxy(port, drop=0.3, late=0.1, seed=seed) as bad,
        closing(ArdourLink("127.0.0.1", bad.port)) as through,
    ):
        done = apply(plan(), through, DAW.table, Journal(folder, f"p{seed}", "ardour", ""))
    taken = time.perf_counter() - start
    wrong = 0
    for one in done.written:
        if one.verdict == "applied" and one.got is not None:
            wrong += abs(value_of(link, one.track, one.device, one.parameter) - one.got) > 1e-3
    failed = sum(one.verdict == "failed" for one in done.written)
    revert(Kept(folder, f"p{seed}"), link, Journal(folder, f"p{seed}.back", "ardour", "", f"p{seed}"))
    return wrong, failed, len(done.written) + len(done.left), taken


def main() -> int:
    ok = True
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        with (
            RealArdour(folder / "real", lanes(folder / "sounds")) as ardour,
            closing(ArdourLink("127.0.0.1", ardour.port)) as link,
        ):
            longest_s, parameters = applied_s(link, folder / "journals")
            ok &= say("parameters of the plan", parameters, 40, "", at_most=False)
            ok &= say("applied and read back, longest of 5", longest_s, 1.0, "s")
            off_db, many_s = last_of_many(link)
            ok &= say(f"{UPDATES} updates in {many_s:.2f} s: distance from the last", off_db, 0.001, "dB")
            for seed in SEEDS:
                wrong, failed, of, taken = wrong_behind(link, ardour.port, folder / "journals", seed)
                name = f"30 % lost, 10 % reordered: wrong of {of} ({failed} failed, {taken:.1f} s)"
                ok &= say(name, wrong, 0, "")
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
