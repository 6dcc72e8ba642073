"""The measurements of the casebook: what the planner is told of a sound that is not there."""

from __future__ import annotations

from bridge.analysis.reading import Analysis, Reading

_SONG = {
    "integrated_loudness": -19.3, "true_peak": -3.2, "sample_peak": -3.4, "rms": -21.0, "crest_factor": 14.0,
    "spectral_centroid": 2200.0, "side_to_mid": -12.0, "band_sub": -9.0, "band_low": -5.0, "band_low_mid": -8.0,
    "band_mid": -7.0, "band_high_mid": -15.0, "band_high": -20.0, "band_air": -28.0,
}  # fmt: skip


def _sound(channels: int = 2, **changes: float) -> Analysis:
    return Analysis.from_readings({**_SONG, **changes}, rate=48000, channels=channels, frames=48000 * 120)


def _silent() -> Analysis:
    names = {"integrated_loudness": "LUFS", "true_peak": "dBTP", "sample_peak": "dBFS", "rms": "dBFS"}
    return Analysis({n: Reading(n, None, u, "silence") for n, u in names.items()}, 48000, 2, 480000)


def _free() -> Analysis:
    """A sound without a beat."""
    return Analysis(
        {**_sound().readings, "tempo": Reading("tempo", None, "BPM", "no beat")}, 48000, 2, 480000
    )


SOUNDS: dict[str, Analysis | dict[str, Analysis]] = {
    "song": _sound(),
    "loud": _sound(integrated_loudness=-8.0, true_peak=0.2, sample_peak=-0.1, rms=-10.0, crest_factor=9.9),
    "bright": _sound(band_high=-12.0, band_air=-15.0, spectral_centroid=5200.0),
    "staged": _sound(rms=-18.0, true_peak=-6.4, sample_peak=-6.5),
    "mono": _sound(channels=1),
    "beat": _sound(tempo=100.0, balance=-3.2, spectral_tilt=-8.0),
    "half time": _sound(tempo=62.0),
    "free": _free(),
    "faint": _sound(rms=-50.0, true_peak=-35.0, sample_peak=-35.2, integrated_loudness=-49.0),
    "silent": _silent(),
    "band": {
        "LeadVox": _sound(integrated_loudness=-26.0, true_peak=-14.0),
        "gtr L": _sound(integrated_loudness=-18.0),
        "gtr R": _sound(integrated_loudness=-18.0),
        "Kick In": _sound(integrated_loudness=-16.0, true_peak=-3.0),
        "snare": _sound(integrated_loudness=-24.0, true_peak=-6.0),
    },
    "session": {
        "vocals": _sound(integrated_loudness=-22.0),
        "drums": _sound(rms=-17.0, true_peak=-3.0),
        "bass": _sound(rms=-19.0),
        "keys": _sound(rms=-23.0),
        "guitars": _sound(rms=-21.0),
    },
    "kit": {
        "vocals": _sound(integrated_loudness=-22.0),
        "kick": _sound(rms=-19.0),
        "snare": _sound(rms=-22.0),
        "hats": _sound(rms=-30.0),
        "bass": _sound(rms=-19.0),
        "keys": _sound(),
        "gtr L": _sound(),
        "gtr R": _sound(),
    },
    "stems": {"vocals": _sound(), "drums": _sound(rms=-14.0), "bass": _sound(rms=-12.0)},
}
