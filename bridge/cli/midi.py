"""`dawbridge midi`: parameters to any DAW by MIDI, and the tempo of its clock."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click

from bridge.cli.terminal import emit, json_option, note, one_line, say

if TYPE_CHECKING:
    from bridge.config import Settings
    from bridge.midi.clock import Clock
    from bridge.midi.mapping import Entry, MidiMap

port_option = click.option(
    "--port", metavar="NAME", help="A MIDI port, by a part of its name; left out: our own virtual one."
)
map_option = click.option(
    "--map", "map_name", metavar="NAME", help="A MIDI map, or the path of a .toml file."
)


@click.group("midi")
def command() -> None:
    """Parameters to any DAW by MIDI, for its MIDI learn, and the tempo of its MIDI clock. What is sent cannot be read
    back, and is told as sent."""


@command.command("ports")
@json_option
def ports_command(as_json: bool) -> int:
    """MIDI ports of this machine."""
    from bridge.daws.midi import ports

    inputs, outputs = ports.names()
    virtual = ports.OURS if ports.has_virtual() else None
    if as_json:
        emit({"inputs": list(inputs), "outputs": list(outputs), "virtual": virtual})
        return 0
    for what, found in (("in", inputs), ("out", outputs)):
        for name in found:
            say(one_line(f"{what:4}{name}"))
    say(
        f"Without --port, commands open a virtual port of their own, called {virtual}."
        if virtual
        else "Windows has no virtual ports: make one with loopMIDI, and name it with --port or the setting midi_port."
    )
    return 0


@command.command("maps")
@click.argument("name", required=False)
@json_option
def maps_command(name: str | None, as_json: bool) -> int:
    """The maps from parameters to controls; with NAME, what stands in one."""
    from bridge.bootstrap.players import own_presets
    from bridge.daws.midi.maps import files, map_called

    own = own_presets()
    if name is None:
        known = files(own)
        if as_json:
            emit({"maps": {key: str(path) for key, path in known.items()}})
        else:
            for key, path in known.items():
                say(one_line(f"{key:12}{path}"))
        return 0
    found = map_called(name, own)
    if as_json:
        emit({"map": found.name, "title": found.title, "controls": [_entry(one) for one in found.entries]})
        return 0
    say(one_line(f"{found.title}. {found.explains}"))
    for one in found.entries:
        span = f"{one.said(0)} to {one.said(one.control.highest)}, {one.curve}"
        say(one_line(f"  {one.parameter.name:36}{one.control!s:26}{span}"))
    return 0


@command.command("send")
@click.argument("plan_file", metavar="PLAN.json")
@map_option
@port_option
@click.option(
    "--wait",
    "wait_s",
    type=click.FloatRange(0, 60),
    default=1.0,
    help="Seconds that a DAW has to see a virtual port.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be sent, and send nothing.")
@json_option
def send_command(
    plan_file: str, map_name: str | None, port: str | None, wait_s: float, dry_run: bool, as_json: bool
) -> int:
    """Send a plan's parameters as controllers. PLAN is a plan, an outcome of `plan --json`, or a result.json.

    Nothing comes back over MIDI, so nothing is ever called applied. Exit code 1 where no control stands for anything.
    """
    from bridge.cli.settings import settings
    from bridge.daws.midi.ports import output
    from bridge.daws.midi.sending import UNCONFIRMED, sending
    from bridge.jobs.plan_file import read_plan

    known = settings()
    made = sending(read_plan(plan_file), _map(known, map_name))
    where = None
    if made.sent and not dry_run:
        with output(port or known.midi_port) as opened:
            where = opened.name
            time.sleep(wait_s if opened.virtual else 0)
            opened.send(message for one in made.sent for message in one.messages)
    told = UNCONFIRMED if where else "Nothing was sent."
    if as_json:
        emit({"verified": False, "port": where, "told": told, **made.model_dump(mode="json")})
    else:
        for one in made.sent:
            say(one_line(f"{'sent' if where else 'would send'}  {one.sentence()}"))
        for left in made.left:
            say(one_line(f"left  {left.effect}: {left.reason}"))
        say(told)
    return 0 if made.sent or not made.left else 1


@command.command("learn")
@click.argument("parameter")
@map_option
@port_option
@click.option("--seconds", type=click.FloatRange(0.2, 120), default=5.0, help="How long it moves.")
@json_option
def learn_command(
    parameter: str, map_name: str | None, port: str | None, seconds: float, as_json: bool
) -> int:
    """Move the control of PARAMETER (compressor.threshold_db) up and down, for the DAW's MIDI learn to catch.

    Click on the parameter in your DAW, choose MIDI learn, and start this. It stays where the effect begins.
    """
    from bridge.cli.settings import settings
    from bridge.daws.midi.ports import output
    from bridge.midi.learning import wiggle

    known = settings()
    entry = _map(known, map_name).entry(parameter)
    count = 0
    with output(port or known.midi_port) as opened:
        if not as_json:
            note(f"{entry.parameter.name}: {entry.control} at {opened.name}, for {seconds:g} s")
        for wait_s, messages in wiggle(entry.control, seconds, _rest(entry)):
            time.sleep(wait_s)
            opened.send(messages)
            count += len(messages)
    told = "sent; whether the DAW has learnt it, it shows itself"
    if as_json:
        emit(
            {
                "parameter": parameter,
                "control": str(entry.control),
                "port": opened.name,
                "messages": count,
                "told": told,
            }
        )
    else:
        say(f"{count} messages {told}")
    return 0


@command.command("test")
@port_option
@click.option("--back", metavar="NAME", help="The input at which it should come back (default: as --port).")
@json_option
def test_command(port: str | None, back: str | None, as_json: bool) -> int:
    """Send a controller that nobody uses (119, channel 16) and see whether it comes back.

    Only loops (IAC, loopMIDI, Midi Through) give it back. Where nothing comes, watch the MIDI light of your DAW.
    """
    from bridge.cli.settings import settings
    from bridge.daws.midi.looping import there_and_back

    known = settings()
    name, back_s = there_and_back(port or known.midi_port, back)
    if as_json:
        emit({"port": name, "came_back": back_s is not None, "ms": None if back_s is None else 1000 * back_s})
    elif back_s is None:
        say(
            f"Sent at {one_line(name)}; nothing came back, which only loops do. Watch the MIDI light of your DAW."
        )
    else:
        say(f"It came back from {one_line(name)} after {1000 * back_s:.1f} ms.")
    return 0


@command.command("clock")
@port_option
@click.option("--seconds", type=click.FloatRange(0.5, 86400), default=10.0, help="How long to listen.")
@json_option
def clock_command(port: str | None, seconds: float, as_json: bool) -> int:
    """Tempo and transport of a DAW's MIDI clock. Exit code 1 where none comes."""
    from bridge.cli.settings import settings
    from bridge.daws.midi.listening import listening

    known = settings()
    end = time.perf_counter() + seconds
    last: dict[str, Any] = {}
    with listening(port or known.midi_port) as (name, now):
        while time.perf_counter() < end:
            time.sleep(min(1.0, max(0.0, end - time.perf_counter())))
            last = _heard(now()) or last
            if not as_json:
                note(_line(last))
    if as_json:
        emit({"port": name, "bpm": None, "playing": False, "beats": 0.0, "drop_outs": 0, **last})
    else:
        say(_line(last))
    return 0 if last.get("bpm") else 1


def _heard(clock: Clock) -> dict[str, Any]:
    tempo = clock.tempo(time.perf_counter())
    if tempo is None:
        return {}
    return {
        "bpm": round(tempo.bpm, 2),
        "within_bpm": round(tempo.within_bpm, 3),
        "jitter_ms": round(tempo.jitter_ms, 2),
        "playing": clock.playing,
        "beats": round(clock.beats, 3),
        "drop_outs": clock.drop_outs,
    }


def _line(told: dict[str, Any]) -> str:
    if not told:
        return "no clock; let your DAW send MIDI clock to this port"
    state = "playing" if told["playing"] else "stopped"
    return f"{told['bpm']:.2f} BPM (within {told['within_bpm']:.2f}), {state}, beat {told['beats'] + 1:.2f}"


def _map(known: Settings, name: str | None) -> MidiMap:
    from bridge.bootstrap.players import own_presets
    from bridge.daws.midi.maps import map_called

    return map_called(name or known.midi_map, own_presets())


def _rest(entry: Entry) -> int:
    """Where an effect begins that says nothing of this parameter."""
    default = entry.parameter.default
    return entry.position(default)[0] if isinstance(default, (int, float, str)) else 0


def _entry(one: Entry) -> dict[str, Any]:
    return {
        "parameter": one.parameter.name,
        "control": str(one.control),
        "low": one.low,
        "high": one.high,
        "unit": one.parameter.unit,
        "curve": one.curve,
        "words": list(one.parameter.words),
        "where": one.where,
        "nth": one.nth,
    }
