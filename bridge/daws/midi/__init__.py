"""Any DAW by MIDI: parameters go out and nothing comes back, so that what was sent is told as sent and no more."""
