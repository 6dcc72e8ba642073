"""Ardour over OSC (Edit > Preferences > Control Surfaces > Open Sound Control). Measured with Ardour 7.3."""

from __future__ import annotations

from bridge.daws.ardour.devices import TABLE
from bridge.daws.ardour.link import connect
from bridge.daws.daw import Daw

DAW = Daw("ardour", "Ardour", connect, TABLE)
