"""Roles: what a stem plays in a song, told by its name, else by its sound."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal
from unicodedata import normalize

from bridge.analysis.reading import Analysis
from bridge.planning.value import Value

By = Literal["name", "sound", "nothing"]

_LOW_DB, _THERE_DB, _ABSENT_DB, _AIRY_DB = -3.0, -10.0, -20.0, -22.0
"""Bands against the whole: most of it, a good part of it, next to nothing; of the air, whose share is always small."""

_BRIGHT_HZ, _DARK_HZ = 5000.0, 1000.0
_STRIKING_DB, _STRUCK_DB = 16.0, 18.0
"""Crest: steady noise stays below the first."""
_LONG_ENOUGH = 5
"""Letters of a word that is known again at the end of a longer one."""


class Role(Value):
    """words: of names of tracks. family: what people mean by "the drums". under_lu: how far all stems of this role
    together lie under the mix, in LU. beside: words that decide where another one of the family is in the name.
    general: what it says of a stem counts only where nothing else does."""

    name: str
    words: tuple[str, ...]
    beside: tuple[str, ...] = ()
    general: bool = False
    family: str
    under_lu: float


OTHER = Role(name="other", words=(), family="music", under_lu=8.0)
"""What neither name nor sound tells."""


@dataclass(frozen=True)
class Found:
    """The role of one stem, and what told."""

    role: Role
    by: By

    def sentence(self, stem: str) -> str:
        """For people: "gtr 2 is taken for a guitar, by its name"."""
        return f"{stem} is taken for {self.role.name.replace('_', ' ')}, by its {self.by}"


def role_of(name: str, analysis: Analysis | None, roles: Mapping[str, Role]) -> Found:
    """By name where that says it, else by sound where that is clear, else "other".

    analysis: of the stem; None goes by name alone.
    """
    named = _by_name(name, roles)
    if named is not None:
        return Found(named, "name")
    sounding = _by_sound(analysis) if analysis is not None else None
    if sounding is not None and sounding in roles:
        return Found(roles[sounding], "sound")
    return Found(roles.get(OTHER.name, OTHER), "nothing")


def _by_name(name: str, roles: Mapping[str, Role]) -> Role | None:
    """The role with the longest word in the name; of equally long ones the last in the name ("Bass Drum 2").

    Whole words win over ends of words, and what is said of a role in particular over one that is general ("Drum OH").
    """
    spelt = _spellings(name)
    letters = "".join(spelt)
    named = [
        ((not role.general, whole, len(word), at), role)
        for role in roles.values()
        for word in role.words
        if word in letters
        for whole, at in _places(word, spelt)
    ]
    if not named:
        return None
    best = max(named, key=lambda found: found[0])[1]
    beside = (role for role in roles.values() if role.family == best.family and role.beside)
    return next((role for role in beside if any(_said(word, spelt) for word in role.beside)), best)


def _said(word: str, spelt: tuple[str, ...]) -> bool:
    return any(f" {word} " in each for each in spelt)


def _places(word: str, spelt: tuple[str, ...]) -> Iterator[tuple[bool, int]]:
    """Where a word stands in the name: (as a whole word, how far in), the last place of each kind."""
    for each in spelt:
        at = max(each.rfind(f" {word} "), each.rfind(f" {word}s "))
        if at >= 0:
            yield True, at
        elif len(word) >= _LONG_ENOUGH and (end := each.rfind(f"{word} ")) >= 0:
            yield False, end


def _spellings(name: str) -> tuple[str, ...]:
    """The name in lower case between spaces, without accents; with its numbers, and without all but those of three
    digits ("808"), which are instruments."""
    plain = "".join(_unaccented(letter) for letter in normalize("NFC", _apart(name))).lower()
    spelt = (re.findall(r"[^\W_]+", plain), re.findall(r"[^\W\d_]+|\d{3}", plain))
    return tuple(f" {' '.join(words)} " for words in spelt)


def _unaccented(letter: str) -> str:
    """ "é" -> "e"; what is no Latin letter stays, for its marks make it another sound."""
    base = normalize("NFKD", letter)
    return base[0] if base[:1].isascii() and base[:1].isalpha() else {"ß": "ss", "ø": "o"}.get(letter, letter)


def _apart(name: str) -> str:
    """ "LeadVox_03" -> "Lead Vox 03"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)


def _by_sound(analysis: Analysis) -> str | None:
    """Drums: strokes over a spectrum from the lowest to the air; kick, hats: strokes at one end of it alone; bass: low
    and nothing bright about it. Strokes alone tell nothing: a plucked guitar has a crest of drums.

    Own thresholds; a guess that is only made where the name says nothing.
    """
    low = max(_number(analysis, "band_sub"), _number(analysis, "band_low"))
    crest, centroid = _number(analysis, "crest_factor"), _number(analysis, "spectral_centroid")
    air = _number(analysis, "band_air")
    if crest >= _STRIKING_DB:
        if low >= _THERE_DB and air >= _AIRY_DB:
            return "drums"
        if centroid >= _BRIGHT_HZ and low < _ABSENT_DB:
            return "hat"
        if low >= _LOW_DB and centroid <= _DARK_HZ:
            return "kick"
    return "bass" if low >= _THERE_DB and centroid <= _DARK_HZ and crest < _STRUCK_DB else None


def _number(analysis: Analysis, metric: str) -> float:
    found = analysis.number(metric)
    return -200.0 if found is None else found
