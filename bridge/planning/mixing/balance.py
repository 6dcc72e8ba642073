"""Balance: how much louder or quieter each stem should be, so that each role stands where it belongs in the mix."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median

from bridge.analysis.reading import Analysis
from bridge.planning.mixing.likeness import Likeness
from bridge.planning.mixing.role import Found

MOST_DB = 12.0
"""More than this is no balance but a wrong take, or a stem that is silent by intention."""

LEAST_DB = 0.5
"""Less is a matter of taste: nobody hears it in a mix."""


@dataclass(frozen=True)
class Move:
    """What one stem gets. lufs: its integrated loudness now; balance_db: how far it moves against the others;
    gain_db: that, and what keeps the mix as loud as it was. held: it would take more than MOST_DB. against_db: what it
    would have got, 0 but for a stem that words moved the other way, which then stays for the balance."""

    role: Found
    lufs: float
    balance_db: float
    gain_db: float
    held: bool
    against_db: float = 0.0


def balance(
    stems: Mapping[str, Analysis], roles: Mapping[str, Found], said_db: Mapping[str, float] | None = None
) -> dict[str, Move]:
    """A move for each stem that has a loudness (silent ones have none); nothing where all of them fit.

    Several stems of one role share its place in equal parts of power. The stem in the middle of all that is needed
    stays, or, where that would hold any at MOST_DB, the level that holds the fewest; the others move against it, and
    then all together, so that the power of their sum stays what it is where MOST_DB
    allows. Loudness: BS.1770-4, gated.

    said_db: by stem, what words asked for beside the balance. It comes on top; a stem that would be moved the other way
    is not moved, and the others are balanced among themselves.
    """
    now = {
        name: lufs for name, each in stems.items() if (lufs := each.number("integrated_loudness")) is not None
    }
    count = Counter(roles[name].role.name for name in now)
    share = {name: -roles[name].role.under_lu - 10 * math.log10(count[roles[name].role.name]) for name in now}
    return _moves({name: share[name] - now[name] for name in now}, now, roles, said_db or {})


def balance_like(
    stems: Mapping[str, Analysis],
    roles: Mapping[str, Found],
    like: Likeness,
    said_db: Mapping[str, float] | None = None,
) -> dict[str, Move]:
    """A move for each stem that is heard in the mix that `like` speaks of, bounded and levelled as above."""
    now = {
        name: lufs
        for name, each in stems.items()
        if (lufs := each.number("integrated_loudness")) is not None and like.gains_db.get(name) is not None
    }
    return _moves({name: float(like.gains_db[name] or 0.0) for name in now}, now, roles, said_db or {})


def _moves(
    needed: Mapping[str, float],
    now: Mapping[str, float],
    roles: Mapping[str, Found],
    said_db: Mapping[str, float],
) -> dict[str, Move]:
    if not needed:
        return {}
    middle = _middle(list(needed.values()))
    if all(abs(each - middle) < LEAST_DB for each in needed.values()):
        return {}
    moves = {name: max(-MOST_DB, min(MOST_DB, each - middle)) for name, each in needed.items()}
    gains, against = _around(_levelled(moves, now), moves, now, said_db)
    return {
        name: Move(
            roles[name],
            now[name],
            round(moves[name], 1),
            round(gains[name], 1),
            abs(needed[name] - middle) > MOST_DB,
            round(against.get(name, 0.0), 1),
        )
        for name in now
    }


def _levelled(moves: Mapping[str, float], now: Mapping[str, float]) -> dict[str, float]:
    """All of them together up or down, so that the power of their sum stays what it is where MOST_DB allows."""
    common = _summed(now[name] for name in moves) - _summed(now[name] + moves[name] for name in moves)
    common = min(max(common, -MOST_DB - min(moves.values())), MOST_DB - max(moves.values()))
    return {name: move + common for name, move in moves.items()}


def _around(
    gains: dict[str, float],
    moves: Mapping[str, float],
    now: Mapping[str, float],
    said_db: Mapping[str, float],
) -> tuple[dict[str, float], dict[str, float]]:
    """The gains without those against what was said, and those. The other stems are balanced among themselves."""
    against: dict[str, float] = {}
    while found := {name: gain for name, gain in gains.items() if gain * said_db.get(name, 0.0) < 0}:
        against |= found
        rest = {name: moves[name] for name in moves if name not in against}
        gains = dict.fromkeys(against, 0.0) | (_levelled(rest, now) if rest else {})
    return gains, against


def _middle(needed: list[float]) -> float:
    """Around the median, such that no more than must be lies farther than MOST_DB away."""
    middle = median(needed)
    around = [middle, *(each + MOST_DB for each in needed), *(each - MOST_DB for each in needed)]

    def strain(level: float) -> tuple[int, float]:
        held = sum(abs(each - level) > MOST_DB + 1e-9 for each in needed)
        return held, abs(level - middle)

    return min(around, key=strain)


def _summed(levels: Iterable[float]) -> float:
    """Of independent sounds: their powers added, in dB."""
    return 10 * math.log10(sum(10 ** (each / 10) for each in levels))
