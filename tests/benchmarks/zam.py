"""What the scanner finds out about Debian's zam-plugins, beside what was measured of them by hand before it was
written: `python -m tests.benchmarks.zam [--verb]`. --verb: ZamVerb too, which loads for minutes."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from bridge.hosting import Catalogue, PluginRecord
from bridge.hosting.scan import scan
from tests.hosting import bundles

MONO = (
    "ZaMultiComp", "ZamAutoSat", "ZamComp", "ZamDelay", "ZamDynamicEQ", "ZamEQ2", "ZamGEQ31", "ZamGate", "ZamGrains",
    "ZamPhono", "ZamTube",
)  # fmt: skip
STEREO = ("ZaMaximX2", "ZaMultiCompX2", "ZamCompX2", "ZamGateX2", "ZamHeadX2", "ZamVerb")
ODD = {
    ("ZaMaximX2", "latency"): 480,
    ("ZamDelay", "any block"): False,
    ("ZamGrains", "any block"): False,
    ("ZamTube", "any block"): False,
    ("ZamTube", "same again"): False,
    ("ZamTube", "instances"): False,
    ("ZamTube", "state"): False,
    ("ZamHeadX2", "instances"): False,
}
"""ZamTube: what does not sound the same twice fails, by chance, in every comparison."""
MAY = {key for key in ODD if key[0] == "ZamTube" and key[1] != "same again"}


def expected(name: str, what: str) -> object:
    usual = {"channels": 1 if name in MONO else 2, "latency": 0}
    return ODD.get((name, what), usual.get(what, True))


def found(record: PluginRecord) -> dict[str, object]:
    deep = record.deep
    assert deep is not None, record.reason
    return {
        "channels": record.channels[0] if len(record.channels) == 1 else record.channels,
        "latency": record.latency_frames,
        "same again": deep.deterministic,
        "any block": deep.block_independent,
        "state": deep.state_round_trip,
        "instances": deep.instances_independent,
    }


def differences(record: PluginRecord) -> list[str]:
    name = record.name
    if record.deep is None:
        return [f"{name}: {record.status}, {record.reason}"]
    return [
        f"{name}: {what} is {got}, was {expected(name, what)}"
        for what, got in found(record).items()
        if got != expected(name, what) and (name, what) not in MAY
    ]


def line(record: PluginRecord) -> str:
    if record.deep is None:
        return f"{record.name:14} {record.status}"
    shown = {key: {True: "yes", False: "no"}.get(value, value) for key, value in found(record).items()}  # type: ignore[call-overload]
    shown["channels"], shown["latency"] = record.channels[0], record.latency_frames
    deep = record.deep
    tail = "over 10" if deep.tail_s is None else f"{deep.tail_s:.3f}"
    return (
        f"{record.name:14} {shown['channels']!s:>8} {shown['latency']!s:>8} {shown['same again']!s:>11} "
        f"{shown['any block']!s:>10} {shown['state']!s:>6} {shown['instances']!s:>10} {tail:>8} {record.load_s:8.3f} "
        f"{deep.speed:8.0f}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--verb", action="store_true")
    asked = parser.parse_args()
    names = [name for name in sorted(MONO + STEREO) if asked.verb or name != "ZamVerb"]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VST3_PATH"] = str(bundles.ZAM)
        there = [bundles.ZAM / f"{name}.vst3" for name in names]
        records = {r.name: r for r in scan(Catalogue(Path(folder)), there, deep=True, wait=True)}
    print(
        "plugin         channels  latency  same again  any block  state  instances   tail s   load s     xRT"
    )
    for name in names:
        print(line(records[name]))
    wrong = [text for name in names for text in differences(records[name])]
    for text in wrong:
        print(f"differs: {text}")
    print(f"differences from what was measured by hand: {len(wrong)} <= 0 {'MISSED' if wrong else 'ok'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
