"""SoundFile: an admitted, surveyed and opened sound file that gives its sound in blocks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from bridge.audio import LARGEST, Audio, Samples
from bridge.errors import FileRefused
from bridge.files.containers import Survey, survey
from bridge.files.containers.mp3 import Frame, after_id3, first_frame, length_frame, promised
from bridge.files.formats import SoundFormat
from bridge.files.limits import LIMITS, Limits
from bridge.files.naming import spoken
from bridge.files.raw import Raw, RawView
from bridge.files.roots import NameOfFile, Roots, open_regular
from bridge.files.verdict import Note, refusal

BLOCK_FRAMES = 65536


class SoundFile:
    """A `Sound` on disk; a context manager. Made by `open_sound`.

    rate in Hz, channels, frames: what the decoder will deliver, held against what the container says.
    notes: what is notable but no reason to refuse (`too_short`; `silent` once the sound was read through).
    survey: the container as it was found, with its chunks.
    """

    def __init__(self, raw: Raw, path: Path, limits: Limits) -> None:
        self.path = path
        self.raw = raw
        self.limits = limits
        self.survey: Survey = survey(raw)
        if not self.survey.complete:
            raise refusal(path, self.survey.state, self.survey.why)
        told = self.survey
        limits.check_shape(
            path,
            limits.lowest_rate if told.rate is None else told.rate,
            1 if told.channels is None else told.channels,
        )
        self._decoder = _decoder(raw, path, told)
        self.rate = int(self._decoder.samplerate)
        self.channels = int(self._decoder.channels)
        self.frames = self._frames()
        self.silent: bool | None = None
        limits.check_shape(path, self.rate, self.channels)
        limits.check_length(path, self.rate, self.channels, self.frames)

    @property
    def format(self) -> SoundFormat:
        container = self.survey.container if self.survey.container != "WAV" else self._decoder.format
        return SoundFormat(container, self._decoder.subtype)

    @property
    def seconds(self) -> float:
        return self.frames / self.rate

    @cached_property
    def sha256(self) -> str:
        """Hex digest of the whole file, read on first use."""
        try:
            return self.raw.sha256()
        except OSError as error:
            raise refusal(self.path, "unreadable", f"cannot be read: {error.strerror}.") from error

    @property
    def tags(self) -> dict[str, str]:
        """Title, artist and so on as the decoder names them; untrusted text."""
        return {key: str(value) for key, value in self._decoder.copy_metadata().items() if value}

    @property
    def notes(self) -> tuple[Note, ...]:
        name = spoken(self.path)
        found = []
        if self.frames < self.rate // 100:
            found.append(
                Note("too_short", f"{name} has only {self.frames} frames, too few to measure or to hear.")
            )
        if self.silent:
            found.append(Note("silent", f"{name} is silent: every sample is zero."))
        return tuple(found)

    def unchanged(self) -> bool:
        """True while the file has the size and the time of change that it had when it was opened."""
        return self.raw.unchanged()

    def blocks(self, frames: int = BLOCK_FRAMES) -> Iterator[Samples]:
        """The sound from the start, in order [shape=(channels, <=frames)]; may be asked for again and again.

        Raises FileRefused `not_finite` at the first sample that is no number, `truncated` or `damaged` where the
        decoder gives up or delivers fewer frames than the file has.
        """
        position = 0
        peak = 0.0
        while position < self.frames:
            block = self._read(position, min(frames, self.frames - position))
            peak = max(peak, self._peak(block, position))
            position += block.shape[1]
            yield block
        self.silent = peak == 0.0

    def close(self) -> None:
        self._decoder.close()
        self.raw.close()

    def __enter__(self) -> SoundFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read(self, position: int, frames: int) -> Samples:
        import soundfile

        try:
            # Two readings may take turns on the one decoder; each finds its own place again.
            if self._decoder.tell() != position:
                self._decoder.seek(position)
            interleaved = self._decoder.read(frames, dtype="float32", always_2d=True)
        except (soundfile.SoundFileError, OSError) as error:
            raise refusal(
                self.path, "damaged", f"breaks off {self._at(position)}: {_reason(error)}"
            ) from error
        if len(interleaved) == 0:
            raise self._short(position)
        return np.ascontiguousarray(interleaved.T)

    def _peak(self, block: Samples, position: int) -> float:
        peak = max(float(block.max()), -float(block.min()))
        if not peak <= LARGEST:  # max() of numpy hands a NaN on
            sounds = np.abs(block) <= LARGEST
            frame = int(np.argmin(sounds.all(axis=0)))
            channel = int(np.argmin(sounds[:, frame]))
            what = "beyond +180 dBFS" if np.isfinite(block[channel, frame]) else "that is no finite number"
            raise refusal(
                self.path,
                "not_finite",
                f"has a sample {what} ({block[channel, frame]:g}) in channel {channel + 1} "
                f"{self._at(position + frame)}. A plugin in the DAW produced it; bounce it again without that plugin.",
            )
        return peak

    def _short(self, position: int) -> FileRefused:
        error = refusal(
            self.path,
            "truncated",
            f"ends {self._at(position)}, but its header promises {self.frames} frames. Export it again.",
        )
        assert isinstance(error, FileRefused)
        return error

    def _at(self, frame: int) -> str:
        return f"at frame {frame} ({frame / self.rate:.3f} s)"

    def _frames(self) -> int:
        told, found = self.survey.frames, int(self._decoder.frames)
        if self.survey.container == "MP3" and not self._told():
            return self._counted()
        if told is not None and found < told:
            raise refusal(
                self.path,
                "damaged",
                f"says it has {told} frames, but only {found} can be decoded. Export it again.",
            )
        # libsndfile counts a Wave64's padding and trailing chunks as sound.
        return found if told is None else min(found, told)

    def _told(self) -> bool:
        first = first_frame(self.raw, after_id3(self.raw))
        return first is not None and _promised(self.raw, first)

    def _counted(self) -> int:
        """MP3 without a Xing header: only decoding all of it once tells how many frames there are."""
        most = int(self.limits.seconds * self.rate) + 1
        count = 0
        while count <= most:
            got = len(self._decoder.read(BLOCK_FRAMES, dtype="float32", always_2d=True))
            count += got
            if got == 0:
                break
        self._decoder.seek(0)
        return count


def _decoder(raw: Raw, path: Path, survey: Survey) -> Any:
    """soundfile on the descriptor, so that neither the name's bytes nor an exchanged file matter.

    Windows (descriptors of another C library) and files that need another head go through a Python file object.
    """
    import soundfile

    try:
        head, skip = _other_head(raw, survey)
        if os.name == "posix" and not head:
            os.lseek(raw.descriptor, 0, os.SEEK_SET)
            return soundfile.SoundFile(raw.descriptor, closefd=False)
        return soundfile.SoundFile(RawView(raw, head, skip))
    except (soundfile.SoundFileError, OSError, ValueError, TypeError) as error:
        why = f"has a header that cannot be read: {_reason(error)} Export it again as WAV."
        raise refusal(path, "unsupported", why) from error


def _other_head(raw: Raw, survey: Survey) -> tuple[bytes, int]:
    """(other first bytes, how many of the file's own they stand for), where libsndfile 1.2.2 needs them.

    It does not know BW64, the later name of RF64. Of an MP3 without a Xing header it guesses the length from the
    file's size and the first frame's bit rate, and then drops what lies beyond its guess: it is told by one.
    """
    if raw.read(0, 4) == b"BW64":
        return b"RF64", 4
    first = first_frame(raw, after_id3(raw)) if survey.container == "MP3" else None
    if first is not None and first.layer == 3 and not _promised(raw, first):
        return length_frame(raw, first), first.offset
    return b"", 0


def _promised(raw: Raw, first: Frame) -> bool:
    promise = promised(raw, first)
    return promise is not None and promise.frames is not None


def _reason(error: Exception) -> str:
    text = str(getattr(error, "error_string", "") or getattr(error, "strerror", "") or error).strip()
    line = " ".join(text.split())[:160]
    return line if line.endswith(".") else f"{line}."


def open_sound(path: NameOfFile, roots: Roots | None = None, limits: Limits = LIMITS) -> SoundFile:
    """Opens a sound file for reading, by descriptor; use it as a context manager.

    path: any name the system allows. roots: where paths come from outside, the folders they must lie in.
    Raises PathRefused (`missing`, `outside`, `link`, `special_file`) or FileRefused with one of the VERDICTS.
    """
    descriptor = roots.open(path) if roots is not None else open_regular(path)
    raw = Raw(descriptor, os.fspath(path))
    try:
        return SoundFile(raw, Path(path), limits)
    except OSError as error:
        raw.close()
        raise refusal(path, "unreadable", f"cannot be read: {error.strerror}.") from error
    except BaseException:
        raw.close()
        raise


def read(path: NameOfFile, roots: Roots | None = None, limits: Limits = LIMITS) -> Audio:
    """A whole sound file in memory. Raises what `open_sound` and `SoundFile.blocks` raise."""
    with open_sound(path, roots, limits) as sound:
        limits.check_memory(path, sound.channels, sound.frames)
        samples = np.empty((sound.channels, sound.frames), np.float32)
        at = 0
        for block in sound.blocks():
            samples[:, at : at + block.shape[1]] = block
            at += block.shape[1]
        return Audio(samples, sound.rate)
