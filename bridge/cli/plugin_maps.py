"""`dawbridge plugins map`: how a plugin would play an effect of ours, shown before it is trusted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bridge.cli.known_plugin import record_of, span_of, state_option
from bridge.cli.terminal import emit, json_option, note, say, table
from bridge.errors import BadInput

if TYPE_CHECKING:
    from bridge.hosting import PluginParameter, PluginRecord
    from bridge.hosting.mapping import BandSlot, PluginMap, Target


@click.command("map")
@click.argument("name")
@click.option(
    "--effect", metavar="EFFECT", help="Which of our effects it shall play, where it could be several."
)
@click.option("--trust", is_flag=True, help="Keep this map as your own: plans use it from now on.")
@click.option(
    "--edit", is_flag=True, help="Print where your own map lies; it is written there if there is none."
)
@state_option
@json_option
def map_command(
    name: str, effect: str | None, trust: bool, edit: bool, state: str | None, as_json: bool
) -> int:
    """How a plugin plays one of our effects: our parameters, its own, and what has no counterpart.

    A map is shipped, your own, or guessed from names and units. Plans never use a guess; --trust makes it your own.
    Where nothing can be guessed, --edit writes an empty map with the names of both sides, to be filled in.

    \b
    plugin = "MyComp"                   what stands in a map
    effect = "compressor"
    trusted = true                      without it plans do not use the map
    \b
    [parameters]                        ours = theirs; one line each
    threshold_db = "thresh_db"          names of `dawbridge plugins show MyComp`
    range_db = { to = "close_db", factor = -1, offset = 0 }
    decay_s = { to = "size", points = [[0.5, 10], [2, 60]] }
    ceiling_dbtp = { to = "out_db", also = ["limit_db"] }
    \b
    [fixed]                             theirs, always set so
    sidechain = false
    \b
    [[bands]]                           an equalizer's; q or bandwidth_octaves
    kind = "bell"
    frequency_hz = "freq_1_hz"
    gain_db = "gain_1_db"
    q = "q_1"
    """
    from bridge.bootstrap.players import own_presets
    from bridge.hosting.map_files import own_file, own_map, write

    record = record_of(name, state)
    own = own_presets()
    _not_broken(record.name, own)
    file = own_file(record.name, own)
    known = _found(record, effect, own)
    found, source = known or _begun(record, effect, own, edit)
    if trust:
        _keep_to(found.effect, own_map(record.name, own), file)
        found, source = (
            found.model_copy(update={"trusted": True, "checked": _checked(found, record)}),
            "yours",
        )
        write(found, own)
    elif edit and not file.exists():
        write(found, own)
    if as_json:
        emit({"map": _json(found, record), "source": source, "file": str(file)})
    elif edit:
        say(str(file))
    else:
        _show(found, record, source)
        _next_step(found, record, trust, file)
    return 0


def _found(record: PluginRecord, effect: str | None, own: Path) -> tuple[PluginMap, str] | None:
    """The map, and whose it is: yours, shipped or guessed; None where there is none. Raises BadInput."""
    from bridge.effects import BY_NAME
    from bridge.hosting.guessing import best_guess, guess
    from bridge.hosting.mapping import load_maps
    from bridge.hosting.own_maps import own_maps

    if effect is not None and effect not in BY_NAME:
        raise BadInput(f"There is no effect {effect!r}; `dawbridge effects` lists them.")
    shipped = load_maps()
    known = shipped | own_maps(own)[0]
    found = known.get(record.name)
    if found is not None and effect in (None, found.effect):
        return found, "shipped" if found == shipped.get(record.name) else "yours"
    guessed = best_guess(record) if effect is None else guess(BY_NAME[effect], record)
    return None if guessed is None else (guessed, "guessed")


def _begun(record: PluginRecord, effect: str | None, own: Path, edit: bool) -> tuple[PluginMap, str]:
    """An empty map in the user's folder, to be filled in. Raises BadInput where that was not asked for."""
    from bridge.hosting.catalogue import nearest_built_in
    from bridge.hosting.map_files import begin, own_file, own_map

    what = effect or nearest_built_in(record.name, record.category)
    title = f"a {what.replace('_', ' ')}" if what else "any effect of ours"
    if not edit:
        say_which = "" if what else " --effect EFFECT"
        raise BadInput(
            f"{record.name} does not look like {title}: its names and units do not fit. "
            f"`dawbridge plugins map {record.name} --edit{say_which}` writes an empty map to fill in."
        )
    if what is None:
        raise BadInput(
            f"Which effect shall {record.name} play? Say --effect; `dawbridge effects` lists them."
        )
    _keep_to(what, own_map(record.name, own), own_file(record.name, own))
    begin(record, what, own)
    made = own_map(record.name, own)
    assert made is not None, record.name
    return made, "empty"


def _not_broken(plugin: str, own: Path) -> None:
    """Raises BadInput where the user's own map of it cannot be read: it is their work, and mended before all else."""
    from bridge.hosting.own_maps import of, own_maps

    found = of(own_maps(own)[1], plugin)
    if found is not None:
        raise BadInput(
            f"Your own map of {plugin} is not used: {found.sentence()} Mend that file, or move it away."
        )


def _keep_to(effect: str, known: PluginMap | None, file: Path) -> None:
    """Raises BadInput where the user's own map is for another effect; it is their work, and there is one a plugin."""
    if known is not None and known.effect != effect:
        raise BadInput(
            f"{file} is your own map of {known.plugin}, for {known.effect}; a plugin has one map. Move or delete "
            "that file to trust another."
        )


def _checked(found: PluginMap, record: PluginRecord) -> str:
    return found.checked or f"{record.name} {record.version}".strip()


def _show(found: PluginMap, record: PluginRecord, source: str) -> None:
    say(f"{record.name} plays {found.effect}: map {source}{'' if found.trusted else ', not trusted'}\n")
    rows = [
        (row["ours"], row["span"], row["theirs"], row["their_span"], row["how"])
        for row in _rows(found, record)
    ]
    table(("ours", "span", "theirs", "their span", "theirs is"), rows)
    lacks, unused = _without(found, record)
    say(f"\nnothing for: {', '.join(lacks) or '-'}\nnot used of the plugin: {', '.join(unused) or '-'}")
    fixed = ", ".join(f"{name} = {value}" for name, value in found.fixed.items())
    if fixed:
        say(f"always set: {fixed}")


def _next_step(found: PluginMap, record: PluginRecord, trusted_now: bool, file: Path) -> None:
    if trusted_now:
        note(f"written to {file}; plans use it from now on")
    elif not found.trusted:
        note(
            f"plans do not use it before: dawbridge plugins map {record.name} --effect {found.effect} --trust"
        )


def _json(found: PluginMap, record: PluginRecord) -> dict[str, Any]:
    lacks, unused = _without(found, record)
    shown = found.model_dump(mode="json", exclude_defaults=True)
    return {**shown, "trusted": found.trusted, "rows": _rows(found, record), "lacks": lacks, "unused": unused}


def _rows(found: PluginMap, record: PluginRecord) -> list[dict[str, str]]:
    from bridge.effects import BY_NAME

    theirs = {item.name: item for item in record.parameters}
    spans = BY_NAME[found.effect].quantities()
    rows = [
        _row(name, f"{span.low:g} to {span.high:g} {span.unit}".strip(), target, theirs)
        for name, target in found.parameters.items()
        if (span := spans.get(name)) is not None
    ]
    for index, slot in enumerate(found.bands, 1):
        kind = slot.kind.replace("_", " ")
        rows += [_row(f"{kind} {index}: {part}", "", target, theirs) for part, target in _parts(slot)]
    return rows


def _parts(slot: BandSlot) -> list[tuple[str, Target]]:
    from bridge.hosting.mapping import Target

    parts = [("frequency_hz", Target(to=slot.frequency_hz)), ("gain_db", Target(to=slot.gain_db))]
    widths = [("q", slot.q), ("bandwidth in octaves", slot.bandwidth_octaves)]
    return parts + [(part, target) for part, target in widths if target is not None]


def _row(ours: str, span: str, target: Target, theirs: dict[str, PluginParameter]) -> dict[str, str]:
    there = theirs.get(target.to)
    how = "along measured points" if target.points else ""
    if not how and (target.factor != 1.0 or target.offset):
        offset = f" {target.offset:+g}" if target.offset else ""
        how = f"ours x {target.factor:g}{offset}"
    if target.also:
        how = f"{how or 'the same'}, also {', '.join(target.also)}"
    their_span = span_of(there) if there is not None else "not there"
    return {
        "ours": ours,
        "span": span,
        "theirs": target.to,
        "their_span": their_span,
        "how": how or "the same",
    }


def _without(found: PluginMap, record: PluginRecord) -> tuple[list[str], list[str]]:
    """Our parameters that it has nothing for, and its own that stay as they are."""
    from bridge.effects import BY_NAME

    fields = [name for name in BY_NAME[found.effect].model_fields if name != "bands"]
    used = {name for target in found.parameters.values() for name in (target.to, *target.also)} | set(
        found.fixed
    )
    for slot in found.bands:
        widths = [target.to for target in (slot.q, slot.bandwidth_octaves) if target is not None]
        used |= {slot.frequency_hz, slot.gain_db, slot.on or "", *widths}
    lacks = [name for name in fields if name not in found.parameters]
    return lacks, [item.name for item in record.settable if item.name not in used]
