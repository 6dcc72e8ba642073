"""What Ardour without display cannot do by itself is written into the file of its session: OSC on, sounds on tracks."""

from __future__ import annotations

import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import soundfile

RATE = 48_000
_SUPERCLOCK = 282_240_000
"""Ticks a second of Ardour 7's times."""


@dataclass(frozen=True)
class Lane:
    """A track and the sound on it. plugins: URIs, first to last. at_s: where its sound begins."""

    name: str
    sound: Path | None = None
    channels: int = 2
    plugins: tuple[str, ...] = ()
    at_s: float = 0.0

    @property
    def spec(self) -> str:
        """As session.lua takes it."""
        return "|".join((self.name, str(self.channels), *self.plugins))


def completed(file: Path, lanes: Sequence[Lane], replies_to: int = 0) -> None:
    """Sounds and OSC into the session. replies_to: a UDP port for all answers, whoever asks; 0: to who asks."""
    tree = ET.parse(file)
    _with_sounds(tree.getroot(), file.parent, lanes)
    _with_osc(tree.getroot(), replies_to)
    tree.write(file, encoding="UTF-8", xml_declaration=True)


def _with_osc(root: ET.Element, replies_to: int) -> None:
    """The OSC surface on, as a user switches it on in the preferences."""
    protocols = root.find("ControlProtocols")
    assert protocols is not None
    called = "Open Sound Control (OSC)"
    found = next((each for each in protocols if each.get("name") == called), None)
    protocol = found if found is not None else ET.SubElement(protocols, "Protocol", {"name": called})
    settings = {"active": "1", "feedback": "0", "banksize": "0", "striptypes": "159", "gainmode": "1", "debugmode": "0",
                "address-only": str(int(replies_to > 0)), "remote-port": str(replies_to or 8000), "send-page-size": "0",
                "plug-page-size": "0"}  # fmt: skip
    for key, value in settings.items():
        protocol.set(key, value)


def _with_sounds(root: ET.Element, session: Path, lanes: Sequence[Lane]) -> None:
    """A region on each track; Ardour without display imports nothing."""
    numbers = iter(range(int(root.get("id-counter", "1000")) + 10, 10**9))
    end = 0
    for lane in lanes:
        if lane.sound is not None:
            end = max(end, _with_sound(root, session, lane, lane.sound, numbers))
    _range(root, str(next(numbers)), end)
    root.set("id-counter", str(next(numbers)))


def _with_sound(root: ET.Element, session: Path, lane: Lane, sound: Path, numbers: Iterator[int]) -> int:
    """Returns where it ends, in ticks."""
    info = soundfile.info(sound)
    assert info.samplerate == RATE and info.channels == lane.channels
    audio = next((session / "interchange").iterdir()) / "audiofiles"
    audio.mkdir(parents=True, exist_ok=True)
    shutil.copy(sound, audio / sound.name)
    length, at = info.frames * _SUPERCLOCK // RATE, round(lane.at_s * _SUPERCLOCK)
    sources = [str(next(numbers)) for _ in range(info.channels)]
    held = root.find("Sources")
    assert held is not None
    for channel, source in enumerate(sources):
        ET.SubElement(held, "Source", {
            "name": sound.name, "take-id": "", "type": "audio", "flags": "", "id": source, "channel": str(channel),
            "origin": "", "gain": "1",
        })  # fmt: skip
    playlist = next(each for each in root.iter("Playlist") if each.get("name") == lane.name)
    _region(playlist, sound.stem, str(next(numbers)), sources, length, at)
    return at + length


def _region(playlist: ET.Element, name: str, id: str, sources: list[str], length: int, at: int) -> None:
    said = {
        "name": name, "id": id, "type": "audio", "channels": str(len(sources)), "start": "a0",
        # Without the position behind the "@" of an ancestral length no session loads.
        "length": f"a{length}@a{at}", "ancestral-start": "a0", "ancestral-length": "a0@a0", "sync-position": "a0",
        "first-edit": "nothing", "stretch": "1", "shift": "1", "scale-amplitude": "1", "layering-index": "0",
        "tags": "", "contents": "0",
    }  # fmt: skip
    off = (
        "muted", "locked", "video-locked", "automatic", "whole-file", "import", "external", "sync-marked",
        "left-of-split", "right-of-split", "hidden", "position-locked", "valid-transients", "envelope-active",
        "default-fade-in", "default-fade-out",
    )  # fmt: skip
    said.update(dict.fromkeys(off, "0"), **{"opaque": "1", "fade-in-active": "1", "fade-out-active": "1"})
    for channel, source in enumerate(sources):
        said[f"source-{channel}"] = said[f"master-source-{channel}"] = source
    region = ET.SubElement(playlist, "Region", said)
    for child in ("Envelope", "FadeIn", "FadeOut"):
        ET.SubElement(region, child, {"default": "yes"})


def _range(root: ET.Element, id: str, end: int) -> None:
    locations = root.find("Locations")
    assert locations is not None
    for old in [each for each in locations if "IsSessionRange" in each.get("flags", "")]:
        locations.remove(old)
    ET.SubElement(locations, "Location", {
        "id": id, "name": "session", "start": "a0", "end": f"a{end}", "flags": "IsSessionRange", "locked": "0",
        "timestamp": "0",
    })  # fmt: skip
