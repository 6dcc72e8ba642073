"""Curves for people, as JSON-able data: loudness and correlation over time, third-octave spectrum, waveform."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bridge.analysis import FORM
from bridge.analysis.channel_curves import channels, panorama
from bridge.analysis.defects import defects
from bridge.analysis.passes import Passes
from bridge.analysis.passes.loudness import ABSOLUTE_GATE_LUFS, loudness_of, power_of
from bridge.analysis.sections import loudest_of, sections_of
from bridge.analysis.stream import HOPS_PER_S
from bridge.analysis.third_octaves import THIRD_OCTAVES_HZ
from bridge.analysis.unmeasurable import Unmeasurable

POINTS = 1200
"""At most so many points along time; more than a screen is wide tells nobody anything."""

_NEARLY = 1.02
"""The band of 20 kHz ends at 22.4 kHz; at 44.1 kHz it lacks so little that it is still that band."""

MOST_BEATS = 2000
"""A quarter of an hour at 130 BPM."""


def curves(passes: Passes, without: Collection[str] = ()) -> dict[str, Any]:
    """Every curve that this sound allows, but for those named in `without`."""
    made: dict[str, Any] = {}
    for name, draw in (
        ("loudness", loudness),
        ("spectrum", third_octaves),
        ("waveform", waveform),
        ("correlation", correlation),
        ("channels", channels),
        ("panorama", panorama),
        ("defects", defects),
        ("tempo", tempo),
        ("resonances", resonances),
        ("hum", hum),
        ("sections", sections),
        (FORM, form),
        ("loudest", loudest),
        ("peaks", peaks),
    ):
        if name == FORM and FORM in without:
            continue
        try:
            made[name] = draw(passes)
        except Unmeasurable:
            continue
    return made


def loudness(passes: Passes) -> dict[str, Any]:
    """Momentary loudness in LUFS at the end of each window, `step_s` apart; None where there is silence."""
    power = passes.loudness.momentary(step=10)
    momentary = loudness_of(power)
    group = -(-momentary.size // POINTS)
    return {
        "start_s": 0.4,
        "step_s": 0.1 * group,
        "momentary_lufs": _listed(_largest(momentary, group)),
        "short_term_lufs": _short_term(passes, group),
        "gate_lufs": _gate(power),
    }


def _gate(power: NDArray[np.float64]) -> float | None:
    """The relative gate: what is quieter does not count for the integrated loudness (BS.1770-5 Annex 1)."""
    loud = power[power > power_of(ABSOLUTE_GATE_LUFS)]
    return round(float(loudness_of(loud.mean() * 0.1)), 2) if loud.size else None


def _short_term(passes: Passes, group: int) -> list[float | None]:
    try:
        values = loudness_of(passes.loudness.short_term(step=10))
    except Unmeasurable:
        return []
    blanks: list[float | None] = [None] * (26 // group)
    return blanks + _listed(_largest(values, group))


def third_octaves(passes: Passes) -> dict[str, Any]:
    """Level of each third-octave band in dB relative to all of them together."""
    power = passes.spectrum.total()
    centres = [hz for hz in THIRD_OCTAVES_HZ if hz * 10**0.05 <= passes.stream.nyquist_hz * _NEARLY]
    if not centres:
        raise Unmeasurable("the rate is too low")
    bands = np.array([passes.spectrum.between(power, hz * 10**-0.05, hz * 10**0.05) for hz in centres])
    with np.errstate(divide="ignore", invalid="ignore"):
        level = 10.0 * np.log10(bands / bands.sum())
    return {"centre_hz": [round(hz, 1) for hz in centres], "level_db": _listed(level)}


def waveform(passes: Passes) -> dict[str, Any]:
    """Highest and lowest sample of all channels in stretches of `step_s`; their RMS in stretches of `rms_step_s`,
    up to the last whole one."""
    outline = passes.levels.outline
    if not outline.highest.size:
        raise Unmeasurable("no frames")
    group = -(-outline.highest.size // POINTS)
    return {
        "step_s": group * outline.each * passes.stream.segment / passes.stream.rate,
        "highest": [round(float(x), 4) for x in _largest(outline.highest, group)],
        "lowest": [round(-float(x), 4) for x in _largest(-outline.lowest, group)],
        **_rms(passes),
    }


def _rms(passes: Passes) -> dict[str, Any]:
    power = passes.levels.frame_power()
    group = max(1, -(-power.size // POINTS))
    whole = power[: power.size // group * group].reshape(-1, group).mean(axis=1)
    step_s = group * passes.stream.frame / passes.stream.rate
    return {"rms_step_s": step_s, "rms": [round(float(x), 4) for x in np.sqrt(whole)]}


def correlation(passes: Passes) -> dict[str, Any]:
    """Correlation of left and right in stretches of `step_s`; None where one of them is silent."""
    group = -(-len(passes.levels.squares) // POINTS) if passes.frames else 1
    return {
        "step_s": group * passes.stream.frame / passes.stream.rate,
        "correlation": _listed(passes.levels.correlations(group)),
    }


def tempo(passes: Passes) -> dict[str, Any]:
    """What the beat may be, each with its probability (`share`), the likeliest first; and the beats, up to a number."""
    found = passes.tempo()
    return {
        "candidates": [{"bpm": round(bpm, 2), "share": round(share, 2)} for bpm, share in found.candidates],
        "first_beat_s": round(found.first_beat_s, 3),
        "variable": found.variable,
        "beats_s": [round(at, 3) for at in found.beats_s[:MOST_BEATS]],
    }


def sections(passes: Passes) -> list[dict[str, float | None]]:
    """Stretches that differ in loudness, in order."""
    return [
        {
            "start_s": round(one.start_s, 2),
            "end_s": round(one.end_s, 2),
            "lufs": None if one.lufs is None else round(one.lufs, 1),
        }
        for one in sections_of(passes.loudness)
    ]


def form(passes: Passes) -> list[dict[str, float | str]]:
    """Parts of a song in order: what is alike bears one label; name: verse, chorus ... or "", with its confidence."""
    return [
        {
            "start_s": round(one.part.start_s, 2),
            "end_s": round(one.part.end_s, 2),
            "label": one.part.label,
            "level_db": round(one.part.level_db, 1),
            "name": one.name,
            "confidence": round(one.confidence, 2),
        }
        for one in passes.form()
    ]


def loudest(passes: Passes) -> dict[str, float]:
    """The loudest 15 s."""
    start_s, end_s = loudest_of(passes.loudness)
    return {"start_s": round(start_s, 2), "end_s": round(end_s, 2)}


def peaks(passes: Passes) -> dict[str, float]:
    """When the true peak stands (to 10 ms), and the middles of the loudest 0.4 s and of the loudest 3 s, in s."""
    told: dict[str, float] = {}
    for name, at in (
        ("true_peak_s", _true_peak_s),
        ("momentary_max_s", _momentary_s),
        ("short_term_max_s", _short_s),
    ):
        try:
            told[name] = round(at(passes), 2)
        except Unmeasurable:
            continue
    return told


def _true_peak_s(passes: Passes) -> float:
    passes.levels.peak()  # raises for silence
    samples, between = passes.levels.peaks().max(axis=0), passes.overs.between.max(axis=0)
    count = min(samples.size, between.size)
    highest = int(np.maximum(samples[:count], between[:count]).argmax())
    return highest * passes.stream.segment / passes.stream.rate


def _momentary_s(passes: Passes) -> float:
    return int(passes.loudness.momentary().argmax()) / HOPS_PER_S + 0.2


def _short_s(passes: Passes) -> float:
    return int(passes.loudness.short_term().argmax()) / HOPS_PER_S + 1.5


def resonances(passes: Passes) -> list[dict[str, float]]:
    """At most 8, the worst first: where each lies, the Q of the bell that flattens it, how far it stands."""
    return [
        {
            "frequency_hz": round(found.frequency_hz, 1),
            "q": round(found.q, 1),
            "level_db": round(found.level_db, 1),
        }
        for found in passes.resonances()
    ]


def hum(passes: Passes) -> list[dict[str, float]]:
    """Lines of the clearer mains comb that stand out; they are hum only where the reading `hum` is high."""
    return [{"frequency_hz": round(hz, 2), "level_db": round(level, 1)} for hz, level in passes.hum.lines()]


def _largest(values: NDArray[Any], group: int) -> NDArray[Any]:
    return np.maximum.reduceat(values, np.arange(0, values.size, group))


def _listed(values: NDArray[Any]) -> list[float | None]:
    return [round(float(x), 2) if np.isfinite(x) else None for x in values]
