"""Which moves pull at the figure that a wish shows in, and how much more of an equalizer's bands it takes.

A word brings moves that its figure hears (a shelf) and others that it does not, or that work against it (harmonics).
Only the first may grow: the others would grow into a caricature before the figure was met.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bridge.analysis.reading import Analysis
from bridge.planning.promises.promise import Promise
from bridge.planning.shows import Shows

BandNumbers = Mapping[str, Any]

_COLOURS = frozenset(("saturation", "enhancer"))
_DYNAMICS = frozenset(("transient_shaper", "compressor"))
_OF_FIGURES = {
    "dips": _DYNAMICS | {"reverb", "convolution_reverb", "delay", "gate"},
    "spread": frozenset(("compressor",)),
}
_OF_SOUNDS = {
    "width": frozenset(("stereo_width",)),
    "tail": _DYNAMICS | {"reverb", "convolution_reverb", "delay", "gate"},
    "beside": frozenset(("reverb", "convolution_reverb", "delay", "chorus", "flanger", "phaser", "tremolo")),
    "new": frozenset(("saturation",)),  # asked for by name: there the harmonics are the wish
    "reading": frozenset(("gain",)),
}
_OF_METRICS = {
    "crest_factor": _DYNAMICS,
    "transient_strength": _DYNAMICS,
    "integrated_loudness": frozenset(("gain",)),
    "width_mid": frozenset(("stereo_width",)),
    "width_high": frozenset(("stereo_width",)),
    "sibilance": frozenset(("de_esser", "equalizer")),
    "noise_floor": frozenset(("denoise",)),
}
_REACH_OCTAVES = 0.5
_FELT_DB = 0.02
"""What a dB of a band moves a figure by at least, to be worth growing."""
_STEPS = 12


def pulls(effect: str, promise: Promise) -> bool:
    """Whether more of that effect can move the figure; what is known of no figure is only held to be no colour."""
    shows = promise.shows
    if promise.figure in _OF_SOUNDS:
        return effect in _OF_SOUNDS[promise.figure]
    if shows is None:
        return effect not in _COLOURS
    if shows.band_hz is not None:
        return effect == "equalizer"
    if shows.figure is not None:
        return effect in _OF_FIGURES[shows.figure]
    known = _OF_METRICS.get(shows.metric or "")
    return effect not in _COLOURS if known is None else effect in known


def band_pulls(band: BandNumbers, promise: Promise, after: Analysis | None) -> bool:
    """Whether more of the band moves the figure the way that was asked: by the spectrum of the result where there is
    one, else by where the band lies; where the figure is no region, all bands of the step are the wish's own."""
    shows = promise.shows
    if shows is None or shows.band_hz is None:
        return True
    gain = float(band["gain_db"])
    moved = None if after is None else _moved(shows, after, [{**band, "gain_db": 1.0 if gain > 0 else -1.0}])
    if moved is not None:
        return moved * promise.asked > 0 and abs(moved) >= _FELT_DB
    return _lies_right(band, promise.asked, shows.band_hz, shows.against_hz)


def factor_for(
    bands: Sequence[BandNumbers], promise: Promise, after: Analysis | None, missing: float, most: float
) -> float | None:
    """The least factor on the bands that moves the figure by `missing` (in its unit, positive) further, `most` where
    none does; None where the spectrum of the result does not tell."""
    shows = promise.shows
    if shows is None or shows.band_hz is None or after is None or not bands:
        return None
    way = 1.0 if promise.asked >= 0 else -1.0
    low, high = 1.0, most
    for _ in range(_STEPS):
        middle = (low + high) / 2
        more = [{**band, "gain_db": (middle - 1) * float(band["gain_db"])} for band in bands]
        moved = _moved(shows, after, more)
        if moved is None:
            return None
        low, high = (middle, high) if moved * way < missing else (low, middle)
    return high


def _moved(shows: Shows, after: Analysis, bands: Sequence[BandNumbers]) -> float | None:
    """By how many dB bands on top of what is there would move a region against another. None without a spectrum."""
    import numpy as np

    from bridge.effects.dsp.fit_bands import bands_db
    from bridge.effects.equalizer import Band

    spectrum = after.curves.get("spectrum")
    was = shows.read(after)
    if not spectrum or was is None or not after.rate:
        return None
    hz = np.array(spectrum["centre_hz"], np.float64)
    response = bands_db(
        [Band.model_validate(band) for band in bands], np.minimum(hz, 0.49 * after.rate), after.rate
    )
    levels = [
        None if level is None else level + float(gain)
        for level, gain in zip(spectrum["level_db"], response, strict=True)
    ]
    curves = {"spectrum": {"centre_hz": spectrum["centre_hz"], "level_db": levels}}
    now = shows.read(Analysis(after.readings, after.rate, curves=curves))
    return None if now is None else now - was


def _lies_right(
    band: BandNumbers, asked: float, region: tuple[float, float], against: tuple[float, float] | None
) -> bool:
    gain = float(band["gain_db"])
    inside = _touches(band, region)
    outside = _touches(band, against) if against is not None else not inside
    if inside and outside:
        return False
    return (inside and gain * asked > 0) or (outside and gain * asked < 0)


def _touches(band: BandNumbers, region: tuple[float, float]) -> bool:
    hz, (low, high) = float(band["frequency_hz"]), region
    if band["kind"] == "low_shelf":
        return low < hz * 2**_REACH_OCTAVES
    if band["kind"] == "high_shelf":
        return high > hz / 2**_REACH_OCTAVES
    return low / 2**_REACH_OCTAVES <= hz <= high * 2**_REACH_OCTAVES
