"""One figure held against its limit, printed."""

from __future__ import annotations


def say(name: str, got: float, limit: float, unit: str, at_most: bool = True) -> bool:
    ok = got <= limit if at_most else got >= limit
    sign = "<=" if at_most else ">="
    print(f"{name:58} {got:10.3f} {unit:4} {sign} {limit:g} {'ok' if ok else 'MISSED'}", flush=True)
    return ok
