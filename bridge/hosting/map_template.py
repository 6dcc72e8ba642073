"""An empty map for a plugin of which nothing can be guessed: every name that may stand in it, for people to fill in."""

from __future__ import annotations

from bridge.effects import BY_NAME
from bridge.effects.quantity import Quantity
from bridge.hosting.record import PluginParameter, PluginRecord

FORMAT = """\
[parameters]                        ours = theirs; one line each
threshold_db = "thresh_db"          the plugin's own name, as `dawbridge plugins show` lists it
range_db = { to = "close_db", factor = -1, offset = 0 }    theirs = ours * factor + offset
decay_s = { to = "size", points = [[0.5, 10], [2, 60]] }   measured: (ours, theirs)
ceiling_dbtp = { to = "out_db", also = ["limit_db"] }      both are set to it

[fixed]                             theirs, always set so
sidechain = false

[[bands]]                           an equalizer's, from the first on; q or bandwidth_octaves
kind = "bell"
frequency_hz = "freq_1_hz"
gain_db = "gain_1_db"
q = "q_1"

trusted = true                      above all these: from then on plans use the map"""
"""What stands in a map, with an example of each kind of line."""


def template(record: PluginRecord, effect: str) -> str:
    """A map that names plugin and effect and sets nothing, with the parameters of both as comments."""
    lines = [
        f"# How {record.name} plays a {effect.replace('_', ' ')}. Fill in what fits, take away the # before it,",
        "# try it by ear, and say trusted = true: plans use it from then on. Until then it only lies here.",
        f"plugin = {_text(record.name)}",
        f"effect = {_text(effect)}",
        "trusted = false",
        "",
        "# [parameters]",
        *(_ours(name, span) for name, span in BY_NAME[effect].quantities().items()),
        "",
        f"# Parameters of {record.name}:",
        *(f"#   {_theirs(item)}" for item in record.settable),
        "",
        "# What may stand here:",
        *(f"#   {line}".rstrip() for line in FORMAT.splitlines()),
    ]
    return "\n".join(lines) + "\n"


def _ours(name: str, span: Quantity) -> str:
    return f'# {name} = ""   # ours: {span.low:g} to {span.high:g} {span.unit}'.rstrip()


def _theirs(item: PluginParameter) -> str:
    if item.low is None or item.high is None:
        return f"{item.name} ({item.kind})"
    return f"{item.name} ({item.low:g} to {item.high:g} {item.unit}".rstrip() + ")"


def _text(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)
