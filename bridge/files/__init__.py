"""Sound files in and out: admission, container checks, blocks, metadata chunks, atomic writing.

Read with soundfile only: pedalboard's reader pads truncated files with zeros and says nothing.
"""

from __future__ import annotations

from bridge.files import atomic
from bridge.files.formats import AUDIO_SUFFIXES, SoundFormat, format_of_name, result_format, result_name
from bridge.files.inspection import Completeness, inspect
from bridge.files.limits import LIMITS, Limits
from bridge.files.naming import spoken
from bridge.files.roots import Roots
from bridge.files.sound_file import SoundFile, open_sound, read
from bridge.files.sound_writer import SoundWriter, verify, write
from bridge.files.verdict import VERDICTS, Note, verdict_of

__all__ = [
    "AUDIO_SUFFIXES",
    "LIMITS",
    "VERDICTS",
    "Completeness",
    "Limits",
    "Note",
    "Roots",
    "SoundFile",
    "SoundFormat",
    "SoundWriter",
    "atomic",
    "format_of_name",
    "inspect",
    "open_sound",
    "read",
    "result_format",
    "result_name",
    "spoken",
    "verdict_of",
    "verify",
    "write",
]
