"""The control surface: opens the door, looks at it every tick, closes it."""

import os

from ableton.v2.control_surface import ControlSurface

from .door import Door
from .verbs import Verbs

PORT = 9195
_PORT_NAME = "DAWBRIDGE_LIVE_PORT"
"""An environment variable that says another port."""


class Dawbridge(ControlSurface):
    def __init__(self, c_instance):
        ControlSurface.__init__(self, c_instance)
        self._door = None
        self._verbs = Verbs(c_instance.song())
        port = int(os.environ.get(_PORT_NAME, PORT))
        try:
            self._door = Door(port, self._verbs.answer)
        except OSError as error:
            self._tell("port %d cannot be opened: %s. Is Live running twice?" % (port, error))
            return
        self._tell("listening on port %d" % self._door.port)
        self.schedule_message(1, self.tick)

    def tick(self):
        """Every 100 ms, on Live's own thread."""
        if self._door is None:
            return
        try:
            self._verbs.tick(self._door.serve())
        except Exception as error:
            self._tell("%s: %s" % (type(error).__name__, error))
        self.schedule_message(1, self.tick)

    def disconnect(self):
        door, self._door = self._door, None
        if door is not None:
            door.close()
            self._verbs.close()
        ControlSurface.disconnect(self)

    def _tell(self, text):
        self.show_message("dawbridge: " + text)
        self.log_message("dawbridge: " + text)
