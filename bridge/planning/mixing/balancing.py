"""A balance that is asked for -> a gain at each stem: like the reference where that is a mix of them, else by roles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bridge.planning.bench import Bench
from bridge.planning.draft import quoted
from bridge.planning.intent import Intent
from bridge.planning.mixing.balance import LEAST_DB, MOST_DB, Move, balance, balance_like
from bridge.planning.mixing.groups import found_roles
from bridge.planning.mixing.likeness import Likeness
from bridge.planning.plan import Evidence

HEADROOM_DBTP = -6.0
"""What the sum of a balance leaves to whoever goes on with it: a staging aim of most handbooks."""

_STEM_PEAK_DBTP = -1.0
_FULL_SCALE_DBTP = 0.0


def balance_wish(bench: Bench, intent: Intent) -> None:
    """Puts the gains on the bench, or says that nothing needs moving."""
    context = bench.context
    found = found_roles(context.analyses, context.roles)
    like = context.ensemble.likeness() if context.ensemble is not None else None
    said_db = _said_db(bench)
    if like is not None and like.same:
        moves = balance_like(context.analyses, found, like, said_db)
        _say_what_is_missing(bench, intent, like)
        fits = f"every stem is within {LEAST_DB:g} dB of where it stands in {like.name}."
    else:
        if like is not None:
            bench.warnings.append(
                f"{quoted(intent)}: {like.name} is no mix of these stems (their sum agrees with it to "
                f"{100 * like.agreement:.0f} %), so they are balanced by what each of them plays."
            )
        moves = balance(context.analyses, found, said_db)
        _say_who_is_unknown(bench, [name for name, role in found.items() if role.by == "nothing"])
        fits = f"every stem is within {LEAST_DB:g} dB of where its role stands."
    amount = min(1.0, abs(intent.amount))
    gains_db = {name: move.gain_db * amount for name, move in moves.items()}
    if all(abs(gain) < LEAST_DB for gain in gains_db.values()):
        bench.satisfied.append(f"{quoted(intent)}: {fits}")
        return
    _say_what_stays(bench, intent, moves)
    lower_db = _lowered(
        bench, intent, {name: gain + said_db.get(name, 0.0) for name, gain in gains_db.items()}
    )
    for name, move in moves.items():
        if abs(gains_db[name] + lower_db) >= LEAST_DB:
            _move(bench, intent, name, move, gains_db[name] + lower_db, like)


def _said_db(bench: Bench) -> dict[str, float]:
    """By stem, the gain that words asked for."""
    drafts = ((name, bench.find("gain", name)) for name in bench.context.analyses)
    return {name: float(draft.parameters.get("gain_db", 0.0)) for name, draft in drafts if draft is not None}


def _say_what_stays(bench: Bench, intent: Intent, moves: Mapping[str, Move]) -> None:
    """A wish in words rules over the judgement beside it."""
    bench.warnings += [
        f"{quoted(intent)}: {name} would go {move.against_db:+.1f} dB against the others; what you asked of it goes "
        "the other way and comes first."
        for name, move in moves.items()
        if abs(move.against_db) >= LEAST_DB
    ]


def _say_who_is_unknown(bench: Bench, unsure: list[str]) -> None:
    if unsure:
        bench.warnings.append(
            f"{listed(unsure)}: neither name nor sound says what it plays, so it stands where accompaniment does; "
            "name the stem after its instrument to be sure."
        )


def _say_what_is_missing(bench: Bench, intent: Intent, like: Likeness) -> None:
    missing = [name for name, gain in like.gains_db.items() if gain is None]
    if missing:
        bench.warnings.append(
            f"{quoted(intent)}: {listed(missing)} cannot be heard in {like.name}, and stays as it is."
        )
    if not like.exact:
        bench.warnings.append(
            f"{quoted(intent)}: {like.name} was changed after it was mixed, so the gains are told from the bands of "
            "the spectrum and come near to it, no more."
        )


def _lowered(bench: Bench, intent: Intent, gains_db: Mapping[str, float]) -> float:
    """How far all go down together so that neither a stem nor their sum is pressed against full scale, 0 or less; a
    limiter in a single stem would change its sound for the sake of a balance."""
    peaks = {name: each.number("true_peak") for name, each in bench.context.analyses.items()}
    rises = [
        peak + gains_db[name] - _STEM_PEAK_DBTP
        for name, peak in peaks.items()
        if peak is not None and gains_db.get(name, 0.0) > 0
    ]
    over = max([0.0, *rises])
    mixed = bench.context.ensemble.mixed(gains_db) if bench.context.ensemble is not None else None
    peak = mixed.number("true_peak") if mixed is not None else None
    if peak is not None and peak - over > _FULL_SCALE_DBTP:
        over = peak - HEADROOM_DBTP
    if over > 0:
        over = round(over + 0.05, 1)
        bench.warnings.append(
            f"{quoted(intent)}: all stems go down by {over:g} dB together, so that none needs a limiter"
            + (f"; the mix then peaks at {peak - over:.1f} dBTP." if peak is not None else ".")
        )
    if peak is not None and peak - over > HEADROOM_DBTP + 0.1:
        bench.warnings.append(
            f"{quoted(intent)}: the mix then peaks at {peak - over:.1f} dBTP; for {-HEADROOM_DBTP:g} dB of headroom "
            f"turn all stems down by {peak - over - HEADROOM_DBTP:.1f} dB."
        )
    return -over


def _move(bench: Bench, intent: Intent, name: str, move: Move, gain_db: float, like: Likeness | None) -> None:
    draft = bench.draft("gain", intent.model_copy(update={"where": name}))
    total = float(draft.parameters.get("gain_db", 0.0)) + gain_db
    draft.put({"gain_db": round(total, 1)}, said=True)  # bounded already; one held alone would spoil all
    held = f", held at {MOST_DB:g} dB" if move.held else ""
    by = f"as in {like.name}" if like is not None and like.same else move.role.sentence(name)
    draft.because(
        f"{quoted(intent)}: {by}; {move.lufs:.1f} LUFS, {move.balance_db:+.1f} dB against the others{held}",
        Evidence(metric="integrated_loudness", value=round(move.lufs, 2), unit="LUFS"),
    )


def listed(names: Iterable[str]) -> str:
    return ", ".join(names)
