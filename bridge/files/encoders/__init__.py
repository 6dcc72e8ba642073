"""Containers being written: WAV, Wave64 and AIFF byte by byte (so that chunks can be carried), others by soundfile."""
