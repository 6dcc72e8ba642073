"""DAWs: whether they answer and why not, and how the scripts stand that we have put into them."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bridge.cli.health.programs import holder, running
from bridge.cli.health.symptom import Symptom
from bridge.errors import Unavailable

if TYPE_CHECKING:
    from bridge.config import Settings
    from bridge.daws.scripts.standing import Standing

PROGRAMS = {
    "reaper": r"reaper(\.exe)?",
    "ableton": r"(ableton live.*|live)(\.exe)?",
    "ardour": r"h?ardour[-\d.~a-z]*(\.exe)?",
}
"""What the programs are called while they run."""
_CHOOSE_OURS = (
    "`dawbridge install-script ableton`, restart Live, and choose dawbridge as a control surface (Settings > Link, "
    "Tempo & MIDI)"
)
_CHOOSE_THEIRS = (
    "choose AbletonOSC as a control surface (Settings > Link, Tempo & MIDI); not needed where our own script "
    "answers"
)
BEATS_S = 5.0
"""A heartbeat comes every second."""


@dataclass(frozen=True)
class Door:
    """One port of a DAW. answers: whether it is really there. mend: why it is silent, and what to switch on."""

    name: str
    daw: str
    host: str
    port: int
    answers: Callable[[], bool]
    mend: Callable[[], str]

    @property
    def where(self) -> str:
        return f"{self.host}:{self.port}"


def look() -> Iterator[Symptom]:
    from bridge.cli.settings import loaded

    settings = loaded().settings
    for door in doors(settings):
        yield knocked(door)
    for daw in PROGRAMS:
        yield from scripts(daw, settings)
    yield mailbox(settings, time.time())


def doors(settings: Settings) -> tuple[Door, ...]:
    """Of the DAWs that listen. REAPER does not: its scripts use the mailbox."""
    from bridge.addresses import host_and_port

    ardour, osc, script = (
        host_and_port(text) for text in (settings.ardour_osc, settings.ableton_osc, settings.ableton_script)
    )
    reply = settings.ableton_reply_port
    return (
        Door("ardour", "ardour", *ardour, lambda: _ardour(*ardour), lambda: _why_ardour(*ardour)),
        Door("ableton", "ableton", *script, lambda: _live_script(*script), lambda: _CHOOSE_OURS),
        Door("AbletonOSC", "ableton", *osc, lambda: _live_osc(*osc, reply), lambda: _CHOOSE_THEIRS),
    )


def knocked(door: Door) -> Symptom:
    """One symptom: it answers, it does not run, it is not switched on, or another program is there."""
    from bridge.daws.ardour.surface import nobody_listens

    program = running(PROGRAMS[door.daw])
    if nobody_listens(door.host, door.port):
        if not program:
            return Symptom(door.name, "ok", f"does not run (nothing listens at {door.where})")
        return Symptom(door.name, "warn", f"{program} runs, and nothing listens at {door.where}", door.mend())
    if door.answers():
        return Symptom(door.name, "ok", f"answers at {door.where}")
    found = f"{holder(door.port)} has UDP port {door.port} and does not answer as {door.name} does"
    if program and program in found:
        return Symptom(door.name, "warn", found, door.mend())
    return Symptom(door.name, "warn", found, f"close that program, or choose another port; {door.mend()}")


def _ardour(host: str, port: int) -> bool:
    from bridge.daws.ardour.silence import answers

    return answers(host, port)


def _why_ardour(host: str, port: int) -> str:
    from bridge.daws.ardour.silence import why_silent

    return why_silent(host, port)


def _live_script(host: str, port: int) -> bool:
    from bridge.daws.ableton.script_link import ScriptLink

    return _answers(lambda: ScriptLink(host, port), lambda link: link.hello())


def _live_osc(host: str, port: int, reply_port: int) -> bool:
    from bridge.daws.ableton.osc_link import OscLink

    return _answers(lambda: OscLink(host, port, reply_port), lambda link: link.tracks())


def _answers(opened: Callable[[], Any], asked: Callable[[Any], object]) -> bool:
    try:
        with contextlib.closing(opened()) as link:
            asked(link)
    except Unavailable:
        return False
    return True


def scripts(daw: str, settings: Settings) -> Iterator[Symptom]:
    """Where our scripts are, or would go."""
    from bridge.daws.scripts.installing import found_root
    from bridge.daws.scripts.standing import standing

    name = f"{daw} scripts"
    there = standing(daw, settings)
    for one in there:
        yield _standing(name, daw, one)
    if not there:
        try:
            root = found_root(daw)
        except Unavailable:
            yield Symptom(name, "ok", f"no {daw} of this user was found")
        else:
            yield Symptom(
                name, "ok", f"not installed; `dawbridge install-script {daw}` puts them into {root}"
            )


def _standing(name: str, daw: str, one: Standing) -> Symptom:
    mine = f", {len(one.changed)} changed by you" if one.changed else ""
    if one.current:
        return Symptom(name, "ok", f"in {one.root}, as this version has them{mine}")
    why = [
        f"{len(one.older)} of version {one.version or 'unknown'} are older than ours" if one.older else "",
        f"{len(one.missing)} are missing" if one.missing else "",
        "they are told of other folders or ports than the settings have" if one.elsewhere else "",
    ]
    told = "; ".join(text for text in why if text)
    return Symptom(name, "warn", f"in {one.root}: {told}{mine}", f"dawbridge install-script {daw}")


def mailbox(settings: Settings, now_s: float) -> Symptom:
    """Whether scripts without sockets are heard: by the heartbeat, which the daemon takes away when it ends."""
    from bridge import __version__

    file = settings.state / "mailbox" / "heartbeat.json"
    try:
        beat = json.loads(file.read_bytes()[:65_536])
        age_s, version = now_s - float(beat["at"]), str(beat["version"])
    except FileNotFoundError:
        return Symptom("mailbox", "ok", "no daemon looks into it; REAPER's scripts need `dawbridge serve`")
    except (OSError, ValueError, KeyError, TypeError) as error:
        return Symptom("mailbox", "warn", f"{file} cannot be read: {error}", "restart `dawbridge serve`")
    if age_s > BEATS_S:
        return Symptom(
            "mailbox",
            "warn",
            f"the daemon's last heartbeat is {age_s:,.0f} s old",
            "restart `dawbridge serve`",
        )
    if version != __version__:
        return Symptom(
            "mailbox",
            "warn",
            f"the daemon is dawbridge {version}, and this is {__version__}",
            "restart `dawbridge serve`",
        )
    return Symptom("mailbox", "ok", f"a daemon looks into {file.parent}")
