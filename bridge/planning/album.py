"""An album to a loudness: one gain for all songs, so that their loudness against each other stays as it is.

A song whose true peak would pass the ceiling is brought through a limiter of its own to the loudness that the gain
gives it, so that it keeps its place among the others; these get none.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bridge.analysis.album import Album
from bridge.analysis.album_loudness import album_loudness
from bridge.analysis.reading import Analysis
from bridge.effects.gain import Gain
from bridge.effects.loudness import Loudness
from bridge.errors import BadInput
from bridge.planning.plan import Evidence, Plan, PlannerInfo, Step

CEILING_DBTP = -1.0
TARGET_LUFS = -14.0
WORDS = f"{TARGET_LUFS:g} LUFS, ceiling {CEILING_DBTP:g} dBTP"
"""What is wished for an album where nothing is said."""
_FITS_DB = 0.05
_HARD_LIMITING_DB = 6.0


@dataclass(frozen=True)
class AlbumPlan:
    """lufs: of all songs as one programme, before. target_lufs: after. gain_db: what every song gets. songs: a plan for
    each that needs one. limited: by song, how many dB its limiter has to take off the highest peak. warnings: for
    people."""

    lufs: float
    target_lufs: float
    gain_db: float
    songs: Mapping[str, Plan]
    limited: Mapping[str, float]
    warnings: tuple[str, ...] = ()

    def together(self, request: str, planner: PlannerInfo) -> Plan:
        """The plans of all songs as one, each step at its song."""
        steps = [
            step.model_copy(update={"where": name})
            for name, each in self.songs.items()
            for step in each.steps
        ]
        numbered = [step.model_copy(update={"id": f"s{number}"}) for number, step in enumerate(steps, 1)]
        return Plan(request=request, planner=planner, steps=tuple(numbered)).with_id()

    def to_json(self, among: Album) -> dict[str, Any]:
        """among: the songs as they compare before."""
        return {
            "album": among.to_json(),
            "loudness_lufs": round(self.lufs, 2),
            "target_lufs": self.target_lufs,
            "gain_db": self.gain_db,
            "limited_db": dict(self.limited),
        }


def loudness_of(songs: Mapping[str, Analysis]) -> float:
    """Of all of them together [LUFS]. Raises BadInput where none has any."""
    lufs = album_loudness(songs.values())
    if lufs is None:
        raise BadInput("No song here has a loudness; an album needs at least one that sounds.")
    return lufs


def album_plan(
    songs: Mapping[str, Analysis], target_lufs: float, ceiling_dbtp: float = CEILING_DBTP
) -> AlbumPlan:
    """Raises BadInput where no song has a loudness, and for a gain that is beyond what gain gives."""
    lufs = loudness_of(songs)
    gain_db = target_lufs - lufs
    most = Gain.quantities()["gain_db"]
    if not most.low <= gain_db <= most.high:
        raise BadInput(
            f"The album is at {lufs:.1f} LUFS; {target_lufs:g} LUFS would take {gain_db:+.3g} dB, and gain gives "
            f"{most.low:g} to {most.high:g} dB. Ask for a loudness between."
        )
    if not math.isfinite(ceiling_dbtp):
        raise BadInput(
            f"A ceiling of {ceiling_dbtp} dBTP holds no peak; ask for one like {CEILING_DBTP:g} dBTP."
        )
    peaks = {name: song.number("true_peak") for name, song in songs.items()}
    limited = {
        name: round(peak + gain_db - ceiling_dbtp, 2)
        for name, peak in peaks.items()
        if peak is not None and peak + gain_db > ceiling_dbtp + _FITS_DB
    }
    request = f"album at {target_lufs:g} LUFS"
    plans = {
        name: _of_song(song, request, lufs, gain_db, ceiling_dbtp if name in limited else None)
        for name, song in songs.items()
        if abs(gain_db) > _FITS_DB or name in limited
    }
    silent = [name for name in songs if songs[name].number("integrated_loudness") is None]
    return AlbumPlan(lufs, target_lufs, round(gain_db, 3), plans, limited, tuple(_warned(silent, limited)))


def _warned(silent: list[str], limited: Mapping[str, float]) -> list[str]:
    told = [
        f"{name} has no loudness of its own and counts for nothing in that of the album." for name in silent
    ]
    hard = [f"{name} ({db:.1f} dB)" for name, db in limited.items() if db > _HARD_LIMITING_DB]
    if hard:
        told.append(
            f"Hard limiting, which will be heard: {', '.join(hard)}; a lower loudness of the album spares it."
        )
    return told


def _of_song(song: Analysis, request: str, lufs: float, gain_db: float, ceiling_dbtp: float | None) -> Plan:
    steps = (
        [_gain(request, lufs, gain_db)]
        if ceiling_dbtp is None
        else _limited(song, request, lufs, gain_db, ceiling_dbtp)
    )
    return Plan(request=request, planner=PlannerInfo(kind="offline"), steps=tuple(steps)).with_id()


def _gain(request: str, lufs: float, gain_db: float) -> Step:
    return Step(
        id="gain",
        effect="gain",
        parameters={"gain_db": round(gain_db, 3)},
        reason=f'"{request}": all songs together are at {lufs:.1f} LUFS, so each gets {gain_db:+.1f} dB',
        evidence=(_of_album(lufs),),
        intent="album",
    )


def _limited(song: Analysis, request: str, lufs: float, gain_db: float, ceiling_dbtp: float) -> list[Step]:
    """A loudness target, which makes good what its limiter takes; gain and limiter where there is no loudness to aim
    at, or one that no target reaches."""
    peak, own = song.number("true_peak"), song.number("integrated_loudness")
    assert peak is not None, "a song is limited for its true peak"
    over = f"its true peak of {peak:.1f} dBTP would come to {peak + gain_db:.1f} dBTP"
    seen = Evidence(metric="true_peak", value=round(peak, 2), unit="dBTP", threshold=ceiling_dbtp)
    target_lufs, span = (own or 0.0) + gain_db, Loudness.quantities()["target_lufs"]
    if own is None or not span.low <= target_lufs <= span.high:
        parameters = {"ceiling_dbtp": ceiling_dbtp}
        limiter = Step(
            id="limiter",
            effect="limiter",
            parameters=parameters,
            reason=over,
            evidence=(seen,),
            intent="album",
        )
        return [_gain(request, lufs, gain_db), limiter]
    reason = (
        f'"{request}": all songs together are at {lufs:.1f} LUFS, so this one goes from {own:.1f} to {target_lufs:.1f} '
        f"LUFS like the others; {over}"
    )
    return [
        Step(
            id="loudness",
            effect="loudness",
            parameters={"target_lufs": round(target_lufs, 3), "ceiling_dbtp": ceiling_dbtp},
            reason=reason,
            evidence=(_of_album(lufs), seen),
            intent="album",
        )
    ]


def _of_album(lufs: float) -> Evidence:
    return Evidence(metric="album_loudness", value=round(lufs, 2), unit="LUFS")
