"""Wishes for stems together -> steps at each of them: balance, room for one of them, microphones in time."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from bridge.analysis.together import Pair, Together
from bridge.analysis.together.stems import Power
from bridge.planning.bench import Bench
from bridge.planning.draft import quoted
from bridge.planning.intent import Intent
from bridge.planning.mixing.balancing import balance_wish, listed
from bridge.planning.mixing.groups import found_roles
from bridge.planning.mixing.unmask import unmask
from bridge.planning.plan import Evidence
from bridge.planning.taste import add_band
from bridge.units import power_from_db

_PROTECTED = "lead_vocal"
_LITTLE = 0.1
"""Who is hidden less than this has nothing to complain of."""

_LEFT = 0.7
"""A plan that leaves more than this of what was hidden says so."""

_AUDIBLE_MS = 0.05
"""Two microphones this far apart cancel first at 10 kHz; less is nothing to align."""


def levels_before_balance(intents: Iterable[Intent]) -> list[Intent]:
    """What words say of levels stands on the bench before a balance looks at it, wherever it was said."""
    known = list(intents)
    if not any(intent.operation == "balance" for intent in known):
        return known
    return sorted(known, key=lambda intent: intent.operation != "level")


def mix_wish(bench: Bench, intent: Intent) -> None:
    """Puts what one of the three operations asks for on the bench, or says why it cannot be."""
    if len(bench.context.analyses) < 2:
        bench.impossible.append(
            f"{quoted(intent)}: that takes several stems; give a folder of them, or --stem NAME=FILE."
        )
    elif intent.operation == "balance":
        balance_wish(bench, intent)
    elif bench.context.ensemble is None:
        bench.impossible.append(f"{quoted(intent)}: the stems were not heard together.")
    elif intent.operation == "unmask":
        _unmask(bench, intent, bench.context.ensemble.together())
    else:
        _align(bench, intent, bench.context.ensemble.together())


# -- unmask -----------------------------------------------------------------------------------------------------------


def _unmask(bench: Bench, intent: Intent, together: Together) -> None:
    protected = _protected(bench, intent)
    if protected is None:
        bench.impossible.append(f"{quoted(intent)}: room for which stem? There are {listed(together.stems)}.")
        return
    said = [name for name in str(intent.given.get("in", "")).split("|") if name]
    named = [stem for name in said for stem in bench.context.groups.get(name, (name,)) if stem != protected]
    maskers = named or [
        name for name in together.stems if name != protected and not _one_source(together, name, protected)
    ]
    powers = {name: _after_gain(bench, name, together) for name in maskers}
    own = _after_gain(bench, protected, together)
    found = unmask(own, powers, together.frame_s, together.rate)
    share = f"{100 * found.before:.0f} % of {protected}'s loudness is hidden by {listed(maskers)}"
    short = found.before > _LITTLE and found.after > _LEFT * found.before
    if not found.cuts:
        more = _louder(protected, found.louder_db) if short else ""
        bench.satisfied.append(f"{quoted(intent)}: {share}; no gentle cut would bring back more.{more}")
        return
    if short:
        bench.warnings.append(
            f"{quoted(intent)}: gentle cuts leave {100 * found.after:.0f} % of {protected} hidden, because what "
            f"hides it lies too far above it.{_louder(protected, found.louder_db)}"
        )
    for name, bands in found.cuts.items():
        draft = bench.draft("equalizer", intent.model_copy(update={"where": name}))
        for band in bands:
            add_band(draft, {"kind": "bell", **band.model_dump(include={"frequency_hz", "gain_db", "q"})})
        draft.because(
            f"{quoted(intent)}: {share}, {100 * found.after:.0f} % after these cuts; {name} gets "
            f"{found.loss_lu[name]:.1f} LU quieter",
            Evidence(
                metric=f"masking:{protected}",
                value=round(found.before, 3),
                unit="",
                threshold=round(found.after, 3),
            ),
        )


def _after_gain(bench: Bench, name: str, together: Together) -> Power:
    """Of a stem once it has the gain that was asked for before ("balance the stems, make room for the vocal")."""
    moved = bench.find("gain", name)
    gain_db = float(moved.parameters.get("gain_db", 0.0)) if moved is not None else 0.0
    return together.powers[name] * np.float32(power_from_db(gain_db))


def _louder(protected: str, louder_db: float | None) -> str:
    """What its own level would do, in words that are understood."""
    if louder_db is None:
        return f" It is too quiet for that; {protected} wants to be much louder first."
    return f' Ask for: "{protected} {louder_db:g} dB louder".'


def _protected(bench: Bench, intent: Intent) -> str | None:
    if intent.where in bench.context.analyses:
        return intent.where
    voices = [
        name
        for name, found in found_roles(bench.context.analyses, bench.context.roles).items()
        if found.role.name == _PROTECTED
    ]
    return voices[0] if voices else None


def _one_source(together: Together, one: str, other: str) -> bool:
    """Two microphones of one source do not hide each other."""
    return together.pair(one, other).alignment.related


# -- align ------------------------------------------------------------------------------------------------------------


def _align(bench: Bench, intent: Intent, together: Together) -> None:
    """Each stem that has a sound in common with `to` is moved onto it; where nothing is said, all that belong together
    are moved onto the latest of them, because what is moved later loses nothing."""
    to = str(intent.given.get("to", ""))
    groups = (
        [_late(together, to, [intent.where] if intent.where in together.stems else None)]
        if to
        else _groups(together)
    )
    moved = False
    for late in groups:
        latest = to or max(late, key=lambda name: late[name][0])
        for name, (delay_ms, inverted) in late.items():
            moved = _moved(bench, intent, name, late[latest][0] - delay_ms, inverted, latest) or moved
    if not moved:
        bench.satisfied.append(
            f"{quoted(intent)}: no two of these stems are microphones of one source that lie apart."
        )


def _moved(bench: Bench, intent: Intent, name: str, shift_ms: float, inverted: bool, other: str) -> bool:
    at_stem = intent.model_copy(update={"where": name})
    if abs(shift_ms) >= _AUDIBLE_MS:
        draft = bench.draft("align", at_stem)
        draft.put({"shift_ms": round(shift_ms, 4)}, said=False)
        early = "before" if shift_ms > 0 else "behind"
        draft.because(f"{quoted(intent)}: {name} lies {abs(shift_ms):.2f} ms {early} {other}")
    if inverted:
        draft = bench.draft("channels", at_stem)
        draft.put({"invert": True}, said=False)
        draft.because(f"{quoted(intent)}: {name} has the opposite polarity of {other}")
    return inverted or abs(shift_ms) >= _AUDIBLE_MS


Lateness = dict[str, tuple[float, bool]]
"""By stem: how many ms it lies behind the first one of its group, and whether it is inverted against that."""


def _late(together: Together, to: str, wanted: list[str] | None) -> Lateness:
    found: Lateness = {to: (0.0, False)}
    for name in wanted or [name for name in together.stems if name != to]:
        if name != to and (apart := _apart(together, to, name)) is not None:
            found[name] = apart
    return found


def _groups(together: Together) -> list[Lateness]:
    """Stems that are microphones of one source, chained by their pairs."""
    left, groups = list(together.stems), []
    while left:
        group: Lateness = {left.pop(0): (0.0, False)}
        waiting = list(group)
        while waiting:
            one = waiting.pop()
            for name in list(left):
                apart = _apart(together, one, name)
                if apart is not None:
                    group[name] = (group[one][0] + apart[0], group[one][1] != apart[1])
                    left.remove(name)
                    waiting.append(name)
        if len(group) > 1:
            groups.append(group)
    return groups


def _apart(together: Together, one: str, other: str) -> tuple[float, bool] | None:
    """How many ms `other` lies behind `one`, and whether it is inverted; None where they have no source in common."""
    pair: Pair = together.pair(one, other)
    found = pair.alignment
    if not found.related or found.delay_ms is None:
        return None
    return (found.delay_ms if pair.second == other else -found.delay_ms), bool(found.inverted)
