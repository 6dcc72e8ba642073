"""dawbridge's remote script for Ableton Live (Live 11 and 12). Copy this folder into the Remote Scripts folder of your
User Library, restart Live, and choose "dawbridge" as a control surface under Settings > Link, Tempo & MIDI.

Standard library only, no threads: Live calls tick() every 100 ms. See docs/ableton.md of dawbridge.
"""


def create_instance(c_instance):
    """Called by Live."""
    from .surface import Dawbridge

    return Dawbridge(c_instance)
