"""DAW links: tracks, devices and parameters of a running DAW, read, set, read back and put back."""
