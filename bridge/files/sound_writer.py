"""SoundWriter: a sound file written block by block under a temporary name; whole and synced, or gone."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

import numpy as np

from bridge.audio import Audio, Samples
from bridge.errors import BadInput, OutputFailed
from bridge.files import atomic
from bridge.files.encoders.aiff import AiffEncoder
from bridge.files.encoders.encoder import Encoder, Shape
from bridge.files.encoders.library import LibraryEncoder
from bridge.files.encoders.w64 import W64Encoder, room_for
from bridge.files.encoders.wav import WavEncoder
from bridge.files.formats import WRITABLE, SoundFormat, format_of_name
from bridge.files.metadata.carried import Carried, carried_from
from bridge.files.naming import spoken
from bridge.files.output import Output
from bridge.files.quantizer import Quantizer
from bridge.files.roots import NameOfFile
from bridge.files.sound_file import SoundFile, open_sound


class SoundWriter:
    """Writes blocks to `path` (a temporary name; see `atomic.temporary` and `atomic.replace`).

    rate in Hz, channels: of the sound that will come. format: a writable one, such as `result_format` gives.
    source: whose metadata the new file carries on. source_start_frame: frame of the source at which the new file
    begins, in the source's rate. seed: of the dither; None for none. name: what messages call the file.

    Leaving the `with` block normally finishes the file: sizes patched, metadata written, synced with its folder.
    Leaving it by an exception, or failing to finish, deletes it. Afterwards `frames`, `overs` (samples beyond full
    scale, held there in integer formats), `format` (a WAV beyond 4 GiB is RF64) and `warnings` tell what was done.
    Raises OutputFailed.
    """

    def __init__(
        self,
        path: NameOfFile,
        rate: int,
        channels: int,
        format: SoundFormat,
        source: SoundFile | None = None,
        seed: int | None = 0,
        *,
        source_start_frame: int = 0,
        name: NameOfFile | None = None,
    ) -> None:
        if format.subtype not in WRITABLE.get(format.container, ()):
            raise BadInput(f"{format} is not a format that the bridge writes; ask for WAV PCM_24.")
        if channels < 1:
            raise BadInput(
                f"{spoken(name if name is not None else path)} cannot be written without a channel."
            )
        self.path = Path(path)
        self.rate, self.channels, self.format = rate, channels, format
        self.frames = 0
        self._name = spoken(name if name is not None else path)
        self._warnings: list[str] = []
        self._quantizer = Quantizer(format.bits, channels, seed) if format.bits else None
        self._carried = (
            carried_from(source, format, rate, channels, source_start_frame) if source else Carried()
        )
        mask = source.survey.channel_mask if source is not None and source.channels == channels else None
        self._output = Output(self.path, self._name)
        try:
            self._encoder = _encoder(
                self._output, Shape(rate, channels, format.subtype, mask), format, self._carried
            )
        except BaseException:
            self._output.discard()
            raise
        self._open = True

    @property
    def overs(self) -> int:
        return self._quantizer.overs if self._quantizer else 0

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the result does not have from its source, and what had to be held at full scale; one sentence each."""
        return (*self._warnings, *self._carried.warnings, *self._over_warning())

    def write(self, block: Samples) -> None:
        """The next block [shape=(channels, frames), float32, full scale 1.0].

        Raises OutputFailed where the disk does not take it, or where a sample is no finite number.
        """
        if block.ndim != 2 or block.shape[0] != self.channels:
            raise BadInput(
                f"{self._name} has {self.channels} channels; a block of shape {block.shape} does not fit."
            )
        if not np.isfinite(block).all():
            raise OutputFailed(
                f"{self._name} was not written: the processed sound has a value that is no finite number near frame "
                f"{self.frames}."
            )
        if self._quantizer is not None:
            self._encoder.write_integers(self._quantizer.quantize(block))
        else:
            self._encoder.write_floats(block)
        self.frames += block.shape[1]

    def close(self) -> None:
        """Finishes the file; afterwards it is complete and on the medium. Raises OutputFailed, then it is gone."""
        if not self._open:
            return
        self._open = False
        try:
            self._encoder.close(self._carried.tail(self.frames))
            self._output.finish()
        except BaseException:
            self._output.discard()
            raise
        if self._encoder.container != self.format.container:
            self.format = SoundFormat(self._encoder.container, self.format.subtype)

    def discard(self) -> None:
        """Gives the file up and deletes it."""
        self._open = False
        self._output.discard()

    def __enter__(self) -> SoundWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.discard()

    def _over_warning(self) -> tuple[str, ...]:
        if not self.overs:
            return ()
        noun = "sample lies" if self.overs == 1 else "samples lie"
        return (
            f"{self._name}: {self.overs} {noun} beyond full scale and {'is' if self.overs == 1 else 'are'} clipped "
            f"by {self.format.subtype}; turn it down or write floating point.",
        )


def _encoder(out: Output, shape: Shape, format: SoundFormat, carried: Carried) -> Encoder:
    plain: Mapping[str, Callable[[], Encoder]] = {
        "WAV": lambda: WavEncoder(out, shape, carried.head),
        "RF64": lambda: WavEncoder(out, shape, carried.head, always_64=True),
        "W64": lambda: W64Encoder(out, shape, carried.head, room_for(carried.longest_tail())),
        "AIFF": lambda: AiffEncoder(out, shape, carried.head),
    }
    make = plain.get(format.container)
    return make() if make is not None else LibraryEncoder(out, shape, format, carried.tags)


def write(
    path: NameOfFile,
    audio: Audio,
    like: NameOfFile | SoundFile | SoundFormat | None = None,
    seed: int | None = 0,
) -> tuple[str, ...]:
    """Writes a whole sound under its final name, complete or not at all; returns warnings.

    The container follows the name's ending. like: a sound file (its subtype and metadata), or a format; without
    one, 24 bit. seed: of the dither. Raises BadInput for an ending that is no sound format, OutputFailed otherwise.
    """
    if isinstance(like, (str, os.PathLike)):
        with open_sound(like) as source:
            return write(path, audio, source, seed)
    source_file = like if isinstance(like, SoundFile) else None
    wanted = like.format if isinstance(like, SoundFile) else like
    format = format_of_name(path, wanted)
    fresh = atomic.temporary(path)
    with SoundWriter(fresh, audio.rate, audio.channels, format, source_file, seed, name=path) as writer:
        for block in audio.blocks():
            writer.write(block)
    try:
        verify(fresh, audio.rate, audio.channels, audio.frames, name=path)
        atomic.replace(fresh, path)
    except BaseException:
        atomic.discard(fresh)
        raise
    return writer.warnings


def verify(
    path: NameOfFile, rate: int, channels: int, frames: int, *, name: NameOfFile | None = None
) -> None:
    """Opens a written file again and reads it to its end: the shape as promised, every sample finite.

    Raises OutputFailed otherwise. Coded formats may end a little later than the sound (their own padding).
    """
    called = spoken(name if name is not None else path)
    try:
        with open_sound(path) as sound:
            found = (sound.rate, sound.channels, sound.frames)
            read = sum(block.shape[1] for block in sound.blocks())
            exact = sound.format.lossless
    except BadInput as error:
        raise OutputFailed(f"{called} was written but cannot be read again: {error.message}") from error
    promised = (rate, channels, frames)
    right = found == promised and read == frames if exact else found[1] == channels and read >= frames
    if not right:
        raise OutputFailed(
            f"{called} was written but is not as promised: {found[2]} frames at {found[0]} Hz in {found[1]} channels, "
            f"expected {frames} at {rate} in {channels}."
        )
