"""An album to a loudness: one gain for all songs, so that their loudness against each other stays as it is.

A song whose true peak would pass the ceiling gets a limiter of its own behind that gain; the others get none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bridge.analysis.album_loudness import album_loudness
from bridge.analysis.reading import Analysis
from bridge.effects.gain import Gain
from bridge.errors import BadInput
from bridge.planning.plan import Evidence, Plan, PlannerInfo, Step

CEILING_DBTP = -1.0
TARGET_LUFS = -14.0
_FITS_DB = 0.05
_HARD_LIMITING_DB = 6.0


@dataclass(frozen=True)
class AlbumPlan:
    """lufs: of all songs as one programme, before. gain_db: what every song gets. songs: a plan for each that needs
    one. limited: by song, how many dB its limiter has to take off the highest peak. warnings: for people."""

    lufs: float
    gain_db: float
    songs: Mapping[str, Plan]
    limited: Mapping[str, float]
    warnings: tuple[str, ...] = ()


def album_plan(
    songs: Mapping[str, Analysis], target_lufs: float, ceiling_dbtp: float = CEILING_DBTP
) -> AlbumPlan:
    """Raises BadInput where no song has a loudness, and for a gain that is beyond what gain gives."""
    lufs = album_loudness(songs.values())
    if lufs is None:
        raise BadInput("No song here has a loudness; an album needs at least one that sounds.")
    gain_db = target_lufs - lufs
    most = Gain.quantities()["gain_db"]
    if not most.low <= gain_db <= most.high:
        raise BadInput(
            f"The album is at {lufs:.1f} LUFS; {target_lufs:g} LUFS would take {gain_db:+.1f} dB, and gain gives "
            f"{most.low:g} to {most.high:g} dB."
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
    return AlbumPlan(lufs, round(gain_db, 3), plans, limited, tuple(_warned(silent, limited)))


def _warned(silent: list[str], limited: Mapping[str, float]) -> list[str]:
    told = [
        f"{name} has no loudness of its own and counts for nothing in that of the album." for name in silent
    ]
    hard = [f"{name} ({db:.1f} dB)" for name, db in limited.items() if db > _HARD_LIMITING_DB]
    if hard:
        told.append(
            f"Hard limiting, which will be heard and makes a song quieter against the others: {', '.join(hard)}; a "
            "lower loudness of the album spares it."
        )
    return told


def _of_song(song: Analysis, request: str, lufs: float, gain_db: float, ceiling_dbtp: float | None) -> Plan:
    peak = song.number("true_peak")
    reason = f'"{request}": all songs together are at {lufs:.1f} LUFS, so each gets {gain_db:+.1f} dB'
    steps = [
        Step(
            id="gain",
            effect="gain",
            parameters={"gain_db": round(gain_db, 3)},
            reason=reason,
            evidence=(Evidence(metric="album_loudness", value=round(lufs, 2), unit="LUFS"),),
            intent="album",
        )
    ]
    if ceiling_dbtp is not None and peak is not None:
        steps.append(
            Step(
                id="limiter",
                effect="limiter",
                parameters={"ceiling_dbtp": ceiling_dbtp},
                reason=f"its true peak of {peak:.1f} dBTP would come to {peak + gain_db:.1f} dBTP",
                evidence=(
                    Evidence(metric="true_peak", value=round(peak, 2), unit="dBTP", threshold=ceiling_dbtp),
                ),
                intent="album",
            )
        )
    return Plan(request=request, planner=PlannerInfo(kind="offline"), steps=tuple(steps)).with_id()
