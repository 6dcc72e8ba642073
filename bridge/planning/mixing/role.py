"""Roles: what a stem plays in a song, told by its name, else by its sound."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bridge.analysis.reading import Analysis
from bridge.planning.value import Value

By = Literal["name", "sound", "nothing"]

_LOW_DB, _BRIGHT_HZ = -3.0, 5000.0
_STRIKING_DB = 16.0


class Role(Value):
    """words: of names of tracks. family: what people mean by "the drums". under_lu: how far all stems of this role
    together lie under the mix, in LU."""

    name: str
    words: tuple[str, ...]
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
    """The role with the longest word in the name; of equally long ones the last in the name ("Bass Drum 2")."""
    spelt = " ".join(re.findall(r"[^\W\d_]+|\d{3}", _apart(name).lower()))
    best: tuple[int, int, Role] | None = None
    for role in roles.values():
        for word in role.words:
            at = f" {spelt} ".rfind(f" {word} ")
            if at >= 0 and (best is None or (len(word), at) > best[:2]):
                best = (len(word), at, role)
    return best[2] if best else None


def _apart(name: str) -> str:
    """ "LeadVox_03" -> "Lead Vox 03"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)


def _by_sound(analysis: Analysis) -> str | None:
    """Bass: most of the power under 150 Hz and little crest; drums: strokes far over their mean; hats: bright strokes.

    Own thresholds; a guess that is only made where the name says nothing.
    """
    low = max(_number(analysis, "band_sub"), _number(analysis, "band_low"))
    crest, centroid = _number(analysis, "crest_factor"), _number(analysis, "spectral_centroid")
    if crest >= _STRIKING_DB:
        return "hat" if centroid >= _BRIGHT_HZ else "kick" if low >= _LOW_DB else "drums"
    return "bass" if low >= _LOW_DB else None


def _number(analysis: Analysis, metric: str) -> float:
    found = analysis.number(metric)
    return -200.0 if found is None else found
