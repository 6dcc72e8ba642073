"""Which way into Live: dawbridge's own script where it answers, which can more, else AbletonOSC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.addresses import host_and_port
from bridge.daws.ableton.osc_link import OscLink
from bridge.daws.ableton.script_link import ScriptLink
from bridge.errors import Unavailable

if TYPE_CHECKING:
    from bridge.config import Settings
    from bridge.daws.link import Link


def connect(settings: Settings) -> Link:
    """Raises Unavailable with what to switch on."""
    try:
        return to_script(settings)
    except Unavailable as error:
        without = str(error)
    link = OscLink(*host_and_port(settings.ableton_osc), settings.ableton_reply_port)
    try:
        link.tracks()
    except Unavailable as error:
        link.close()
        raise Unavailable(f"{error} Nor does dawbridge's own script: {without}") from None
    return link


def to_script(settings: Settings) -> ScriptLink:
    """For what AbletonOSC cannot: clips out and in. Raises Unavailable where the script does not answer."""
    link = ScriptLink(*host_and_port(settings.ableton_script))
    try:
        link.hello()
    except Unavailable:
        link.close()
        raise
    return link
