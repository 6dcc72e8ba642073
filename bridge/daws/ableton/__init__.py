"""Ableton Live: through the bridge's own remote script where it is installed, else through AbletonOSC.

Tested on a fake object model and with AbletonOSC's protocol; not run in Live itself.
"""

from __future__ import annotations

from bridge.daws.ableton.connecting import connect
from bridge.daws.ableton.devices import TABLE
from bridge.daws.daw import Daw

DAW = Daw("ableton", "Ableton Live", connect, TABLE)
