"""Which way into Live: AbletonOSC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.addresses import host_and_port
from bridge.daws.ableton.osc_link import OscLink
from bridge.errors import Unavailable

if TYPE_CHECKING:
    from bridge.config import Settings
    from bridge.daws.link import Link


def connect(settings: Settings) -> Link:
    """Raises Unavailable with what to switch on."""
    link = OscLink(*host_and_port(settings.ableton_osc), settings.ableton_reply_port)
    try:
        link.tracks()
    except Unavailable:
        link.close()
        raise
    return link
