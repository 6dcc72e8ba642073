"""The loudest stretch of a sound, as a file of its own."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridge.effects.processor import Sound
    from bridge.files import SoundFile


def loudest(sound: Sound) -> tuple[int, int]:
    """First and last frame + 1 of the loudest 15 s, as the analysis finds them; the beginning where it finds none.

    Reads the sound once, in blocks, and measures its loudness alone.
    """
    from bridge.analysis.analyzer import analyze_sound
    from bridge.analysis.metrics import METRICS
    from bridge.analysis.sections import LOUDEST_S

    analysis = analyze_sound(sound, {metric.name for metric in METRICS} - {"integrated_loudness"})
    part = analysis.curves.get("loudest", {"start_s": 0.0, "end_s": LOUDEST_S})
    start, end = (min(round(part[name] * sound.rate), sound.frames) for name in ("start_s", "end_s"))
    return (start, end) if start < end else (0, sound.frames)  # a sound of one frame has no part of a length


def cut(sound: SoundFile, start: int, end: int, path: Path) -> None:
    """Writes frames [start, end) of a sound to `path`, in the format that its result would have."""
    from bridge.files import SoundWriter, result_format

    format = result_format(sound.format)
    position = 0
    with SoundWriter(
        path, sound.rate, sound.channels, format, sound, None, source_start_frame=start
    ) as writer:
        for block in sound.blocks():
            piece = block[:, max(start - position, 0) : max(end - position, 0)]
            if piece.shape[1]:
                writer.write(piece)
            position += block.shape[1]
            if position >= end:
                return


def cut_stems(named: Mapping[str, Path], folder: Path) -> tuple[dict[str, Path], dict[str, float]]:
    """The loudest stretch of the stems' mix, of each stem that sounds then, as files in `folder`; and where it lies in
    seconds. Raises BadInput where the stems have no common mix."""
    from bridge.files import open_sound, result_format, result_name
    from bridge.rendering.mixdown import Mixdown

    with ExitStack() as files:
        sounds = {name: files.enter_context(open_sound(path)) for name, path in named.items()}
        mix = Mixdown(sounds)
        first, last = loudest(mix)
        pieces: dict[str, Path] = {}
        for name, sound in sounds.items():
            start, end = (round(at * sound.rate / mix.rate) for at in (first, last))
            if sound.frames > start:
                inside = folder / str(len(pieces))  # two stems may have files of one name
                inside.mkdir()
                pieces[name] = inside / result_name(sound.path, result_format(sound.format))
                cut(sound, start, min(end, sound.frames), pieces[name])
    return pieces, {"start_s": first / mix.rate, "end_s": last / mix.rate}
