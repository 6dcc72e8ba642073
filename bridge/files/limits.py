"""What is accepted as a sound file, whatever a decoder would swallow."""

from __future__ import annotations

import os
from dataclasses import dataclass

from bridge.files.verdict import refusal


@dataclass(frozen=True)
class Limits:
    """Spans within which a header is believed.

    rate in Hz: telephone sound to four times the highest rate of DXD converters. channels: 32 is the widest
    bus that the hosts in question render, and more is far more often a broken header than a stem.
    seconds: a day. decoded_bytes: as float32, because 5 MB of FLAC can hold ten hours of silence.
    in_memory_bytes: for sounds that are read as a whole.
    """

    lowest_rate: int = 8_000
    highest_rate: int = 768_000
    channels: int = 32
    seconds: float = 86_400.0
    decoded_bytes: int = 128 * 2**30
    in_memory_bytes: int = 8 * 2**30

    def check_shape(self, path: str | os.PathLike[str], rate: float, channels: int) -> None:
        """Raises FileRefused `absurd_rate`, `too_many_channels` or `not_audio` (no channel at all)."""
        if not self.lowest_rate <= rate <= self.highest_rate:
            raise refusal(
                path,
                "absurd_rate",
                f"says it has {rate:g} frames a second; the bridge works from {self.lowest_rate} to "
                f"{self.highest_rate} Hz. Export it again at a usual rate.",
            )
        if channels < 1:
            raise refusal(path, "not_audio", "says it has no channel at all; its header is broken.")
        if channels > self.channels:
            raise refusal(
                path,
                "too_many_channels",
                f"has {channels} channels; the bridge works on up to {self.channels}. Split it and send the parts.",
            )

    def check_length(self, path: str | os.PathLike[str], rate: int, channels: int, frames: int) -> None:
        """Raises FileRefused `too_large` or `empty`."""
        if frames < 1:
            raise refusal(path, "empty", "holds no frame of sound; export it again.")
        if frames / rate > self.seconds:
            raise refusal(
                path,
                "too_large",
                f"lasts {frames / rate / 3600:.1f} hours; the bridge works on up to {self.seconds / 3600:g}. Cut it.",
            )
        if frames * channels * 4 > self.decoded_bytes:
            raise refusal(
                path,
                "too_large",
                f"would need {frames * channels * 4 / 2**30:.0f} GiB when decoded; the limit is "
                f"{self.decoded_bytes / 2**30:.0f} GiB. Cut it or use fewer channels.",
            )

    def check_memory(self, path: str | os.PathLike[str], channels: int, frames: int) -> None:
        """Raises FileRefused `too_large` for a sound that should be streamed and not read as a whole."""
        if frames * channels * 4 > self.in_memory_bytes:
            raise refusal(
                path,
                "too_large",
                f"needs {frames * channels * 4 / 2**30:.1f} GiB of memory as a whole; the limit is "
                f"{self.in_memory_bytes / 2**30:g} GiB. Read it in blocks with open_sound.",
            )


LIMITS = Limits()
